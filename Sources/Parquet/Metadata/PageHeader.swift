/// What stands before each page.
///
/// Spec: Parquet thrift § PageHeader
public struct PageHeader: Hashable, Sendable {
  public var type: PageType
  /// Bytes of the page without this header, decompressed. Never negative.
  public var uncompressedSize: Int
  /// Bytes of the page without this header, as stored. Never negative.
  public var compressedSize: Int
  /// CRC-32 of the page's stored bytes.
  public var crc: UInt32?
  /// Set for a page of type `data`.
  public var data: DataPageHeader?
  /// Set for a page of type `dataV2`.
  public var dataV2: DataPageHeaderV2?
  /// Set for a page of type `dictionary`.
  public var dictionary: DictionaryPageHeader?
}

extension PageHeader: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init(type: .data, uncompressedSize: -1, compressedSize: -1)
    var type: PageType?
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: type = PageType(rawValue: try reader.int32(field))
      case 2: uncompressedSize = Int(try reader.int32(field))
      case 3: compressedSize = Int(try reader.int32(field))
      case 4: crc = UInt32(bitPattern: try reader.int32(field))
      case 5: data = try reader.structure(field)
      case 7: dictionary = try reader.structure(field)
      case 8: dataV2 = try reader.structure(field)
      default: try reader.skip(field)
      }
    }
    guard let type else { throw .missingField("type", of: "PageHeader", reader) }
    self.type = type
    guard uncompressedSize >= 0, compressedSize >= 0 else { throw reader.error("a page has no size or a negative one") }
    let isComplete =
      switch type {
      case .data: data != nil
      case .dataV2: dataV2 != nil
      case .dictionary: dictionary != nil
      default: true
      }
    guard isComplete else { throw reader.error("a page header lacks the part for its type, \(type)") }
  }
}

/// Spec: Parquet thrift § DataPageHeader
public struct DataPageHeader: Hashable, Sendable {
  /// Nulls included. Never negative.
  public var valueCount = -1
  public var encoding: Encoding = .plain
  public var definitionLevelEncoding: Encoding = .runLength
  public var repetitionLevelEncoding: Encoding = .runLength
  public var statistics: Statistics?
}

extension DataPageHeader: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var encoding: Encoding?
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: valueCount = Int(try reader.int32(field))
      case 2: encoding = Encoding(rawValue: try reader.int32(field))
      case 3: definitionLevelEncoding = Encoding(rawValue: try reader.int32(field))
      case 4: repetitionLevelEncoding = Encoding(rawValue: try reader.int32(field))
      case 5: statistics = try reader.structure(field)
      default: try reader.skip(field)
      }
    }
    guard valueCount >= 0 else { throw reader.error("a data page has no value count or a negative one") }
    guard let encoding else { throw .missingField("encoding", of: "DataPageHeader", reader) }
    self.encoding = encoding
  }
}

/// Spec: Parquet thrift § DataPageHeaderV2
public struct DataPageHeaderV2: Hashable, Sendable {
  /// Nulls included. Never negative, like the counts and lengths below.
  public var valueCount = -1
  public var nullCount = -1
  public var rowCount = -1
  public var encoding: Encoding = .plain
  public var definitionLevelsByteLength = -1
  public var repetitionLevelsByteLength = -1
  /// Whether the values behind the levels are compressed.
  public var isCompressed = true
  public var statistics: Statistics?
}

extension DataPageHeaderV2: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var encoding: Encoding?
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: valueCount = Int(try reader.int32(field))
      case 2: nullCount = Int(try reader.int32(field))
      case 3: rowCount = Int(try reader.int32(field))
      case 4: encoding = Encoding(rawValue: try reader.int32(field))
      case 5: definitionLevelsByteLength = Int(try reader.int32(field))
      case 6: repetitionLevelsByteLength = Int(try reader.int32(field))
      case 7: isCompressed = try reader.bool(field)
      case 8: statistics = try reader.structure(field)
      default: try reader.skip(field)
      }
    }
    guard valueCount >= 0, nullCount >= 0, rowCount >= 0, nullCount <= valueCount else {
      throw reader.error("a data page's counts are missing or impossible")
    }
    guard definitionLevelsByteLength >= 0, repetitionLevelsByteLength >= 0 else {
      throw reader.error("a data page's level lengths are missing or negative")
    }
    guard let encoding else { throw .missingField("encoding", of: "DataPageHeaderV2", reader) }
    self.encoding = encoding
  }
}

/// Spec: Parquet thrift § DictionaryPageHeader
public struct DictionaryPageHeader: Hashable, Sendable {
  /// Never negative.
  public var valueCount = -1
  public var encoding: Encoding = .plain
  public var isSorted: Bool?
}

extension DictionaryPageHeader: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: valueCount = Int(try reader.int32(field))
      case 2: encoding = Encoding(rawValue: try reader.int32(field))
      case 3: isSorted = try reader.bool(field)
      default: try reader.skip(field)
      }
    }
    guard valueCount >= 0 else { throw reader.error("a dictionary page has no value count or a negative one") }
  }
}
