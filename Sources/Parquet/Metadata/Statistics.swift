/// What the footer or a page header says of the values of a chunk or page, as stored: bounds are plain-encoded bytes.
///
/// ``LeafStatistics`` gives them a type and drops what cannot be trusted.
///
/// Spec: Parquet thrift § Statistics
public struct Statistics: Hashable, Sendable {
  /// The obsolete bounds, by signed comparison whatever the type.
  public var legacyMin: [UInt8]?
  public var legacyMax: [UInt8]?
  /// Lower and upper bound in the column's order; need not occur among the values.
  public var minValue: [UInt8]?
  public var maxValue: [UInt8]?
  /// Whether the bound occurs among the values; `nil` where the writer did not say.
  public var isMinValueExact: Bool?
  public var isMaxValueExact: Bool?
  /// `nil` means unknown, not 0.
  public var nullCount: Int64?
  public var distinctCount: Int64?
  /// `nil` means unknown, not 0.
  public var nanCount: Int64?

  public init() {}
}

extension Statistics: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: legacyMax = try reader.binary(field)
      case 2: legacyMin = try reader.binary(field)
      case 3: nullCount = try reader.int64(field)
      case 4: distinctCount = try reader.int64(field)
      case 5: maxValue = try reader.binary(field)
      case 6: minValue = try reader.binary(field)
      case 7: isMaxValueExact = try reader.bool(field)
      case 8: isMinValueExact = try reader.bool(field)
      case 9: nanCount = try reader.int64(field)
      default: try reader.skip(field)
      }
    }
  }
}

/// How large the values would be without encoding, and how often each level occurs.
///
/// Spec: Parquet thrift § SizeStatistics
public struct SizeStatistics: Hashable, Sendable {
  /// Bytes of all values of a `byteArray` column, without their lengths.
  public var unencodedByteArrayDataBytes: Int64?
  public var repetitionLevelHistogram: [Int64]?
  public var definitionLevelHistogram: [Int64]?
}

extension SizeStatistics: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: unencodedByteArrayDataBytes = try reader.int64(field)
      case 2: repetitionLevelHistogram = try reader.int64s(field)
      case 3: definitionLevelHistogram = try reader.int64s(field)
      default: try reader.skip(field)
      }
    }
  }
}
