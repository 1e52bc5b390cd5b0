package import Columnar

/// A column that an expression over other columns computes.
///
/// Spec: Delta § Generated Columns
package struct GeneratedColumn: Hashable, Sendable {
  /// The column's position in the schema.
  package let index: Int
  package let field: StructField
  package let sql: String
  /// Resolved, of the column's own type.
  package let value: ColumnExpression
  /// Top-level columns that it reads, by position.
  package let sources: [Int]

  /// - Throws: `unsupportedFeatures` when the table's own text can't be evaluated.
  init(_ index: Int, _ sql: String, in schema: StructType) throws(DeltaError) {
    self.index = index
    field = schema.fields[index]
    self.sql = sql
    do throws(ExpressionError) {
      let expression = try ColumnExpression(parsing: sql)
      let type = try expression.bound(to: schema).type
      value = try (type == field.type ? expression : .cast(expression, field.type)).resolved(against: schema)
    } catch {
      throw .unusableExpression(sql, of: "the generated column `\(field.name)`", error)
    }
    sources = value.columns.compactMap { schema.index(of: $0.names[0]) }.sorted()
  }
}

extension TableDefinition {
  /// The generated columns, each after those that it is computed from.
  ///
  /// - Throws: `unsupportedFeatures` naming one that can't be evaluated, or that needs its own value.
  package func generatedColumns() throws(DeltaError) -> [GeneratedColumn] {
    var left: [GeneratedColumn] = []
    for (index, field) in schema.fields.enumerated() {
      guard let sql = field.generationExpression else { continue }
      left.append(try GeneratedColumn(index, sql, in: schema))
    }
    var ordered: [GeneratedColumn] = []
    while !left.isEmpty {
      let waiting = Set(left.map(\.index))
      let ready = left.filter { waiting.isDisjoint(with: $0.sources) }
      guard !ready.isEmpty else { throw .circularGeneration(left.map(\.field.name)) }
      ordered += ready
      left.removeAll { column in ready.contains { $0.index == column.index } }
    }
    return ordered
  }
}
