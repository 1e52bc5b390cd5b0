import Columnar
import Testing

@testable import Parquet

/// Columns of random types, shapes and values.
private struct ColumnMaker {
  var random: SeededRandom

  mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
  private mutating func isNull() -> Bool { below(5) == 0 }

  mutating func column(count: Int, depth: Int, canBeNull: Bool = true) -> Column {
    let hasNulls = canBeNull && below(2) == 0
    let nulls = (0..<count).map { _ in hasNulls && isNull() }
    switch depth == 0 ? below(7) : 7 + below(4) {
    case 0: return Column(longs: nulls.map { $0 ? nil : Int64(below(50)) })
    case 1: return Column(integers: nulls.map { $0 ? nil : Int32(truncatingIfNeeded: below(1 << 40)) })
    case 2: return Column(strings: nulls.map { $0 ? nil : String(repeating: "añ", count: below(9)) })
    case 3: return Column(booleans: nulls.map { $0 ? nil : below(2) == 0 })
    case 4: return Column(doubles: nulls.map { $0 ? nil : Double(below(9)) / 4 })
    case 5: return Column(decimals: nulls.map { $0 ? nil : Int128(below(1 << 50)) - 1 << 49 }, precision: 25, scale: 3)
    case 6:
      let values = Column(strings: ["x", "yy", "", "zzz"])
      return Column(codes: nulls.map { $0 ? nil : Int32(below(4)) }, values: values)
    case 7, 8:
      let counts = nulls.map { $0 ? nil : below(4) }
      let total = counts.reduce(0) { $0 + ($1 ?? 0) }
      return Column(lists: counts, of: column(count: total, depth: depth - 1))
    case 9:
      let counts = nulls.map { $0 ? nil : below(3) }
      let total = counts.reduce(0) { $0 + ($1 ?? 0) }
      return Column(
        maps: counts, keys: Column(longs: (0..<total).map { Int64($0) }), values: column(count: total, depth: depth - 1)
      )
    default:
      let fields = (0..<1 + below(3)).map {
        ("f\($0)", column(count: count, depth: below(depth + 1) == 0 ? 0 : depth - 1))
      }
      return Column(fields: fields, count: count, validity: hasNulls ? Bitmap(nulls.map { !$0 }) : nil)
    }
  }
}

@Suite("Columns of any shape are read as they were written")
struct RandomColumnsTests {
  @Test("Any shape, in any pages and batches", arguments: 0..<60)
  func shapes(_ seed: Int) async throws {
    var maker = ColumnMaker(random: SeededRandom(seed: UInt64(seed)))
    let count = 1 + maker.below(400)
    let columns = (0..<2).map { _ in maker.column(count: count, depth: maker.below(4)) }
    let schema = StructType(columns.enumerated().map { StructField("c\($0)", $1.type) })
    let batch = RecordBatch(schema: schema, columns: columns, rowCount: count)
    let options = ParquetWriterOptions.with {
      $0.pageRowLimit = 1 + maker.below(50)
      $0.pageByteLimit = 1 + maker.below(2000)
      $0.rowGroupRowLimit = 1 + maker.below(300)
      $0.dictionaryByteLimit = maker.below(3) * 100
      $0.profile = maker.below(2) == 0 ? .compact : .portable
      $0.compression = maker.below(2) == 0 ? .snappy : .uncompressed
    }
    var parts: [RecordBatch] = []
    var start = 0
    while start < count {
      let end = min(count, start + 1 + maker.below(200))
      parts.append(batch.slice(start..<end))
      start = end
    }
    let file = try await WrittenFile(schema, parts, options)
    #expect(try await file.rows().columns == columns)
    for (leaf, path) in file.file.schema.leaves.enumerated() where path.maxRepetitionLevel == 0 {
      for group in file.file.metadata.rowGroups.indices {
        try await checkPages(file, leaf: leaf, rowGroup: group)
      }
    }
  }

  /// That each page's bounds are those of its rows' values, read again.
  private func checkPages(_ file: WrittenFile, leaf: Int, rowGroup: Int) async throws {
    let index = try #require(try await file.pageIndex(leaf, rowGroup: rowGroup))
    guard let bounds = index.bounds else { return }
    var column = try await file.rows()[file.file.schema.leaves[leaf].path[0]]
    for name in file.file.schema.leaves[leaf].path.dropFirst() {
      guard case .struct(let type)? = column?.type, case .structure(let children)? = column?.storage,
        let child = type.index(of: name)
      else { return }
      column = children[child].masked(by: column?.validity)
    }
    let values = try #require(column)
    let rowCount = file.file.metadata.rowGroups[rowGroup].rowCount
    for (page, rows) in index.pageRows(rowCount: rowCount).enumerated() {
      let first = Int(file.file.firstRows[rowGroup])
      let part = values.slice(first + Int(rows.lowerBound)..<first + Int(rows.upperBound))
      #expect(bounds.nullCounts?[page] == Int64(part.nullCount))
      #expect(bounds.nullPages[page] == (part.nullCount == part.count))
      var statistics = ValueStatistics(try #require(ValueForm(part.type)))
      statistics.update(try DenseValues(part, present: part.validity, form: statistics.form))
      if let expected = statistics.plainBounds {
        #expect(bounds.minValues[page] == expected.min && bounds.maxValues[page] == expected.max)
      }
    }
  }
}
