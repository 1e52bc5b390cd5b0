/// The order of scalars as comparisons see it, and `nil` wherever two values are not surely comparable.
///
/// Text and bytes by unsigned bytes; NaN equal to NaN and above every number; -0 equal to 0; numbers of different types
/// by their value.
enum ScalarOrder {
  /// Less than 0, 0 or more than 0; `nil` when unknown.
  static func compare(_ left: Scalar?, _ right: Scalar?) -> Int? {
    guard let left, let right else { return nil }
    switch (left, right) {
    case (.boolean(let left), .boolean(let right)): return compare(left ? 1 : 0, right ? 1 : 0)
    case (.integer(let left), .integer(let right)): return compare(left, right)
    case (.long(let left), .long(let right)): return compare(left, right)
    case (.double(let left), .double(let right)): return compare(left, right)
    case (.string(let left), .string(let right)):
      return left.utf8.lexicographicallyPrecedes(right.utf8)
        ? -1 : right.utf8.lexicographicallyPrecedes(left.utf8) ? 1 : 0
    case (.date(let left), .date(let right)): return compare(left, right)
    case (.timestamp(let left), .timestamp(let right)): return compare(left, right)
    case (.timestampNtz(let left), .timestampNtz(let right)): return compare(left, right)
    case (.date(let left), .timestampNtz(let right)): return compare(Int128(left) * microsecondsPerDay, Int128(right))
    case (.timestampNtz(let left), .date(let right)): return compare(Int128(left), Int128(right) * microsecondsPerDay)
    default: break
    }
    if let left = left.wholeNumber, let right = right.wholeNumber { return compare(left, right) }
    if let left = double(left), let right = double(right) { return compare(left, right) }
    if let left = text(left), let right = text(right) { return compare(left, right) }
    if let left = decimal(left), let right = decimal(right) { return compare(left, right) }
    return compareRounded(left, right)
  }

  private static let microsecondsPerDay: Int128 = 86_400_000_000

