public import Columnar

/// How the columns of a schema are found in data files and in the log.
///
/// The logical schema is what users see; the physical one names each field as data files, partition values and
/// statistics do, and carries each field's id as `parquet.field.id`.
///
/// Spec: Delta § Column Mapping
public struct ColumnMapping: Hashable, Sendable {
  public enum Mode: String, Hashable, Sendable {
    /// Physical names are the logical ones.
    case none
    /// By `delta.columnMapping.physicalName`.
    case name
    /// In data files by `delta.columnMapping.id`; in the log by physical name.
    case id
  }

  public let mode: Mode
  /// The schema that users see.
  public let logicalSchema: StructType
  /// The same tree of fields under their physical names. Of the metadata only `parquet.field.id` and
  /// `parquet.field.nested.ids` are there, where the table has ids.
  public let physicalSchema: StructType

  /// - Throws: ``DeltaError`` `corruptLog` when the mode needs a name or id that a field lacks, or two fields of one
  ///   struct share theirs.
  public init(schema: StructType, mode: Mode) throws(DeltaError) {
    self.mode = mode
    logicalSchema = schema
    physicalSchema =
      mode == .none ? Self.withoutMetadata(schema) : try Self.physical(schema, mode: mode, at: SchemaPlace())
  }

  /// The mode of a table: the property counts only when the protocol supports the feature.
  ///
  /// - Throws: ``DeltaError`` `corruptLog` for a mode that does not exist.
  public static func mode(
    of metadata: TableMetadata, protocol versions: ProtocolVersions
  ) throws(DeltaError) -> Mode {
    let isSupported =
      versions.minReaderVersion == 2
      || (versions.minReaderVersion >= 3 && versions.readerFeatures?.contains("columnMapping") == true)
    guard isSupported, let text = metadata.configuration[modeProperty] else { return .none }
    guard let mode = Mode(rawValue: text.lowercased()) else {
      throw .columnMapping("\(modeProperty) is `\(text)`, not none, name or id")
    }
    return mode
  }

  package static let modeProperty = "delta.columnMapping.mode"
  package static let nameKey = "delta.columnMapping.physicalName"
  package static let idKey = "delta.columnMapping.id"
  package static let nestedIdsKey = "delta.columnMapping.nested.ids"
  /// Where ``physicalSchema`` keeps a field's id.
  public static let parquetIdKey = "parquet.field.id"
  package static let parquetNestedIdsKey = "parquet.field.nested.ids"

  /// The physical fields of the named top-level columns, in that order; names that don't exist are left out.
  public func physicalFields(of names: [String]) -> [StructField] {
    names.compactMap { name in logicalSchema.index(of: name).map { physicalSchema.fields[$0] } }
  }

  /// The physical name of a top-level column, or `nil` when there is none of that exact name. This is the key of
  /// ``AddFile/partitionValues``.
  public func physicalName(of column: String) -> String? {
    logicalSchema.index(of: column).map { physicalSchema.fields[$0].name }
  }

  /// The physical path of a logical one through structs, or `nil` when it leads nowhere.
  public func physicalPath(of path: ColumnPath) -> ColumnPath? {
    Self.path(path, from: logicalSchema, to: physicalSchema)
  }

  /// The logical path of a physical one through structs, or `nil` when it leads nowhere.
  public func logicalPath(of path: ColumnPath) -> ColumnPath? {
    Self.path(path, from: physicalSchema, to: logicalSchema)
  }

  /// The same fields of a tree that has other names.
  private static func path(_ path: ColumnPath, from start: StructType, to end: StructType) -> ColumnPath? {
    var (from, to) = (start, end)
    var names: [String] = []
    for (depth, name) in path.names.enumerated() {
      guard let index = from.index(of: name) else { return nil }
      names.append(to.fields[index].name)
      guard depth + 1 < path.names.count else { break }
      guard case .struct(let fromChild) = from.fields[index].type, case .struct(let toChild) = to.fields[index].type
      else { return nil }
      (from, to) = (fromChild, toChild)
    }
    return ColumnPath(names)
  }
}

extension StructField {
  /// What files and the log call a field of a schema whose columns are mapped; its name where it has no other.
  var physicalName: String { metadata[ColumnMapping.nameKey]?.stringValue ?? name }
}

extension ColumnMapping {
  private static func physical(
    _ schema: StructType, mode: Mode, at place: SchemaPlace
  ) throws(DeltaError) -> StructType {
    var fields: [StructField] = []
    var names: Set<String> = []
    var ids: Set<Int64> = []
    fields.reserveCapacity(schema.fields.count)
    for field in schema.fields {
      let place = place.inside(field.name)
      guard let name = field.metadata[nameKey]?.stringValue else {
        throw .columnMapping("\(place.text) has no physical name (\(nameKey))")
      }
      guard names.insert(name).inserted else {
        throw .columnMapping("\(place.text) shares its physical name `\(name)` with a field beside it")
      }
      let id = field.metadata[idKey]?.longValue
      if mode == .id {
        guard let id, 0...Int64(Int32.max) ~= id else {
          throw .columnMapping("\(place.text) has no valid id (\(idKey))")
        }
        guard ids.insert(id).inserted else {
          throw .columnMapping("\(place.text) shares its id \(id) with a field beside it")
        }
      }
      var metadata: [String: MetadataValue] = [:]
      if let id { metadata[parquetIdKey] = .long(id) }
      if case .object(let nested)? = field.metadata[nestedIdsKey], !nested.isEmpty {
        metadata[parquetNestedIdsKey] = .object(nested)
      }
      fields.append(
        StructField(
          name, try physical(field.type, mode: mode, at: place), isNullable: field.isNullable, metadata: metadata))
    }
    return StructType(fields)
  }

  private static func physical(
    _ type: DataType, mode: Mode, at place: SchemaPlace
  ) throws(DeltaError) -> DataType {
    switch type {
    case .struct(let type): .struct(try physical(type, mode: mode, at: place))
    case .array(let type):
      .array(
        ArrayType(
          try physical(type.element, mode: mode, at: place.inside("element")), containsNull: type.containsNull))
    case .map(let type):
      .map(
        MapType(
          key: try physical(type.key, mode: mode, at: place.inside("key")),
          value: try physical(type.value, mode: mode, at: place.inside("value")),
          valueContainsNull: type.valueContainsNull))
    default: type
    }
  }

  private static func withoutMetadata(_ schema: StructType) -> StructType {
    StructType(
      schema.fields.map { StructField($0.name, withoutMetadata($0.type), isNullable: $0.isNullable) })
  }

  private static func withoutMetadata(_ type: DataType) -> DataType {
    switch type {
    case .struct(let type): .struct(withoutMetadata(type))
    case .array(let type): .array(ArrayType(withoutMetadata(type.element), containsNull: type.containsNull))
    case .map(let type):
      .map(
        MapType(
          key: withoutMetadata(type.key), value: withoutMetadata(type.value),
          valueContainsNull: type.valueContainsNull))
    default: type
    }
  }
}
