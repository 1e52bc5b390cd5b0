import Columnar
import Testing

@testable import Parquet

private func column(_ name: String) -> ColumnExpression { .column(ColumnPath(name)) }

@Suite("Pruning other writers' files", .enabled(if: SharedFiles.isAvailable, "\(SharedFiles.reason)"))
struct SharedPruningTests {
  private func source(_ path: String) throws -> MemorySource {
    let root = try #require(SharedFiles.root)
    return try #require(MemorySource(path: root + "/files/" + path))
  }

  private func verdict(
    _ path: String, _ expression: ColumnExpression, usingBloomFilters: Bool = true
  ) async throws -> RowGroupVerdict {
    let file = try await ParquetFile.open(source(path))
    return try await file.prunedRowGroups(for: ColumnPredicate(expression), usingBloomFilters: usingBloomFilters)[0]
  }

  @Test("Bloom filters find what is there and deny what is not")
  func bloomFilters() async throws {
    let path = "parquet-testing/data/data_index_bloom_encoding_stats.parquet"
    for present in ["Hello", "doing ", "the quick", "dog"] {
      let found = try await verdict(path, .comparison(.equal, column("String"), .literal(.string(present))))
      #expect(found.verdict == .someRows)
    }
    let absent = ColumnExpression.isIn(column("String"), [.string("cat"), .string("mouse"), .null])
    let denied = try await verdict(path, absent)
    #expect(denied.verdict == .noRows && denied.evidence == .bloomFilter && denied.refutedClause == absent)
    #expect(try await verdict(path, absent, usingBloomFilters: false).verdict == .someRows)
    let either = ColumnExpression.or([absent, .isNull(column("String"))])
    #expect(try await verdict(path, either).verdict != .allRows)
    let beyond = ColumnExpression.comparison(.greater, column("String"), .literal(.string("zzz")))
    #expect(try await verdict(path, beyond).evidence == .statistics)
  }

  @Test(
    "A filter whose length contradicts itself denies nothing",
    arguments: ["bloom_filter_bad_numbytes", "bloom_filter_short_numbytes"])
  func damagedFilters(_ name: String) async throws {
    let file = try await ParquetFile.open(source("duckdb/data/parquet-testing/\(name).parquet"))
    let column = ColumnPath(file.schema.leaves[0].path)
    for value in 0..<100 {
      let predicate = ColumnPredicate(.comparison(.equal, .column(column), .literal(.long(Int64(value) * 10))))
      let verdicts = try await file.prunedRowGroups(for: predicate)
      #expect(verdicts.allSatisfy { $0.evidence != .bloomFilter })
    }
  }

  @Test("Pages outside of the bounds are left out, whatever other columns' pages look like")
  func pages() async throws {
    let source = try source("generated/special/rows-20000.parquet")
    let file = try await ParquetFile.open(source)
    func ranges(_ expression: ColumnExpression) async throws -> RowRanges {
      try await file.rowRanges(rowGroup: 0, for: ColumnPredicate(expression))
    }
    let rowCount = file.metadata.rowGroups[0].rowCount
    let id = ColumnExpression.comparison(.equal, column("id"), .literal(.long(57)))
    let number = ColumnExpression.comparison(.lessOrEqual, column("d"), .literal(.double(28.5)))
    let byID = try await ranges(id)
    #expect(byID.intersects(57..<58) && byID.rowCount < rowCount)
    let byBoth = try await ranges(.and([id, number]))
    #expect(byBoth.intersects(57..<58) && byBoth.rowCount <= byID.rowCount)
    #expect(try await ranges(.not(id)).ranges == [0..<rowCount])
    #expect(try await ranges(.comparison(.less, column("id"), .literal(.long(0)))).isEmpty)
    #expect(try await ranges(.comparison(.less, column("s"), .literal(.string("k")))).isEmpty)
    #expect(try await ranges(.comparison(.equal, column("nowhere"), .literal(.long(0)))).isEmpty)
    // Nothing is known of values in a list.
    #expect(try await ranges(.comparison(.equal, column("l"), .literal(.long(-9)))).ranges == [0..<rowCount])
    #expect(source.requestCount <= 4)
  }

  @Test("Page indexes of other writers are consistent, and every page is where the chunk is")
  func pageIndexes() async throws {
    var count = 0
    for path in SharedFiles.all {
      guard let file = try? await ParquetFile.open(FileByteSource(path: path)) else { continue }
      for (rowGroup, group) in file.metadata.rowGroups.enumerated().prefix(5) {
        let indexes = try await file.pageIndexes(rowGroup: rowGroup, leaves: Array(file.schema.leaves.indices))
        for (_, index) in indexes {
          let rows = index.pageRows(rowCount: group.rowCount)
          #expect(rows.first?.lowerBound == 0 && rows.last?.upperBound == group.rowCount)
          #expect(rows.allSatisfy { !$0.isEmpty })
          count += 1
        }
      }
    }
    #expect(count > 1000)
  }
}
