package import Columnar

/// A condition that every row of a table keeps: it is true for the row, neither false nor null.
///
/// Spec: Delta § CHECK Constraints
/// Spec: Delta § Column Invariants
package struct TableConstraint: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case check(name: String)
    /// Of the field with that path.
    case invariant(ColumnPath)
  }

  package let kind: Kind
  /// As the table keeps it.
  package let sql: String
  package let condition: ColumnExpression

  /// - Throws: `unsupportedFeatures` when the table's own text is no condition on its columns that can be evaluated.
  package init(_ kind: Kind, _ sql: String, in schema: StructType) throws(DeltaError) {
    self.kind = kind
    self.sql = sql
    do throws(ExpressionError) {
      condition = try ColumnPredicate(parsing: sql).resolved(against: schema).expression
    } catch {
      throw .unusableExpression(sql, of: Self.name(kind), error)
    }
  }

  /// In words, as in: the CHECK constraint `positive`.
  package var name: String { Self.name(kind) }

  package static func name(_ kind: Kind) -> String {
    switch kind {
    case .check(let name): "the CHECK constraint `\(name)`"
    case .invariant(let column): "the invariant of column `\(column.names.joined(separator: "."))`"
    }
  }

  package static let propertyPrefix = "delta.constraints."
}

extension TableDefinition {
  /// The SQL of the CHECK constraints, by name in order.
  package var checkConstraints: [(name: String, sql: String)] {
    metadata.configuration.filter { $0.key.lowercased().hasPrefix(TableConstraint.propertyPrefix) }
      .map { (String($0.key.dropFirst(TableConstraint.propertyPrefix.count)), $0.value) }.sorted { $0.0 < $1.0 }
  }

  /// Every condition on the table's rows, ready to be bound to its schema.
  ///
  /// - Throws: `unsupportedFeatures` naming one that can't be evaluated: rows that break it could not be told.
  package func constraints() throws(DeltaError) -> [TableConstraint] {
    var constraints: [TableConstraint] = []
    try schema.forEachField { (field, path) throws(DeltaError) in
      if let sql = try field.invariantExpression() {
        constraints.append(try TableConstraint(.invariant(path), sql, in: schema))
      }
    }
    for (name, sql) in checkConstraints {
      constraints.append(try TableConstraint(.check(name: name), sql, in: schema))
    }
    return constraints
  }
}
