/// What a condition may turn out to be, over some rows of which only bounds are known.
package struct PossibleOutcomes: OptionSet, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let `true` = PossibleOutcomes(rawValue: 1)
  package static let `false` = PossibleOutcomes(rawValue: 2)
  package static let null = PossibleOutcomes(rawValue: 4)
  package static let any: PossibleOutcomes = [.true, .false, .null]

  fileprivate init(true isTrue: Bool, false isFalse: Bool, null isNull: Bool) {
    self = []
    if isTrue { insert(.true) }
    if isFalse { insert(.false) }
    if isNull { insert(.null) }
  }
}

// Each expression is evaluated to a superset of the values it can have: conditions to outcomes, others to bounds. For
// that it is enough that every step is a superset, so whatever is not understood is simply "anything".

extension ColumnExpression {
  /// A superset of what the condition is in the rows.
  package func possibleOutcomes(over source: some ColumnBounds) -> PossibleOutcomes {
    switch self {
    case .comparison(let comparison, let left, let right):
      return left.outcomes(of: comparison, with: right, over: source)
    case .and(let clauses):
      let parts = clauses.map { $0.possibleOutcomes(over: source) }
      return PossibleOutcomes(
        true: parts.allSatisfy { $0.contains(.true) }, false: parts.contains { $0.contains(.false) },
        null: parts.contains { $0.contains(.null) } && parts.allSatisfy { $0 != .false })
    case .or(let clauses):
      let parts = clauses.map { $0.possibleOutcomes(over: source) }
      return PossibleOutcomes(
        true: parts.contains { $0.contains(.true) }, false: parts.allSatisfy { $0.contains(.false) },
        null: parts.contains { $0.contains(.null) } && parts.allSatisfy { $0 != .true })
    case .not(let condition):
      let outcomes = condition.possibleOutcomes(over: source)
      return PossibleOutcomes(
        true: outcomes.contains(.false), false: outcomes.contains(.true), null: outcomes.contains(.null))
    case .isNull(let value):
      let bounds = value.bounds(over: source)
      return PossibleOutcomes(true: bounds.mayHaveNulls, false: bounds.mayHaveValues, null: false)
    case .isIn(let value, let list):
      return value.outcomes(in: list, over: source)
    case .like(let value, let pattern, let escape):
      return LikePrefix(pattern, escape: escape).outcomes(for: value.bounds(over: source))
    case .column, .literal, .cast, .arithmetic, .negate, .call, .conditional:
      let bounds = bounds(over: source)
      guard bounds.mayHaveValues else { return .null }
      return PossibleOutcomes(
        true: bounds.max != .boolean(false), false: bounds.min != .boolean(true), null: bounds.mayHaveNulls)
    }
  }

  /// A superset of the expression's values in the rows.
  package func bounds(over source: some ColumnBounds) -> Bounds {
    switch self {
    case .column(let path):
      return source.bounds(for: path) ?? .unknown
    case .literal(let value):
      return Bounds(min: value, max: value, mayHaveNulls: value.isNull, mayHaveValues: !value.isNull)
    case .cast(let value, let type):
      return value.bounds(over: source).cast(to: type)
    case .negate(let value):
      return value.bounds(over: source).negated
    case .comparison, .and, .or, .not, .isNull, .isIn, .like:
      let outcomes = possibleOutcomes(over: source)
      return Bounds(
        min: .boolean(!outcomes.contains(.false)), max: .boolean(outcomes.contains(.true)),
        mayHaveNulls: outcomes.contains(.null), mayHaveValues: outcomes != .null)
    case .arithmetic, .call, .conditional:
      return .unknown
    }
  }

  private func outcomes(
    of comparison: Comparison, with other: ColumnExpression, over source: some ColumnBounds
  ) -> PossibleOutcomes {
    let left = bounds(over: source)
    let right = other.bounds(over: source)
    var relation = PossibleRelation(left, right)
    if relation.equal {
      if case .literal(let value) = other { relation.equal = mayEqual(value, over: source) }
      if case .literal(let value) = self { relation.equal = other.mayEqual(value, over: source) }
    }
    let (less, equal, greater) = (relation.less, relation.equal, relation.greater)
    let null = left.mayHaveNulls || right.mayHaveNulls
    switch comparison {
    case .equal: return PossibleOutcomes(true: equal, false: less || greater, null: null)
    case .notEqual: return PossibleOutcomes(true: less || greater, false: equal, null: null)
    case .less: return PossibleOutcomes(true: less, false: equal || greater, null: null)
    case .lessOrEqual: return PossibleOutcomes(true: less || equal, false: greater, null: null)
    case .greater: return PossibleOutcomes(true: greater, false: less || equal, null: null)
    case .greaterOrEqual: return PossibleOutcomes(true: equal || greater, false: less, null: null)
    case .nullSafeEqual:
      let bothNull = left.mayHaveNulls && right.mayHaveNulls
      let oneNull = left.mayHaveNulls && right.mayHaveValues || left.mayHaveValues && right.mayHaveNulls
      return PossibleOutcomes(true: equal || bothNull, false: less || greater || oneNull, null: false)
    }
  }

