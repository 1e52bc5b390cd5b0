/// Decimals as Spark computes them: the result type follows from the operands' types, loses decimals when it would
/// need more than 38 digits, but keeps 6 of them; results are rounded half away from zero; what does not fit is null.
enum DecimalArithmetic {
  struct Operand {
    var precision: Int
    var scale: Int
  }

  static func resultType(_ operation: Arithmetic, _ a: Operand, _ b: Operand) -> DataType {
    let whole = max(a.precision - a.scale, b.precision - b.scale)
    switch operation {
    case .add, .subtract:
      let scale = max(a.scale, b.scale)
      return bounded(precision: whole + scale + 1, scale: scale)
    case .multiply: return bounded(precision: a.precision + b.precision + 1, scale: a.scale + b.scale)
    case .divide:
      let scale = max(6, a.scale + b.precision + 1)
      return bounded(precision: a.precision - a.scale + b.scale + scale, scale: scale)
    case .remainder:
      let scale = max(a.scale, b.scale)
      return bounded(precision: min(a.precision - a.scale, b.precision - b.scale) + scale, scale: scale)
    }
  }

  private static func bounded(precision: Int, scale: Int) -> DataType {
    if precision <= 38 { return .decimal(precision: max(precision, 1), scale: scale) }
    let kept = max(38 - (precision - scale), min(scale, 6))
    return .decimal(precision: 38, scale: kept)
  }

  /// Plain decimal columns of one length.
  static func evaluate(_ operation: Arithmetic, _ a: Column, _ b: Column) -> Column? {
    guard case .decimal(let precisionA, let scaleA) = a.type, case .decimal(let precisionB, let scaleB) = b.type else {
      return nil
    }
    let type = resultType(
      operation, Operand(precision: precisionA, scale: scaleA), Operand(precision: precisionB, scale: scaleB))
    guard case .decimal(let precision, let scale) = type else { return nil }
    // The type that only a few digits decide: up to 18 the operands are as narrow as the result.
    if precision <= 18, precisionA <= 18, precisionB <= 18,
      let result = exact(Int64.self, operation, a, scaleA, b, scaleB, type, scale)
    {
      return result
    }
    guard let left = a.unscaledValues(), let right = b.unscaledValues() else { return nil }
    let wide = DataType.decimal(precision: 38, scale: scale)
    let x = Column(wide, count: a.count, validity: a.validity, nullCount: a.nullCount, storage: .fixed(left))
    let y = Column(wide, count: b.count, validity: b.validity, nullCount: b.nullCount, storage: .fixed(right))
    if precision > 18, precision < 38,
      let result = exact(Int128.self, operation, x, scaleA, y, scaleB, type, scale)
    {
      return result
    }
    let limit = Decimal128.power(precision) ?? .max
    let result = ArithmeticKernel.checked(Int128.self, wide, Int128(0), x, y) { p, q -> Int128? in
      let value: Int128?
      switch operation {
      case .add: value = sum(p, scaleA, q, scaleB, scale)
      case .subtract: value = sum(p, scaleA, 0 &- q, scaleB, scale)
      case .multiply: value = product(p, q, dropping: scaleA + scaleB - scale)
      case .divide: value = quotient(p, q, shift: scale - scaleA + scaleB)
      case .remainder: value = remainder(p, scaleA, q, scaleB, scale)
      }
      guard let value, value < limit, value > -limit else { return nil }
      return value
    }
    return precision > 18
      ? result?.retyped(type) : result?.mapped(Int128.self, to: type) { Int64(truncatingIfNeeded: $0) }
  }

