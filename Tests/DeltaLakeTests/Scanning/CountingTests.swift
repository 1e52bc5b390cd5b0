import DeltaLake
import Testing
import _TestSupport

@Suite("Counting the rows of a scan")
struct CountingTests {
  @Test("A scan counts what it would give, with any columns and limit")
  func counts() async throws {
    let scan = try await DeltaTable(Fixtures.table("appends").path).snapshot().scan()
    #expect(try await scan.count() == 200)
    for limit in [0, 1, 200, 5000] { #expect(try await scan.limit(limit).count() == Int64(min(200, limit))) }
    let far = try scan.select(["city"]).where { $0.id > 150 }
    #expect(try await far.count() == Int64(far.rows().count))
    #expect(try await far.limit(3).count() == 3)
    #expect(try await scan.where(sql: "id < 0 AND city IS NULL").count() == 0)
  }

  @Test("Where the log doesn't count a file, its rows are counted")
  func withoutStatistics() async throws {
    var copy = try TableCopy("appends")
    copy[commit: 2] = copy[commit: 2]?.replacing("numRecords", with: "other")
    let snapshot = try await copy.table.snapshot()
    #expect(try await snapshot.rowCount() == nil)
    #expect(try await snapshot.scan().count() == 200)
    #expect(try await snapshot.scan().where(sql: "id >= 0").count() == 200)
    // And where the file is not there, that is an error, not a smaller number.
    for path in try copy.added(2) { copy.files[path] = nil }
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot().scan().count() }
    #expect(error?.code == .missingDataFile)
  }

  @Test("A checkpoint whose statistics are gone since costs reading, not the answer")
  func lostCheckpoint() async throws {
    let copy = try TableCopy("checkpoint")
    let store = copy.store
    let snapshot = try await DeltaTable(store: store).snapshot()
    for path in copy.files.keys where path.hasSuffix(".checkpoint.parquet") {
      store.put([1, 2, 3], at: path, lastModified: 1)
    }
    await #expect(throws: DeltaError.self) { try await snapshot.rowCount() }
    #expect(try await snapshot.scan().count() == 50)
  }
}
