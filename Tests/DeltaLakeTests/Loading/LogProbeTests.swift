import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Asking for the log's end by name")
struct LogProbeTests {
  private func paths(_ snapshot: Snapshot) -> [String] {
    (0..<snapshot.state.files.count).map { snapshot.state.files.path(at: $0) }
  }

  // MARK: A version that was the newest

  @Test("Newer commits are found without a listing", arguments: [Int64(10), 11, 12])
  func refreshes(from version: Int64) async throws {
    let store = CountingStore(FolderStore(try TableCopy("checkpoint").store))
    let table = DeltaTable(store: store)
    let fresh = try await table.snapshot()
    let old = try await table.snapshot(asOf: .version(version))
    store.reset()
    let refreshed = try await old.refreshed()
    #expect(refreshed.version == 12)
    #expect(paths(refreshed).sorted() == paths(fresh).sorted())
    #expect(refreshed.timestamp == fresh.timestamp)
    #expect(store.count(.list) == 0)
  }

  /// The table "appends" and so many commits more that change nothing.
  private func long(_ count: Int64) throws -> TableCopy {
    var copy = try TableCopy("appends")
    for version in 5..<5 + count { copy[commit: version] = #"{"txn":{"appId":"a","version":\#(version)}}"# + "\n" }
    return copy
  }

  @Test("Of many newer commits all are found", arguments: [15, 16, 17, 63, 64, 65, 200] as [Int64])
  func many(count: Int64) async throws {
    let old = try await try TableCopy("appends").table.snapshot()
    let store = CountingStore(FolderStore(try long(count).store))
    let refreshed = try await moved(old, to: store).refreshed()
    #expect(refreshed.version == 4 + count)
    #expect(refreshed.transaction("a")?.version == 4 + count)
    #expect(store.count(.list) == (count < 64 ? 0 : 1))
  }

  @Test("A commit that is missing is noticed", arguments: [1, 3, 10])
  func gap(width: Int64) async throws {
    let old = try await try TableCopy("appends").table.snapshot()
    var copy = try long(width + 1)
    for version in 5..<5 + width { copy[commit: version] = nil }
    let error = await #expect(throws: DeltaError.self) {
      try await moved(old, to: FolderStore(copy.store)).refreshed()
    }
    #expect(error?.code == .gapInLog)
  }

  @Test("A version whose commit was cleaned up, or is another's now, is loaded anew")
  func cleaned() async throws {
    let copy = try TableCopy("checkpoint")
    let old = try await copy.table.snapshot(asOf: .version(5))
    var cleaned = copy
    for version in Int64(0)...8 { cleaned[commit: version] = nil }
    #expect(try await moved(old, to: FolderStore(cleaned.store)).refreshed().log.checkpointVersion == 9)
    var other = copy
    other.times["_delta_log/" + TableCopy.name(5)] = 77
    #expect(try await moved(old, to: FolderStore(other.store)).refreshed().log.checkpointVersion == 9)
  }

  @Test("Where a checkpoint further on is hinted at, the log is listed")
  func hintedFurtherOn() async throws {
    let copy = try TableCopy("checkpoint")
    let old = try await copy.table.snapshot(asOf: .version(5))
    var cleaned = copy
    for version in Int64(6)...12 { cleaned[commit: version] = nil }
    #expect(try await moved(old, to: FolderStore(cleaned.store)).refreshed().version == 9)
  }

  private func moved(_ snapshot: Snapshot, to store: any ObjectStore) -> Snapshot {
    Snapshot(
      location: TableLocation(store: store), state: snapshot.state, log: snapshot.log, lastCommit: snapshot.lastCommit,
      commitTime: snapshot.commitTime, warnings: [])
  }
}
