extension Resolver {
  /// A comparison in one type. A literal becomes a value of the column's type, so that statistics of the column can be
  /// held against it; `n < 5.5` on whole numbers becomes `n <= 5`.
  func compare(_ comparison: Comparison, _ first: Resolved, _ second: Resolved) throws(ExpressionError) -> Resolved {
    if first.literal != nil, second.literal == nil { return try compare(comparison.flipped, second, first) }
    if first.type == .null || second.type == .null || second.isNullLiteral {
      return Self.comparison(comparison, first, second)
    }
    guard TypeRules.comparable(first.type, second.type) != nil else {
      throw .mismatch("A comparison", first.type, second.type)
    }
    if let literal = second.literal, first.literal == nil {
      // Resolved before: a literal of the column's type that has no scalar type of its own.
      switch try LiteralFit(literal, in: first.type) {
      case .exact(let value): return Self.comparison(comparison, first, try Resolved(literal: value, as: first.type))
      case .above(let value): return try beside(comparison, first, value)
      case .tooLarge: return try outside(comparison, first, isAbove: true)
      case .tooSmall: return try outside(comparison, first, isAbove: false)
      case .otherType: break
      }
    }
    if first.type.isDecimal, second.type.isDecimal, first.literal == nil {
      // Decimals of any scales compare exactly as they are.
      return Self.comparison(comparison, first, second)
    }
    guard let type = Self.meetingType(first.type, second.type) else {
      throw .mismatch("A comparison", first.type, second.type)
    }
    return Self.comparison(comparison, try Self.cast(first, to: type), try Self.cast(second, to: type))
  }

  /// The type to compare in, one that the kernels know.
  private static func meetingType(_ a: DataType, _ b: DataType) -> DataType? {
    guard let type = TypeRules.comparable(a, b) else { return nil }
    switch type {
    case .float16, .int96, .uuid, .fixedBinary: return TypeRules.computed(type)
    default: return type
    }
  }

  private static func comparison(_ comparison: Comparison, _ first: Resolved, _ second: Resolved) -> Resolved {
    Resolved(
      .comparison(comparison, first.expression, second.expression), .comparison(comparison, first.node, second.node),
      .boolean)
  }

  /// Against a literal between `value` and the next value of the column's type.
  private func beside(_ comparison: Comparison, _ column: Resolved, _ value: Scalar) throws(ExpressionError) -> Resolved
  {
    let literal = try Resolved(literal: value, as: column.type)
    switch comparison {
    case .less, .lessOrEqual: return Self.comparison(.lessOrEqual, column, literal)
    case .greater, .greaterOrEqual: return Self.comparison(.greater, column, literal)
    case .equal, .notEqual, .nullSafeEqual: return try outside(comparison, column, isAbove: true)
    }
  }

  /// Against a literal greater (or less) than all values of the column's type: the same for every value, null for null.
  private func outside(
    _ comparison: Comparison, _ column: Resolved, isAbove: Bool
  ) throws(ExpressionError) -> Resolved {
    if comparison == .nullSafeEqual { return .falsehood }
    guard let bounds = LiteralFit.bounds(of: column.type) else { throw .mismatch("A comparison", column.type) }
    let least = try Resolved(literal: bounds.least, as: column.type)
    let holds = comparison.holds(isAbove ? .less : .greater)
    return Self.comparison(holds ? .greaterOrEqual : .less, column, least)
  }

  // MARK: IN

  func membership(_ inner: Resolved, _ list: [Scalar]) throws(ExpressionError) -> Resolved {
    guard inner.type != .null, TypeRules.isComparable(inner.type) else {
      if inner.type == .null { return try Self.cast(inner, to: .boolean) }
      throw .mismatch("IN", inner.type)
    }
    var column = inner
    var values: [Scalar] = []
    var isOtherType =
      inner.literal != nil || [.float16, .int96].contains(inner.type)
      || TypeRules.computed(inner.type) == .binary && inner.type != .binary
    if !isOtherType {
      for scalar in list {
        if scalar.isNull {
          values.append(scalar)
          continue
        }
        switch try LiteralFit(scalar, in: inner.type) {
        case .exact(let value): values.append(value)
        case .above, .tooLarge, .tooSmall: continue
        case .otherType: isOtherType = true
        }
      }
    }
    if isOtherType {
      var type = inner.type
      for scalar in list {
        guard let common = Self.meetingType(type, scalar.type) else { throw .mismatch("IN", type, scalar.type) }
        type = common
      }
      column = try Self.cast(inner, to: type)
      values = try list.mapThrowing { scalar throws(ExpressionError) in
        try Self.cast(try Resolved(literal: scalar, as: scalar.type), to: type).literal ?? .null
      }
    }
    do {
      return Resolved(
        .isIn(column.expression, values), .isIn(column.node, try ValueSet(values, of: column.type)), .boolean)
    } catch {
      throw ExpressionError(.typeMismatch, error.message)
    }
  }
}
