extension ColumnExpression {
  /// The expression with each column reference replaced by what `replacement` gives for it.
  package func mappingColumns(_ replacement: (ColumnPath) -> ColumnExpression) -> ColumnExpression {
    if case .column(let path) = self { return replacement(path) }
    return mappingOperands { $0.mappingColumns(replacement) }
  }

  /// The expression with each function call replaced by what `replacement` gives for it, inner ones first.
  package func mappingCalls(
    _ replacement: (String, [ColumnExpression]) -> ColumnExpression
  ) -> ColumnExpression {
    let mapped = mappingOperands { $0.mappingCalls(replacement) }
    if case .call(let name, let arguments) = mapped { return replacement(name, arguments) }
    return mapped
  }

  /// The same operation on other operands.
  private func mappingOperands(_ map: (ColumnExpression) -> ColumnExpression) -> ColumnExpression {
    switch self {
    case .column, .literal: return self
    case .comparison(let comparison, let left, let right): return .comparison(comparison, map(left), map(right))
    case .and(let clauses): return .and(clauses.map(map))
    case .or(let clauses): return .or(clauses.map(map))
    case .not(let condition): return .not(map(condition))
    case .isNull(let value): return .isNull(map(value))
    case .isIn(let value, let list): return .isIn(map(value), list)
    case .like(let value, let pattern, let escape): return .like(map(value), pattern: pattern, escape: escape)
    case .cast(let value, let type): return .cast(map(value), type)
    case .arithmetic(let operation, let left, let right): return .arithmetic(operation, map(left), map(right))
    case .negate(let value): return .negate(map(value))
    case .call(let name, let arguments): return .call(name, arguments.map(map))
    case .conditional(let branches, let otherwise):
      return .conditional(
        branches.map { ConditionalBranch(condition: map($0.condition), value: map($0.value)) },
        otherwise: map(otherwise))
    }
  }
}
