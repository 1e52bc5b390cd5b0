import Columnar
import Testing
import _TestSupport

@testable import Parquet

/// All rows that a reading gives, as one batch, with their positions.
func readAll(_ path: String, _ read: ParquetRead = ParquetRead()) async throws -> (
  rows: RecordBatch, positions: [Int64]
) {
  let file = try await ParquetFile.open(FileByteSource(path: path))
  var batches: [RecordBatch] = []
  var positions: [Int64] = []
  for task in try await file.rowGroups(read) {
    var reader = try task.reader()
    while let batch = try await reader.next() {
      #expect(batch.batch.rowCount > 0)
      batches.append(batch.batch)
      if case .fixed(let buffer)? = batch.rowPositions?.storage { positions += buffer.values(of: Int64.self) }
    }
  }
  let schema = read.schema ?? file.rowSchema
  let none = RecordBatch(schema: schema, columns: schema.fields.map { Column(nulls: 0, of: $0.type) }, rowCount: 0)
  return (batches.isEmpty ? none : try RecordBatch.concatenating(batches), positions)
}

@Suite("Reading row groups")
struct RowGroupReaderTests {
  @Test("Batches of any size hold the same rows", arguments: Fixtures.files, [1, 7, 100])
  func batchSizes(_ file: FixtureFile, _ size: Int) async throws {
    let whole = try await readAll(file.path)
    var read = ParquetRead()
    read.batchRowCount = size
    let parts = try await readAll(file.path, read)
    #expect(parts.rows.rowCount == whole.rows.rowCount)
    #expect(try parts.rows.rowCount == file.expectedRows().count)
    for (part, column) in zip(parts.rows.columns, whole.rows.columns) { #expect(part == column) }
  }

  @Test(
    "Batches are cut where strings turn out long, and hold the same rows", arguments: Fixtures.files, [0, 40, 1000])
  func batchBytes(_ file: FixtureFile, _ limit: Int) async throws {
    let whole = try await readAll(file.path)
    var read = ParquetRead()
    read.batchByteCount = limit
    read.includesRowPositions = true
    let parts = try await readAll(file.path, read)
    #expect(parts.positions == Array(0..<Int64(whole.rows.rowCount)))
    for (part, column) in zip(parts.rows.columns, whole.rows.columns) { #expect(part == column) }
  }

  @Test("A batch has no more bytes of strings than asked for, unless it is of one row")
  func batchByteCount() async throws {
    let file = try await ParquetFile.open(FileByteSource(path: Fixtures.file("plain.parquet").path))
    let strings = file.rowSchema.fields.filter { $0.type == .string || $0.type == .binary }
    try #require(!strings.isEmpty)
    for field in strings {
      var read = ParquetRead(schema: StructType([field]))
      read.batchByteCount = 100
      var rowCounts: [Int] = []
      for task in try await file.rowGroups(read) {
        var reader = try task.reader()
        while let batch = try await reader.next() {
          rowCounts.append(batch.batch.rowCount)
          guard case .bytes(_, let data) = batch.batch.columns[0].storage else { continue }
          #expect(data.count <= 100 || batch.batch.rowCount == 1)
        }
      }
      #expect(rowCounts.count > 1, "\(field.name)")
    }
  }

  @Test("Excluded rows never surface, and positions are those in the file", arguments: [1, 64, 32_768], [2, 3, 97])
  func excludedRows(_ size: Int, _ step: Int64) async throws {
    let path = Fixtures.file("pages.parquet").path
    let whole = try await readAll(path).rows
    var read = ParquetRead()
    read.batchRowCount = size
    read.includesRowPositions = true
    read.excludedRows = { range in
      let bits = range.map { $0 % step != 0 }
      return bits.contains(true) ? Bitmap(bits) : nil
    }
    let (rows, positions) = try await readAll(path, read)
    let kept = Bitmap((0..<whole.rowCount).map { Int64($0) % step == 0 })
    #expect(positions == (0..<Int64(whole.rowCount)).filter { $0 % step == 0 })
    for (column, expected) in zip(rows.columns, whole.filtered(by: kept).columns) { #expect(column == expected) }
  }

  @Test(
    "A predicate keeps the rows for which it is true",
    arguments: [
      "row = 1100", "row < 3 OR row > 1190", "small = 3", "word = 'beta' AND flag", "small IS NULL", "row < 0",
      "word IS NOT NULL AND row BETWEEN 500 AND 520", "ratio > 0 AND row % 100 = 0",
    ], [16, 32_768])
  func predicates(_ text: String, _ size: Int) async throws {
    let path = Fixtures.file("pages.parquet").path
    let whole = try await readAll(path).rows
    var read = ParquetRead()
    read.batchRowCount = size
    read.predicate = try ColumnPredicate(parsing: text)
    read.includesRowPositions = true
    let (rows, positions) = try await readAll(path, read)
    let matching = try ColumnPredicate(parsing: text).evaluate(on: whole)
    let expected = whole.filtered(by: matching)
    #expect(rows.rowCount == expected.rowCount)
    #expect(positions == (0..<Int64(whole.rowCount)).filter { matching[Int($0)] })
    for (column, other) in zip(rows.columns, expected.columns) { #expect(column == other) }
  }

  @Test("Columns come as requested: in any order, and null where the file has none")
  func projection() async throws {
    let path = Fixtures.file("pages.parquet").path
    let whole = try await readAll(path).rows
    let missing = StructField("missing", .struct(StructType([StructField("a", .array(ArrayType(.string)))])))
    let schema = StructType([
      StructField("word", .string), missing, StructField("row", .long),
      StructField("gone", .integer, isNullable: false),
    ])
    let rows = try await readAll(path, ParquetRead(schema: schema)).rows
    #expect(rows["word"] == whole["word"] && rows["row"] == whole["row"])
    #expect(rows["missing"]?.nullCount == whole.rowCount && rows["gone"]?.nullCount == whole.rowCount)
    #expect(rows["missing"]?.type == missing.type)
    let none = try await readAll(path, ParquetRead(schema: StructType([missing]))).rows
    #expect(none.rowCount == whole.rowCount)
  }

  @Test("Nested fields are read alone, and missing ones are null")
  func nestedProjection() async throws {
    let path = Fixtures.file("nested.parquet").path
    let whole = try await readAll(path).rows
    guard case .struct(let type)? = whole["struct"]?.type, case .structure(let children)? = whole["struct"]?.storage
    else {
      Issue.record("no struct")
      return
    }
    for (field, child) in zip(type.fields, children) {
      let only = StructType([StructField("struct", .struct(StructType([field, StructField("zz", .long)])))])
      let rows = try await readAll(path, ParquetRead(schema: only)).rows
      guard case .structure(let read)? = rows["struct"]?.storage else { continue }
      #expect(rows["struct"]?.nullCount == whole["struct"]?.nullCount)
      #expect(read[0] == child && read[1].nullCount == whole.rowCount)
    }
    let empty = StructType([StructField("struct", .struct(StructType([StructField("zz", .long)])))])
    #expect(try await readAll(path, ParquetRead(schema: empty)).rows["struct"]?.nullCount == whole["struct"]?.nullCount)
  }

  @Test("Values are converted to the types asked for")
  func conversions() async throws {
    func read(_ file: String, _ name: String, _ type: DataType) async throws -> Column {
      let schema = StructType([StructField(name, type)])
      return try #require(try await readAll(Fixtures.file(file).path, ParquetRead(schema: schema)).rows[name])
    }
    func scalars(_ column: Column) -> [Scalar] { (0..<column.count).map { column.scalar(at: $0) } }

    let small = try await read("pages.parquet", "small", .integer)
    for (type, convert): (DataType, (Int32) -> Scalar) in [
      (.long, { .long(Int64($0)) }), (.double, { .double(Double($0)) }), (.byte, { .byte(Int8($0)) }),
      (.decimal(precision: 12, scale: 2), { .decimal(Int128($0) * 100, precision: 12, scale: 2) }),
      (.decimal(precision: 30, scale: 5), { .decimal(Int128($0) * 100_000, precision: 30, scale: 5) }),
    ] {
      let expected = scalars(small).map { scalar -> Scalar in
        if case .integer(let value) = scalar { convert(value) } else { .null }
      }
      #expect(scalars(try await read("pages.parquet", "small", type)) == expected)
    }
    let single = scalars(try await read("pages.parquet", "single", .float))
    #expect(
      scalars(try await read("pages.parquet", "single", .double))
        == single.map { if case .float(let value) = $0 { .double(Double(value)) } else { .null } })
    let word = try await read("pages.parquet", "word", .string)
    #expect(
      scalars(try await read("pages.parquet", "word", .binary))
        == scalars(word).map { if case .string(let text) = $0 { .binary(Array(text.utf8)) } else { .null } })
    let five = scalars(try await read("types.parquet", "d5", .decimal(precision: 5, scale: 2)))
    #expect(
      scalars(try await read("types.parquet", "d5", .decimal(precision: 20, scale: 4)))
        == five.map {
          if case .decimal(let value, _, _) = $0 { .decimal(value * 100, precision: 20, scale: 4) } else { .null }
        })
    let stored = try await read("int96.parquet", "at", .int96)
    let times = try await read("int96.parquet", "at", .timestamp(.microseconds))
    #expect(scalars(times) == scalars(stored))
  }

  @Test("A type that values cannot be read as is refused by name")
  func mismatch() async throws {
    let path = Fixtures.file("pages.parquet").path
    for type in [DataType.date, .integer, .boolean, .array(ArrayType(.string)), .struct(StructType([])), .variant] {
      let read = ParquetRead(schema: StructType([StructField("word", type)]))
      await #expect {
        _ = try await readAll(path, read)
      } throws: { error in
        guard let error = error as? ParquetError else { return false }
        return error.code == .schemaMismatch && "\(error)".contains("word")
      }
    }
  }
}

@Suite("Files of other writers", .enabled(if: SharedFiles.isAvailable, "\(SharedFiles.reason)"))
struct SharedReadingTests {
  /// Reads everything; a damaged file must end in an error, never in a trap.
  @Test("Every file reads, or is refused with an error", arguments: SharedFiles.all)
  func all(_ path: String) async {
    do {
      let whole = try await readAll(path).rows
      guard whole.rowCount <= 3000 else { return }
      var read = ParquetRead()
      read.batchRowCount = 5
      let parts = try await readAll(path, read).rows
      for (part, column) in zip(parts.columns, whole.columns) { #expect(part == column) }
    } catch is ParquetError {
    } catch {
      Issue.record("\(error) is no ParquetError")
    }
  }
}
