package import Columnar

extension TableDefinition {
  /// Rules that read a column, what is nested in it, or what it is nested in: in words. A rule whose SQL can't be read
  /// may read any column.
  ///
  /// - Parameter gone: columns that go, too, and what is in them; their own rules go with them.
  package func rulesReading(_ path: ColumnPath, except gone: [ColumnPath] = []) -> [String] {
    var rules: [String] = []
    func add(_ name: String, _ sql: String) {
      guard let columns = try? ColumnExpression(parsing: sql).columns else {
        rules.append("\(name), which can't be read (\(sql.prefix(80)))")
        return
      }
      if columns.contains(where: { $0.overlaps(path) }) { rules.append("\(name) (\(sql.prefix(80)))") }
    }
    for (name, sql) in checkConstraints { add(TableConstraint.name(.check(name: name)), sql) }
    for field in schema.fields where !gone.contains(where: { Self.covers($0, ColumnPath([field.name])) }) {
      if let sql = field.generationExpression { add("the generated column `\(field.name)`", sql) }
    }
    try? schema.forEachField { (field, place) in
      guard !gone.contains(where: { Self.covers($0, place) }) else { return }
      if let sql = try? field.invariantExpression() { add(TableConstraint.name(.invariant(place)), sql) }
    }
    return rules
  }

  private static func covers(_ path: ColumnPath, _ other: ColumnPath) -> Bool {
    path.names.count <= other.names.count && path.overlaps(other)
  }

  /// Whether type changes are limited to those that Iceberg's readers follow: under the first two versions of the
  /// compatibility even while it is turned off.
  ///
  /// Spec: Delta § Writer Requirements for Type Widening
  package var isHeldByIceberg: Bool {
    protocolVersions.supports("icebergCompatV1") || protocolVersions.supports("icebergCompatV2")
      || protocolVersions.hasActive("icebergCompatV3", metadata)
  }

  /// Whether the table is partitioned or clustered by the column or by what is nested in it: in words.
  package func layoutUsing(_ path: ColumnPath) -> String? {
    if path.names.count == 1, isPartitionColumn(path.names[0]) { return "the table is partitioned by it" }
    if clusteringColumns?.contains(where: { $0.overlaps(path) && $0.names.count >= path.names.count }) ?? false {
      return "the table is clustered by it"
    }
    return nil
  }
}
