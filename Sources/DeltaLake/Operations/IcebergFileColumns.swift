internal import Columnar
internal import DeltaLog
internal import Parquet

/// The columns that data files of a table have which is compatible with Iceberg, for a file's to be held against.
///
/// Spec: Delta § Writer Requirements for IcebergCompatV1
/// Spec: Delta § Writer Requirements for IcebergCompatV2
struct IcebergFileColumns {
  private let compat: IcebergCompat
  /// The table's, by their names in files.
  private let fields: [StructField]
  private let partitionFields: [StructField]
  /// Those that are none of the table's. They are known by their names always.
  private let hiddenFields: [StructField]
  /// Whether the table's columns are known by their ids, whatever a file calls them.
  private let mapsById: Bool

  init(_ layout: DataFileLayout, hidden: [StructField], _ compat: IcebergCompat) {
    self.compat = compat
    let partitions = Set(layout.partitionNames)
    fields = layout.fileSchema.fields
    partitionFields = fields.filter { partitions.contains($0.name) }
    hiddenFields = hidden
    mapsById = layout.mapping.mode == .id
  }

  /// Whether any file could be amiss.
  var areDemanding: Bool { compat.needsFieldIds || compat.needsLongTimestamps || !partitionFields.isEmpty }

  /// What is wrong with a file of these columns, in words.
  func flaw(of found: [ParquetField]) -> String? {
    let file = FileFields(found, byId: mapsById)
    for field in partitionFields where file.index(of: field) == nil {
      return "lacks the partition column '\(field.name)'"
    }
    if compat.putsPartitionColumnsLast, hasPartitionColumnsBeforeOthers(file) {
      return "has partition columns before others"
    }
    for field in hiddenFields {
      guard let column = file.named(field.name), let id = field.id else { continue }
      // An id where none is wanted is one that was wanted once, and nobody looks for it.
      if compat.needsFieldIds, column.id != id { return "lacks the field id of '\(field.name)'" }
    }
    return flaw(of: found, fields, "")
  }

  private func hasPartitionColumnsBeforeOthers(_ file: FileFields) -> Bool {
    guard let first = partitionFields.compactMap(file.index).min() else { return false }
    let partitions = Set(partitionFields.map(\.name))
    return fields.contains { !partitions.contains($0.name) && file.index(of: $0).map { $0 > first } == true }
      || hiddenFields.contains { file.index(named: $0.name).map { $0 > first } == true }
  }

  /// - Parameter prefix: of paths to the fields.
  private func flaw(of found: [ParquetField], _ fields: [StructField], _ prefix: String) -> String? {
    let file = FileFields(found, byId: mapsById)
    for field in fields {
      // A field that was added later is in no older file.
      guard let index = file.index(of: field) else { continue }
      let path = prefix + field.name
      if compat.needsFieldIds, found[index].id != field.id { return "lacks the field id of '\(path)'" }
      let nestedIds = field.metadata[ColumnMapping.parquetNestedIdsKey]?.objectValue ?? [:]
      if let flaw = flaw(in: found[index], field.type, nestedIds, field.name, path) { return flaw }
    }
    return nil
  }

  /// - Parameters:
  ///   - key: what `nestedIds` has for the type itself, if that is an element, key or value.
  ///   - path: to the type from the top.
  private func flaw(
    in found: ParquetField, _ type: DataType, _ nestedIds: [String: MetadataValue], _ key: String, _ path: String
  ) -> String? {
    func part(_ name: String, _ found: ParquetField?, _ type: DataType) -> String? {
      guard let found else { return nil }
      let (key, path) = ("\(key).\(name)", "\(path).\(name)")
      if compat.needsFieldIds, found.id != nestedIds[key]?.longValue { return "lacks the field id of '\(path)'" }
      return flaw(in: found, type, nestedIds, key, path)
    }
    switch (found.shape, type) {
    case (.leaf, _):
      let is96Bits = found.node.element.physicalType == .int96
      return is96Bits && compat.needsLongTimestamps ? "has timestamps of 96 bits in '\(path)'" : nil
    case (.structure(let children), .struct(let type)): return flaw(of: children, type.fields, path + ".")
    case (.list(_, let element), .array(let type)): return part("element", element, type.element)
    case (.map(_, let key, let value), .map(let type)):
      return part("key", key, type.key) ?? part("value", value, type.value)
    default: return nil
    }
  }
}

/// The fields of a file, or of a struct in it, to be looked up.
private struct FileFields {
  private let fields: [ParquetField]
  private let byName: [String: Int]
  /// `nil` where names tell.
  private let byId: [Int64: Int]?

  init(_ fields: [ParquetField], byId: Bool) {
    self.fields = fields
    byName = Dictionary(zip(fields.map(\.name), fields.indices)) { first, _ in first }
    self.byId =
      byId
      ? Dictionary(fields.indices.compactMap { index in fields[index].id.map { ($0, index) } }) { first, _ in first }
      : nil
  }

  /// Where a field of the table is. One that has no id counts by its name, for that to be told.
  func index(of field: StructField) -> Int? {
    guard let byId, let id = field.id else { return byName[field.name] }
    return byId[id] ?? byName[field.name].flatMap { fields[$0].fieldID == nil ? $0 : nil }
  }

  func index(named name: String) -> Int? { byName[name] }

  func named(_ name: String) -> ParquetField? { byName[name].map { fields[$0] } }
}

extension ParquetField {
  fileprivate var id: Int64? { fieldID.map(Int64.init) }
}

extension StructField {
  fileprivate var id: Int64? { metadata[ColumnMapping.parquetIdKey]?.longValue }
}
