package import Columnar

/// Gives fields the ids and physical names that they have in data files, once and for all.
///
/// Spec: Delta § Writer Requirements for Column Mapping
package struct FieldNaming {
  /// The greatest id given so far.
  private(set) package var maximumId: Int64
  /// Whether elements, keys and values get ids too, as Iceberg wants them.
  private let includesNested: Bool
  /// A physical name for a field of that logical one.
  private let physicalName: (String) -> String

  package static let maximumIdProperty = "delta.columnMapping.maxColumnId"

  /// Random names, as a table has from its creation on or for columns added later.
  package static func randomName(_ logical: String) -> String { "col-\(UniqueID())" }

  /// - Parameters:
  ///   - maximumId: what the table has in ``maximumIdProperty``; 0 when nothing.
  ///   - physicalName: what fields without one are called; their logical names when a table with files turns mapping on.
  package init(
    above maximumId: Int64, of schema: StructType, includesNested: Bool = false,
    physicalName: @escaping (String) -> String = FieldNaming.randomName
  ) {
    self.maximumId = max(maximumId, Self.maximumId(in: schema))
    self.includesNested = includesNested
    self.physicalName = physicalName
  }

  /// The schema with what its fields lack; what they have stays.
  package mutating func complete(_ schema: StructType) throws(DeltaError) -> StructType {
    var fields: [StructField] = []
    fields.reserveCapacity(schema.fields.count)
    for var field in schema.fields {
      if field.metadata[ColumnMapping.idKey]?.longValue == nil {
        field.metadata[ColumnMapping.idKey] = .long(try nextId())
      }
      let name = field.metadata[ColumnMapping.nameKey]?.stringValue ?? physicalName(field.name)
      field.metadata[ColumnMapping.nameKey] = .string(name)
      field.type = try complete(field.type)
      if includesNested { try completeNestedIds(of: &field, named: name) }
      fields.append(field)
    }
    return StructType(fields)
  }

  private mutating func complete(_ type: DataType) throws(DeltaError) -> DataType {
    switch type {
    case .struct(let type): return .struct(try complete(type))
    case .array(let type):
      return .array(ArrayType(try complete(type.element), containsNull: type.containsNull))
    case .map(let type):
      let key = try complete(type.key)
      return .map(MapType(key: key, value: try complete(type.value), valueContainsNull: type.valueContainsNull))
    default: return type
    }
  }

  /// Ids by path, from the field's physical name over `element`, `key` and `value`, as far as no other field begins.
  ///
  /// Spec: Delta § Writer Requirements for IcebergCompatV2
  private mutating func completeNestedIds(of field: inout StructField, named name: String) throws(DeltaError) {
    var ids = field.metadata[ColumnMapping.nestedIdsKey]?.objectValue ?? [:]
    try addNestedIds(of: field.type, under: name, to: &ids)
    if !ids.isEmpty { field.metadata[ColumnMapping.nestedIdsKey] = .object(ids) }
  }

  private mutating func addNestedIds(
    of type: DataType, under path: String, to ids: inout [String: MetadataValue]
  ) throws(DeltaError) {
    let parts: [(String, DataType)] =
      switch type {
      case .array(let type): [("element", type.element)]
      case .map(let type): [("key", type.key), ("value", type.value)]
      default: []
      }
    for (part, type) in parts {
      let path = "\(path).\(part)"
      if ids[path]?.longValue == nil { ids[path] = .long(try nextId()) }
      try addNestedIds(of: type, under: path, to: &ids)
    }
  }

  private mutating func nextId() throws(DeltaError) -> Int64 {
    guard maximumId < Int32.max else { throw .columnMapping("it has no ids left: \(maximumId) is the last") }
    maximumId = max(maximumId, 0) + 1
    return maximumId
  }

  private static func maximumId(in schema: StructType) -> Int64 {
    var maximum: Int64 = 0
    try? schema.forEachField { (field, _) in
      maximum = max(maximum, field.metadata[ColumnMapping.idKey]?.longValue ?? 0)
      for id in (field.metadata[ColumnMapping.nestedIdsKey]?.objectValue ?? [:]).values {
        maximum = max(maximum, id.longValue ?? 0)
      }
    }
    return maximum
  }
}

extension TableDefinition {
  /// Names the fields that have been added, in a table that maps columns, and remembers the greatest id.
  ///
  /// - Parameter physicalName: see ``FieldNaming``.
  package mutating func nameNewFields(
    _ physicalName: @escaping (String) -> String = FieldNaming.randomName
  ) throws(DeltaError) {
    guard columnMappingMode != .none else { return }
    let known = metadata.configuration[FieldNaming.maximumIdProperty].flatMap { Int64($0) } ?? 0
    var naming = FieldNaming(
      above: known, of: schema,
      includesNested: isTrue("delta.enableIcebergCompatV2") || isTrue("delta.enableIcebergCompatV3"),
      physicalName: physicalName)
    schema = try naming.complete(schema)
    metadata.configuration[FieldNaming.maximumIdProperty] = String(naming.maximumId)
    // Checked as a reader would.
    _ = try ColumnMapping(schema: schema, mode: columnMappingMode)
  }

  /// Turns column mapping by name on for a table that may have files: they keep the names that they have.
  package mutating func enableColumnMapping() throws(DeltaError) {
    guard columnMappingMode == .none else { return }
    columnMappingMode = .name
    metadata.configuration[ColumnMapping.modeProperty] = ColumnMapping.Mode.name.rawValue
    // Ids and names from an earlier mapping mean nothing in files that were written without.
    schema = Self.withoutNaming(schema)
    try nameNewFields { $0 }
  }

  private static func withoutNaming(_ schema: StructType) -> StructType {
    StructType(
      schema.fields.map { field in
        var field = field
        for key in [ColumnMapping.idKey, ColumnMapping.nameKey, ColumnMapping.nestedIdsKey] {
          field.metadata[key] = nil
        }
        field.type = withoutNaming(field.type)
        return field
      })
  }

  private static func withoutNaming(_ type: DataType) -> DataType {
    switch type {
    case .struct(let type): .struct(withoutNaming(type))
    case .array(let type): .array(ArrayType(withoutNaming(type.element), containsNull: type.containsNull))
    case .map(let type):
      .map(
        MapType(
          key: withoutNaming(type.key), value: withoutNaming(type.value), valueContainsNull: type.valueContainsNull))
    default: type
    }
  }
}
