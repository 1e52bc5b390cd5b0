/// One value of any non-nested type: a literal, a partition value, a bound of a statistic.
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

  public var isNull: Bool { self == .null }
}
