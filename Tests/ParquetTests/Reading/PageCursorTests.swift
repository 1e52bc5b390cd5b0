import Columnar
import Testing

@testable import Parquet

@Suite("Finding pages")
struct PageCursorTests {
  private static let rowsPerPage = 250
  private static let pageCount = 20

  /// A chunk of INT32 pages, each of 250 rows, in a file that begins with it.
  private let bytes: [UInt8]
  private let leaf = LeafPlan(
    index: 0, name: "n", physical: .int32, length: 0, type: .integer, storage: .fixed(.copy, width: 4),
    maximumDefinition: 0, maximumRepetition: 0, elementDefinition: 0, keepsLevels: false)

  /// - Parameter statistics: bytes of a maximum in each page's header.
  private init(statistics: Int = 0) {
    bytes =
      (0..<Self.pageCount).flatMap { page in
        Self.header(statistics: statistics) + [UInt8](repeating: UInt8(page), count: 4 * Self.rowsPerPage)
      } + [UInt8](repeating: 0, count: 500)
  }

  private static func varint(_ number: Int) -> [UInt8] {
    number < 128 ? [UInt8(number)] : [UInt8(number & 127 | 128)] + varint(number >> 7)
  }

  /// In Thrift's compact form: type DATA_PAGE, both sizes, and the data page header: PLAIN, levels as RLE.
  private static func header(statistics: Int) -> [UInt8] {
    let size = [0x15] + varint(8 * rowsPerPage)
    let maximum = [0x1C, 0x18] + varint(statistics) + [UInt8](repeating: 0x41, count: statistics) + [0]
    return [0x15, 0] + size + size + [0x2C, 0x15] + varint(2 * rowsPerPage) + [0x15, 0, 0x15, 6, 0x15, 6]
      + (statistics > 0 ? maximum : []) + [0, 0]
  }

  /// Passes over rows and opens the page after them; answers its first value and the bytes fetched.
  private func page(after rows: Int, overhead: Int) throws -> (value: UInt8, fetched: Int) {
    let length = bytes.count - 500
    let chunk = ColumnMetadata(
      physicalType: .int32, codec: .uncompressed, valueCount: Int64(Self.rowsPerPage * Self.pageCount),
      dataPageOffset: 0, totalUncompressedSize: Int64(length), totalCompressedSize: Int64(length))
    let sizes = FetchSizes(requestOverhead: overhead)
    let context = DecodingContext(file: "made", fileSize: bytes.count, sizes: sizes, window: sizes.length)
    var cursor = PageCursor(chunk: chunk, range: 0..<length, leaf: leaf, context: context)
    var skipping = rows
    var fetched = 0
    while true {
      switch try cursor.next(skipping: &skipping) {
      case .needs(let range):
        #expect(range.upperBound <= bytes.count)
        fetched += range.count
        cursor.supply(bytes[range].withUnsafeBytes { Buffer(copying: $0) }, at: range.lowerBound)
      case .skipped: continue
      case .dictionary: Issue.record("there is no dictionary")
      case .data(let page):
        #expect(page.stored.count == 4 * Self.rowsPerPage && skipping < Self.rowsPerPage)
        return (page.stored.values(of: UInt8.self)[0], fetched)
      }
    }
  }

  @Test(
    "The page after so many rows is the same, whatever a request costs", arguments: [1, 64, 300, 1000, 5000, 1 << 20])
  func pages(_ overhead: Int) throws {
    for statistics in [0, 90, 700, 70_000] {
      let chunk = PageCursorTests(statistics: statistics)
      for page in [0, 1, 7, Self.pageCount - 1] {
        for rest in [0, 100] {
          let found = try chunk.page(after: page * Self.rowsPerPage + rest, overhead: overhead)
          #expect(Int(found.value) == page)
        }
      }
    }
  }

  @Test("Of large pages that are passed over only headers are fetched, where requests are cheap")
  func jumps() throws {
    let chunk = PageCursorTests()
    let last = (Self.pageCount - 1) * Self.rowsPerPage
    #expect(try chunk.page(after: last, overhead: 100).fetched < chunk.bytes.count / 3)
    #expect(try chunk.page(after: last, overhead: 1 << 20).fetched == chunk.bytes.count - 500)
    #expect(try chunk.page(after: 0, overhead: 100).fetched < 3000)
  }

  @Test("A header that never ends is damaged, not fetched forever")
  func endless() {
    let damaged = PageCursorTests(endless: 400_000)
    #expect(throws: DecodingFailure.self) { try damaged.page(after: 0, overhead: 100) }
  }

  /// Nothing but continued bytes, as of a number without end.
  private init(endless count: Int) {
    bytes = [0x15] + [UInt8](repeating: 0xFF, count: count)
  }
}
