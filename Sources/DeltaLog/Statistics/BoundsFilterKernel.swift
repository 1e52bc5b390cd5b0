internal import Columnar

/// A clause as tests on typed arrays, as far as it can be: what can't is taken to be possible.
indirect enum BoundsFilter {
  case test(BoundsTest)
  /// Comparisons of one floating point column with numbers, all of which must hold for the same row.
  case numbers(column: Int, [(comparison: Comparison, value: Double)])
  case all([BoundsFilter])
  case any([BoundsFilter])
  /// Something else, which refutes nothing here.
  case other

  init(_ clause: ColumnExpression, _ columns: [StatisticsColumn], isNegated: Bool = false) {
    switch clause {
    case .not(let inner): self = Self(inner, columns, isNegated: !isNegated)
    case .and(let parts), .or(let parts):
      let filters = parts.map { Self($0, columns, isNegated: isNegated) }
      if case .and = clause, !isNegated {
        self = .all(Self.joined(filters))
      } else if case .or = clause, isNegated {
        self = .all(Self.joined(filters))
      } else {
        self = .any(filters)
      }
    case .isNull:
      self = BoundsTest(isNegated ? .not(clause) : clause, columns).map(BoundsFilter.test) ?? .other
    case .comparison(let comparison, let left, let right):
      guard let comparison = isNegated ? comparison.negated : comparison else {
        self = .other
        return
      }
      let clause = ColumnExpression.comparison(comparison, left, right)
      self = Self.number(clause, columns) ?? BoundsTest(clause, columns).map(BoundsFilter.test) ?? .other
    default:
      self = isNegated ? .other : BoundsTest(clause, columns).map(BoundsFilter.test) ?? .other
    }
  }

  /// Whether nothing was left out.
  var isComplete: Bool {
    switch self {
    case .test, .numbers: true
    case .all(let parts), .any(let parts): parts.allSatisfy(\.isComplete)
    case .other: false
    }
  }

  /// Clears the marks of files in which no row can fulfil the clause.
  func refute(_ matches: inout [Bool], _ table: StatisticsTable, _ firstFile: Int) {
    switch self {
    case .other: break
    case .test(let test): test.refute(&matches, table, firstFile)
    case .numbers(let column, let comparisons):
      Self.refute(&matches, table.entries[column], table.rowCounts, comparisons, firstFile)
    case .all(let parts): for part in parts { part.refute(&matches, table, firstFile) }
    case .any(let parts):
      let before = Array(matches[firstFile..<firstFile + table.count])
      var kept = [Bool](repeating: false, count: before.count)
      for part in parts {
        var tried = before
        part.refute(&tried, table, 0)
        for row in 0..<kept.count where tried[row] { kept[row] = true }
      }
      matches.replaceSubrange(firstFile..<firstFile + table.count, with: kept)
    }
  }

  private static func number(_ clause: ColumnExpression, _ columns: [StatisticsColumn]) -> BoundsFilter? {
    guard case .comparison(var comparison, let left, let right) = clause else { return nil }
    let (path, literal): (ColumnPath, Scalar)
    switch (left, right) {
    case (.column(let column), .literal(let value)): (path, literal) = (column, value)
    case (.literal(let value), .column(let column)):
      (path, literal) = (column, value)
      comparison = comparison.flipped
    default: return nil
    }
    guard comparison != .nullSafeEqual, let index = columns.firstIndex(where: { $0.path == path }) else { return nil }
    switch (literal, columns[index].type) {
    case (.double(let value), .double) where !value.isNaN: return .numbers(column: index, [(comparison, value)])
    case (.float(let value), .float) where !value.isNaN: return .numbers(column: index, [(comparison, Double(value))])
    default: return nil
    }
  }

  /// Comparisons of the same column put together, since a NaN seldom fulfils them all.
  private static func joined(_ filters: [BoundsFilter]) -> [BoundsFilter] {
    var rest: [BoundsFilter] = []
    var numbers: [(column: Int, comparisons: [(comparison: Comparison, value: Double)])] = []
    for filter in filters {
      guard case .numbers(let column, let comparisons) = filter else {
        rest.append(filter)
        continue
      }
      if let index = numbers.firstIndex(where: { $0.column == column }) {
        numbers[index].comparisons += comparisons
      } else {
        numbers.append((column, comparisons))
      }
    }
    return rest + numbers.map { .numbers(column: $0.column, $0.comparisons) }
  }

  private static func refute(
    _ matches: inout [Bool], _ entry: StatisticsTable.Entry, _ rowCounts: [Int64],
    _ comparisons: [(comparison: Comparison, value: Double)], _ firstFile: Int
  ) {
    for row in 0..<rowCounts.count where entry.nullCounts[row] >= 0 && entry.nullCounts[row] == rowCounts[row] {
      matches[firstFile + row] = false
    }
    // NaN is greater than every number, and not every writer counts it in its maxima: it may be in any file.
    let mayBeNaN = comparisons.allSatisfy {
      $0.comparison == .greater || $0.comparison == .greaterOrEqual || $0.comparison == .notEqual
    }
    guard !mayBeNaN, let minima = entry.minima, let maxima = entry.maxima else { return }
    for row in 0..<rowCounts.count where matches[firstFile + row] {
      let low = minima.isKnown[row] != 0 ? minima.doubles[row] : -.infinity
      let known = maxima.isKnown[row] != 0 ? maxima.doubles[row] : .infinity
      let high = known.isNaN ? .infinity : known
      for (comparison, value) in comparisons where !isPossible(comparison, value, low, high) {
        matches[firstFile + row] = false
      }
    }
  }

  private static func isPossible(_ comparison: Comparison, _ value: Double, _ low: Double, _ high: Double) -> Bool {
    switch comparison {
    case .equal, .nullSafeEqual: low <= value && value <= high
    case .notEqual: low != value || high != value
    case .less: low < value
    case .lessOrEqual: low <= value
    case .greater: high > value
    case .greaterOrEqual: high >= value
    }
  }
}

extension Comparison {
  /// The comparison with its sides exchanged.
  var flipped: Comparison {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .equal, .notEqual, .nullSafeEqual: self
    }
  }

  /// The comparison that is true where this one is false; null where it is null.
  var negated: Comparison? {
    switch self {
    case .equal: .notEqual
    case .notEqual: .equal
    case .less: .greaterOrEqual
    case .lessOrEqual: .greater
    case .greater: .lessOrEqual
    case .greaterOrEqual: .less
    case .nullSafeEqual: nil
    }
  }
}