  static func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left < right ? -1 : left > right ? 1 : 0
  }

  static func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
    left.lexicographicallyPrecedes(right) ? -1 : right.lexicographicallyPrecedes(left) ? 1 : 0
  }

  private static func compare(_ left: Double, _ right: Double) -> Int {
    if left.isNaN || right.isNaN { return (left.isNaN ? 1 : 0) - (right.isNaN ? 1 : 0) }
    return left < right ? -1 : left > right ? 1 : 0
  }

  private static func compare(_ left: (Int128, Int), _ right: (Int128, Int)) -> Int? {
    let scale = max(left.1, right.1)
    guard let left = rescaled(left.0, by: scale - left.1), let right = rescaled(right.0, by: scale - right.1) else {
      return nil
    }
    return left < right ? -1 : left > right ? 1 : 0
  }

  /// Floating point against exact numbers: only when they differ by more than rounding could explain.
  private static func compareRounded(_ left: Scalar, _ right: Scalar) -> Int? {
    guard let left = approximation(left), let right = approximation(right) else { return nil }
    if left.isNaN || right.isNaN || left.isInfinite || right.isInfinite { return compare(left, right) }
    let isSmallWhole = left.rounded() == left && right.rounded() == right && abs(left) < 0x1p24 && abs(right) < 0x1p24
    if !isSmallWhole && abs(left - right) <= 1e-6 * max(abs(left), abs(right)) { return nil }
    return compare(left, right)
  }

  static func double(_ value: Scalar) -> Double? {
    switch value {
    case .float(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// The bytes of a string or binary.
  static func text(_ value: Scalar) -> [UInt8]? {
    switch value {
    case .string(let value): Array(value.utf8)
    case .binary(let value): value
    default: nil
    }
  }

  private static func decimal(_ value: Scalar) -> (Int128, Int)? {
    if case .decimal(let unscaled, _, let scale) = value { return scale >= 0 && scale <= 38 ? (unscaled, scale) : nil }
    return value.wholeNumber.map { ($0, 0) }
  }

  private static func approximation(_ value: Scalar) -> Double? {
    if let value = double(value) { return value }
    guard let (unscaled, scale) = decimal(value) else { return nil }
    var result = Double(unscaled)
    for _ in 0..<scale { result /= 10 }
    return result
  }

  static func rescaled(_ unscaled: Int128, by digits: Int) -> Int128? {
    var result = unscaled
    for _ in 0..<digits {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = product
    }
    return result
  }
}

// MARK: Bounds of casts

extension Bounds {
  /// The bounds of the values cast. Casts that are not known to keep the order give nothing.
  func cast(to type: DataType) -> Bounds {
    guard mayHaveValues else { return Bounds(mayHaveValues: false) }
    let low = min.flatMap { Self.widened($0, to: type) }
    let high = max.flatMap { Self.widened($0, to: type) }
    if let low, let high {
      return Bounds(min: low, max: high, mayHaveNulls: mayHaveNulls, mayHaveNaN: mayHaveNaN)
    }
    if type == .double, min ?? max != nil, [min, max].allSatisfy({ $0.map { ScalarOrder.double($0) != nil } ?? true }) {
      return Bounds(min: low, max: high, mayHaveNulls: mayHaveNulls, mayHaveNaN: mayHaveNaN)
    }
    // With one bound alone, values on the other side may not fit, and then be null or, in a wrapping cast, anything.
    return .unknown
  }

  /// The value as `type`, when all values between two such values keep their order in the cast.
  private static func widened(_ value: Scalar, to type: DataType) -> Scalar? {
    let integer = value.wholeNumber
    switch type {
    case .byte: return integer.flatMap { Int8(exactly: $0) }.map { .byte($0) }
    case .short: return integer.flatMap { Int16(exactly: $0) }.map { .short($0) }
    case .integer: return integer.flatMap { Int32(exactly: $0) }.map { .integer($0) }
    case .long: return integer.flatMap { Int64(exactly: $0) }.map { .long($0) }
    case .float:
      if case .float = value { return value }
      return integer.map { .float(Float($0)) }
    case .double: return (ScalarOrder.double(value) ?? integer.map { Double($0) }).map { .double($0) }
    case .decimal(let precision, let scale):
      guard precision >= 0, precision <= 38, scale >= 0, scale <= precision else { return nil }
      var unscaled = integer
      var digits = scale
      if case .decimal(let value, _, let valueScale) = value, valueScale >= 0, valueScale <= scale {
        unscaled = value
        digits = scale - valueScale
      }
      guard let result = unscaled.flatMap({ ScalarOrder.rescaled($0, by: digits) }),
        let limit = ScalarOrder.rescaled(1, by: precision), result.magnitude < limit.magnitude
      else { return nil }
      return .decimal(result, precision: precision, scale: scale)
    case .timestampNtz(.microseconds):
      if case .timestampNtz = value { return value }
      guard case .date(let days) = value else { return nil }
      let (product, overflow) = Int64(days).multipliedReportingOverflow(by: 86_400_000_000)
      return overflow ? nil : .timestampNtz(product)
    case .boolean: if case .boolean = value { return value }
    case .date: if case .date = value { return value }
    case .timestamp(.microseconds): if case .timestamp = value { return value }
    case .string: if case .string = value { return value }
    case .binary: return ScalarOrder.text(value).map { .binary($0) }
    default: break
    }
    return nil
  }

  /// The bounds of the values with their signs turned, for signed integers, floats and decimals.
  var negated: Bounds {
    guard mayHaveValues else { return Bounds(mayHaveValues: false) }
    guard let min, let max, let low = Self.negated(max), let high = Self.negated(min) else { return .unknown }
    return Bounds(min: low, max: high, mayHaveNulls: mayHaveNulls, mayHaveNaN: mayHaveNaN)
  }

  private static func negated(_ value: Scalar) -> Scalar? {
    switch value {
    case .byte(let value): value == .min ? nil : .byte(-value)
    case .short(let value): value == .min ? nil : .short(-value)
    case .integer(let value): value == .min ? nil : .integer(-value)
    case .long(let value): value == .min ? nil : .long(-value)
    case .float(let value): value.isNaN ? nil : .float(-value)
    case .double(let value): value.isNaN ? nil : .double(-value)
    case .decimal(let value, let precision, let scale):
      value == .min ? nil : .decimal(-value, precision: precision, scale: scale)
    default: nil
    }
  }
}
