/// Which one type two operands meet in. `nil`: they do not.
enum TypeRules {
  /// For comparing: strings become what they are compared with.
  static func comparable(_ a: DataType, _ b: DataType) -> DataType? {
    if a == b { return isComparable(a) ? a : nil }
    if a == .null { return b }
    if b == .null { return a }
    if a == .string || b == .string {
      let other = a == .string ? b : a
      if other.isWholeNumber { return .long }
      if other.isNumber { return .double }
      switch other {
      case .date, .boolean, .binary, .timestamp, .timestampNtz: return other
      case .int96: return .timestamp(.microseconds)
      case .uuid: return .string
      default: return nil
      }
    }
    if let number = number(a, b, floatsMeetInDouble: true) { return number }
    return instant(a, b) ?? binary(a, b)
  }

  /// For one value or the other, as in CASE: strings win over everything.
  static func common(_ a: DataType, _ b: DataType) -> DataType? {
    if a == b { return a }
    if a == .null { return b }
    if b == .null { return a }
    if a == .string { return b.canCast(to: .string) ? .string : nil }
    if b == .string { return a.canCast(to: .string) ? .string : nil }
    return number(a, b, floatsMeetInDouble: false) ?? instant(a, b) ?? binary(a, b)
  }

  static func isComparable(_ type: DataType) -> Bool {
    switch type {
    case .variant, .struct, .array, .map, .interval: false
    case .decimal(let precision, _): precision <= 38
    default: true
    }
  }

  /// The type that values are computed in: without unsigned and half-width numbers, which Spark does not have.
  static func computed(_ type: DataType) -> DataType {
    switch type {
    case .unsignedByte: .short
    case .unsignedShort: .integer
    case .unsignedInteger: .long
    case .unsignedLong: .decimal(precision: 20, scale: 0)
    case .float16: .float
    case .int96: .timestamp(.microseconds)
    case .uuid, .fixedBinary: .binary
    default: type
    }
  }

  static func number(_ first: DataType, _ second: DataType, floatsMeetInDouble: Bool) -> DataType? {
    let (a, b) = (computed(first), computed(second))
    guard a.isNumber, b.isNumber else { return nil }
    if a == b { return a }
    if a == .double || b == .double { return .double }
    if a == .float || b == .float { return floatsMeetInDouble || a.isDecimal || b.isDecimal ? .double : .float }
    if let x = asDecimal(a), let y = asDecimal(b), a.isDecimal || b.isDecimal {
      let scale = max(x.scale, y.scale)
      let precision = max(x.precision - x.scale, y.precision - y.scale) + scale
      return .decimal(precision: min(precision, 38), scale: precision <= 38 ? scale : max(0, scale - (precision - 38)))
    }
    let order: [DataType] = [.byte, .short, .integer, .long]
    guard let i = order.firstIndex(of: a), let j = order.firstIndex(of: b) else { return nil }
    return order[max(i, j)]
  }

  /// Whole numbers as the decimals that hold them.
  static func asDecimal(_ type: DataType) -> DecimalArithmetic.Operand? {
    switch type {
    case .byte: .init(precision: 3, scale: 0)
    case .short: .init(precision: 5, scale: 0)
    case .integer: .init(precision: 10, scale: 0)
    case .long: .init(precision: 20, scale: 0)
    case .decimal(let precision, let scale) where precision <= 38: .init(precision: precision, scale: scale)
    default: nil
    }
  }

  private static func instant(_ first: DataType, _ second: DataType) -> DataType? {
    switch (computed(first), computed(second)) {
    case (.date, .date): .date
    case (.date, let other), (let other, .date): other.isInstant ? other : nil
    case (.timestamp(let a), .timestamp(let b)), (.timestamp(let a), .timestampNtz(let b)),
      (.timestampNtz(let a), .timestamp(let b)):
      .timestamp(finer(a, b))
    case (.timestampNtz(let a), .timestampNtz(let b)): .timestampNtz(finer(a, b))
    case (.time(let a), .time(let b)): .time(finer(a, b))
    default: nil
    }
  }

  private static func finer(_ a: TimeUnit, _ b: TimeUnit) -> TimeUnit { a.perSecond > b.perSecond ? a : b }

  private static func binary(_ a: DataType, _ b: DataType) -> DataType? {
    computed(a) == .binary && computed(b) == .binary ? .binary : nil
  }
}
