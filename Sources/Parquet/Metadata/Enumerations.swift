/// How values are stored, whatever they mean.
///
/// Spec: Parquet thrift § Type
public enum PhysicalType: Int32, Sendable, CaseIterable {
  case boolean = 0
  case int32, int64, int96, float, double, byteArray, fixedLengthByteArray
}

/// Whether a field can be null or have several values.
///
/// Spec: Parquet thrift § FieldRepetitionType
public enum Repetition: Int32, Sendable {
  case required = 0
  case optional, repeated
}

/// The older annotations, which ``LogicalType`` supersedes.
///
/// Spec: Parquet thrift § ConvertedType
public enum ConvertedType: Int32, Sendable {
  case utf8 = 0
  case map, mapKeyValue, list, enumeration, decimal, date, timeMillis, timeMicros, timestampMillis, timestampMicros
  case uint8, uint16, uint32, uint64, int8, int16, int32, int64
  case json, bson, interval
}

/// How values or levels are turned to bytes. A number that is not known here is kept, and refused when met in a page.
///
/// Spec: Parquet thrift § Encoding
public struct Encoding: RawRepresentable, Hashable, Sendable {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let plain = Encoding(rawValue: 0)
  public static let plainDictionary = Encoding(rawValue: 2)
  public static let runLength = Encoding(rawValue: 3)
  public static let bitPacked = Encoding(rawValue: 4)
  public static let deltaBinaryPacked = Encoding(rawValue: 5)
  public static let deltaLengthByteArray = Encoding(rawValue: 6)
  public static let deltaByteArray = Encoding(rawValue: 7)
  public static let runLengthDictionary = Encoding(rawValue: 8)
  public static let byteStreamSplit = Encoding(rawValue: 9)
  public static let adaptiveLosslessFloat = Encoding(rawValue: 10)
}

extension Encoding: CustomStringConvertible {
  /// The name in the specification, for example `RLE_DICTIONARY`.
  public var description: String {
    let names = [
      "PLAIN", "GROUP_VAR_INT", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED",
      "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT", "ALP",
    ]
    return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "ENCODING(\(rawValue))"
  }
}

/// How a column chunk's pages are compressed. A number that is not known here is kept, and refused when read.
///
/// Spec: Parquet Compression § Codecs
public struct CompressionCodec: RawRepresentable, Hashable, Sendable {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let uncompressed = CompressionCodec(rawValue: 0)
  public static let snappy = CompressionCodec(rawValue: 1)
  public static let gzip = CompressionCodec(rawValue: 2)
  public static let lzo = CompressionCodec(rawValue: 3)
  public static let brotli = CompressionCodec(rawValue: 4)
  /// Deprecated: blocks framed in one of several undocumented ways.
  public static let lz4 = CompressionCodec(rawValue: 5)
  public static let zstd = CompressionCodec(rawValue: 6)
  public static let lz4Raw = CompressionCodec(rawValue: 7)
}

extension CompressionCodec: CustomStringConvertible {
  /// The name in the specification, for example `SNAPPY`.
  public var description: String {
    let names = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"]
    return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "CODEC(\(rawValue))"
  }
}

/// What a page holds. A number that is not known here is kept: such pages are passed over.
///
/// Spec: Parquet thrift § PageType
public struct PageType: RawRepresentable, Hashable, Sendable {
  public var rawValue: Int32
  public init(rawValue: Int32) { self.rawValue = rawValue }

  public static let data = PageType(rawValue: 0)
  public static let index = PageType(rawValue: 1)
  public static let dictionary = PageType(rawValue: 2)
  public static let dataV2 = PageType(rawValue: 3)
}

extension PageType: CustomStringConvertible {
  /// The name in the specification, for example `DATA_PAGE_V2`.
  public var description: String {
    let names = ["DATA_PAGE", "INDEX_PAGE", "DICTIONARY_PAGE", "DATA_PAGE_V2"]
    return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : "PAGE(\(rawValue))"
  }
}

/// Whether the pages of a chunk have ascending or descending bounds.
///
/// Spec: Parquet thrift § BoundaryOrder
public enum BoundaryOrder: Int32, Sendable {
  case unordered = 0
  case ascending, descending
}

extension ThriftReader {
  /// A number that must be one of an enum's cases.
  mutating func enumeration<Value: RawRepresentable<Int32>>(
    _ field: Field, _ type: Value.Type
  ) throws(ParquetError) -> Value {
    let raw = try int32(field)
    guard let value = Value(rawValue: raw) else { throw error("\(Value.self) \(raw) is not defined") }
    return value
  }
}
