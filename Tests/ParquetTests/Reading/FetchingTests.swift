import Columnar
import Testing
import _TestSupport

@testable import Parquet

@Suite("Fetching what is decoded")
struct FetchingTests {
  private static func rows(_ file: ParquetFile, _ read: ParquetRead = ParquetRead()) async throws -> RecordBatch {
    var batches: [RecordBatch] = []
    for task in try await file.rowGroups(read) { batches += try await Self.batches(of: task) }
    let none = file.rowSchema.fields.map { Column(nulls: 0, of: $0.type) }
    return batches.isEmpty
      ? RecordBatch(schema: file.rowSchema, columns: none, rowCount: 0) : try RecordBatch.concatenating(batches)
  }

  private static func batches(of task: RowGroupTask) async throws -> [RecordBatch] {
    var batches: [RecordBatch] = []
    var reader = try task.reader()
    while let batch = try await reader.next() { batches.append(batch.batch) }
    return batches
  }

  @Test("Rows are the same, whatever a request costs", arguments: Fixtures.files, [1, 300, 5000])
  func anyOverhead(_ fixture: FixtureFile, _ overhead: Int) async throws {
    let whole = try await Self.rows(try await ParquetFile.open(FileByteSource(path: fixture.path)))
    let source = try #require(MemorySource(path: fixture.path, requestOverhead: overhead))
    var file = try await ParquetFile.open(source)
    // Without the bytes that came with the footer, so that all is fetched.
    file = try ParquetFile(source: source, size: file.size, metadata: file.metadata)
    for size in [50, 32_768] {
      var read = ParquetRead()
      read.batchRowCount = size
      let rows = try await Self.rows(file, read)
      #expect(rows.rowCount == whole.rowCount)
      for (column, expected) in zip(rows.columns, whole.columns) { #expect(column == expected) }
    }
  }

  @Test(
    "The parts of a row group have its rows, in order",
    arguments: ["pages.parquet", "nulls.parquet", "dictionary.parquet"],
    [2, 3, 7])
  func parts(_ name: String, _ count: Int) async throws {
    let source = try #require(MemorySource(path: Fixtures.file(name).path, requestOverhead: 100))
    let file = try await ParquetFile.open(source)
    for condition in [nil, "row BETWEEN 300 AND 900 AND row % 3 = 0"] where condition == nil || name == "pages.parquet"
    {
      var read = ParquetRead()
      read.batchRowCount = 16
      read.includesRowPositions = true
      if let condition { read.predicate = try ColumnPredicate(parsing: condition) }
      read.excludedRows = { range in Bitmap(range.map { $0 % 5 == 0 }) }
      for task in try await file.rowGroups(read) {
        let parts = task.split(into: count, partBytes: 1)
        #expect(parts.count == min(count, task.rowCount / 16))
        #expect(parts.first?.rows.lowerBound == 0 && parts.last?.rows.upperBound == task.rowCount)
        for (part, next) in zip(parts, parts.dropFirst()) { #expect(part.rows.upperBound == next.rows.lowerBound) }
        let whole = try await Self.batches(of: task)
        var together: [RecordBatch] = []
        for part in parts { together += try await Self.batches(of: part) }
        let (expected, rows) = (try RecordBatch.concatenating(whole), try RecordBatch.concatenating(together))
        for (column, other) in zip(rows.columns, expected.columns) { #expect(column == other) }
      }
    }
  }

  @Test("A row group is left whole where splitting would do work twice")
  func whole() async throws {
    func parts(_ name: String, overhead: Int, rows: Int, bytes: Int) async throws -> Int {
      let source = try #require(MemorySource(path: Fixtures.file(name).path, requestOverhead: overhead))
      var read = ParquetRead()
      read.batchRowCount = rows
      let task = try #require(try await ParquetFile.open(source).rowGroups(read).first)
      return task.split(into: 4, partBytes: bytes).count
    }
    #expect(try await parts("pages.parquet", overhead: 100, rows: 16, bytes: 1) == 4)
    #expect(try await parts("pages.parquet", overhead: 1 << 20, rows: 16, bytes: 1) == 1)
    #expect(try await parts("pages.parquet", overhead: 100, rows: 32_768, bytes: 1) == 1)
    #expect(try await parts("pages.parquet", overhead: 100, rows: 16, bytes: 4 << 20) == 1)
    #expect(try await parts("nested.parquet", overhead: 100, rows: 16, bytes: 1) == 1)
  }

  @Test("Requests are counted as they will be made")
  func requestCount() {
    let sizes = FetchSizes(requestOverhead: 100)
    #expect(sizes.requestCount([0..<100, 150..<700]) == 1)
    #expect(sizes.requestCount([0..<100, 250..<700]) == 2)
    #expect(sizes.requestCount([0..<1700]) == 3)
    #expect(sizes.requestCount([]) == 0)
  }
}
