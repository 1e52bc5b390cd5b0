/// One value of any non-nested type: a literal, a partition value, a bound of a statistic.
///
/// Two are equal when nobody can tell them apart: strings by their bytes, NaN is NaN, and 0.0 is not -0.0. How values stand to
/// each other in SQL says ``compare(_:_:)``.
public enum Scalar: Hashable, Sendable {
  case null
  case boolean(Bool)
  case byte(Int8), short(Int16), integer(Int32), long(Int64)
  case unsignedLong(UInt64)
  case float(Float), double(Double)
  /// `unscaled / 10^scale`.
  case decimal(Int128, precision: Int, scale: Int)
  case string(String)
  case binary([UInt8])
  /// Days since 1970-01-01.
  case date(Int32)
  /// Microseconds since the epoch, UTC.
  case timestamp(Int64)
  /// Microseconds since 1970-01-01T00:00:00 on a wall clock.
  case timestampNtz(Int64)

  public var isNull: Bool { if case .null = self { true } else { false } }
}

extension Scalar {
  public static func == (a: Scalar, b: Scalar) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.boolean(let a), .boolean(let b)): a == b
    case (.byte(let a), .byte(let b)): a == b
    case (.short(let a), .short(let b)): a == b
    case (.integer(let a), .integer(let b)), (.date(let a), .date(let b)): a == b
    case (.long(let a), .long(let b)): a == b
    case (.timestamp(let a), .timestamp(let b)), (.timestampNtz(let a), .timestampNtz(let b)): a == b
    case (.unsignedLong(let a), .unsignedLong(let b)): a == b
    case (.float(let a), .float(let b)): a.identity == b.identity
    case (.double(let a), .double(let b)): a.identity == b.identity
    case (.decimal(let a, let precision, let scale), .decimal(let b, let otherPrecision, let otherScale)):
      a == b && precision == otherPrecision && scale == otherScale
    case (.string(let a), .string(let b)): ExactText(a) == ExactText(b)
    case (.binary(let a), .binary(let b)): a == b
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .boolean(let value): hasher.combine(value)
    case .byte(let value): hasher.combine(value)
    case .short(let value): hasher.combine(value)
    case .integer(let value), .date(let value): hasher.combine(value)
    case .long(let value), .timestamp(let value), .timestampNtz(let value): hasher.combine(value)
    case .unsignedLong(let value): hasher.combine(value)
    case .float(let value): hasher.combine(value.identity)
    case .double(let value): hasher.combine(value.identity)
    case .decimal(let value, _, let scale):
      hasher.combine(value)
      hasher.combine(scale)
    case .string(let value): hasher.combine(ExactText(value))
    case .binary(let value): hasher.combine(value)
    }
  }
}

extension Float {
  fileprivate var identity: UInt32 { isNaN ? Float.nan.bitPattern : bitPattern }
}

extension Double {
  fileprivate var identity: UInt64 { isNaN ? Double.nan.bitPattern : bitPattern }
}
