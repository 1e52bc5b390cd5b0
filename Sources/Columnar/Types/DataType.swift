/// The type of a column: every type of a Delta schema, and those that only a Parquet file can have.
///
/// The comments name the storage of one value; a ``Column`` of the type holds that many bytes a row
/// (``fixedWidth``), or offsets and bytes, or children.
///
/// Spec: Delta § Schema Serialization Format
public indirect enum DataType: Hashable, Sendable {
  /// Only nulls; Delta's `void`.
  case null
  /// One bit a value.
  case boolean
  /// Signed integers of 1, 2, 4 and 8 bytes.
  case byte, short, integer, long
  /// Unsigned integers of 1, 2, 4 and 8 bytes. Parquet only.
  case unsignedByte, unsignedShort, unsignedInteger, unsignedLong
  /// IEEE 754 of 2 (Parquet only), 4 and 8 bytes.
  case float16, float, double
  /// An exact number: unscaled `Int64` up to 18 digits, `Int128` up to 38; beyond (Parquet only) big-endian
  /// two's complement bytes of any length.
  case decimal(precision: Int, scale: Int)
  /// UTF-8.
  case string
  case binary
  /// Bytes of one length. Parquet only.
  case fixedBinary(length: Int)
  /// `Int32` days since 1970-01-01, proleptic Gregorian.
  case date
  /// `Int64` units since midnight. Parquet only.
  case time(TimeUnit)
  /// An instant: `Int64` units since 1970-01-01T00:00:00Z. Delta's are microseconds.
  case timestamp(TimeUnit = .microseconds)
  /// A wall clock reading without a zone: `Int64` units since 1970-01-01T00:00:00.
  case timestampNtz(TimeUnit = .microseconds)
  /// Parquet's INT96: `Int64` nanoseconds of the day, then `Int32` Julian day, 12 bytes little-endian. Parquet only:
  /// a Delta table's INT96 columns are read as `timestamp`.
  case int96
  /// Three little-endian `UInt32`: months, days, milliseconds. Parquet only.
  case interval
  /// 16 bytes, big-endian. Parquet only.
  case uuid
  /// A self-describing value: two binary children, metadata and value.
  case variant
  case `struct`(StructType)
  case array(ArrayType)
  case map(MapType)
}

/// What one unit of a time or timestamp is.
public enum TimeUnit: Hashable, Sendable {
  case milliseconds, microseconds, nanoseconds

  /// Units in a second: 1,000, 1,000,000 or 1,000,000,000.
  public var perSecond: Int64 {
    switch self {
    case .milliseconds: 1_000
    case .microseconds: 1_000_000
    case .nanoseconds: 1_000_000_000
    }
  }
}

extension DataType {
  /// The bytes of one value in ``ColumnStorage/fixed(_:)``, or `nil` for types stored otherwise.
  public var fixedWidth: Int? {
    switch self {
    case .byte, .unsignedByte: 1
    case .short, .unsignedShort, .float16: 2
    case .integer, .unsignedInteger, .float, .date: 4
    case .long, .unsignedLong, .double, .time, .timestamp, .timestampNtz: 8
    case .int96, .interval: 12
    case .uuid: 16
    case .fixedBinary(let length): length
    case .decimal(let precision, _): precision <= 18 ? 8 : precision <= 38 ? 16 : nil
    case .null, .boolean, .string, .binary, .variant, .struct, .array, .map: nil
    }
  }

  /// Whether values have children: `struct`, `array`, `map`.
  public var isNested: Bool {
    switch self {
    case .struct, .array, .map: true
    default: false
    }
  }
}
