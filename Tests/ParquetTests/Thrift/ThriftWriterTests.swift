import Columnar
import Testing

@testable import Parquet

@Suite("Writing Thrift's compact protocol")
struct ThriftWriterTests {
  private func bytes(_ fields: (inout ThriftWriter) -> Void) -> [UInt8] {
    var writer = ThriftWriter()
    fields(&writer)
    return writer.bytes
  }

  private func again<Value: ThriftStruct & ThriftWritable>(_ value: Value) throws -> Value {
    var writer = ThriftWriter()
    writer.write(value)
    return try writer.bytes.withUnsafeBytes { bytes in
      var reader = ThriftReader(bytes)
      let result = try Value(from: &reader)
      #expect(reader.remaining == 0)
      return result
    }
  }

  @Test("Fields have headers by difference, and in full where that is more than 15")
  func headers() {
    #expect(bytes { $0.field(1, int32: 5) } == [0x15, 10])
    #expect(
      bytes {
        $0.field(2, int64: -1); $0.field(4, true); $0.field(5, false)
      } == [0x26, 1, 0x21, 0x12])
    #expect(bytes { $0.field(16, int8: -2) } == [0x03, 32, 0xFE])
    #expect(bytes { $0.field(15, int16: 64) } == [0xF4, 0x80, 1])
    #expect(bytes { $0.field(1, int32: nil) } == [])
  }

  @Test("Strings, binaries and lists have their lengths before them; long lists a number of their own")
  func lengths() {
    #expect(bytes { $0.field(1, "añ") } == [0x18, 3, 0x61, 0xC3, 0xB1])
    #expect(bytes { $0.field(1, [0xFF, 0]) } == [0x18, 2, 0xFF, 0])
    #expect(bytes { $0.field(1, int32s: [1, -1]) } == [0x19, 0x25, 2, 1])
    #expect(
      bytes { $0.field(1, int64s: Array(repeating: 0, count: 15)) } == [0x19, 0xF6, 15] + Array(repeating: 0, count: 15)
    )
    #expect(bytes { $0.field(1, bools: [true, false]) } == [0x19, 0x21, 1, 2])
    #expect(bytes { $0.field(1, binaries: [[], [7]]) } == [0x19, 0x28, 0, 1, 7])
  }

  @Test("Structs end with a zero, and ids begin anew in them")
  func structs() {
    #expect(bytes { $0.write(KeyValue(key: "k", value: nil)) } == [0x18, 1, 0x6B, 0])
    #expect(bytes { $0.field(3, [KeyValue(key: "k", value: "")]) } == [0x39, 0x1C, 0x18, 1, 0x6B, 0x18, 0, 0])
    #expect(
      bytes {
        $0.field(2, KeyValue(key: "", value: nil)); $0.field(3, int32: 0)
      } == [0x2C, 0x18, 0, 0, 0x15, 0])
    // The union member 16 is too far from 0 for a short header.
    var element = SchemaElement(name: "v")
    element.logicalType = .variant(specificationVersion: 1)
    #expect(bytes { $0.write(element) } == [0x48, 1, 0x76, 0x6C, 0x0C, 32, 0x13, 1, 0, 0, 0])
  }

  @Test("Footers are read as they were written")
  func footer() throws {
    var metadata = ColumnMetadata(
      physicalType: .byteArray, codec: .zstd, valueCount: 10, dataPageOffset: 100, totalUncompressedSize: 900,
      totalCompressedSize: 300)
    metadata.encodings = [.plain, .runLength, .runLengthDictionary]
    metadata.path = ["a", "list", "element"]
    metadata.dictionaryPageOffset = 4
    metadata.statistics = Statistics()
    metadata.statistics?.minValue = [1]
    metadata.statistics?.maxValue = [2, 3]
    metadata.statistics?.isMinValueExact = true
    metadata.statistics?.isMaxValueExact = false
    metadata.statistics?.nullCount = 0
    metadata.statistics?.distinctCount = 3
    metadata.statistics?.nanCount = 4
    metadata.encodingStatistics = [PageEncodingStatistics(pageType: .dataV2, encoding: .plain, pageCount: 2)]
    metadata.bloomFilterOffset = 7
    metadata.bloomFilterLength = 8
    metadata.sizeStatistics = SizeStatistics(
      unencodedByteArrayDataBytes: 5, repetitionLevelHistogram: [1, 2], definitionLevelHistogram: [3])
    metadata.keyValueMetadata = [KeyValue(key: "x", value: "y")]
    var chunk = ColumnChunk()
    chunk.metadata = metadata
    chunk.offsetIndexOffset = 1
    chunk.offsetIndexLength = 2
    chunk.columnIndexOffset = 3
    chunk.columnIndexLength = 4
    var group = RowGroup(columns: [chunk], rowCount: 10, totalByteSize: 900)
    group.totalCompressedSize = 300
    group.fileOffset = 4
    group.ordinal = 0
    group.sortingColumns = [SortingColumn(columnIndex: 0, isDescending: true, nullsFirst: true)]
    var root = SchemaElement(name: "schema")
    root.childCount = 1
    var file = FileMetadata(version: 2, schema: [root, SchemaElement(name: "a")], rowCount: 10, rowGroups: [group])
    file.createdBy = "me"
    file.keyValueMetadata = [KeyValue(key: "k", value: nil)]
    file.columnOrders = [.typeDefined, .ieee754TotalOrder, .int96Timestamp]
    #expect(try again(file) == file)
  }

  @Test("Page headers and indexes are read as they were written")
  func pages() throws {
    var header = PageHeader(type: .data, uncompressedSize: 10, compressedSize: 5, crc: 0xFFFF_FFFE)
    header.data = DataPageHeader(valueCount: 3, encoding: .runLengthDictionary)
    #expect(try again(header) == header)
    header = PageHeader(type: .dataV2, uncompressedSize: 10, compressedSize: 5)
    header.dataV2 = DataPageHeaderV2(
      valueCount: 3, nullCount: 1, rowCount: 2, encoding: .plain, definitionLevelsByteLength: 4,
      repetitionLevelsByteLength: 0, isCompressed: false)
    #expect(try again(header) == header)
    header = PageHeader(type: .dictionary, uncompressedSize: 10, compressedSize: 5)
    header.dictionary = DictionaryPageHeader(valueCount: 9, encoding: .plain, isSorted: false)
    #expect(try again(header) == header)

    let offsets = OffsetIndex(
      pageLocations: [PageLocation(offset: 4, compressedPageSize: 9, firstRowIndex: 0)],
      unencodedByteArrayDataBytes: [8])
    #expect(try again(offsets) == offsets)
    let columns = ColumnIndex(
      nullPages: [false, true], minValues: [[1], []], maxValues: [[2], []], boundaryOrder: .descending,
      nullCounts: [0, 3], repetitionLevelHistograms: [1, 2, 3, 4], definitionLevelHistograms: [0, 1],
      nanCounts: [1, 0])
    #expect(try again(columns) == columns)
    let filter = try again(BloomFilterHeader(byteCount: 32))
    #expect(filter.byteCount == 32 && filter.isSupported)
  }
}
