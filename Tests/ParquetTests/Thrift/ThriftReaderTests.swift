import Columnar
import Testing

@testable import Parquet

@Suite("Thrift's compact protocol")
struct ThriftReaderTests {
  private func read<Value: ThriftStruct>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try bytes.withUnsafeBytes { bytes in
      var reader = ThriftReader(bytes, at: 100)
      return try Value(from: &reader)
    }
  }

  @Test("Fields come in any order, by delta or by full id, and unknown ones are passed over")
  func fields() throws {
    let location = try read(
      PageLocation.self,
      [
        0x26, 0x80, 0x01,  // 2: i64 64, although i32 is declared
        0x05, 0x02, 0x0A,  // full id 1: i32 5
        0x26, 0x04,  // 3: i64 2
        0x00,
      ])
    #expect(location == PageLocation(offset: 5, compressedPageSize: 64, firstRowIndex: 2))

    let pair = try read(
      KeyValue.self,
      [
        0x18, 1, 0x61,  // 1: "a"
        0x81,  // 9: true
        0x17, 0, 0, 0, 0, 0, 0, 0, 0,  // 10: double
        0x19, 0x25, 2, 4,  // 11: two i32
        0x1B, 1, 0x85, 1, 0x62, 2,  // 12: a map of one
        0x1C, 0x15, 2, 0,  // 13: a struct
        0x1D, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  // 14: a uuid
        0,
      ])
    #expect(pair == KeyValue(key: "a", value: nil))
  }

  @Test(
    "Damaged bytes throw, and say where",
    arguments: [
      ("ends within a struct", [0x18, 1, 0x61]),
      ("unknown type 15", [0x1F]),
      ("string longer than the data", [0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x61]),
      ("varint without end", [0x16, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0]),
      ("list longer than the data", [0x39, 0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]),
      ("map longer than the data", [0x3B, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x88]),
      ("a number where a string is declared", [0x15, 2, 0]),
      ("field number out of range", [0x05, 0xFE, 0xFF, 0x03, 0x02, 0x15, 0x02, 0]),
    ] as [(String, [UInt8])])
  func damaged(_ what: String, _ bytes: [UInt8]) {
    let error = #expect(throws: ParquetError.self) { try read(KeyValue.self, bytes) }
    #expect(error?.code == .corrupt)
    #expect((error?.byteOffset ?? 0) >= 100)
  }

  @Test("Nesting has a limit, of structs as of lists", arguments: [0x3C, 0x39] as [UInt8])
  func nesting(_ header: UInt8) {
    let inner: UInt8 = header == 0x3C ? 0x1C : 0x19
    let bytes = [header] + [UInt8](repeating: inner, count: 200_000)
    #expect(throws: ParquetError.self) { try read(KeyValue.self, bytes) }
  }

  @Test("A page header without its part, or with negative sizes, throws")
  func pageHeaders() throws {
    let good: [UInt8] = [0x15, 4, 0x15, 8, 0x15, 8, 0x4C, 0x15, 6, 0x15, 0, 0, 0]
    let header = try read(PageHeader.self, good)
    #expect(header.type == .dictionary && header.compressedSize == 4)
    #expect(header.dictionary == DictionaryPageHeader(valueCount: 3, encoding: .plain))
    #expect(throws: ParquetError.self) { try read(PageHeader.self, [0x15, 4, 0x15, 8, 0x15, 8, 0]) }
    #expect(throws: ParquetError.self) { try read(PageHeader.self, good.replacing([0x15, 8], with: [0x15, 7])) }
    #expect(throws: ParquetError.self) { try read(PageHeader.self, good.replacing([0x15, 6], with: [0x15, 5])) }
  }

  @Test("An annotation of a later specification is kept by its number")
  func logicalTypes() throws {
    #expect(try read(LogicalTypeUnion.self, [0x1C, 0, 0]).value == .string)
    #expect(try read(LogicalTypeUnion.self, [0x0C, 0x54, 0, 0]).value == .unrecognized(id: 42))
    #expect(
      try read(LogicalTypeUnion.self, [0xAC, 0x13, 0x10, 0x12, 0, 0]).value == .integer(bitWidth: 16, isSigned: false))
    #expect(
      try read(LogicalTypeUnion.self, [0x8C, 0x11, 0x1C, 0x2C, 0, 0, 0, 0]).value
        == .timestamp(isAdjustedToUTC: true, unit: .microseconds))
  }
}
