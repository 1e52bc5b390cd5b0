import Columnar
import Testing

@testable import Parquet

@Suite("Statistics of written files")
struct WrittenStatisticsTests {
  @Test("Bounds, nulls and values of each leaf are exact, for every type that has an order")
  func leaves() async throws {
    let tooLong = String(repeating: "z", count: 100)
    let columns: [(Column, Scalar?, Scalar?)] = [
      (Column(longs: [3, nil, -5, 7]), .long(-5), .long(7)),
      (Column(bytes: [3, nil, -5, 7]), .byte(-5), .byte(7)),
      (Column(booleans: [true, nil, true, false]), .boolean(false), .boolean(true)),
      (Column(strings: ["b", nil, tooLong, "é"]), .string("b"), .string("é")),
      (Column(binaries: [[0xFF], nil, [], [0x7F, 1]]), .binary([]), .binary([0xFF])),
      (Column(doubles: [1.5, nil, -.infinity, 2]), .double(-.infinity), .double(2)),
      (Column(dates: [0, nil, -1, 5]), .date(-1), .date(5)),
      (Column(timestamps: [0, nil, -1, 5]), .timestamp(-1), .timestamp(5)),
      (
        Column(decimals: [1, nil, -2, 99], precision: 4, scale: 2), .decimal(-2, precision: 4, scale: 2),
        .decimal(99, precision: 4, scale: 2)
      ),
      (
        Column(decimals: [1, nil, -2, 99], precision: 30, scale: 2), .decimal(-2, precision: 30, scale: 2),
        .decimal(99, precision: 30, scale: 2)
      ),
      (Column(longs: [nil, nil, nil, nil]), nil, nil),
    ]
    for (column, min, max) in columns {
      let file = try await WrittenFile(column, .with { $0.pageRowLimit = 1 })
      let leaf = file.written.leaves[0]
      #expect(leaf.min == min && leaf.max == max, "\(column.type)")
      #expect(leaf.nullCount == Int64(column.nullCount) && leaf.valueCount == Int64(4 - column.nullCount))
      #expect(leaf.path == ["a"] && leaf.type == column.type && !leaf.isRepeated)
      // The reader gives the footer's bounds back; long ones are cut.
      let read = file.file.statistics(rowGroup: 0, leaf: 0)
      #expect(read?.min == min && read?.max == max && read?.nullCount == Int64(column.nullCount))
    }
  }

  @Test("Row groups' bounds are put together to the file's")
  func rowGroups() async throws {
    let column = Column(strings: ["m", "c", nil, "x", "a", "d"])
    let file = try await WrittenFile(column, .with { $0.rowGroupRowLimit = 2 })
    #expect(file.file.metadata.rowGroups.count == 3)
    #expect(file.written.leaves[0].min == .string("a") && file.written.leaves[0].max == .string("x"))
    #expect(file.file.statistics(rowGroup: 1, leaf: 0)?.min == .string("x"))
    #expect(file.written.leaves[0].nullCount == 1)
  }

  @Test("Nested leaves count nulls of what is around them")
  func nested() async throws {
    let inner = Column(
      fields: [("x", Column(longs: [1, nil, 3, 4]))], count: 4, validity: Bitmap([true, true, false, true]))
    let file = try await WrittenFile(inner)
    #expect(file.written.leaves[0].nullCount == 2 && file.written.leaves[0].max == .long(4))
    let lists = try await WrittenFile(Column(lists: [2, nil, 0, 1], of: Column(longs: [5, nil, 2])))
    #expect(lists.written.leaves[0].isRepeated && lists.written.leaves[0].nullCount == 3)
    #expect(lists.written.leaves[0].valueCount == 2 && lists.written.leaves[0].min == .long(2))
  }

  // MARK: Floating point

  @Test("NaNs are counted, and are in no bound; zeros stand for both")
  func nan() async throws {
    let file = try await WrittenFile(Column(doubles: [.nan, 1, 0, nil, -0.0]))
    let statistics = try #require(try file.metadata().statistics)
    #expect(statistics.nanCount == 1 && statistics.nullCount == 1)
    #expect(statistics.minValue == [0, 0, 0, 0, 0, 0, 0, 0x80])
    #expect(file.written.leaves[0].nanCount == 1 && file.written.leaves[0].max == .double(1))
    let zeros = try #require(try await WrittenFile(Column(floats: [-0.0, -1])).metadata().statistics)
    #expect(zeros.maxValue == [0, 0, 0, 0] && zeros.nanCount == 0)
    #expect(try await WrittenFile(Column(longs: [1])).metadata().statistics?.nanCount == nil)
  }

