public import Columnar

/// Which changes of a column's type a table may have gone through, so that files of the old type are still read.
///
/// Spec: Delta § Type Widening
public enum TypeWidening {
  package static let changesKey = "delta.typeChanges"
  package static let property = "delta.enableTypeWidening"

  /// Whether values of one type can be read as the other: a row of the protocol's table. The same type is none.
  public static func isSupported(from old: DataType, to new: DataType) -> Bool {
    switch (old, new) {
    case (.byte, .short), (.byte, .integer), (.byte, .long), (.short, .integer), (.short, .long), (.integer, .long):
      true
    case (.float, .double), (.byte, .double), (.short, .double), (.integer, .double): true
    case (.date, .timestampNtz): true
    case (.decimal(let precision, let scale), .decimal(let newPrecision, let newScale)):
      old != new && newScale >= scale && newPrecision - precision >= newScale - scale
    case (.byte, .decimal(let precision, let scale)), (.short, .decimal(let precision, let scale)),
      (.integer, .decimal(let precision, let scale)):
      scale >= 0 && precision - 10 >= scale
    case (.long, .decimal(let precision, let scale)): scale >= 0 && precision - 20 >= scale
    case (.null, _): old != new
    default: false
    }
  }

  /// Whether Iceberg's readers could follow the change too.
  ///
  /// Spec: Delta § Writer Requirements for Type Widening
  public static func isSupportedByIceberg(from old: DataType, to new: DataType) -> Bool {
    guard isSupported(from: old, to: new) else { return false }
    switch (old, new) {
    case (.decimal(_, let scale), .decimal(_, let newScale)): return scale == newScale
    case (.float, .double): return true
    case (_, .double), (_, .decimal), (.date, _): return false
    default: return true
    }
  }

  /// Whether a column is widened without being asked for it, when data of the wider type is merged in: within whole
  /// numbers, floating point, decimals, and from days to wall clock times.
  package static func isSupportedByEvolution(from old: DataType, to new: DataType) -> Bool {
    guard isSupported(from: old, to: new) else { return false }
    switch (old, new) {
    case (.decimal, .decimal), (.float, .double), (.date, _): return true
    case (_, .double), (_, .decimal), (.null, _): return false
    default: return true
    }
  }

  /// Adds a change to the record that a field keeps.
  ///
  /// - Parameter path: from the field to what changes: `element`, `key`, `value`; empty for the field itself.
  /// Spec: Delta § Type Change Metadata
  package static func record(_ old: DataType, _ new: DataType, in field: inout StructField, at path: [String]) {
    // A void column has no values that would have to be read as the new type.
    guard old != .null, let from = SchemaJSON.name(of: old), let to = SchemaJSON.name(of: new) else { return }
    var record: [String: MetadataValue] = ["fromType": .string(from), "toType": .string(to)]
    if !path.isEmpty { record["fieldPath"] = .string(path.joined(separator: ".")) }
    field.metadata[changesKey] = .array((field.metadata[changesKey]?.arrayValue ?? []) + [.object(record)])
  }

  /// A change that the schema records.
  ///
  /// Spec: Delta § Type Change Metadata
  public struct Change: Hashable, Sendable {
    /// The struct field that holds the record.
    public var column: ColumnPath
    /// From that field to what was changed: `element`, `key`, `value`; empty for the field itself.
    public var fieldPath: [String]
    public var from: DataType
    public var to: DataType
  }

  /// Every change that the schema records, at any depth, in the order they were made.
  ///
  /// - Throws: ``DeltaError`` `corruptLog` when a record can't be understood, `unsupportedFeatures` naming a change
  ///   that is not one of the protocol's.
  public static func changes(in schema: StructType) throws(DeltaError) -> [Change] {
    var changes: [Change] = []
    try collect(schema, SchemaPlace(), &changes)
    return changes
  }

  private static func collect(
    _ schema: StructType, _ place: SchemaPlace, _ changes: inout [Change]
  ) throws(DeltaError) {
    for field in schema.fields {
      let place = place.inside(field.name)
      switch field.metadata[changesKey] {
      case nil, .null: break
      case .array(let records):
        for record in records { changes.append(try change(record, at: place)) }
      default: throw .invalidSchema("\(changesKey) of \(place.text) is not a list")
      }
      try collect(field.type, place, &changes)
    }
  }

  private static func collect(
    _ type: DataType, _ place: SchemaPlace, _ changes: inout [Change]
  ) throws(DeltaError) {
    switch type {
    case .struct(let type): try collect(type, place, &changes)
    case .array(let type): try collect(type.element, place.inside("element"), &changes)
    case .map(let type):
      try collect(type.key, place.inside("key"), &changes)
      try collect(type.value, place.inside("value"), &changes)
    default: break
    }
  }

  private static func change(_ record: MetadataValue, at place: SchemaPlace) throws(DeltaError) -> Change {
    guard let members = record.objectValue, let from = members["fromType"], let to = members["toType"] else {
      throw .invalidSchema("a type change of \(place.text) has no fromType or toType")
    }
    let change = Change(
      column: ColumnPath(place.path),
      fieldPath: (members["fieldPath"]?.stringValue ?? "").split(separator: ".").map(String.init),
      from: try SchemaJSON.parseType(from), to: try SchemaJSON.parseType(to))
    guard change.from == change.to || isSupported(from: change.from, to: change.to) else {
      throw .unsupportedTypeChange(
        from: SchemaJSON.name(of: change.from) ?? MetadataJSON.string(from),
        to: SchemaJSON.name(of: change.to) ?? MetadataJSON.string(to), of: place.text)
    }
    return change
  }
}
