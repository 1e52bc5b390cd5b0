package import Columnar

/// One version of the compatibility with Apache Iceberg, and what it demands of a table.
///
/// The protocol's text has versions 1 and 2; version 3 goes by the proposal for it.
///
/// Spec: Delta § Writer Requirements for IcebergCompatV1
/// Spec: Delta § Writer Requirements for IcebergCompatV2
package struct IcebergCompat: Hashable, Sendable {
  package let version: Int

  private static let all = (1...3).map(IcebergCompat.init(version:))

  package var name: String { "Iceberg compatibility V\(version)" }
  package var property: String { "delta.enableIcebergCompatV\(version)" }
  private var feature: String { "icebergCompatV\(version)" }

  /// The versions that a table supports and has turned on. More than one is a contradiction.
  package static func active(_ versions: ProtocolVersions, _ metadata: TableMetadata) -> [IcebergCompat] {
    all.filter { versions.hasActive($0.feature, metadata) }
  }

  /// Whether rows can't be deleted but by writing a file anew.
  package var excludesDeletionVectors: Bool { version < 3 }
  /// Whether fields, and elements, keys and values, have ids in every file.
  package var needsFieldIds: Bool { version >= 2 }
  /// Whether partition columns stand behind all others in files.
  package var putsPartitionColumnsLast: Bool { version == 1 }

  /// What is wrong with a table for which the compatibility is active, in words.
  func violations(_ versions: ProtocolVersions, _ metadata: TableMetadata, _ schema: StructType) -> [String] {
    var found: [String] = []
    if !["name", "id"].contains(TableProperties(metadata).value(ColumnMapping.modeProperty)) {
      found.append("\(name) needs \(ColumnMapping.modeProperty) = name")
    }
    switch version {
    case 1: if versions.supports("deletionVectors") { found.append("\(name) excludes the feature 'deletionVectors'") }
    case 2:
      if versions.hasActive("deletionVectors", metadata) {
        found.append("\(name) excludes delta.enableDeletionVectors = true")
      }
    default:
      if !versions.hasActive("rowTracking", metadata) { found.append("\(name) needs delta.enableRowTracking = true") }
      found += madeUpDefaults(schema)
    }
    visit(.struct(schema), []) { path, type in
      found.append("\(name) excludes columns of type \(type.typeWord), as '\(path.joined(separator: "."))' is")
    }
    for change in (try? TypeWidening.changes(in: schema)) ?? []
    where !TypeWidening.isSupportedByIceberg(from: change.from, to: change.to) {
      let column = change.column.names.joined(separator: ".")
      found.append("\(name) excludes the change of column '\(column)' from \(change.from) to \(change.to)")
    }
    return found
  }

  private func excludes(_ type: DataType) -> Bool {
    switch type {
    case .null: true
    case .array, .map: version == 1
    case .variant: version == 2
    default: false
    }
  }

  /// Calls `body` for each column, or part of one, whose type is excluded.
  private func visit(_ type: DataType, _ path: [String], _ body: ([String], DataType) -> Void) {
    if excludes(type) { return body(path, type) }
    switch type {
    case .struct(let type): for field in type.fields { visit(field.type, path + [field.name], body) }
    case .array(let type): visit(type.element, path + ["element"], body)
    case .map(let type):
      visit(type.key, path + ["key"], body)
      visit(type.value, path + ["value"], body)
    default: break
    }
  }

  /// Defaults that are more than a value written down.
  private func madeUpDefaults(_ schema: StructType) -> [String] {
    var found: [String] = []
    try? schema.forEachField { (field, path) in
      guard let sql = field.defaultExpression else { return }
      if let expression = try? ColumnExpression(parsing: sql), expression.isWrittenDown { return }
      let column = path.names.joined(separator: ".")
      found.append("\(name) excludes the default of column '\(column)', which is no literal: \(sql.prefix(80))")
    }
    return found
  }
}

extension IcebergCompat {
  /// Whether a table that is partitioned may get other partition columns when all of its rows are replaced.
  ///
  /// - Throws: `operationRefused` where Iceberg's readers would not follow.
  package static func checkPartitioning(
    from old: [String], to new: [String], _ versions: ProtocolVersions, _ metadata: TableMetadata
  ) throws(DeltaError) {
    guard let compat = active(versions, metadata).last, !old.isEmpty, old != new else { return }
    throw DeltaError(
      .operationRefused,
      "The table is partitioned by \(old.joined(separator: ", ")), and \(compat.name) excludes that it becomes "
        + (new.isEmpty ? "a table without partitions" : "one by \(new.joined(separator: ", "))")
        + ". Set \(compat.property) to `false` first, or create another table.")
  }
}

extension ColumnExpression {
  /// Whether it is a literal, with a sign perhaps.
  fileprivate var isWrittenDown: Bool {
    switch self {
    case .literal: true
    case .negate(.literal): true
    default: false
    }
  }
}

extension DataType {
  fileprivate var typeWord: String {
    switch self {
    case .array: "ARRAY"
    case .map: "MAP"
    default: sqlName
    }
  }
}
