internal import Columnar

/// Whether rows of an older schema can be shown under the last one: columns may have been added, renamed under column
/// mapping, dropped under column mapping, and widened.
struct ChangeFeedCompatibility {
  let mapping: ColumnMapping

  func check(_ older: StructType, at version: Version, readAt last: Version) throws(DeltaError) {
    // An older schema may be from before the mapping, when physical names were the logical ones.
    try check(older, mapping.physicalSchema, [], version)
  }

  private func check(
    _ older: StructType, _ newer: StructType, _ path: [String], _ version: Version
  ) throws(DeltaError) {
    for field in older.fields {
      let name = mapping.mode == .none ? field.name : field.metadata[ColumnMapping.nameKey]?.stringValue ?? field.name
      let place = (path + [field.name]).joined(separator: ".")
      guard let match = newer[name] else {
        if mapping.mode != .none { continue }
        throw .incompatibleChanges(at: version, "column `\(place)` is no longer there")
      }
      try check(field.type, match.type, path + [field.name], version)
    }
  }

  private func check(
    _ older: DataType, _ newer: DataType, _ path: [String], _ version: Version
  ) throws(DeltaError) {
    switch (older, newer) {
    case (.struct(let older), .struct(let newer)): try check(older, newer, path, version)
    case (.array(let older), .array(let newer)):
      try check(older.element, newer.element, path + ["element"], version)
    case (.map(let older), .map(let newer)):
      try check(older.key, newer.key, path + ["key"], version)
      try check(older.value, newer.value, path + ["value"], version)
    default:
      guard older == newer || TypeWidening.isSupported(from: older, to: newer) else {
        let names = (SchemaJSON.name(of: older) ?? "a nested type", SchemaJSON.name(of: newer) ?? "a nested type")
        throw .incompatibleChanges(
          at: version, "column `\(path.joined(separator: "."))` was \(names.0), and is \(names.1) now")
      }
    }
  }
}