  private func outcomes(in list: [Scalar], over source: some ColumnBounds) -> PossibleOutcomes {
    let bounds = bounds(over: source)
    var isTrue = false
    var isFalse = bounds.mayHaveValues
    var hasNull = false
    for value in list {
      if value.isNull {
        hasNull = true
        continue
      }
      let relation = PossibleRelation(bounds, Bounds(min: value, max: value, mayHaveNulls: false))
      if relation.equal && !isTrue { isTrue = mayEqual(value, over: source) }
      if relation.equal && !relation.less && !relation.greater { isFalse = false }
    }
    return PossibleOutcomes(true: isTrue, false: isFalse && !hasNull, null: bounds.mayHaveNulls || hasNull)
  }

  /// Asks for the value in a column, also beneath casts that keep different values different.
  private func mayEqual(_ value: Scalar, over source: some ColumnBounds) -> Bool {
    switch self {
    case .column(let path): source.mayContain(value, in: path)
    case .cast(.column(let path), let type):
      switch type {
      case .short, .integer, .long:
        source.bounds(for: path)?.cast(to: type).min == nil || source.mayContain(value, in: path)
      default: true
      }
    default: true
    }
  }
}

/// How values of one expression may stand to values of another, nulls aside.
private struct PossibleRelation {
  var less: Bool
  var equal: Bool
  var greater: Bool

  init(_ left: Bounds, _ right: Bounds) {
    (less, equal, greater) = (false, false, false)
    guard left.mayHaveValues && right.mayHaveValues else { return }
    add(left, right)
    let nan = Bounds(min: .double(.nan), max: .double(.nan))
    if left.mayHaveNaN { add(nan, right) }
    if right.mayHaveNaN { add(left, nan) }
    if left.mayHaveNaN && right.mayHaveNaN { equal = true }
  }

  private mutating func add(_ left: Bounds, _ right: Bounds) {
    let lowest = ScalarOrder.compare(left.min, right.max)
    let highest = ScalarOrder.compare(left.max, right.min)
    if lowest.map({ $0 < 0 }) ?? true { less = true }
    if highest.map({ $0 > 0 }) ?? true { greater = true }
    if !(lowest.map { $0 > 0 } ?? false) && !(highest.map { $0 < 0 } ?? false) { equal = true }
  }
}

/// A LIKE pattern as far as bounds can judge it: what stands before its first wildcard.
private struct LikePrefix {
  private var prefix: [UInt8] = []
  /// Whether everything that starts with the prefix matches: one `%` follows it and nothing else.
  private var matchesAllWithPrefix = false
  private var isExact = true

  init(_ pattern: String, escape: Character?) {
    // By Unicode scalars: a wildcard may be followed by a combining mark, and is no `Character` of its own then.
    var rest = pattern.unicodeScalars[...]
    let escapeScalar = (escape ?? "\\").unicodeScalars.first
    while let next = rest.popFirst() {
      if next == escapeScalar, let literal = rest.popFirst() {
        prefix += Array(String(literal).utf8)
      } else if next == "%" || next == "_" || next == escapeScalar {
        isExact = false
        matchesAllWithPrefix = next == "%" && rest.isEmpty
        break
      } else {
        prefix += Array(String(next).utf8)
      }
    }
  }

  func outcomes(for bounds: Bounds) -> PossibleOutcomes {
    guard bounds.mayHaveValues else { return .null }
    let min = bounds.min.flatMap(ScalarOrder.text)
    let max = bounds.max.flatMap(ScalarOrder.text)
    var isTrue = true
    if let max, ScalarOrder.compare(max, prefix) < 0 { isTrue = false }
    if let min, ScalarOrder.compare(min, prefix) > 0, isExact || !min.starts(with: prefix) { isTrue = false }
    var isFalse = true
    if let min, let max {
      if isExact { isFalse = !(min == prefix && max == prefix) }
      if matchesAllWithPrefix { isFalse = !(min.starts(with: prefix) && max.starts(with: prefix)) }
    }
    return PossibleOutcomes(true: isTrue, false: isFalse, null: bounds.mayHaveNulls)
  }
}
