internal import Columnar

/// How values of a type are stored: the physical type, and the annotations that say what it means.
///
/// Spec: Parquet LogicalTypes § Metadata
struct StoredType: Hashable, Sendable {
  var physicalType: PhysicalType
  /// The bytes of a value of type `fixedLengthByteArray`; else 0.
  var length = 0
  var logicalType: LogicalType?
  /// For readers that know nothing else.
  var convertedType: ConvertedType?

  /// - Throws: `unsupported` for types that no column has: nested ones, and those without a width.
  init(_ type: DataType) throws(ParquetError) {
    switch type {
    case .null: self.init(.int32, .unknown)
    case .boolean: self.init(.boolean)
    case .byte: self.init(.int32, .integer(bitWidth: 8, isSigned: true), .int8)
    case .short: self.init(.int32, .integer(bitWidth: 16, isSigned: true), .int16)
    case .integer: self.init(.int32)
    case .long: self.init(.int64)
    case .unsignedByte: self.init(.int32, .integer(bitWidth: 8, isSigned: false), .uint8)
    case .unsignedShort: self.init(.int32, .integer(bitWidth: 16, isSigned: false), .uint16)
    case .unsignedInteger: self.init(.int32, .integer(bitWidth: 32, isSigned: false), .uint32)
    case .unsignedLong: self.init(.int64, .integer(bitWidth: 64, isSigned: false), .uint64)
    case .float16: self.init(.fixedLengthByteArray, length: 2, .float16)
    case .float: self.init(.float)
    case .double: self.init(.double)
    case .decimal(let precision, let scale):
      guard precision > 0, precision <= Self.maximumPrecision, scale >= 0, scale <= precision else {
        throw .unstorable("a decimal of \(precision) digits, \(scale) of them fractional,")
      }
      self.init(decimal: precision, scale: scale)
    case .string: self.init(.byteArray, .string, .utf8)
    case .binary: self.init(.byteArray)
    case .fixedBinary(let length):
      guard length > 0, length <= Int(Int32.max) else { throw .unstorable("binary of \(length) bytes a value") }
      self.init(.fixedLengthByteArray, length: length)
    case .date: self.init(.int32, .date, .date)
    case .time(let unit):
      self.init(
        unit == .milliseconds ? .int32 : .int64, .time(isAdjustedToUTC: false, unit: unit),
        Self.converted(unit, .timeMillis, .timeMicros))
    case .timestamp(let unit):
      self.init(
        .int64, .timestamp(isAdjustedToUTC: true, unit: unit),
        Self.converted(unit, .timestampMillis, .timestampMicros))
    case .timestampNtz(let unit):
      self.init(
        .int64, .timestamp(isAdjustedToUTC: false, unit: unit),
        Self.converted(unit, .timestampMillis, .timestampMicros))
    // INT96 is deprecated: what it holds has had a type of its own for years.
    case .int96: self.init(.int64, .timestamp(isAdjustedToUTC: false, unit: .nanoseconds))
    case .interval: self.init(.fixedLengthByteArray, length: 12, nil, .interval)
    case .uuid: self.init(.fixedLengthByteArray, length: 16, .uuid)
    case .variant, .struct, .array, .map: throw .unstorable("a nested type")
    }
  }

  private init(
    _ physicalType: PhysicalType, length: Int = 0, _ logicalType: LogicalType? = nil,
    _ convertedType: ConvertedType? = nil
  ) {
    self.physicalType = physicalType
    self.length = length
    self.logicalType = logicalType
    self.convertedType = convertedType
  }

  /// As far as readers of our own go.
  private static let maximumPrecision = 1 << 12

  /// The smallest type that holds every value of so many digits.
  ///
  /// Spec: Parquet LogicalTypes § DECIMAL
  private init(decimal precision: Int, scale: Int) {
    let logicalType = LogicalType.decimal(precision: precision, scale: scale)
    switch precision {
    case ...9: self.init(.int32, logicalType, .decimal)
    case ...18: self.init(.int64, logicalType, .decimal)
    default:
      self.init(
        .fixedLengthByteArray, length: Self.decimalLength(precision: precision), logicalType, .decimal)
    }
  }

  /// The bytes that hold ±(10^precision - 1) in two's complement.
  static func decimalLength(precision: Int) -> Int {
    // 10^p - 1 in base 256, little-endian: its highest bit decides about room for the sign.
    var magnitude: [UInt8] = [0]
    for _ in 0..<precision {
      var carry = 9
      for index in magnitude.indices {
        let value = Int(magnitude[index]) * 10 + carry
        magnitude[index] = UInt8(value & 0xFF)
        carry = value >> 8
      }
      if carry > 0 { magnitude.append(UInt8(carry)) }
    }
    return magnitude.count + (magnitude[magnitude.count - 1] & 0x80 == 0 ? 0 : 1)
  }

  /// There is none for nanoseconds. Local times have the annotations of instants: readers of old expect so.
  ///
  /// Spec: Parquet LogicalTypes § Deprecated time ConvertedType; Parquet LogicalTypes § Deprecated timestamp ConvertedType
  private static func converted(_ unit: TimeUnit, _ millis: ConvertedType, _ micros: ConvertedType) -> ConvertedType? {
    switch unit {
    case .milliseconds: millis
    case .microseconds: micros
    case .nanoseconds: nil
    }
  }
}
