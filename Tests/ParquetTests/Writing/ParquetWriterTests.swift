import Columnar
import Foundation
import Testing
import _TestSupport

@testable import Parquet

@Suite("Writing Parquet files")
struct ParquetWriterTests {
  static let layouts: [ParquetWriterOptions] = [
    .with { _ in },
    .with {
      $0.compression = .snappy
      $0.pageRowLimit = 7
      $0.rowGroupRowLimit = 50
    },
    .with {
      $0.compression = .uncompressed
      $0.pageByteLimit = 100
      $0.dictionaryByteLimit = 0
    },
    .with {
      $0.profile = .compact
      $0.pageRowLimit = 100
    },
    .with {
      $0.profile = .compact
      $0.compression = .lz4Raw
      $0.dictionaryByteLimit = 0
      $0.pageRowLimit = 13
      $0.rowGroupRowLimit = 400
    },
    .with {
      $0.compression = .gzip
      $0.dictionaryByteLimit = 64
      $0.pageRowLimit = 40
    },
  ]

  @Test(
    "Files of other implementations are the same rows when they are written anew", arguments: Fixtures.files,
    layouts.indices)
  func fixtures(_ file: FixtureFile, _ layout: Int) async throws {
    let whole = try await readAll(file.path).rows
    let written = try await WrittenFile(whole.schema, [whole], Self.layouts[layout])
    let rows = try await written.rows()
    #expect(rows.rowCount == whole.rowCount && written.written.rowCount == Int64(whole.rowCount))
    for (field, (column, expected)) in zip(whole.schema.fields, zip(rows.columns, whole.columns)) {
      if expected.type == .int96 {
        #expect((0..<expected.count).allSatisfy { sameTime(column.scalar(at: $0), expected.scalar(at: $0)) })
      } else {
        #expect(column == expected, "\(field.name)")
      }
    }
  }

  /// INT96 has no zone; its scalars are timestamps for want of anything better.
  private func sameTime(_ stored: Scalar, _ source: Scalar) -> Bool {
    switch (stored, source) {
    case (.timestampNtz(let a), .timestamp(let b)): a == b
    default: stored.isNull && source.isNull
    }
  }

  @Test("Rows given in batches of any size are one file", arguments: [1, 3, 500, 1500, 5000])
  func batches(_ size: Int) async throws {
    let rows = try await readAll(Fixtures.file("nested.parquet").path).rows
    let copies = try RecordBatch.concatenating(Array(repeating: rows, count: max(1, 3000 / rows.rowCount)))
    var parts: [RecordBatch] = []
    for start in stride(from: 0, to: copies.rowCount, by: size) {
      parts.append(copies.slice(start..<min(start + size, copies.rowCount)))
    }
    let written = try await WrittenFile(copies.schema, parts)
    #expect(try await written.rows().columns == copies.columns)
    #expect(written.file.metadata.rowGroups.count == 1)
  }

  @Test("Columns are encoded in parallel to the same bytes")
  func parallel() async throws {
    let count = 70_000
    let schema = StructType([StructField("a", .long), StructField("b", .string), StructField("c", .boolean)])
    let numbers = (0..<count).map { row -> Int64? in row % 11 == 0 ? nil : Int64(row * 7919 % 1000) }
    let columns = [
      Column(longs: numbers), Column(strings: (0..<count).map { row -> String? in "\(row)" }),
      Column(booleans: (0..<count).map { row -> Bool? in row % 3 == 0 }),
    ]
    let batch = RecordBatch(schema: schema, columns: columns, rowCount: count)
    let options = ParquetWriterOptions.with { $0.rowGroupRowLimit = 30_000 }
    let alone = try await WrittenFile(schema, [batch], options)
    let together = try await WrittenFile(schema, [batch], options, workers: ThreadPerJob())
    #expect(alone.bytes == together.bytes)
    #expect(alone.file.metadata.rowGroups.map(\.rowCount) == [30_000, 30_000, 10_000])
    #expect(try await together.rows().columns == batch.columns)
  }

  @Test("A file without rows, and one without columns, are files")
  func empty() async throws {
    let schema = StructType([StructField("a", .long), StructField("b", .array(ArrayType(.string)))])
    let none = RecordBatch(
      schema: schema, columns: schema.fields.map { Column(nulls: 0, of: $0.type) }, rowCount: 0)
    for batches in [[], [none]] {
      let file = try await WrittenFile(schema, batches)
      #expect(file.file.rowCount == 0 && file.file.metadata.rowGroups.isEmpty)
      #expect(file.file.rowSchema == schema)
      #expect(file.written.leaves.map(\.valueCount) == [0, 0] && file.written.leaves[0].min == nil)
    }
    let bare = StructType([])
    let file = try await WrittenFile(bare, [RecordBatch(schema: bare, columns: [], rowCount: 5)])
    #expect(file.file.rowCount == 5 && file.file.schema.leaves.isEmpty)
  }

