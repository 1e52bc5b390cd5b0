/// What is known of a column's values in some rows (a file, a row group, a page) without reading them.
///
/// Everything is an outer limit: too wide is allowed, too narrow loses rows.
public struct Bounds: Hashable, Sendable {
  /// No value is less; need not occur. `nil`: unknown. NaN counts as greater than every number.
  public var min: Scalar?
  /// No value but NaN is greater; need not occur. `nil`: unknown.
  public var max: Scalar?
  /// Whether some row may be null.
  public var mayHaveNulls: Bool
  /// Whether some row may have a value.
  public var mayHaveValues: Bool
  /// Whether NaN may be among the values, above `max`. Most writers leave it out of their bounds without saying so.
  public var mayHaveNaN: Bool

  public init(
    min: Scalar? = nil, max: Scalar? = nil, mayHaveNulls: Bool = true, mayHaveValues: Bool = true,
    mayHaveNaN: Bool = false
  ) {
    self.min = min.flatMap { $0.isNull ? nil : $0 }
    self.max = max.flatMap { $0.isNull ? nil : $0 }
    self.mayHaveNulls = mayHaveNulls
    self.mayHaveValues = mayHaveValues
    self.mayHaveNaN = mayHaveNaN
  }

  /// Bounds from exact counts, as statistics have them. A count that is `nil`, negative or more than `rowCount` says
  /// nothing.
  public init(
    min: Scalar? = nil, max: Scalar? = nil, nullCount: Int64?, rowCount: Int64?, mayHaveNaN: Bool = false
  ) {
    self.init(min: min, max: max, mayHaveNaN: mayHaveNaN)
    guard let nullCount, nullCount >= 0 else { return }
    if let rowCount, nullCount > rowCount { return }
    mayHaveNulls = nullCount > 0
    if let rowCount { mayHaveValues = nullCount < rowCount }
  }

  /// Whether `min` and `max` are there, comparable and not the wrong way round.
  package var isOrdered: Bool { ScalarOrder.compare(min, max).map { $0 <= 0 } ?? false }

  /// Nothing is known.
  public static let unknown = Bounds()
}

/// A source of bounds for the columns of a predicate: the statistics of one file, row group or page.
public protocol ColumnBounds {
  /// The column's bounds; `nil` when nothing is known of it. A column that is missing from the data and therefore
  /// null in every row has `mayHaveValues == false`.
  func bounds(for column: ColumnPath) -> Bounds?

  /// Whether the column may have that value, which is within its bounds: a bloom filter's question. `true` by default.
  func mayContain(_ value: Scalar, in column: ColumnPath) -> Bool
}

extension ColumnBounds {
  public func mayContain(_ value: Scalar, in column: ColumnPath) -> Bool { true }
}

/// What bounds say of a predicate.
public enum PruningVerdict: Hashable, Sendable {
  /// It is true in no row: they need not be read.
  case noRows
  /// It may be true in some rows.
  case someRows
  /// It is true in every row: it need not be evaluated.
  case allRows
}

extension ColumnPredicate {
  /// What the bounds say of the predicate. What they don't say counts as possible.
  public func verdict(over bounds: some ColumnBounds) -> PruningVerdict {
    let outcomes = expression.outcomes(over: bounds)
    if !outcomes.contains(.true) { return .noRows }
    return outcomes == .true ? .allRows : .someRows
  }

  /// Why no row can match: the first of the predicate's AND-ed clauses that the bounds refute, or `nil`.
  public func refutedClause(over bounds: some ColumnBounds) -> ColumnExpression? {
    for clause in expression.conjuncts where !clause.outcomes(over: bounds).contains(.true) { return clause }
    return expression.outcomes(over: bounds).contains(.true) ? nil : expression
  }
}

extension ColumnExpression {
  /// The clauses of a tree of ANDs, in order; the expression itself when it is none.
  package var conjuncts: [ColumnExpression] {
    guard case .and(let clauses) = self else { return [self] }
    return clauses.flatMap(\.conjuncts)
  }
}
