internal import Columnar

/// Whether rows of an older schema can be shown under the last one: columns may have been added and widened since, but
/// neither dropped nor renamed (by column mapping).
struct ChangeFeedCompatibility {
  private let newer: ColumnMapping
  private let newerPartitions: Set<String>

  init(showingUnder mapping: ColumnMapping, partitionColumns: [String]) {
    newer = mapping
    newerPartitions = Set(mapping.physicalFields(of: partitionColumns).map(\.name))
  }

  /// - Parameter change: the version that ended the older schema, which errors name.
  /// - Returns: the columns that rows of the older schema may have null, for want of them, too.
  func check(_ older: ChangeFeedPlanner.Era, endedBy change: Version) throws(DeltaError) -> [String] {
    let schema = try SchemaJSON.parse(older.metadata.schemaString)
    let comparison = SchemaComparison(
      olderMode: try ColumnMapping.mode(of: older.metadata, protocol: older.versions), change: change)
    try comparison.check(schema, newer.logicalSchema, newer.physicalSchema, [])
    let partitions = older.metadata.partitionColumns.map { name in
      schema[name].map(comparison.physicalName) ?? name
    }
    guard Set(partitions) == newerPartitions else {
      throw .incompatibleChanges(endedBy: change, "the table was partitioned by other columns before")
    }
    return newer.logicalSchema.fields.map(\.name).filter { schema[$0]?.isNullable ?? true }
  }
}

/// Walks an older schema beside the newer one, which comes under its logical and its physical names.
private struct SchemaComparison {
  let olderMode: ColumnMapping.Mode
  let change: Version

  func physicalName(_ field: StructField) -> String {
    olderMode == .none ? field.name : field.physicalName
  }

  func check(
    _ older: StructType, _ logical: StructType, _ physical: StructType, _ path: [String]
  ) throws(DeltaError) {
    for field in older.fields {
      let place = path + [field.name]
      guard let index = physical.index(of: physicalName(field)) else {
        throw failure(place, "was dropped")
      }
      let match = logical.fields[index]
      guard match.name == field.name else { throw failure(place, "was renamed to `\(match.name)`") }
      try check(field.type, match.type, physical.fields[index].type, place)
    }
  }

  private func check(
    _ older: DataType, _ logical: DataType, _ physical: DataType, _ path: [String]
  ) throws(DeltaError) {
    switch (older, logical, physical) {
    case (.struct(let older), .struct(let logical), .struct(let physical)):
      try check(older, logical, physical, path)
    case (.array(let older), .array(let logical), .array(let physical)):
      try check(older.element, logical.element, physical.element, path + ["element"])
    case (.map(let older), .map(let logical), .map(let physical)):
      try check(older.key, logical.key, physical.key, path + ["key"])
      try check(older.value, logical.value, physical.value, path + ["value"])
    default:
      guard older == logical || TypeWidening.isSupported(from: older, to: logical) else {
        let names = (SchemaJSON.name(of: older) ?? "a nested type", SchemaJSON.name(of: logical) ?? "a nested type")
        throw failure(path, "was \(names.0), and is \(names.1) now")
      }
    }
  }

  private func failure(_ path: [String], _ reason: String) -> DeltaError {
    .incompatibleChanges(endedBy: change, "column `\(path.joined(separator: "."))` \(reason)")
  }
}
