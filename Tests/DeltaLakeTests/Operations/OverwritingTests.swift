import DeltaLog
import ObjectStorage
import Testing

@testable import DeltaLake

@Suite("Overwriting partitions")
struct OverwritingTests {
  private func write(
    _ written: WrittenTable, onto base: Snapshot?, _ ids: [Int64?], day: String?, _ mode: WriteOptions.Mode
  ) async throws -> WriteReport {
    try await WriteExecution(
      location: written.table.location, base: base, source: WrittenTable.rows(ids, day: day),
      options: WrittenTable.partitioned(mode)
    ).run()
  }

  private func isConflict(_ error: any Error) -> Bool { (error as? DeltaError)?.code == .conflict }

  @Test("Of two that fill the same new partition one is refused", arguments: [false, true])
  func newPartition(winnerAppends: Bool) async throws {
    let written = WrittenTable()
    _ = try await written.table.write(WrittenTable.rows([1], day: "monday"), WrittenTable.partitioned())
    let stale = try await written.table.snapshot()
    _ = try await write(written, onto: stale, [2], day: "tuesday", winnerAppends ? .append : .overwritePartitions)
    await #expect {
      try await write(written, onto: stale, [3], day: "tuesday", .overwritePartitions)
    } throws: {
      isConflict($0)
    }
    #expect(try await written.ids() == [1, 2])
  }

  @Test("Of two that fill different partitions both are made")
  func otherPartition() async throws {
    let written = WrittenTable()
    _ = try await written.table.write(WrittenTable.rows([1], day: "monday"), WrittenTable.partitioned())
    let stale = try await written.table.snapshot()
    _ = try await write(written, onto: stale, [2], day: "tuesday", .overwritePartitions)
    _ = try await write(written, onto: stale, [3], day: nil, .overwritePartitions)
    #expect(try await written.ids() == [1, 2, 3])
  }

  @Test("A partition is found however its value is spelt")
  func spelling() async throws {
    let written = WrittenTable()
    let noon: Int64 = 1_709_208_000_000_000
    func rows(_ id: Int64) -> RowSource {
      RowSource([
        RecordBatch(
          schema: StructType([StructField("id", .long), StructField("at", .timestamp())]),
          columns: [Column(longs: [id]), Column(timestamps: [noon])], rowCount: 1)
      ])
    }
    var options = WriteOptions()
    options.partitionColumns = ["at"]
    _ = try await written.table.write(rows(1), options)
    let commit = "_delta_log/00000000000000000000.json"
    let ours = String(decoding: try await written.store.read(commit), as: UTF8.self)
    #expect(ours.contains("2024-02-29T12:00:00.000000Z"))
    let others = ours.split(separator: "2024-02-29T12:00:00.000000Z", omittingEmptySubsequences: false)
    written.store.put(Array(others.joined(separator: "2024-02-29 12:00:00").utf8), at: commit)
    #expect(try await written.ids() == [1])
    options.mode = .overwritePartitions
    _ = try await written.table.write(rows(2), options)
    #expect(try await written.ids() == [2])
  }

  @Test("A schema is overwritten only together with all rows", arguments: [false, true])
  func partialSchema(byCondition: Bool) async throws {
    let written = WrittenTable()
    _ = try await written.table.write(WrittenTable.rows([1], day: "monday"), WrittenTable.partitioned())
    var options = WrittenTable.partitioned(
      byCondition ? .overwriteWhere(try ColumnPredicate(parsing: "day = 'monday'")) : .overwritePartitions)
    options.schemaMode = .overwrite
    let write = options
    await #expect { try await written.table.write(WrittenTable.rows([2], day: "monday"), write) } throws: {
      ($0 as? DeltaError)?.code == .invalidArgument
    }
    #expect(try await written.ids() == [1])
  }

  @Test("The names of a condition may be in other letters, and others' partitions are no conflict")
  func conditionInCapitals() async throws {
    let written = WrittenTable()
    _ = try await written.table.write(WrittenTable.rows([1], day: "monday"), WrittenTable.partitioned())
    let stale = try await written.table.snapshot()
    _ = try await write(written, onto: stale, [2], day: "tuesday", .append)
    let monday = try ColumnPredicate(parsing: "DAY = 'monday'")
    _ = try await write(written, onto: stale, [3], day: "monday", .overwriteWhere(monday))
    #expect(try await written.ids() == [2, 3])
  }

  @Test("An empty partition value is null, also to the rules of the table")
  func emptyValues() async throws {
    let written = WrittenTable()
    var create = CreateTable(
      StructType([StructField("id", .long), StructField("day", .string, isNullable: false)]))
    create.partitionColumns = ["day"]
    _ = try await written.table.create(create)
    await #expect { try await written.table.append(WrittenTable.rows([1], day: "")) } throws: {
      ($0 as? DeltaError)?.code == .constraintViolation
    }
    #expect(try await written.table.snapshot().version == 0)
  }
}