  /// Sums and products whose type has room for every digit: nothing overflows and nothing is rounded. `nil` for the
  /// other operations.
  private static func exact<Value: FixedWidthInteger & BitwiseCopyable>(
    _ value: Value.Type, _ operation: Arithmetic, _ a: Column, _ scaleA: Int, _ b: Column, _ scaleB: Int,
    _ type: DataType, _ scale: Int
  ) -> Column? {
    if operation == .multiply { return ArithmeticKernel.plain(value, type, a, b) { $0 &* $1 } }
    guard operation == .add || operation == .subtract, let powerA = Decimal128.power(scale - scaleA),
      let powerB = Decimal128.power(scale - scaleB)
    else { return nil }
    let x = Value(truncatingIfNeeded: powerA)
    let y = Value(truncatingIfNeeded: operation == .add ? powerB : -powerB)
    return ArithmeticKernel.plain(value, type, a, b) { $0 &* x &+ $1 &* y }
  }

  @inline(__always)
  private static func sum(_ a: Int128, _ scaleA: Int, _ b: Int128, _ scaleB: Int, _ scale: Int) -> Int128? {
    let common = max(scaleA, scaleB)
    guard let x = scaleA == common ? a : Decimal128.multiply(a, powerOfTen: common - scaleA),
      let y = scaleB == common ? b : Decimal128.multiply(b, powerOfTen: common - scaleB)
    else {
      // Too long at the finer scale: at the result's scale, less exact by one unit of it at most.
      guard let x = Decimal128.rescale(a, from: scaleA, to: scale),
        let y = Decimal128.rescale(b, from: scaleB, to: scale)
      else { return nil }
      let (sum, overflow) = x.addingReportingOverflow(y)
      return overflow ? nil : sum
    }
    let (sum, overflow) = x.addingReportingOverflow(y)
    if overflow { return nil }
    return scale == common ? sum : Decimal128.rescale(sum, from: common, to: scale)
  }

  /// The product without its last decimals.
  private static func product(_ a: Int128, _ b: Int128, dropping decimals: Int) -> Int128? {
    let (plain, overflow) = a.multipliedReportingOverflow(by: b)
    if !overflow { return decimals == 0 ? plain : Decimal128.rescale(plain, from: decimals, to: 0) }
    guard decimals > 0, let divisor = Decimal128.power(decimals) else { return nil }
    let (high, low) = a.magnitude.multipliedFullWidth(by: b.magnitude)
    return divide(high, low, UInt128(divisor), isNegative: (a < 0) != (b < 0))
  }

  /// `a · 10^shift / b`.
  private static func quotient(_ a: Int128, _ b: Int128, shift: Int) -> Int128? {
    guard b != 0 else { return nil }
    guard shift >= 0 else { return nil }
    guard let early = Decimal128.multiply(a, powerOfTen: max(0, shift - 38)) else { return nil }
    let (high, low) = early.magnitude.multipliedFullWidth(by: UInt128(Decimal128.powers[min(shift, 38)]))
    return divide(high, low, b.magnitude, isNegative: (a < 0) != (b < 0))
  }

  private static func remainder(_ a: Int128, _ scaleA: Int, _ b: Int128, _ scaleB: Int, _ scale: Int) -> Int128? {
    guard b != 0 else { return nil }
    let common = max(scaleA, scaleB)
    guard let x = Decimal128.multiply(a, powerOfTen: common - scaleA),
      let y = Decimal128.multiply(b, powerOfTen: common - scaleB)
    else { return nil }
    return Decimal128.rescale(x % y, from: common, to: scale)
  }

  /// A 256-bit magnitude divided and rounded half up; `nil` when it takes more than 127 bits.
  private static func divide(_ high: UInt128, _ low: UInt128, _ divisor: UInt128, isNegative: Bool) -> Int128? {
    guard high < divisor else { return nil }
    var (quotient, remainder) =
      high == 0 ? low.quotientAndRemainder(dividingBy: divisor) : divisor.dividingFullWidth((high, low))
    if remainder >= divisor - remainder {
      guard quotient < .max else { return nil }
      quotient += 1
      remainder = 0
    }
    guard let value = Int128(exactly: quotient) else { return nil }
    return isNegative ? -value : value
  }
}

extension Column {
  /// The same storage under another type of the same layout.
  func retyped(_ type: DataType) -> Column { with(type, storage) }
}
