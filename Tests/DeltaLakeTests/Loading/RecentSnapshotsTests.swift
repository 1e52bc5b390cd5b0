import Foundation
import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Opening a table again")
struct RecentSnapshotsTests {
  /// A table in a folder, to be opened as often as one likes.
  private struct Folder {
    let identity = UUID().uuidString
    var copy: TableCopy

    init(_ name: String) throws { copy = try TableCopy(name).written() }

    func open() async throws -> (snapshot: Snapshot, store: CountingStore) {
      let store = CountingStore(FolderStore(copy.store, identity))
      return (try await DeltaTable(store: store).snapshot(), store)
    }
  }

  private func paths(_ snapshot: Snapshot) -> [String] {
    (0..<snapshot.state.files.count).map { snapshot.state.files.path(at: $0) }.sorted()
  }

  private func commit(_ version: Int64) -> String { #"{"txn":{"appId":"a","version":\#(version)}}"# + "\n" }

  @Test("Only what was committed since is read, and the log is listed once")
  func again() async throws {
    var folder = try Folder("checkpoint")
    let first = try await folder.open()
    #expect(first.store.count(.list) == 1)
    let second = try await folder.open()
    #expect(second.store.requests.filter { $0.call == .read }.map(\.path) == ["_delta_log/_last_checkpoint"])
    #expect(second.store.count(.list) == 0)
    #expect(paths(second.snapshot) == paths(first.snapshot))
    #expect(second.snapshot.log == first.snapshot.log)
    #expect(second.snapshot.timestamp == first.snapshot.timestamp)
    for version in Int64(13)...24 { folder.copy[commit: version] = commit(version) }
    for _ in 0..<2 {
      let third = try await folder.open()
      #expect(third.snapshot.version == 24)
      #expect(third.snapshot.transaction("a")?.version == 24)
      #expect(third.store.count(.list) == 0)
      #expect(third.snapshot.timestamp == (try await folder.copy.table.snapshot().timestamp))
    }
  }

  @Test("Another table in the same place, or none, is noticed")
  func replaced() async throws {
    var folder = try Folder("checkpoint")
    _ = try await folder.open()
    folder.copy = try TableCopy("appends").written()
    #expect(try await folder.open().snapshot.version == 4)
    folder.copy = try TableCopy("checkpoint").written()
    folder.copy[commit: 12] = commit(12)
    #expect(try await folder.open().snapshot.transaction("a")?.version == 12)
    folder.copy = TableCopy()
    let error = await #expect(throws: DeltaError.self) { try await folder.open() }
    #expect(error?.code == .notFound)
  }

  @Test("A commit that is missing among the new ones is an error", arguments: [Int64(13), 14])
  func gap(missing: Int64) async throws {
    var folder = try Folder("checkpoint")
    _ = try await folder.open()
    for version in Int64(13)...15 where version != missing { folder.copy[commit: version] = commit(version) }
    let error = await #expect(throws: DeltaError.self) { try await folder.open() }
    #expect(error?.code == .gapInLog)
  }

  @Test("A table with damage that can be done without is loaded anew each time, and the damage told")
  func damaged() async throws {
    var folder = try Folder("checkpoint")
    let intact = try await folder.copy.table.snapshot()
    folder.copy.truncate("_delta_log/" + TableCopy.name(9, ".checkpoint.parquet"))
    for _ in 0..<2 {
      let opened = try await folder.open()
      #expect(paths(opened.snapshot) == paths(intact))
      #expect(!opened.snapshot.warnings.isEmpty)
      #expect(opened.store.count(.list) > 0)
    }
  }

  @Test("New commits that are damaged are done without where a newer checkpoint allows it")
  func damagedCommit() async throws {
    var folder = try Folder("checkpoint")
    let first = try await folder.open()
    for version in Int64(13)...14 { folder.copy[commit: version] = commit(version) }
    let store = folder.copy.store
    _ = try await DeltaTable(store: store).checkpoint(durability: .relaxed)
    for name in ["_last_checkpoint", TableCopy.name(14, ".checkpoint.parquet")] {
      folder.copy[log: name] = try await store.read("_delta_log/" + name)
    }
    folder.copy[commit: 13] = "{"
    let second = try await folder.open()
    #expect(second.snapshot.version == 14)
    #expect(second.snapshot.transaction("a")?.version == 14)
    #expect(paths(second.snapshot) == paths(first.snapshot))
    folder.copy[log: TableCopy.name(14, ".checkpoint.parquet")] = nil
    folder.copy[commit: 14] = "{"
    let error = await #expect(throws: DeltaError.self) { try await folder.open() }
    #expect(error?.code == .corruptLog)
  }

  @Test("What one's own commit has made is known")
  func ownCommits() async throws {
    let base = FolderStore(try TableCopy("checkpoint").written().store, UUID().uuidString)
    var transaction = try await DeltaTable(store: base).transaction()
    transaction.options.durability = .relaxed
    transaction.record(AppTransaction(appId: "a", version: 1))
    _ = try await transaction.commit()
    let store = CountingStore(base)
    let snapshot = try await DeltaTable(store: store).snapshot()
    #expect(snapshot.version == 13)
    #expect(snapshot.transaction("a")?.version == 1)
    #expect(store.requests.filter { $0.call == .read }.map(\.path) == ["_delta_log/_last_checkpoint"])
    #expect(store.count(.list) == 0)
  }

  @Test("A version that is asked for by number is listed")
  func versions() async throws {
    let folder = try Folder("checkpoint")
    _ = try await folder.open()
    let store = CountingStore(FolderStore(folder.copy.store, folder.identity))
    #expect(try await DeltaTable(store: store).snapshot(asOf: .version(11)).version == 11)
    #expect(store.count(.list) == 1)
  }

  @Test("A store that can't be known again is listed each time, as is a folder named from the working directory")
  func unknown() async throws {
    let base = try TableCopy("checkpoint").written().store
    for _ in 0..<2 {
      let store = CountingStore(FolderStore(base))
      _ = try await DeltaTable(store: store).snapshot()
      #expect(store.count(.list) == 1)
    }
    #expect(LocalObjectStore(root: "a/table").identity == nil)
    #expect(LocalObjectStore(root: "/a/table/").identity == "/a/table")
  }

  @Test("Of many tables the ones last used are remembered")
  func forgotten() async throws {
    let copy = try TableCopy("checkpoint").written()
    let locations = (0..<70).map { TableLocation(store: FolderStore(copy.store, "\($0)")) }
    let recent = RecentSnapshots()
    for location in locations {
      recent.remember(try await DeltaTable(store: location.store).snapshot())
      // The first one is used again and again.
      #expect(recent.snapshot(of: locations[0]) != nil)
    }
    let known = locations.indices.filter { recent.snapshot(of: locations[$0]) != nil }
    #expect(known == [0] + Array(7..<70))
  }

  @Test("Of large tables fewer are remembered, and one that is too large is not")
  func large() async throws {
    let copy = try TableCopy("checkpoint").written()
    func snapshot(_ name: String) async throws -> Snapshot {
      try await DeltaTable(store: FolderStore(copy.store, name)).snapshot()
    }
    let snapshots = [try await snapshot("large 1"), try await snapshot("large 2"), try await snapshot("large 3")]
    let byteCount = snapshots[0].state.byteCount
    // Its commits since the checkpoint, at the least.
    #expect(byteCount > (10...12).reduce(0) { $0 + (copy[log: TableCopy.name($1)]?.count ?? 0) })
    for (limit, known) in [(byteCount - 1, []), (2 * byteCount - 1, [2]), (2 * byteCount, [1, 2])] {
      let recent = RecentSnapshots(byteLimit: limit)
      for snapshot in snapshots { recent.remember(snapshot) }
      #expect(snapshots.indices.filter { recent.snapshot(of: snapshots[$0].location) != nil } == known)
    }
  }
}
