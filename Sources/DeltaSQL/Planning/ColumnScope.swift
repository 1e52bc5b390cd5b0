internal import Columnar
internal import DeltaLake

/// The columns that names in a query can mean.
struct ColumnScope {
  let schema: Schema
  /// What the query calls the table; `nil` when it gives a path.
  private let table: String?
  private let text: String

  init(_ table: SelectStatement.TableReference, _ schema: Schema, text: String) {
    switch table.place {
    case .name(let name), .nameOrPath(let name): self.table = name
    case .path: self.table = nil
    }
    self.schema = schema
    self.text = text
  }

  func failure(_ message: String, code: ExpressionError.Code = .syntax, at offset: Int) -> ExpressionError {
    .syntax(message, code: code, in: text, byteOffset: offset)
  }

  /// The table's column of a name.
  func field(_ path: ColumnPath, at offset: Int) throws(ExpressionError) -> StructField {
    let path = unqualified(path)
    do throws(ExpressionError) {
      guard case .column(let found) = try ColumnExpression.column(path).resolved(against: schema),
        let field = schema[found.names[0]]
      else { throw ExpressionError(.unknownColumn, "There is no column \(path).") }
      guard path.names.count == 1 else {
        throw ExpressionError(.syntax, "A nested field in the list behind SELECT is not supported yet.")
      }
      return field
    } catch {
      throw error.placed(at: offset, in: text)
    }
  }

  /// A condition with the columns' names as the table has them.
  func predicate(_ condition: SelectStatement.Condition) throws(ExpressionError) -> ColumnPredicate {
    for path in condition.expression.columns.sorted(by: { $0.names.lexicographicallyPrecedes($1.names) }) {
      try check(unqualified(path), condition)
    }
    do {
      let expression = condition.expression.mappingColumns { .column(unqualified($0)) }
      return try ColumnPredicate(expression).resolved(against: schema)
    } catch {
      throw error.placed(at: condition.offset, in: text)
    }
  }

  /// - Throws: `unknownColumn`, `ambiguousColumn` at the first name that isn't found.
  private func check(_ path: ColumnPath, _ condition: SelectStatement.Condition) throws(ExpressionError) {
    for count in 1...path.names.count {
      do {
        _ = try ColumnExpression.column(ColumnPath(Array(path.names.prefix(count)))).resolved(against: schema)
      } catch {
        throw error.placed(at: condition.nameOffsets[path.names[count - 1]] ?? condition.offset, in: text)
      }
    }
  }

  /// Without the table's name before a column's.
  private func unqualified(_ path: ColumnPath) -> ColumnPath {
    guard let table, path.names.count > 1, path.names[0].lowercased() == table.lowercased() else { return path }
    let name = path.names[1].lowercased()
    guard schema.fields.contains(where: { $0.name.lowercased() == name }) else { return path }
    return ColumnPath(Array(path.names.dropFirst()))
  }
}
