import DeltaLog
import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Commits to a log that is cleaned up meanwhile")
struct ExpiredBaseTests {
  /// A table of four versions, and version 1 of it.
  private func table() async throws -> (written: WrittenTable, stale: Snapshot) {
    let written = WrittenTable()
    for id: Int64 in [0, 1] { try await written.table.append(WrittenTable.rows([id])) }
    let stale = try await written.table.snapshot()
    for id: Int64 in [2, 3] { try await written.table.append(WrittenTable.rows([id])) }
    return (written, stale)
  }

  /// Does something in 40 days.
  private static func later<Value: Sendable>(_ work: @Sendable () async throws -> Value) async throws -> Value {
    var surroundings = Surroundings()
    let now = Timestamp(milliseconds: Timestamp.now().milliseconds + 40 * 86_400_000)
    surroundings.now = { now }
    return try await Surroundings.$current.withValue(surroundings) { try await work() }
  }

  private static func append(_ id: Int64, to store: any ObjectStore, onto base: Snapshot) async throws -> Version? {
    try await WriteExecution(
      location: TableLocation(store: store), base: base, source: WrittenTable.rows([id]), options: WriteOptions()
    ).run().commit?.version
  }

  private static func cleanUp(_ table: DeltaTable) async throws {
    try await table.checkpoint()
    _ = try await LogCleanup(try await table.snapshot()).run()
  }

  private func commits(_ written: WrittenTable) async throws -> [Version] {
    let files = try await written.store.list("_delta_log").compactMap { LogFile(parsing: String($0.name)) }
    return files.filter { $0.kind == .commit }.map(\.version)
  }

  @Test("One whose base has expired is refused, for the versions after it may have expired as well")
  func expired() async throws {
    let (written, stale) = try await table()
    try await Self.later { try await Self.cleanUp(written.table) }
    let error = await #expect(throws: DeltaError.self) {
      try await Self.later { try await Self.append(9, to: written.store, onto: stale) }
    }
    #expect(error?.code == .conflict)
    #expect(error?.message.contains("version 1") == true)
    #expect(try await written.ids() == [0, 1, 2, 3])
    #expect(try await commits(written) == [3])
    #expect(try await written.store.list("").count == 4, "its data file is gone")
  }

  @Test("One that took an expired version's place before it could know is taken away again")
  func stray() async throws {
    let (written, stale) = try await table()
    let store = InterruptedStore(written.store) {
      // Checkpoints are older than what comes after them by a moment at least.
      try await Self.cleanUp(written.table)
      try await Task.sleep(for: .milliseconds(5))
    }
    let error = await #expect(throws: DeltaError.self) {
      try await Self.later { try await Self.append(9, to: store, onto: stale) }
    }
    #expect(error?.code == .conflict)
    #expect(try await written.ids() == [0, 1, 2, 3])
    #expect(try await commits(written) == [3])
  }

  @Test("One whose base is old, but still there, is made")
  func old() async throws {
    let (written, stale) = try await table()
    #expect(try await Self.later { try await Self.append(9, to: written.store, onto: stale) } == 4)
    #expect(try await written.ids() == [0, 1, 2, 3, 9])
    let snapshot = try await written.table.snapshot()
    try await Self.later { try await Self.cleanUp(written.table) }
    let version = try await Self.later { try await Self.append(10, to: written.store, onto: snapshot) }
    #expect(version == 5, "the base is what stays of the log")
  }

  @Test("A young base costs no request more")
  func young() async throws {
    let (written, _) = try await table()
    let latest = try await written.table.snapshot()
    let counting = CountingStore(written.store)
    #expect(try await Self.append(9, to: counting, onto: latest) == 4)
    #expect(counting.count(.metadata) == 0)
  }
}
