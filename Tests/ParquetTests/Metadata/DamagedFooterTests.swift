import Columnar
import Testing

@testable import Parquet

@Suite("Files with damaged bytes")
struct DamagedFooterTests {
  /// A file of one column `x` and one row group, whose chunk claims ten bytes of pages.
  static let file: [UInt8] = {
    let schema: [UInt8] = [0x48, 1, 0x72, 0x15, 2, 0, 0x15, 2, 0x25, 0, 0x18, 1, 0x78, 0]
    let metadata: [UInt8] = [
      0x15, 2, 0x19, 0x15, 0, 0x19, 0x18, 1, 0x78, 0x15, 0, 0x16, 4, 0x16, 20, 0x16, 20, 0x26, 8, 0,
    ]
    let chunk: [UInt8] = [0x26, 0, 0x1C] + metadata + [0]
    let group: [UInt8] = [0x19, 0x1C] + chunk + [0x16, 20, 0x16, 4, 0]
    let footer: [UInt8] = [0x15, 2, 0x19, 0x2C] + schema + [0x16, 4, 0x19, 0x1C] + group + [0]
    let magic = Array("PAR1".utf8)
    return magic + [UInt8](repeating: 0, count: 10) + footer + [UInt8(footer.count), 0, 0, 0] + magic
  }()

  private func error(_ bytes: [UInt8]) async -> ParquetError? {
    do {
      _ = try await ParquetFile.open(MemorySource(bytes))
      return nil
    } catch { return error as? ParquetError }
  }

  @Test("The undamaged file opens with one request")
  func undamaged() async throws {
    let source = MemorySource(Self.file)
    let file = try await ParquetFile.open(source)
    #expect(source.requestCount == 1 && file.rowCount == 2 && file.firstRows == [0])
    #expect(file.rowSchema == StructType([StructField("x", .integer, isNullable: false)]))
    #expect(try file.metadata.rowGroups[0].columns[0].readableMetadata().byteRange(fileSize: file.size) == 4..<14)
    #expect(throws: ParquetError.self) {
      try file.metadata.rowGroups[0].columns[0].readableMetadata().byteRange(fileSize: 13)
    }
  }

  @Test("Ends and lengths that cannot be are told apart")
  func ends() async {
    let file = Self.file
    #expect(await error([])?.code == .notParquet)
    #expect(await error(Array(file.dropLast()))?.code == .notParquet)
    #expect(await error([0] + file.dropFirst())?.code == .notParquet)
    #expect(await error(file.dropLast(4) + Array("PARE".utf8))?.code == .encrypted)
    for length: [UInt8] in [[0, 0, 0, 0], [255, 255, 255, 255], [UInt8(file.count - 11), 0, 0, 0]] {
      #expect(await error(file.dropLast(8) + length + Array("PAR1".utf8))?.code == .corrupt)
    }
  }

  @Test("Row groups must have a chunk for each leaf, and row counts that add up")
  func rowGroups() async throws {
    func count(_ count: Int64, columns: Int = 1) -> RowGroup {
      RowGroup(columns: [ColumnChunk](repeating: ColumnChunk(), count: columns), rowCount: count, totalByteSize: 0)
    }
    let schema = try await ParquetFile.open(MemorySource(Self.file)).metadata.schema
    func open(_ groups: RowGroup...) throws {
      let metadata = FileMetadata(schema: schema, rowCount: 0, rowGroups: groups)
      _ = try ParquetFile(source: MemorySource([]), size: 0, metadata: metadata)
    }
    try open(count(3), count(4))
    #expect(throws: ParquetError.self) { try open(count(3, columns: 2)) }
    #expect(throws: ParquetError.self) { try open(count(3, columns: 0)) }
    #expect(throws: ParquetError.self) { try open(count(-1)) }
    #expect(throws: ParquetError.self) { try open(count(.max), count(1)) }
    var encrypted = ColumnChunk()
    encrypted.isEncrypted = true
    let error = #expect(throws: ParquetError.self) { try encrypted.readableMetadata(column: "x") }
    #expect(error?.code == .encrypted && error?.column == "x")
    #expect(throws: ParquetError.self) { try ColumnChunk().readableMetadata() }
  }

  @Test("Whatever byte of the footer is changed, the file opens or throws a ParquetError")
  func everyByte() async throws {
    let predicate = ColumnPredicate(.comparison(.equal, .column(ColumnPath("x")), .literal(.integer(1))))
    for position in Self.file.indices {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF, Self.file[position] &+ 1, Self.file[position] ^ 0x10] {
        var bytes = Self.file
        bytes[position] = value
        do {
          let file = try await ParquetFile.open(MemorySource(bytes))
          _ = try await file.prunedRowGroups(for: predicate)
          for rowGroup in file.metadata.rowGroups.indices {
            _ = try await file.rowRanges(rowGroup: rowGroup, for: predicate)
          }
        } catch { #expect(error is ParquetError) }
      }
    }
  }

  @Test("Megabytes of empty structs are refused before they take gigabytes")
  func amplification() throws {
    let count = 8 << 20
    // A row group's list of that many column chunks, each one byte.
    let header: [UInt8] = [0x19, 0xFC, 0x80, 0x80, 0x80, 0x04]
    let bytes = header + [UInt8](repeating: 0, count: count + 8)
    #expect(throws: ParquetError.self) {
      try bytes.withUnsafeBytes { bytes in
        var reader = ThriftReader(bytes)
        _ = try RowGroup(from: &reader)
      }
    }
  }
}