  @Test("A page of nothing but NaNs leaves its chunk without a column index")
  func nanPage() async throws {
    let column = Column(doubles: [.nan, .nan, 1, 2])
    let file = try await WrittenFile(column, .with { $0.pageRowLimit = 2 })
    let index = try #require(try await file.pageIndex())
    #expect(index.bounds == nil && index.offsets.pageLocations.count == 2)
    let only = try await WrittenFile(Column(doubles: [.nan]))
    #expect(try only.metadata().statistics?.minValue == nil && only.written.leaves[0].min == nil)
    let mixed = try await WrittenFile(column, .with { $0.pageRowLimit = 3 })
    #expect(try await mixed.pageIndex()?.bounds?.nanCounts == [2, 0])
  }

  // MARK: Page indexes

  @Test("Pages are bounded, and say which way their bounds go")
  func boundaryOrder() async throws {
    func index(_ values: [Int64?]) async throws -> ColumnIndex? {
      try await WrittenFile(Column(longs: values), .with { $0.pageRowLimit = 2 }).pageIndex()?.bounds
    }
    let ascending = try #require(try await index([1, 2, nil, nil, 2, 3]))
    #expect(ascending.boundaryOrder == .ascending && ascending.nullPages == [false, true, false])
    #expect(ascending.nullCounts == [0, 2, 0] && ascending.minValues[1] == [] && ascending.maxValues[1] == [])
    #expect(ascending.minValues[2] == [2, 0, 0, 0, 0, 0, 0, 0])
    #expect(try await index([9, 8, 8, 7, -1, -2])?.boundaryOrder == .descending)
    #expect(try await index([9, 8, 1, 2, 7, 7])?.boundaryOrder == .unordered)
    // The least bounds ascend, the greatest do not.
    #expect(try await index([1, 9, 2, 3])?.boundaryOrder == .unordered)
    #expect(try await index([5, 5, 5, 5])?.boundaryOrder == .ascending)
    #expect(try await index([nil, nil])?.boundaryOrder == .ascending)
    // Unsigned numbers and negative decimals go by their value, not by their bytes.
    let decimals = Column(decimals: [-300, -5, 0, 7], precision: 20, scale: 0)
    let file = try await WrittenFile(decimals, .with { $0.pageRowLimit = 1 })
    #expect(try await file.pageIndex()?.bounds?.boundaryOrder == .ascending)
  }

  @Test("Levels are counted for each page where they say more than the nulls")
  func histograms() async throws {
    let column = Column(lists: [2, nil, 0, 1], of: Column(longs: [5, nil, 2]))
    let file = try await WrittenFile(column, .with { $0.pageRowLimit = 2 })
    let index = try #require(try await file.pageIndex()?.bounds)
    #expect(index.definitionLevelHistograms == [1, 0, 1, 1, 0, 1, 0, 1])
    #expect(index.repetitionLevelHistograms == [2, 1, 2, 0])
    let sizes = try #require(try file.metadata().sizeStatistics)
    #expect(sizes.definitionLevelHistogram == [1, 1, 1, 2] && sizes.repetitionLevelHistogram == [4, 1])
    #expect(sizes.unencodedByteArrayDataBytes == nil)
    let words = try await WrittenFile(Column(strings: ["abc", nil, "de", "abc"]), .with { $0.pageRowLimit = 2 })
    #expect(try words.metadata().sizeStatistics?.unencodedByteArrayDataBytes == 8)
    #expect(try words.metadata().sizeStatistics?.definitionLevelHistogram == [1, 3])
    #expect(try await words.pageIndex()?.offsets.unencodedByteArrayDataBytes == [3, 5])
    #expect(try await words.pageIndex()?.bounds?.definitionLevelHistograms == nil)
  }

  @Test("Rows are found by the bounds of their pages", arguments: [false, true])
  func pruning(_ isCompact: Bool) async throws {
    let count = 2000
    let schema = StructType([StructField("a", .long), StructField("b", .string)])
    let words = (0..<count).map { row -> String? in row % 10 == 0 ? nil : "word \(row / 3)" }
    let batch = RecordBatch(
      schema: schema, columns: [Column(longs: (0..<count).map { Int64($0) }), Column(strings: words)], rowCount: count)
    let options = ParquetWriterOptions.with {
      $0.pageRowLimit = 100
      $0.profile = isCompact ? .compact : .portable
    }
    let file = try await WrittenFile(schema, [batch], options)
    let ranges = try await file.file.rowRanges(rowGroup: 0, for: try ColumnPredicate(parsing: "a BETWEEN 250 AND 330"))
    #expect(ranges == RowRanges([200..<400]))
    var read = ParquetRead(predicate: try ColumnPredicate(parsing: "b = 'word 500'"))
    read.includesRowPositions = true
    var found = 0
    for task in try await file.file.rowGroups(read) {
      var reader = try task.reader()
      while let batch = try await reader.next() { found += batch.batch.rowCount }
    }
    #expect(found == words.count { $0 == "word 500" })
  }

  // MARK: Long values