  @Test("Limits of rows and bytes end row groups")
  func rowGroups() async throws {
    let column = Column(strings: (0..<200_000).map { row -> String? in "row number \(row * 48_271 % 999_983)" })
    let byRows = try await WrittenFile(column, .with { $0.rowGroupRowLimit = 60_000 })
    #expect(byRows.file.metadata.rowGroups.map(\.rowCount) == [60_000, 60_000, 60_000, 20_000])
    let byBytes = try await WrittenFile(column, .with { $0.rowGroupByteLimit = 100_000 })
    #expect(byBytes.file.metadata.rowGroups.count > 1)
    #expect(try await byBytes.rows().columns == [column])
  }

  @Test("Pages end with rows, whatever limits their number and size")
  func pages() async throws {
    let counts = (0..<100).map { row -> Int? in row % 7 }
    let lists = Column(lists: counts, of: Column(longs: (0..<counts.reduce(0) { $0 + ($1 ?? 0) }).map { Int64($0) }))
    for options in [
      ParquetWriterOptions.with { $0.pageRowLimit = 9 },
      .with {
        $0.pageByteLimit = 64
        $0.dictionaryByteLimit = 0
      },
    ] {
      let file = try await WrittenFile(lists, options)
      let index = try #require(try await file.pageIndex())
      let starts = index.offsets.pageLocations.map(\.firstRowIndex)
      #expect(starts.count > 8 && starts == starts.sorted() && Set(starts).count == starts.count)
      #expect(try await file.rows().columns == [lists])
    }
    let file = try await WrittenFile(lists, .with { $0.pageRowLimit = 9 })
    let starts = try await file.pageIndex()?.offsets.pageLocations.map(\.firstRowIndex)
    #expect(starts == stride(from: 0, to: 100, by: 9).map { Int64($0) })
  }

  @Test("A value larger than a page has a page of its own")
  func largeValues() async throws {
    let column = Column(binaries: [[1], Array(repeating: 7, count: 3000), nil, [2], Array(repeating: 8, count: 2000)])
    let file = try await WrittenFile(
      column,
      .with {
        $0.pageByteLimit = 100; $0.dictionaryByteLimit = 0
      })
    #expect(try await file.pageIndex()?.offsets.pageLocations.count == 4)
    #expect(try await file.rows().columns == [column])
  }

  @Test("A dictionary that grows too large ends, and what was coded stays so")
  func dictionaryEnds() async throws {
    // Few different values at first, then nothing but different ones.
    let values = (0..<60_000).map { row -> Int64? in row < 30_000 ? Int64(row % 100) : Int64(row * 7) }
    let column = Column(longs: values)
    let file = try await WrittenFile(column, .with { $0.dictionaryByteLimit = 8192 })
    let statistics = try file.metadata().encodingStatistics
    let encodings: [Encoding] = [.plain, .plain, .runLengthDictionary]
    #expect(statistics.map(\.encoding) == encodings)
    #expect(statistics[0].pageType == .dictionary && statistics.allSatisfy { $0.pageCount > 0 })
    #expect(try await file.rows().columns == [column])
    let unique = try await WrittenFile(Column(longs: (0..<40_000).map { $0 * 3 }))
    #expect(try unique.metadata().dictionaryPageOffset == nil)
    #expect(try unique.metadata().encodings == [.plain, .runLength])
  }

  @Test("Coded columns are written without decoding them, with the values that occur")
  func codedColumns() async throws {
    let words = Column(strings: ["unused", "b", "a", "never", "c"])
    let column = Column(codes: [1, 2, nil, 4, 1, nil], values: words)
    let file = try await WrittenFile(column)
    #expect(try await file.rows().columns == [Column(strings: ["b", "a", nil, "c", "b", nil])])
    #expect(file.written.leaves[0].min == .string("a") && file.written.leaves[0].max == .string("c"))
    #expect(file.written.leaves[0].nullCount == 2)
  }

  @Test("Small files go to the sink at once")
  func fewWrites() async throws {
    let sink = MemorySink()
    let schema = StructType([StructField("a", .long), StructField("b", .string)])
    let writer = try ParquetWriter(schema: schema, to: sink)
    for row in 0..<20 {
      try await writer.write(
        RecordBatch(
          schema: schema, columns: [Column(longs: [Int64(row)]), Column(strings: ["x\(row)"])], rowCount: 1))
    }
    #expect(writer.estimatedByteCount > 0 && writer.rowCount == 20 && sink.writeCount == 0)
    let file = try await writer.finish()
    #expect(sink.writeCount == 1 && sink.bytes.count == file.byteCount)
  }

