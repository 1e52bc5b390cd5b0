extension Scalar {
  /// How two values stand to each other as Spark orders them; `nil` when one is null or the types do not compare.
  ///
  /// Whole numbers and decimals compare exactly at any scale, numbers with a float or double as doubles. NaN equals
  /// NaN and is greater than all else; 0.0 equals -0.0. Strings and binaries go by their bytes, false before true.
  /// Dates, timestamps and zoneless timestamps compare as if wall clocks showed UTC.
  public static func compare(_ first: Scalar, _ second: Scalar) -> Ordering? {
    switch (first, second) {
    case (.null, _), (_, .null): return nil
    case (.boolean(let a), .boolean(let b)): return Ordering(a ? 1 : 0, b ? 1 : 0)
    case (.string(let a), .string(let b)): return compareBytes(a.utf8, b.utf8)
    case (.binary(let a), .binary(let b)): return compareBytes(a, b)
    case (.binary(let a), .string(let b)): return compareBytes(a, b.utf8)
    case (.string(let a), .binary(let b)): return compareBytes(a.utf8, b)
    default: break
    }
    if let a = first.instant, let b = second.instant { return Ordering(a, b) }
    if let a = first.exactNumber, let b = second.exactNumber {
      return Decimal128.compare(a.unscaled, a.scale, b.unscaled, b.scale)
    }
    if let a = first.number, let b = second.number { return compare(a, b) }
    return nil
  }

  static func compare(_ a: Double, _ b: Double) -> Ordering {
    if a < b { return .less }
    if a == b { return .equal }
    if a > b { return .greater }
    return Ordering(a.isNaN ? 1 : 0, b.isNaN ? 1 : 0)
  }

  private static func compareBytes<A: Sequence<UInt8>, B: Sequence<UInt8>>(_ a: A, _ b: B) -> Ordering {
    var left = a.makeIterator()
    var right = b.makeIterator()
    while true {
      switch (left.next(), right.next()) {
      case (nil, nil): return .equal
      case (nil, _): return .less
      case (_, nil): return .greater
      case (let x?, let y?): if x != y { return x < y ? .less : .greater }
      }
    }
  }
}

extension Scalar {
  /// The type of the value: `decimal` with its own precision, timestamps in microseconds.
  public var type: DataType {
    switch self {
    case .null: .null
    case .boolean: .boolean
    case .byte: .byte
    case .short: .short
    case .integer: .integer
    case .long: .long
    case .unsignedLong: .unsignedLong
    case .float: .float
    case .double: .double
    case .decimal(_, let precision, let scale): .decimal(precision: precision, scale: scale)
    case .string: .string
    case .binary: .binary
    case .date: .date
    case .timestamp: .timestamp(.microseconds)
    case .timestampNtz: .timestampNtz(.microseconds)
    }
  }

  /// A whole number of any type.
  package var wholeNumber: Int128? {
    switch self {
    case .byte(let value): Int128(value)
    case .short(let value): Int128(value)
    case .integer(let value): Int128(value)
    case .long(let value): Int128(value)
    case .unsignedLong(let value): Int128(value)
    default: nil
    }
  }

  /// A whole number or decimal.
  package var exactNumber: (unscaled: Int128, scale: Int)? {
    if case .decimal(let value, _, let scale) = self { return (value, scale) }
    return wholeNumber.map { ($0, 0) }
  }

  /// Any number as the nearest double.
  package var number: Double? {
    switch self {
    case .float(let value): Double(value)
    case .double(let value): value
    default: exactNumber.map { Decimal128.double($0.unscaled, scale: $0.scale) }
    }
  }

  /// A date or timestamp in microseconds; a date can reach beyond 64 bits of them.
  package var instant: Int128? {
    switch self {
    case .date(let days): Int128(days) * 86_400_000_000
    case .timestamp(let value), .timestampNtz(let value): Int128(value)
    default: nil
    }
  }
}
