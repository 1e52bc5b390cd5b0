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

  @Test("A count of deleted rows that can't be one does no harm")
  func hostileCount() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    let vector = DeletionVectorDescriptor(
      storageType: .inline, pathOrInlineDv: "x", sizeInBytes: 1, cardinality: .min)
    let file = try #require(try await written.table.snapshot().files.first)
    let metadata = TableMetadata(
      id: "t", schemaString: #"{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]}"#)
    written.store.put(
      CommitText.bytes(of: [
        .protocol(
          ProtocolVersions(
            minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["deletionVectors"],
            writerFeatures: ["deletionVectors"])),
        .metadata(metadata),
        .add(
          AddFile(
            path: file.path, sizeInBytes: 10, modificationTime: Timestamp(milliseconds: 1),
            stats: #"{"numRecords":10}"#, deletionVector: vector)),
      ]), at: "_delta_log/" + LogFile.commitName(0))
    let new = RowSource([
      RecordBatch(schema: StructType([StructField("id", .long)]), columns: [Column(longs: [7])], rowCount: 1)
    ])
    try await written.table.overwrite(new)
    #expect(try await written.ids() == [7])
  }
}
