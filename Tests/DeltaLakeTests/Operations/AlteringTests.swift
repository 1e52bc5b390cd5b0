import DeltaLog
import ObjectStorage
import Testing

@testable import DeltaLake

@Suite("Altering and restoring")
struct AlteringTests {
  /// A row of a table whose other column is filled in.
  private static let ids = RowSource([
    RecordBatch(schema: StructType([StructField("id", .long)]), columns: [Column(longs: [7])], rowCount: 1)
  ])

  /// The values of the identity column `key`.
  private func keys(in table: DeltaTable) async throws -> Set<Int64> {
    var keys: Set<Int64> = []
    for try await batch in try await table.snapshot().scan().batches() {
      for row in 0..<batch.rowCount {
        if case .long(let key) = batch["key"]?.scalar(at: row) { keys.insert(key) }
      }
    }
    return keys
  }

  @Test("A constraint is refused while rows break it, and holds from then on")
  func constraint() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1, -1]))
    let add = SchemaChange.addConstraint(name: "positive", condition: "id > 0")
    await #expect { try await written.table.alter([add]) } throws: {
      guard let error = $0 as? DeltaError else { return false }
      return error.code == .constraintViolation && error.message.contains("positive")
    }
    try await written.table.overwrite(WrittenTable.rows([1]))
    let commit = try await written.table.alter([add])
    #expect(commit?.snapshot.protocol.minWriterVersion == 3)
    await #expect(throws: DeltaError.self) { try await written.table.append(WrittenTable.rows([-2])) }
    #expect(try await written.ids() == [1])
  }

  @Test("With column mapping a column gets another name, and rows from before have it too")
  func renaming() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    await #expect(throws: DeltaError.self) {
      try await written.table.alter([.renameColumn(ColumnPath("day"), to: "weekday")])
    }
    try await written.table.alter([.enableColumnMapping, .renameColumn(ColumnPath("day"), to: "weekday")])
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.schema.fields.map(\.name) == ["id", "weekday"])
    for try await batch in snapshot.scan().batches() { #expect(batch["weekday"]?.scalar(at: 0) == .string("monday")) }
  }

  @Test("Changing nothing commits nothing")
  func nothing() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    try await written.table.alter([.setProperties(["owner": "me"])])
    #expect(try await written.table.alter([.setProperties(["owner": "me"])]) == nil)
    #expect(try await written.table.snapshot().version == 1)
  }

  @Test("A restored version has the rows and columns of then, and the history goes on")
  func restoring() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    try await written.table.append(WrittenTable.rows([2]))
    try await written.table.alter([.addColumns([AddedColumn(StructField("note", .string))])])
    try await written.table.overwrite(WrittenTable.rows([3]))
    let report = try await written.table.restore(to: .version(1))
    #expect(report.restoredFileCount == 2)
    #expect(report.removedFileCount == 1)
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.version == 4)
    #expect(snapshot.schema.fields.map(\.name) == ["id", "day"])
    #expect(try await written.ids() == [1, 2])
    #expect(try await snapshot.rowCount() == 2, "statistics came back with the files")
    #expect(try await written.table.restore(to: .version(4)).commit == nil)
  }

  @Test("A version whose files are gone is refused, or restored without them if asked to")
  func missingFiles() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    let gone = try #require(try await written.table.snapshot().files.first?.path)
    try await written.table.overwrite(WrittenTable.rows([2]))
    try await written.store.delete(gone)
    await #expect { try await written.table.restore(to: .version(0)) } throws: {
      ($0 as? DeltaError)?.code == .missingDataFile
    }
    #expect(try await written.ids() == [2])
    let report = try await written.table.restore(to: .version(0), ignoresMissingFiles: true)
    #expect(report.restoredFileCount == 0)
    #expect(try await written.ids() == [])
  }

  @Test("Restoring takes the clustering along, so that the table can still be written")
  func clustering() async throws {
    let written = WrittenTable()
    var create = CreateTable(StructType([StructField("id", .long), StructField("day", .string)]))
    create.clusteringColumns = [ColumnPath("id")]
    _ = try await written.table.create(create)
    try await written.table.alter([
      .addColumns([AddedColumn(StructField("more", .long))]), .clusterBy([ColumnPath("more")]),
    ])
    try await written.table.restore(to: .version(0))
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.domainMetadata("delta.clustering")?.configuration.contains("id") == true)
    try await written.table.append(WrittenTable.rows([1]))
    #expect(try await written.ids() == [1])
  }

  @Test("A plain table is clustered with the feature that this takes")
  func clusterBy() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    let commit = try await written.table.alter([.clusterBy([ColumnPath("id")])])
    #expect(commit?.snapshot.protocol.writerFeatures?.contains("clustering") == true)
    #expect(commit?.snapshot.protocol.writerFeatures?.contains("domainMetadata") == true)
    #expect(commit?.snapshot.domainMetadata("delta.clustering") != nil)
  }

  @Test("Rows of a table that begins to track them get ids, those that are there as well as new ones")
  func rowTracking() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1, 2]))
    try await written.table.append(WrittenTable.rows([3]))
    try await written.table.alter([.setProperties(["delta.enableRowTracking": "true"])])
    try await written.table.append(WrittenTable.rows([4]))
    let scan = try await written.table.snapshot().scan().includingRowTracking()
    var ids: Set<Int64> = []
    for try await batch in scan.batches() {
      let column = try #require(batch["_row_id"])
      for row in 0..<batch.rowCount {
        guard case .long(let id) = column.scalar(at: row) else {
          Issue.record("a row without an id")
          continue
        }
        ids.insert(id)
      }
    }
    #expect(ids == [0, 1, 2, 3])
  }

  @Test("Restoring gives no identity value out again")
  func identity() async throws {
    let written = WrittenTable()
    let identity = IdentityColumn(start: 1, step: 1)
    _ = try await written.table.create(
      CreateTable(StructType([StructField("id", .long), identity.written(to: StructField("key", .long))])))
    try await written.table.append(Self.ids)
    try await written.table.append(Self.ids)
    try await written.table.restore(to: .version(1))
    try await written.table.append(Self.ids)
    #expect(try await keys(in: written.table) == [1, 3])
  }

  @Test("Properties that writers keep can't be taken away, and those that go together are checked together")
  func properties() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    try await written.table.alter([.setProperties(["delta.enableInCommitTimestamps": "true"])])
    await #expect {
      try await written.table.alter([
        .unsetProperties(["delta.inCommitTimestampEnablementVersion"], ifExists: false)
      ])
    } throws: {
      ($0 as? DeltaError)?.message.contains("delta.inCommitTimestampEnablementVersion is kept by writers") == true
    }
    try await written.table.alter([.setProperties(["delta.logRetentionDuration": "interval 365 days"])])
    try await written.table.alter([.setProperties(["delta.deletedFileRetentionDuration": "interval 60 days"])])
    await #expect {
      try await written.table.alter([.setProperties(["delta.logRetentionDuration": "interval 30 days"])])
    } throws: {
      ($0 as? DeltaError)?.message.contains("must be at least delta.deletedFileRetentionDuration") == true
    }
  }

  @Test("A version that ends in a checkpoint has the time that its commit says, and so has what follows it")
  func inCommitTimes() async throws {
    let written = WrittenTable()
    var create = CreateTable(StructType([StructField("id", .long), StructField("day", .string)]))
    create.properties = ["delta.enableInCommitTimestamps": "true", "delta.checkpointInterval": "2"]
    _ = try await written.table.create(create)
    try await written.table.append(WrittenTable.rows([1]))
    // The next writer's clock is far ahead.
    let ahead = Timestamp(milliseconds: Timestamp.now().milliseconds + 86_400_000)
    let snapshot = try await written.table.snapshot()
    var notes = CommitInfo.Notes(.manualUpdate, timestamp: ahead, txnId: "x", engineInfo: "y")
    notes.inCommitTimestamp = ahead
    written.store.put(
      CommitText.bytes(of: [.commitInfo(CommitInfo(notes))]),
      at: "_delta_log/" + LogFile.commitName(snapshot.version + 1))
    try await written.table.checkpoint()
    let read = try await written.table.snapshot()
    #expect(read.log.checkpointVersion == 2 && read.log.commitCount == 0)
    #expect(read.timestamp == ahead)
    let next = try await written.table.append(WrittenTable.rows([2]))
    #expect(try #require(next.commit?.snapshot.timestamp) > ahead)
  }

  @Test("What the metadata holds that nobody here knows is there after a change, and is no change itself")
  func unknownFields() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    let path = "_delta_log/" + LogFile.commitName(0)
    let text = String(decoding: try await written.store.read(path), as: UTF8.self)
    let changed = text.replacing(
      "\"partitionColumns\"", with: "\"later\":{\"b\":[1,null]},\"a\":7,\"partitionColumns\"")
    #expect(changed != text)
    written.store.put(Array(changed.utf8), at: path)
    try await written.store.delete("_delta_log/" + LogFile.checksumName(0))
    try await written.table.alter([.setProperties(["owner": "me"])])
    let line = String(decoding: try await written.store.read("_delta_log/" + LogFile.commitName(1)), as: UTF8.self)
    #expect(line.contains("\"a\":7,\"later\":{\"b\":[1,null]}"), "\(line)")
    #expect(try await written.table.alter([.setProperties(["owner": "me"])]) == nil)
    try await written.table.append(WrittenTable.rows([2]))
    #expect(try await written.table.snapshot().warnings.isEmpty)
  }

  @Test("Identity values are not given out again under an older name of their column")
  func renamedIdentity() async throws {
    let written = WrittenTable()
    var create = CreateTable(
      StructType([StructField("id", .long), IdentityColumn().written(to: StructField("key", .long))]))
    create.properties = ["delta.columnMapping.mode": "name"]
    _ = try await written.table.create(create)
    try await written.table.append(Self.ids)
    try await written.table.alter([.renameColumn(ColumnPath("key"), to: "number")])
    try await written.table.append(Self.ids)
    try await written.table.restore(to: .version(1))
    try await written.table.append(Self.ids)
    #expect(try await keys(in: written.table) == [1, 3])
  }

  @Test("Row tracking is not turned on over files that came meanwhile")
  func rowTrackingRace() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    let base = try await written.table.snapshot()
    var transaction = Transaction(location: written.table.location, base: base, options: CommitOptions())
    transaction.changes.metadata = base.metadata
    transaction.changes.reads.everyFile = true
    try await written.table.append(WrittenTable.rows([2]))
    do {
      _ = try await transaction.commit()
      Issue.record("it was committed")
    } catch let error as DeltaError {
      #expect(error.code == .conflict && error.message.contains("all files"))
    }
    #expect(try await written.table.snapshot().version == 1)
  }
}
