internal import Columnar

extension ColumnPredicate {
  /// The names of the columns, without what is nested in them.
  var columnNames: Set<String> { ColumnPredicate.columnNames(of: expression) }

  private static func columnNames(of expression: ColumnExpression) -> Set<String> {
    switch expression {
    case .column(let path): [path.names[0]]
    case .literal: []
    case .comparison(_, let left, let right), .arithmetic(_, let left, let right):
      columnNames(of: left).union(columnNames(of: right))
    case .and(let parts), .or(let parts), .call(_, let parts):
      parts.reduce(into: []) { $0.formUnion(columnNames(of: $1)) }
    case .not(let inner), .isNull(let inner), .isIn(let inner, _), .like(let inner, _, _), .cast(let inner, _),
      .negate(let inner):
      columnNames(of: inner)
    case .conditional(let branches, let otherwise):
      branches.reduce(into: columnNames(of: otherwise)) {
        $0.formUnion(columnNames(of: $1.condition).union(columnNames(of: $1.value)))
      }
    }
  }

  /// A set bit for each row that satisfies the predicate.
  func rows(of batch: RecordBatch) throws -> Bitmap {
    throw ParquetError(.unsupported, "Predicates cannot be evaluated yet.")
  }
}
