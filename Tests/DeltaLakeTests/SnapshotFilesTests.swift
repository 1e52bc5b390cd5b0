import DeltaLake
import Testing
import _TestSupport

@Suite("A snapshot's files")
struct SnapshotFilesTests {
  private func snapshot(_ name: String) async throws -> Snapshot {
    try await DeltaTable(Fixtures.table(name).path).snapshot()
  }

  @Test("are what the log adds, one by one and as a collection")
  func files() async throws {
    let copy = try TableCopy("appends")
    let files = try await copy.table.snapshot().files
    let added = try (Int64(0)...4).flatMap { try copy.lines($0, "add") }.map { try JSONValue($0)["add"] }
    #expect(files.count == added.count && files.count == 5)
    for (file, action) in zip(files, added) {
      #expect(file.path == (try action["path"].text))
      #expect(file.sizeInBytes == action["size"].number)
      #expect(file.modificationTime.milliseconds == action["modificationTime"].number)
      #expect(file.deletionVector == nil && file.deletedRowCount == 0 && file.partitionValues.isEmpty)
    }
    #expect(files.last?.path == files[4].path && files.reversed().first?.path == files[4].path)
    #expect(files.lazy.filter { $0.sizeInBytes > 0 }.count == 5)
  }

  @Test("have their partition values as text and as values, and an unknown column is an error")
  func partitions() async throws {
    let snapshot = try await snapshot("partitions")
    let columns = snapshot.metadata.partitionColumns
    try #require(!columns.isEmpty)
    for file in snapshot.files {
      #expect(Set(file.partitionValues.keys) == Set(columns))
      for column in columns {
        let value = try file.partitionValue(column)
        #expect(PartitionValues.text(for: value) == file.partitionValues[column] ?? nil)
      }
    }
    let error = #expect(throws: DeltaError.self) { try snapshot.files[0].partitionValue("nowhere") }
    #expect(error?.code == .invalidArgument)
  }

  @Test("say which rows are deleted")
  func deletionVectors() async throws {
    var copy = try TableCopy("appends")
    let vector = DeletionVectorDescriptor(inline: RoaringBitmapArray([3, 5, 39]))
    let path = try #require(copy.added(0).first)
    let add = try #require(copy.lines(0, "add").first).dropLast(2)
    copy[commit: 5] = [
      #"{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],"#
        + #""writerFeatures":["deletionVectors"]}}"#,
      #"{"remove":{"path":"\#(path)","dataChange":true,"deletionTimestamp":1}}"#,
      add + #","deletionVector":{"storageType":"i","pathOrInlineDv":"\#(vector.pathOrInlineDv)","#
        + #""sizeInBytes":\#(vector.sizeInBytes),"cardinality":3}}}"#,
    ].joined(separator: "\n")
    let snapshot = try await copy.table.snapshot()
    let deleted = snapshot.files.filter { $0.deletionVector != nil }
    #expect(deleted.map(\.path) == [path])
    #expect(deleted.first?.deletionVector == vector && deleted.first?.deletedRowCount == 3)
    var rows = -snapshot.files.reduce(0) { $0 + $1.deletedRowCount }
    for statistics in try await snapshot.statistics(of: snapshot.files, columns: []) {
      rows += try #require(statistics.numRecords)
    }
    #expect(rows == 197)
    #expect(try await snapshot.rowCount() == rows)
  }

  @Test(
    "have statistics, from commits and from a checkpoint, in the order asked for",
    arguments: ["skipping", "checkpoint"])
  func statistics(name: String) async throws {
    let snapshot = try await snapshot(name)
    let files = Array(snapshot.files)
    let all = try await snapshot.statistics(of: files)
    #expect(all.count == files.count)
    #expect(all.allSatisfy { $0.columns[ColumnPath("id")]?.min != nil && $0.numRecords ?? 0 > 0 })
    let some = try await snapshot.statistics(of: files.reversed().prefix(3), columns: [ColumnPath("id")])
    #expect(some.map(\.numRecords) == all.reversed().prefix(3).map(\.numRecords))
    #expect(some.allSatisfy { Set($0.columns.keys) == [ColumnPath("id")] })
    #expect(some.map { $0.columns[ColumnPath("id")] } == all.reversed().prefix(3).map { $0.columns[ColumnPath("id")] })
    let error = await #expect(throws: DeltaError.self) {
      try await snapshot.statistics(of: files, columns: [ColumnPath("nowhere")])
    }
    #expect(error?.code == .invalidArgument)
  }

  @Test("A plan has the files that are left, and its batches are the scan's rows without planning again")
  func plan() async throws {
    let store = CountingStore(try TableCopy("skipping").store)
    let scan = try await DeltaTable(store: store).snapshot().scan().where { $0.id < 100 }
    let plan = try await scan.plan()
    #expect(plan.files.count + plan.prunedByStatistics == 8 && !plan.files.isEmpty)
    let paths = try await Set(DeltaTable(store: store).snapshot().files.map(\.path))
    #expect(plan.files.allSatisfy { paths.contains($0.path) })
    #expect(try await plan.batches().rows().counted == scan.rows().counted)
  }

  @Test("A table's number of threads is that of all that is read of it")
  func threads() async throws {
    var table = try DeltaTable(Fixtures.table("changes").path)
    #expect(table.threadCount >= 1)
    table.threadCount = 3
    #expect(try await table.snapshot().scan().threadCount == 3)
    #expect(try await table.snapshot(asOf: .version(1)).refreshed().scan().threadCount == 3)
    #expect(try await table.changes(from: .version(0)).threadCount == 3)
  }
}
