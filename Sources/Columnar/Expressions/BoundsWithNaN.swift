extension ColumnExpression {
  /// More columns than this are judged by bounds that NaN widens, which costs precision but no time.
  private static let mostSplitColumns = 4

  /// A superset of what the condition is in the rows, with NaN taken apart from numbers.
  ///
  /// In one row a column is either a number within its bounds or NaN. So `x >= 3 AND x <= 4` is true in no row where
  /// numbers end at 2: a NaN is not up to 4, and a number not from 3 on. Each choice is judged by itself.
  func outcomes(over source: some ColumnBounds) -> PossibleOutcomes {
    let open = columns.filter { path in
      guard let bounds = source.bounds(for: path) else { return false }
      return bounds.mayHaveNaN && bounds.mayHaveValues
    }
    guard (1...Self.mostSplitColumns).contains(open.count) else { return possibleOutcomes(over: source) }
    let paths = Array(open)
    var outcomes: PossibleOutcomes = []
    for choice in 0..<1 << paths.count {
      let nan = paths.indices.filter { choice >> $0 & 1 != 0 }.map { paths[$0] }
      outcomes.formUnion(possibleOutcomes(over: SplitBounds(base: source, open: open, nan: nan)))
    }
    return outcomes
  }
}

/// Bounds in which some of the columns that may have NaN have nothing else, and the others none.
private struct SplitBounds<Base: ColumnBounds>: ColumnBounds {
  let base: Base
  let open: Set<ColumnPath>
  let nan: [ColumnPath]

  func bounds(for column: ColumnPath) -> Bounds? {
    guard open.contains(column), var bounds = base.bounds(for: column) else { return base.bounds(for: column) }
    bounds.mayHaveNaN = false
    if nan.contains(column) { (bounds.min, bounds.max) = (.double(.nan), .double(.nan)) }
    return bounds
  }

  func mayContain(_ value: Scalar, in column: ColumnPath) -> Bool {
    nan.contains(column) || base.mayContain(value, in: column)
  }
}