  @Test("Long bounds are cut to whole characters, the greatest to one above")
  func truncation() async throws {
    func statistics(_ column: Column, _ limit: Int) async throws -> Statistics {
      try #require(try await WrittenFile(column, .with { $0.statisticsTruncation = limit }).metadata().statistics)
    }
    let words = try await statistics(Column(strings: ["abcdef", "abcdefgh"]), 4)
    #expect(words.minValue == Array("abcd".utf8) && words.isMinValueExact == false)
    #expect(words.maxValue == Array("abce".utf8) && words.isMaxValueExact == false)
    let short = try await statistics(Column(strings: ["ab", "abcd"]), 4)
    #expect(short.isMinValueExact == true && short.maxValue == Array("abcd".utf8) && short.isMaxValueExact == true)
    // A character of two bytes is not cut in halves.
    let accents = try await statistics(Column(strings: ["ééé"]), 3)
    #expect(accents.minValue == Array("é".utf8) && accents.maxValue == Array("ê".utf8))
    let bytes = try await statistics(Column(binaries: [[1, 2, 0xFF, 0xFF, 9]]), 4)
    #expect(bytes.minValue == [1, 2, 0xFF, 0xFF] && bytes.maxValue == [1, 3])
  }

  @Test("A greatest value that nothing short is above stays whole, or is left out when very long")
  func untruncated() async throws {
    let column = Column(binaries: [Array(repeating: 0xFF, count: 100)])
    let file = try await WrittenFile(column)
    let statistics = try #require(try file.metadata().statistics)
    #expect(statistics.maxValue?.count == 100 && statistics.isMaxValueExact == true)
    #expect(statistics.minValue?.count == 64 && statistics.isMinValueExact == false)
    let long = try await WrittenFile(Column(binaries: [Array(repeating: 0xFF, count: 10_000)]))
    let none = try #require(try long.metadata().statistics)
    #expect(none.maxValue == nil && none.isMaxValueExact == nil && none.minValue?.count == 64)
    #expect(try await long.pageIndex()?.bounds == nil)
    #expect(long.written.leaves[0].max == .binary(Array(repeating: 0xFF, count: 10_000)))
  }

  // MARK: Others

  @Test("Values without an order have neither bounds nor a column index")
  func unordered() async throws {
    let times = Column(.interval, count: 2, storage: .fixed(Buffer(zeroed: 24)))
    let file = try await WrittenFile(times)
    #expect(try file.metadata().statistics?.minValue == nil)
    #expect(try await file.pageIndex()?.bounds == nil)
    let nulls = try await WrittenFile(Column(nulls: 3, of: .null))
    #expect(try await nulls.pageIndex()?.bounds?.nullPages == [true])
    #expect(nulls.written.leaves[0].nullCount == 3)
  }

  @Test("Different values are counted where all pages have codes")
  func distinct() async throws {
    let coded = try await WrittenFile(Column(longs: (0..<1000).map { $0 % 7 }))
    #expect(try coded.metadata().statistics?.distinctCount == 7)
    let plain = try await WrittenFile(Column(longs: (0..<1000).map { $0 }))
    #expect(try plain.metadata().statistics?.distinctCount == nil)
  }

  @Test("Bloom filters have the values, coded or not, and hardly any others", arguments: [0, 1 << 20])
  func bloomFilters(_ dictionaryLimit: Int) async throws {
    let words = (0..<3000).map { row -> String? in row % 5 == 0 ? nil : "word \(row % 1000)" }
    let options = ParquetWriterOptions.with {
      $0.bloomFilterColumns = ["a"]
      $0.dictionaryByteLimit = dictionaryLimit
      $0.rowGroupRowLimit = 1500
    }
    let file = try await WrittenFile(Column(strings: words), options)
    for group in 0..<2 {
      let metadata = try file.metadata(rowGroup: group)
      let start = Int(try #require(metadata.bloomFilterOffset))
      let length = Int(try #require(metadata.bloomFilterLength))
      let bytes = Buffer(copying: Array(file.bytes[start..<start + length]))
      let filter = try #require(BloomFilter(headerAndBlocks: bytes))
      let present = Set(words[group * 1500..<group * 1500 + 1500].compactMap { $0 })
      #expect(present.allSatisfy { filter.mayContain(Array($0.utf8)) })
      #expect((0..<1000).count { filter.mayContain(Array("other \($0)".utf8)) } < 50)
    }
  }

  @Test("A Bloom filter of a column that is not there, or of booleans, is refused by name", arguments: ["b", "a"])
  func noBloomFilter(_ name: String) {
    let options = ParquetWriterOptions.with { $0.bloomFilterColumns = [name] }
    #expect {
      _ = try ParquetWriter(schema: StructType([StructField("a", .boolean)]), options: options, to: MemorySink())
    } throws: { error in
      (error as? ParquetError)?.code == .schemaMismatch && (error as? ParquetError)?.column == name
    }
  }
}
