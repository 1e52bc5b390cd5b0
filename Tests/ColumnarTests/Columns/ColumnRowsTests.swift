import Columnar
import Testing

/// Columns of every layout, 10 rows each, with and without nulls.
enum SampleColumns {
  static let all: [Column] = [
    Column(longs: [1, nil, 3, 4, 5, nil, 7, 8, 9, 10]),
    Column(integers: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    Column(shorts: [1, 2, nil, 4, 5, 6, 7, 8, 9, 10]),
    Column(bytes: [1, 2, 3, 4, 5, 6, 7, 8, 9, nil]),
    Column(doubles: [0.5, nil, .nan, .infinity, -0.0, 1, 2, 3, 4, 5]),
    Column(booleans: [true, false, nil, true, true, false, nil, nil, true, false]),
    Column(strings: ["a", "", nil, "dddd", "Ökonomie", "f", "gg", nil, "", "jjjjjjjjjjjjjjjjjjjjjj"]),
    Column(decimals: [1, -2, nil, 4, 5, 6, 7, 8, 9, 10], precision: 9, scale: 2),
    Column(decimals: [1, -2, nil, 4, 5, 6, 7, 8, 9, 10], precision: 38, scale: 2),
    Column(codes: [0, 1, nil, 2, 1, 0, 0, 1, nil, 2], values: Column(strings: ["x", "yy", "zzz"])),
    Column(
      fields: [
        ("n", Column(longs: [1, nil, 3, 4, 5, nil, 7, 8, 9, 10])),
        ("s", Column(strings: ["a", "b", nil, "d", "e", "f", "g", "h", "i", "j"])),
      ], count: 10, validity: Bitmap([true, true, false, true, true, true, true, true, false, true])),
    Column(
      lists: [2, 0, nil, 1, 3, 0, 0, 1, 1, 2], of: Column(strings: ["a", "b", nil, "d", "e", "f", "g", "h", "i", "j"])),
    Column(
      maps: [2, 0, nil, 1, 3, 0, 0, 1, 1, 2], keys: Column(longs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
      values: Column(lists: [1, 0, nil, 1, 0, 0, 0, 0, 0, 1], of: Column(integers: [1, 2, 3]))),
    Column(
      .variant, count: 10,
      storage: .variant(
        metadata: Column(binaries: Array(repeating: [1, 0, 0], count: 10)),
        value: Column(binaries: (0..<10).map { [UInt8(12), UInt8($0)] }))),
    Column(nulls: 10, of: .null),
    Column(nulls: 10, of: .array(ArrayType(.struct(StructType([StructField("a", .string)]))))),
  ]
}

@Suite("Rows of columns")
struct ColumnRowsTests {
  static let selections: [[Int]] = [
    [], [0], [9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [2, 3, 4], [0, 2, 4, 6, 8], [1, 2, 5, 9],
  ]

  @Test("A filter keeps the rows whose bits are set", arguments: SampleColumns.all)
  func filters(_ column: Column) throws {
    for rows in Self.selections {
      let filtered = column.filtered(by: Bitmap((0..<10).map { rows.contains($0) }))
      #expect(filtered.count == rows.count)
      for (at, row) in rows.enumerated() {
        #expect(filtered.slice(at..<at + 1) == column.slice(row..<row + 1), "row \(row) of \(column.type)")
      }
      #expect(try column.taking(rows.map { Int32($0) }) == filtered)
    }
  }

  @Test("Rows can be taken in any order, more than once, and as nulls", arguments: SampleColumns.all)
  func takes(_ column: Column) throws {
    let taken = try column.taking([9, 0, 0, -1, 4])
    #expect(taken.count == 5 && taken.isNull(3))
    for (at, row) in [(0, 9), (1, 0), (2, 0), (4, 4)] {
      #expect(taken.slice(at..<at + 1) == column.slice(row..<row + 1))
    }
    #expect(try Column(nulls: 0, of: column.type).taking([-1, -1]) == Column(nulls: 2, of: column.type))
  }

  @Test("Slices put together again are the column", arguments: SampleColumns.all)
  func concatenates(_ column: Column) throws {
    for cut in 0...10 {
      let parts = [column.slice(0..<cut), column.slice(cut..<10)]
      #expect(try Column.concatenating(parts) == column)
      #expect(try Column.concatenating(parts + [Column(nulls: 3, of: column.type)]).slice(0..<10) == column)
    }
  }

  @Test("A slice of a slice is a slice", arguments: SampleColumns.all)
  func slices(_ column: Column) throws {
    #expect(column.slice(2..<9).slice(1..<5) == column.slice(3..<7))
    #expect(column.slice(3..<3).count == 0)
  }

  @Test("Decoding changes the storage, not the values", arguments: SampleColumns.all)
  func decodes(_ column: Column) throws {
    let decoded = try column.slice(1..<9).decoded()
    #expect(decoded == column.slice(1..<9))
    if case .dictionary = decoded.storage { Issue.record("still a dictionary") }
  }

  @Test("Different dictionaries become one")
  func dictionaries() throws {
    let first = Column(codes: [0, 1, nil, 0], values: Column(strings: ["a", "b"]))
    let second = Column(codes: [0, nil, 0], values: Column(strings: ["c"]))
    let plain = Column(strings: ["p"])
    let both = try Column.concatenating([first, second])
    #expect(both == Column(strings: ["a", "b", nil, "a", "c", nil, "c"]))
    if case .dictionary = both.storage {} else { Issue.record("the dictionary was lost") }
    #expect(
      try Column.concatenating([first, plain, second]) == Column(strings: ["a", "b", nil, "a", "p", "c", nil, "c"]))
  }

  @Test("Columns of different types are not one column")
  func mismatch() {
    #expect(throws: ColumnError.self) { try Column.concatenating([Column(longs: [1]), Column(integers: [1])]) }
    #expect(throws: ColumnError.self) { try Column.concatenating([]) }
  }

  @Test("A dictionary code outside of the dictionary is found when decoding")
  func damagedCodes() {
    let damaged = Column(
      .string, count: 2,
      storage: .dictionary(codes: Buffer(copying: [Int32(0), 7]), values: Column(strings: ["a"])))
    #expect(throws: ColumnError.self) { try damaged.decoded() }
    #expect(damaged.scalar(at: 1) == .null)
  }

  @Test("Strings that outgrow 2^31 bytes are refused")
  func tooLarge() {
    let column = Column(strings: [String(repeating: "x", count: 1 << 20)])
    #expect(throws: ColumnError.self) { try column.taking(Array(repeating: 0, count: 2048)) }
  }

  @Test(
    "Bitmaps agree with arrays of Bool at every length", arguments: [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 200, 1000])
  func bitmaps(_ count: Int) throws {
    var random = SeededRandom(seed: UInt64(count))
    let a = (0..<count).map { _ in Bool.random(using: &random) }
    let b = (0..<count).map { _ in Bool.random(using: &random) }
    let (x, y) = (Bitmap(a), Bitmap(b))
    #expect(x.intersection(y) == Bitmap(zip(a, b).map { $0 && $1 }))
    #expect(x.union(y) == Bitmap(zip(a, b).map { $0 || $1 }))
    #expect(x.subtracting(y) == Bitmap(zip(a, b).map { $0 && !$1 }))
    #expect(x.inverted() == Bitmap(a.map { !$0 }))
    #expect(count == 0 || x != x.inverted())
    if count > 3 {
      let column = Column(booleans: a)
      #expect(try Column.concatenating([column.slice(0..<3), column.slice(3..<count)]) == column)
    }
  }

  @Test("Batches filter, slice and join like their columns")
  func batches() throws {
    let batch = RecordBatch(
      schema: Schema([StructField("n", .long), StructField("s", .string)]),
      columns: [Column(longs: [1, 2, nil]), Column(strings: ["a", nil, "c"])], rowCount: 3)
    let parts = [batch.slice(0..<1), batch.filtered(by: Bitmap([false, true, true]))]
    #expect(try RecordBatch.concatenating(parts) == batch)
    #expect(try batch.taking([2, 1]).columns[1] == Column(strings: ["c", nil]))
  }
}
