internal import Columnar

/// What a schema element says of its values beyond their physical type.
///
/// Spec: Parquet LogicalTypes § Metadata
struct Annotation: Hashable, Sendable {
  var logicalType: LogicalType?
  /// For readers that know nothing else.
  var convertedType: ConvertedType?

  private init(logical logicalType: LogicalType? = nil, _ convertedType: ConvertedType? = nil) {
    self.logicalType = logicalType
    self.convertedType = convertedType
  }

  /// The annotation of a leaf. Types that need none have neither.
  init(_ type: DataType) {
    switch type {
    case .null: self.init(logical: .unknown)
    case .byte: self.init(logical: .integer(bitWidth: 8, isSigned: true), .int8)
    case .short: self.init(logical: .integer(bitWidth: 16, isSigned: true), .int16)
    case .unsignedByte: self.init(logical: .integer(bitWidth: 8, isSigned: false), .uint8)
    case .unsignedShort: self.init(logical: .integer(bitWidth: 16, isSigned: false), .uint16)
    case .unsignedInteger: self.init(logical: .integer(bitWidth: 32, isSigned: false), .uint32)
    case .unsignedLong: self.init(logical: .integer(bitWidth: 64, isSigned: false), .uint64)
    case .float16: self.init(logical: .float16)
    case .decimal(let precision, let scale): self.init(logical: .decimal(precision: precision, scale: scale), .decimal)
    case .string: self.init(logical: .string, .utf8)
    case .date: self.init(logical: .date, .date)
    case .time(let unit):
      self.init(logical: .time(isAdjustedToUTC: false, unit: unit), Self.converted(unit, .timeMillis, .timeMicros))
    case .timestamp(let unit):
      self.init(
        logical: .timestamp(isAdjustedToUTC: true, unit: unit), Self.converted(unit, .timestampMillis, .timestampMicros)
      )
    case .timestampNtz(let unit):
      self.init(
        logical: .timestamp(isAdjustedToUTC: false, unit: unit),
        Self.converted(unit, .timestampMillis, .timestampMicros))
    case .interval: self.init(logical: nil, .interval)
    case .uuid: self.init(logical: .uuid)
    case .array: self.init(logical: .list, .list)
    case .map: self.init(logical: .map, .map)
    case .variant: self.init(logical: .variant(specificationVersion: 1))
    case .boolean, .integer, .long, .float, .double, .binary, .fixedBinary, .int96, .struct: self.init()
    }
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
