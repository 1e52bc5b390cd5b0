public import Columnar

/// Which stored column each column of a predicate is.
public struct PredicateColumns: Sendable {
  public enum Target: Hashable, Sendable {
    /// The leaf with that index, of which a row has one value or null.
    case leaf(Int)
    /// Not in the file: null in every row.
    case missing
  }

  /// Columns that are not here (lists, groups, variants) are those of which nothing is known.
  public var targets: [ColumnPath: Target]

  public init(_ targets: [ColumnPath: Target]) { self.targets = targets }

  /// The columns by their exact names. One that the file doesn't have counts as null in every row.
  public init(of predicate: ColumnPredicate, in schema: ParquetSchema) {
    targets = [:]
    for path in predicate.columns where targets[path] == nil {
      targets[path] = Self.target(path.names[...], among: schema.fields)
    }
  }

  /// The leaves that the predicate is about, ascending.
  package var leaves: [Int] {
    Set(targets.values.compactMap { if case .leaf(let index) = $0 { index } else { nil } }).sorted()
  }

  private static func target(_ names: ArraySlice<String>, among fields: [ParquetField]) -> Target? {
    guard let field = fields.first(where: { $0.name == names.first }) else { return .missing }
    switch field.shape {
    case .leaf(let index): return names.count == 1 ? .leaf(index) : nil
    case .structure(let children): return names.count == 1 ? nil : target(names.dropFirst(), among: children)
    case .list, .map, .variant: return nil
    }
  }
}

extension ColumnExpression {
  /// The columns that are asked for single values: those for which a bloom filter can help.
  var probedPaths: [ColumnPath] {
    switch self {
    case .comparison(.equal, let left, let right), .comparison(.nullSafeEqual, let left, let right):
      return [left, right].compactMap(\.probed)
    case .isIn(let value, _): return [value].compactMap(\.probed)
    case .and(let clauses), .or(let clauses): return clauses.flatMap(\.probedPaths)
    case .not(let condition): return condition.probedPaths
    default: return []
    }
  }

  private var probed: ColumnPath? {
    switch self {
    case .column(let path), .cast(.column(let path), _): path
    default: nil
    }
  }
}
