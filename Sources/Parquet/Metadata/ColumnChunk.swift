/// Where one leaf column's values of one row group are.
///
/// Spec: Parquet thrift § ColumnChunk
public struct ColumnChunk: Hashable, Sendable {
  /// The file that holds the data; `nil` for this one.
  public var filePath: String?
  /// Deprecated, and often wrong.
  public var fileOffset: Int64 = 0
  /// `nil` only in damaged or encrypted files: ``readableMetadata(column:)`` says which.
  public var metadata: ColumnMetadata?
  public var offsetIndexOffset: Int64?
  public var offsetIndexLength: Int32?
  public var columnIndexOffset: Int64?
  public var columnIndexLength: Int32?
  /// Whether the data, or also the metadata, are encrypted.
  public var isEncrypted = false

  public init() {}

  /// The metadata of a chunk that can be read.
  ///
  /// - Throws: ``ParquetError`` with code `encrypted`, `unsupported` (the data are in another file) or `corrupt`.
  public func readableMetadata(column: String? = nil) throws(ParquetError) -> ColumnMetadata {
    if isEncrypted { throw .encryptedColumn(column) }
    guard let metadata else { throw ParquetError.chunkWithoutMetadata().at(column: column) }
    if let filePath, !filePath.isEmpty { throw ParquetError.chunkElsewhere(filePath).at(column: column) }
    return metadata
  }
}

extension ColumnChunk: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: filePath = try reader.string(field)
      case 2: fileOffset = try reader.int64(field)
      case 3: metadata = try reader.structure(field)
      case 4: offsetIndexOffset = try reader.int64(field)
      case 5: offsetIndexLength = try reader.int32(field)
      case 6: columnIndexOffset = try reader.int64(field)
      case 7: columnIndexLength = try reader.int32(field)
      case 8, 9:
        isEncrypted = true
        try reader.skip(field)
      default: try reader.skip(field)
      }
    }
  }
}

/// What a column chunk holds and how.
///
/// Spec: Parquet thrift § ColumnMetaData
public struct ColumnMetadata: Hashable, Sendable {
  public var physicalType: PhysicalType
  public var codec: CompressionCodec
  /// Values including nulls and empty lists: as many as there are levels.
  public var valueCount: Int64
  public var dataPageOffset: Int64
  /// Bytes of all pages with their headers, decompressed.
  public var totalUncompressedSize: Int64
  /// Bytes of all pages with their headers, as stored.
  public var totalCompressedSize: Int64
  public var encodings: [Encoding] = []
  /// The names from below the root to the leaf.
  public var path: [String] = []
  public var dictionaryPageOffset: Int64?
  public var indexPageOffset: Int64?
  public var statistics: Statistics?
  public var encodingStatistics: [PageEncodingStatistics] = []
  public var bloomFilterOffset: Int64?
  /// Header included; `nil` in files before format 2.10.
  public var bloomFilterLength: Int32?
  public var sizeStatistics: SizeStatistics?
  public var keyValueMetadata: [KeyValue] = []

  public init(
    physicalType: PhysicalType, codec: CompressionCodec, valueCount: Int64, dataPageOffset: Int64,
    totalUncompressedSize: Int64, totalCompressedSize: Int64
  ) {
    self.physicalType = physicalType
    self.codec = codec
    self.valueCount = valueCount
    self.dataPageOffset = dataPageOffset
    self.totalUncompressedSize = totalUncompressedSize
    self.totalCompressedSize = totalCompressedSize
  }

  /// The bytes of the chunk's pages in its file, dictionary page first.
  ///
  /// - Throws: ``ParquetError`` with code `corrupt` when they are not within the file.
  public func byteRange(fileSize: Int) throws(ParquetError) -> Range<Int> {
    var start = dataPageOffset
    // Some writers give 0, or an offset behind the data, where there is no dictionary.
    if let dictionaryPageOffset, dictionaryPageOffset > 0, dictionaryPageOffset < start { start = dictionaryPageOffset }
    let (end, overflow) = start.addingReportingOverflow(totalCompressedSize)
    guard start >= 0, totalCompressedSize >= 0, !overflow, end <= Int64(fileSize) else {
      throw .outsideFile("the column chunk", start, totalCompressedSize, fileSize: fileSize)
    }
    return Int(start)..<Int(end)
  }
}

extension ColumnMetadata: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    var type: PhysicalType?
    var codec: CompressionCodec?
    var valueCount: Int64?
    var dataPageOffset: Int64?
    var compressedSize: Int64?
    self.init(
      physicalType: .boolean, codec: .uncompressed, valueCount: 0, dataPageOffset: 0, totalUncompressedSize: 0,
      totalCompressedSize: 0)
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: type = try reader.enumeration(field, PhysicalType.self)
      case 2: encodings = try reader.int32s(field).map { Encoding(rawValue: $0) }
      case 3: path = try reader.strings(field)
      case 4: codec = CompressionCodec(rawValue: try reader.int32(field))
      case 5: valueCount = try reader.int64(field)
      case 6: totalUncompressedSize = try reader.int64(field)
      case 7: compressedSize = try reader.int64(field)
      case 8: keyValueMetadata = try reader.structures(field)
      case 9: dataPageOffset = try reader.int64(field)
      case 10: indexPageOffset = try reader.int64(field)
      case 11: dictionaryPageOffset = try reader.int64(field)
      case 12: statistics = try reader.structure(field)
      case 13: encodingStatistics = try reader.structures(field)
      // Drafts of the format gave these numbers to other things, and there are files that say so.
      case 14 where field.type.isInteger: bloomFilterOffset = try reader.int64(field)
      case 15 where field.type.isInteger: bloomFilterLength = try reader.int32(field)
      case 16 where field.type == .structure: sizeStatistics = try reader.structure(field)
      default: try reader.skip(field)
      }
    }
    guard let type else { throw .missingField("type", of: "ColumnMetaData", reader) }
    guard let codec else { throw .missingField("codec", of: "ColumnMetaData", reader) }
    guard let valueCount else { throw .missingField("num_values", of: "ColumnMetaData", reader) }
    guard let dataPageOffset else { throw .missingField("data_page_offset", of: "ColumnMetaData", reader) }
    guard let compressedSize else { throw .missingField("total_compressed_size", of: "ColumnMetaData", reader) }
    physicalType = type
    self.codec = codec
    self.valueCount = valueCount
    self.dataPageOffset = dataPageOffset
    totalCompressedSize = compressedSize
  }
}

/// How many pages of a type a chunk has in an encoding.
///
/// Spec: Parquet thrift § PageEncodingStats
public struct PageEncodingStatistics: Hashable, Sendable {
  public var pageType: PageType = .data
  public var encoding: Encoding = .plain
  public var pageCount: Int32 = 0
}

extension PageEncodingStatistics: ThriftStruct {
  package init(from reader: inout ThriftReader) throws(ParquetError) {
    self.init()
    var state = try reader.beginStruct()
    while let field = try reader.nextField(&state) {
      switch field.id {
      case 1: pageType = PageType(rawValue: try reader.int32(field))
      case 2: encoding = Encoding(rawValue: try reader.int32(field))
      case 3: pageCount = try reader.int32(field)
      default: try reader.skip(field)
      }
    }
  }
}
