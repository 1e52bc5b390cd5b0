import Foundation
import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Asking for the log's end by name")
struct LogProbeTests {
  private func paths(_ snapshot: Snapshot) -> [String] {
    (0..<snapshot.state.files.count).map { snapshot.state.files.path(at: $0) }.sorted()
  }

  /// The table "checkpoint" at its newest version, 12, and so many commits more but for some.
  private func grown(by count: Int64 = 0, without missing: ClosedRange<Int64>? = nil) throws -> TableCopy {
    var copy = try TableCopy("checkpoint").written()
    guard count > 0 else { return copy }
    for version in 13...12 + count where missing?.contains(version) != true {
      copy[commit: version] = #"{"txn":{"appId":"a","version":\#(version)}}"# + "\n"
    }
    return copy
  }

  private func snapshot(_ copy: TableCopy, at version: Int64 = 12) async throws -> Snapshot {
    try await copy.table.snapshot(asOf: .version(version))
  }

  /// As if it had been taken from another store.
  private func moved(_ snapshot: Snapshot, to store: any ObjectStore, listedVersion: Int64? = nil) -> Snapshot {
    Snapshot(
      location: TableLocation(store: store), state: snapshot.state, log: snapshot.log, lastCommit: snapshot.lastCommit,
      commitTime: snapshot.commitTime, listedVersion: listedVersion, warnings: [])
  }

  @Test("Newer commits are found without a listing", arguments: [Int64(10), 11, 12])
  func refreshes(from version: Int64) async throws {
    let copy = try grown()
    let fresh = try await copy.table.snapshot()
    let store = CountingStore(FolderStore(copy.store))
    let refreshed = try await moved(try await snapshot(copy, at: version), to: store).refreshed()
    #expect(refreshed.version == 12)
    #expect(paths(refreshed) == paths(fresh))
    #expect(refreshed.timestamp == fresh.timestamp)
    #expect(store.count(.list) == 0)
  }

  @Test("Of many newer commits all are found", arguments: 1...80 as ClosedRange<Int64>)
  func many(count: Int64) async throws {
    let store = CountingStore(FolderStore(try grown(by: count).store))
    let refreshed = try await moved(try await snapshot(try grown()), to: store).refreshed()
    #expect(refreshed.version == 12 + count)
    #expect(refreshed.transaction("a")?.version == 12 + count)
    if count <= 48 { #expect(store.count(.list) == 0) }
    if count > 72 { #expect(store.count(.list) == 1) }
  }

  @Test("A commit that is missing is noticed wherever it is", arguments: 13...40 as ClosedRange<Int64>, [1, 2, 6, 7])
  func gap(first: Int64, width: Int64) async throws {
    let copy = try grown(by: 40, without: first...first + width - 1)
    let error = await #expect(throws: DeltaError.self) {
      try await moved(try await snapshot(try grown()), to: FolderStore(copy.store)).refreshed()
    }
    #expect(error?.code == .gapInLog)
  }

  @Test("A greater gap is noticed by whoever has committed some times")
  func wideGap() async throws {
    let copy = try grown(by: 60, without: 13...60)
    let old = try await snapshot(try grown())
    let error = await #expect(throws: DeltaError.self) {
      try await moved(old, to: FolderStore(copy.store), listedVersion: -4).refreshed()
    }
    #expect(error?.code == .gapInLog)
  }

  @Test(
    "Whatever the steps, the log is listed every sixteen versions, and when nothing is new it isn't",
    arguments: 1...5 as ClosedRange<Int64>)
  func listings(step: Int64) async throws {
    var snapshot = try await snapshot(try grown())
    var listed: [Int64] = []
    for version in stride(from: 12 + step, through: 92, by: Int(step)) {
      let store = CountingStore(FolderStore(try grown(by: version - 12).store))
      snapshot = try await moved(snapshot, to: store, listedVersion: snapshot.listedVersion).refreshed()
      #expect(snapshot.version == version)
      if store.count(.list) > 0 { listed.append(version) }
      store.reset()
      _ = try await snapshot.refreshed().refreshed()
      #expect(store.count(.list) <= (snapshot.version - snapshot.listedVersion < 16 ? 0 : 1))
    }
    #expect(listed.count >= 3)
    for (last, next) in zip([12] + listed, listed) { #expect(next - last >= 16 && next - last < 16 + 2 * step) }
  }

  @Test("A version whose commit was cleaned up, or is another's now, is loaded anew")
  func cleaned() async throws {
    let copy = try grown()
    let old = try await snapshot(copy, at: 5)
    var cleaned = copy
    for version in Int64(0)...8 { cleaned[commit: version] = nil }
    #expect(try await moved(old, to: FolderStore(cleaned.store)).refreshed().log.checkpointVersion == 9)
    var other = copy
    other.times["_delta_log/" + TableCopy.name(5)] = TableCopy.now + 77
    #expect(try await moved(old, to: FolderStore(other.store)).refreshed().log.checkpointVersion == 9)
  }

  @Test("Where no checkpoint is hinted at, or one further on, the log is listed")
  func hints() async throws {
    let copy = try grown()
    let old = try await snapshot(copy, at: 5)
    var cleaned = copy
    for version in Int64(6)...12 { cleaned[commit: version] = nil }
    #expect(try await moved(old, to: FolderStore(cleaned.store)).refreshed().version == 9)
    cleaned[log: "_last_checkpoint"] = nil
    #expect(try await moved(old, to: FolderStore(cleaned.store)).refreshed().version == 9)
  }

  @Test("From a commit that may be about to be cleaned up the log is listed")
  func oldCommit() async throws {
    let copy = try TableCopy("checkpoint").written(at: TableCopy.now - 90_000_000)
    let store = CountingStore(FolderStore(copy.store))
    #expect(try await moved(try await snapshot(copy), to: store).refreshed().version == 12)
    #expect(store.count(.list) == 1)
  }

  @Test("In a folder, what is no file is passed over, and a file is what a listing says of it")
  func folder() async throws {
    let root = try grown().writeToFolder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    let log = root + "/_delta_log/"
    let store = LocalObjectStore(root: root)
    let names = [TableCopy.name(12), TableCopy.name(40), TableCopy.name(0)].map { "_delta_log/" + $0 }
    let listed = Dictionary(uniqueKeysWithValues: try await store.list("_delta_log").map { ($0.path, $0) })
    #expect(try await store.metadata(of: names) == names.map { listed[$0] })
    let old = try await DeltaTable(root).snapshot()
    for (name, listings) in [("", 0), (TableCopy.name(14), 1)] {
      if !name.isEmpty {
        try FileManager.default.createDirectory(atPath: log + name, withIntermediateDirectories: false)
      }
      let counting = CountingStore(store)
      #expect(try await moved(old, to: counting).refreshed().version == 12)
      #expect(counting.count(.list) == listings)
    }
  }
}
