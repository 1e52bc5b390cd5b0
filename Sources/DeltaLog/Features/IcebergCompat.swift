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
  /// Whether timestamps are never stored as 96 bits.
  package var needsLongTimestamps: Bool { version >= 2 }
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
    }
    visit(.struct(schema), []) { path, type in
      found.append("\(name) excludes columns of type \(type.typeWord), as '\(path.joined(separator: "."))' is")
    }
    do throws(DeltaError) {
      if version >= 3 { found += try madeUpDefaults(schema) }
      if needsFieldIds { found += try missingNestedIds(schema) }
      found += try typeChanges(schema)
    } catch {
      found.append("\(name) can't be judged: \(error.message)")
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
  private func madeUpDefaults(_ schema: StructType) throws(DeltaError) -> [String] {
    var found: [String] = []
    try schema.forEachField { (field, path) in
      guard let sql = field.defaultExpression else { return }
      if let expression = try? ColumnExpression(parsing: sql), expression.isWrittenDown { return }
      let column = path.names.joined(separator: ".")
      found.append("\(name) excludes the default of column '\(column)', which is no literal: \(sql.prefix(80))")
    }
    return found
  }

  /// Changes of types that Iceberg's readers don't follow.
  private func typeChanges(_ schema: StructType) throws(DeltaError) -> [String] {
    try TypeWidening.changes(in: schema).filter {
      !TypeWidening.isSupportedByIceberg(from: $0.from, to: $0.to)
    }.map { change in
      let column = change.column.names.joined(separator: ".")
      return "\(name) excludes the change of column '\(column)' from \(change.from) to \(change.to)"
    }
  }

  /// Elements, keys and values without an id, or with that of another.
  ///
  /// Spec: Delta § Writer Requirements for IcebergCompatV2
  private func missingNestedIds(_ schema: StructType) throws(DeltaError) -> [String] {
    var owners: [Int64: String] = [:]
    try schema.forEachField { (field, path) in
      if let id = field.metadata[ColumnMapping.idKey]?.longValue { owners[id] = path.names.joined(separator: ".") }
    }
    var found: [String] = []
    try schema.forEachField { (field, path) in
      let ids = field.metadata[ColumnMapping.nestedIdsKey]?.objectValue ?? [:]
      field.type.forEachPart { part in
        let place = "\(path.names.joined(separator: ".")).\(part)"
        guard let id = ids["\(field.physicalName).\(part)"]?.longValue, 0...Int64(Int32.max) ~= id else {
          return found.append("\(name) needs an id of '\(place)' in \(ColumnMapping.nestedIdsKey)")
        }
        if let owner = owners.updateValue(place, forKey: id) {
          found.append("\(name) excludes that '\(place)' has the id \(id), as '\(owner)' has")
        }
      }
    }
    return found
  }
}

extension IcebergCompat {
  /// Whether a table that is partitioned may get other partition columns when all of its rows are replaced. A column is
  /// the same under its name, in any case of letters, or when files name it the same.
  ///
  /// - Throws: `operationRefused` where Iceberg's readers would not follow.
  package static func checkPartitioning(
    from old: [StructField], to new: [StructField], _ versions: ProtocolVersions, _ metadata: TableMetadata
  ) throws(DeltaError) {
    guard let compat = active(versions, metadata).last, !old.isEmpty else { return }
    if old.count == new.count, zip(old, new).allSatisfy(isSame) { return }
    func names(_ fields: [StructField]) -> String { fields.map(\.name).joined(separator: ", ") }
    throw DeltaError(
      .operationRefused,
      "The table is partitioned by \(names(old)), and \(compat.name) excludes that it becomes "
        + (new.isEmpty ? "a table without partitions" : "one by \(names(new))")
        + ". Set \(compat.property) to `false` first, or create another table.")
  }

  private static func isSame(_ old: StructField, _ new: StructField) -> Bool {
    FieldNames.areSame(old.name, new.name) || old.physicalName == new.physicalName
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
  /// Calls `body` with the path of each element, key and value, down to where struct fields begin.
  fileprivate func forEachPart(_ body: (String) -> Void) {
    func visit(_ type: DataType, _ path: String) {
      body(path)
      type.forEachPart { body("\(path).\($0)") }
    }
    switch self {
    case .array(let type): visit(type.element, "element")
    case .map(let type):
      visit(type.key, "key")
      visit(type.value, "value")
    default: break
    }
  }

  fileprivate var typeWord: String {
    switch self {
    case .array: "ARRAY"
    case .map: "MAP"
    default: sqlName
    }
  }
}