  // MARK: Errors

  private func code(_ body: () async throws -> Void) async -> ParquetError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? ParquetError
    }
  }

  @Test("A batch of other columns is refused by name, and the file goes on without it")
  func wrongBatch() async throws {
    let schema = StructType([
      StructField("a", .long), StructField("s", .struct(StructType([StructField("x", .string)]))),
    ])
    let person = Column(fields: [("x", Column(strings: ["v"]))], count: 1)
    let sink = MemorySink()
    let writer = try ParquetWriter(schema: schema, to: sink)
    func batch(_ columns: [(String, Column)]) -> RecordBatch {
      RecordBatch(
        schema: StructType(columns.map { StructField($0.0, $0.1.type) }), columns: columns.map(\.1), rowCount: 1)
    }
    for columns: [(String, Column)] in [
      [("a", Column(longs: [1]))], [("a", Column(integers: [1])), ("s", person)],
      [("A", Column(longs: [1])), ("s", person)], [("s", person), ("a", Column(longs: [1]))],
      [("a", Column(longs: [1])), ("s", Column(fields: [("y", Column(strings: ["v"]))], count: 1))],
    ] {
      let error = await code { try await writer.write(batch(columns)) }
      #expect(error?.code == .schemaMismatch)
    }
    try await writer.write(batch([("a", Column(longs: [1])), ("s", person)]))
    #expect(try await writer.finish().rowCount == 1)
    #expect(await code { _ = try await writer.finish() }?.code == .invalidState)
    #expect(
      await code { try await writer.write(batch([("a", Column(longs: [1])), ("s", person)])) }?.code == .invalidState)
  }

  @Test("A null in a required column, and a value that doesn't fit, name the column; the file is given up then")
  func wrongValues() async throws {
    let schema = StructType([StructField("a", .array(ArrayType(.long, containsNull: false)))])
    let elements = (0..<2000).map { row -> Int64? in row == 1234 ? nil : Int64(row) }
    let column = Column(lists: [2000], of: Column(longs: elements))
    let writer = try ParquetWriter(schema: schema, to: MemorySink())
    let batch = RecordBatch(schema: schema, columns: [column], rowCount: 1)
    try await writer.write(batch)
    let error = await code { _ = try await writer.finish() }
    #expect(error?.code == .invalidValue && error?.column == "a.list.element")
    let later = await code { try await writer.write(batch) }
    #expect(later?.code == .invalidState && later?.cause is ParquetError)

    let misfits = [
      Column(decimals: [1, 3_000_000_000], precision: 9, scale: 0),
      Column(decimals: [1, -(Int128(1) << 80)], precision: 20, scale: 2),
      Column(.string, count: 1, storage: Column(binaries: [[0xFF, 0x41]]).storage),
      Column(.string, count: 2, storage: Column(binaries: [[0xC3], [0xA9]]).storage),
      Column(codes: [0], values: Column(.string, count: 1, storage: Column(binaries: [[0x80]]).storage)),
      Column(.int96, count: 1, storage: .fixed(Buffer(zeroed: 12))),
    ]
    for column in misfits {
      let error = await code { _ = try await WrittenFile(column) }
      #expect(error?.column == "a", "\(column.type)")
    }
  }

  @Test("When the sink fails the writer says so and stays failed")
  func failingSink() async throws {
    let column = Column(binaries: (0..<40).map { row -> [UInt8]? in Array(repeating: UInt8(row), count: 100_000) })
    let schema = StructType([StructField("a", .binary)])
    let batch = RecordBatch(schema: schema, columns: [column], rowCount: 40)
    for failure in 0..<3 {
      let writer = try ParquetWriter(
        schema: schema,
        options: .with {
          $0.compression = .uncompressed; $0.rowGroupByteLimit = 1 << 20
        },
        to: MemorySink(failingAt: failure))
      await #expect(throws: MemorySink.Failure.self) {
        for _ in 0..<3 { try await writer.write(batch) }
        _ = try await writer.finish()
      }
      #expect(await code { _ = try await writer.finish() }?.cause is MemorySink.Failure)
    }
  }

  @Test("A cancelled task stops writing")
  func cancellation() async throws {
    let schema = StructType([StructField("a", .long)])
    let batch = RecordBatch(schema: schema, columns: [Column(longs: (0..<2000).map { $0 })], rowCount: 2000)
    let task = Task {
      let writer = try ParquetWriter(schema: schema, to: MemorySink())
      while true { try await writer.write(batch) }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

/// Runs each job on a thread of its own, so that jobs really run side by side. A class, as executors are.
final class ThreadPerJob: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }.start()
  }
}
