internal import Columnar

extension ColumnExpression {
  /// The columns that the expression reads.
  var columnPaths: Set<ColumnPath> {
    var paths: Set<ColumnPath> = []
    collectPaths(into: &paths)
    return paths
  }

  private func collectPaths(into paths: inout Set<ColumnPath>) {
    switch self {
    case .column(let path): paths.insert(path)
    case .literal: break
    case .comparison(_, let left, let right), .arithmetic(_, let left, let right):
      left.collectPaths(into: &paths)
      right.collectPaths(into: &paths)
    case .and(let parts), .or(let parts), .call(_, let parts):
      for part in parts { part.collectPaths(into: &paths) }
    case .not(let part), .isNull(let part), .isIn(let part, _), .like(let part, _, _), .cast(let part, _),
      .negate(let part):
      part.collectPaths(into: &paths)
    case .conditional(let branches, let otherwise):
      for branch in branches {
        branch.condition.collectPaths(into: &paths)
        branch.value.collectPaths(into: &paths)
      }
      otherwise.collectPaths(into: &paths)
    }
  }
}
