internal import Columnar

/// What a value of a stored column means, by its annotation and physical type.
///
/// Spec: Parquet LogicalTypes § Numeric Types
enum LeafType {
  static func type(
    of element: SchemaElement, _ physicalType: PhysicalType, length: Int
  ) throws(ParquetError) -> DataType {
    let bare = bareType(physicalType, length: length)
    guard let annotation = try annotation(of: element) else { return bare }

    let type: DataType?
    switch (annotation, physicalType) {
    case (.unknown, _): type = .null
    // Before annotations stood for it, the physical type alone said "timestamp".
    case (.timestamp, .int96): type = bare
    case (.string, .byteArray), (.enumeration, .byteArray), (.json, .byteArray): type = .string
    case (.bson, .byteArray), (.geometry, .byteArray), (.geography, .byteArray): type = .binary
    case (.decimal(let precision, let scale), .int32), (.decimal(let precision, let scale), .int64),
      (.decimal(let precision, let scale), .byteArray), (.decimal(let precision, let scale), .fixedLengthByteArray):
      guard precision > 0, precision <= maximumPrecision, scale >= 0, scale <= precision else {
        throw .schema("a decimal has \(precision) digits, \(scale) of them fractional")
      }
      type = .decimal(precision: precision, scale: scale)
    case (.date, .int32): type = .date
    case (.time(_, .milliseconds), .int32): type = .time(.milliseconds)
    case (.time(_, .microseconds), .int64): type = .time(.microseconds)
    case (.time(_, .nanoseconds), .int64): type = .time(.nanoseconds)
    case (.timestamp(let isAdjustedToUTC, let unit), .int64):
      type = isAdjustedToUTC ? .timestamp(unit) : .timestampNtz(unit)
    case (.integer(let bitWidth, let isSigned), .int32) where bitWidth != 64:
      type = integerType(bitWidth, isSigned: isSigned)
    case (.integer(64, let isSigned), .int64): type = isSigned ? .long : .unsignedLong
    case (.uuid, .fixedLengthByteArray) where length == 16: type = .uuid
    case (.float16, .fixedLengthByteArray) where length == 2: type = .float16
    case (.interval, .fixedLengthByteArray) where length == 12: type = .interval
    // Of groups, or of a later specification.
    case (.list, _), (.map, _), (.variant, _), (.file, _), (.unrecognized, _): type = bare
    default: type = nil
    }
    guard let type else { throw .annotation(annotation, on: physicalType, length: length) }
    return type
  }

  /// Far beyond what any writer has, and small enough to print.
  private static let maximumPrecision = 1 << 12

  private static func bareType(_ physicalType: PhysicalType, length: Int) -> DataType {
    switch physicalType {
    case .boolean: .boolean
    case .int32: .integer
    case .int64: .long
    case .int96: .int96
    case .float: .float
    case .double: .double
    case .byteArray: .binary
    case .fixedLengthByteArray: .fixedBinary(length: length)
    }
  }

  private static func integerType(_ bitWidth: Int, isSigned: Bool) -> DataType? {
    switch bitWidth {
    case 8: isSigned ? .byte : .unsignedByte
    case 16: isSigned ? .short : .unsignedShort
    case 32: isSigned ? .integer : .unsignedInteger
    default: nil
    }
  }

  /// The annotation, of either kind; the newer one prevails.
  ///
  /// Spec: Parquet LogicalTypes § Metadata
  static func annotation(of element: SchemaElement) throws(ParquetError) -> LogicalType? {
    if let logicalType = element.logicalType { return logicalType }
    switch element.convertedType {
    case nil: return nil
    case .utf8: return .string
    case .map, .mapKeyValue: return .map
    case .list: return .list
    case .enumeration: return .enumeration
    case .decimal:
      guard let precision = element.precision else { throw .schema("a decimal has no precision") }
      return .decimal(precision: Int(precision), scale: Int(element.scale ?? 0))
    case .date: return .date
    case .timeMillis: return .time(isAdjustedToUTC: true, unit: .milliseconds)
    case .timeMicros: return .time(isAdjustedToUTC: true, unit: .microseconds)
    case .timestampMillis: return .timestamp(isAdjustedToUTC: true, unit: .milliseconds)
    case .timestampMicros: return .timestamp(isAdjustedToUTC: true, unit: .microseconds)
    case .uint8: return .integer(bitWidth: 8, isSigned: false)
    case .uint16: return .integer(bitWidth: 16, isSigned: false)
    case .uint32: return .integer(bitWidth: 32, isSigned: false)
    case .uint64: return .integer(bitWidth: 64, isSigned: false)
    case .int8: return .integer(bitWidth: 8, isSigned: true)
    case .int16: return .integer(bitWidth: 16, isSigned: true)
    case .int32: return .integer(bitWidth: 32, isSigned: true)
    case .int64: return .integer(bitWidth: 64, isSigned: true)
    case .json: return .json
    case .bson: return .bson
    case .interval: return .interval
    }
  }
}
