import Foundation
import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Opening a table again")
struct RecentSnapshotsTests {
  /// A table in a folder, to be opened as often as one likes by a process of its own.
  private struct Folder {
    let identity = UUID().uuidString
    let memory = RecentSnapshots()
    var copy: TableCopy

    init(_ name: String) throws { copy = try TableCopy(name).written() }

    func open() async throws -> (snapshot: Snapshot, store: CountingStore) {
      let store = CountingStore(FolderStore(copy.store, identity))
      return (try await within { try await DeltaTable(store: store).snapshot() }, store)
    }

    func within<Value>(_ work: () async throws -> Value) async throws -> Value {
      var surroundings = Surroundings()
      surroundings.recentSnapshots = memory
      return try await Surroundings.$current.withValue(surroundings) { try await work() }
    }

    /// A checkpoint of the newest version, and its hint.
    mutating func makeCheckpoint() async throws {
      let store = copy.store
      let version = try await DeltaTable(store: store).checkpoint(durability: .relaxed).version
      for name in ["_last_checkpoint", TableCopy.name(version, ".checkpoint.parquet")] {
        copy[log: name] = try await store.read("_delta_log/" + name)
      }
    }
  }

  /// What is read of a table that is known, and has not changed.
  private let readAgain = ["_delta_log/_last_checkpoint", "_delta_log/" + TableCopy.name(12)]

  private func reads(_ store: CountingStore) -> [String] {
    store.requests.filter { $0.call == .read || $0.call == .readRange }.map(\.path).sorted().reversed()
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
    #expect(reads(second.store) == readAgain)
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

  @Test("Another table whose newest commit has the same length and time is noticed")
  func sameSize() async throws {
    var folder = try Folder("checkpoint")
    folder.copy[commit: 12] = commit(12)
    #expect(try await folder.open().snapshot.transaction("a")?.version == 12)
    folder.copy[commit: 12] = commit(34)
    for _ in 0..<2 { #expect(try await folder.open().snapshot.transaction("a")?.version == 34) }
  }

  @Test("A table in a real folder that is deleted and made again is noticed, in its first versions as later")
  func realFolder() async throws {
    let path = NSTemporaryDirectory() + "/deltalake-" + UUID().uuidString
    let aside = path + "-aside"
    defer { for path in [path, aside] { try? FileManager.default.removeItem(atPath: path) } }
    var surroundings = Surroundings()
    surroundings.recentSnapshots = RecentSnapshots()
    try await Surroundings.$current.withValue(surroundings) {
      for round in Int64(0)..<3 {
        for id in Int64(0)..<14 {
          // The other one grows to the same version where nobody has looked yet.
          try await DeltaTable(aside).append(WrittenTable.rows([100 * round + id + 50]))
          try await DeltaTable(path).append(WrittenTable.rows([100 * round + id]))
          #expect(try await WrittenTable.ids(of: DeltaTable(path).snapshot()) == (0...id).map { 100 * round + $0 })
        }
        try FileManager.default.removeItem(atPath: path)
        let error = await #expect(throws: DeltaError.self) { try await DeltaTable(path).snapshot() }
        #expect(error?.code == .notFound)
        try await DeltaTable(path).append(WrittenTable.rows([7]))
        #expect(try await WrittenTable.ids(of: DeltaTable(path).snapshot()) == [7])
        for id in Int64(0)..<12 { try await DeltaTable(path).append(WrittenTable.rows([id])) }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: aside, toPath: path)
        let ids = try await WrittenTable.ids(of: DeltaTable(path).snapshot())
        #expect(ids == (0..<14).map { 100 * round + $0 + 50 })
        try FileManager.default.removeItem(atPath: path)
      }
    }
  }

  @Test("A commit that is missing among the new ones is an error", arguments: [Int64(13), 14])
  func gap(missing: Int64) async throws {
    var folder = try Folder("checkpoint")
    _ = try await folder.open()
    for version in Int64(13)...15 where version != missing { folder.copy[commit: version] = commit(version) }
    let error = await #expect(throws: DeltaError.self) { try await folder.open() }
    #expect(error?.code == .gapInLog)
  }

  @Test("Damage that can be done without is told each time, after commits and refreshing, too")
  func damaged() async throws {
    var folder = try Folder("checkpoint")
    let intact = try await folder.copy.table.snapshot()
    folder.copy.truncate("_delta_log/" + TableCopy.name(9, ".checkpoint.parquet"))
    var snapshot = intact
    for version in Int64(12)...14 {
      if version > 12 { folder.copy[commit: version] = commit(version) }
      let opened = try await folder.open()
      #expect(paths(opened.snapshot) == paths(intact))
      #expect(!opened.snapshot.warnings.isEmpty)
      #expect(opened.store.count(.list) > 0)
      if version == 12 { snapshot = opened.snapshot }
    }
    let store = FolderStore(folder.copy.store, folder.identity)
    let refreshed = try await folder.within { try await snapshot.at(TableLocation(store: store)).refreshed() }
    #expect(refreshed.version == 14)
    #expect(refreshed.warnings == snapshot.warnings)
  }

  @Test("A checkpoint that is damaged, rewritten or gone meanwhile is noticed")
  func changedCheckpoint() async throws {
    let name = "_delta_log/" + TableCopy.name(9, ".checkpoint.parquet")
    for change in 0..<3 {
      var folder = try Folder("checkpoint")
      let first = try await folder.open()
      switch change {
      case 0: folder.copy.truncate(name)
      case 1: folder.copy.files[name] = nil
      default: folder.copy.times[name] = TableCopy.now - 5
      }
      let second = try await folder.open()
      #expect(paths(second.snapshot) == paths(first.snapshot))
      #expect(second.store.count(.list) > 0)
      #expect(second.snapshot.warnings.isEmpty == (change != 0))
    }
  }

  @Test("A folder in the place of the checkpoint is no obstacle where commits do")
  func folderForCheckpoint() async throws {
    var copy = try TableCopy("checkpoint").written()
    copy[commit: 12] = commit(12)
    let root = try copy.writeToFolder()
    defer { try? FileManager.default.removeItem(atPath: root) }
    var surroundings = Surroundings()
    surroundings.recentSnapshots = RecentSnapshots()
    try await Surroundings.$current.withValue(surroundings) {
      let first = try await DeltaTable(root).snapshot()
      #expect(surroundings.recentSnapshots.snapshot(of: first.location) != nil)
      let checkpoint = root + "/_delta_log/" + TableCopy.name(9, ".checkpoint.parquet")
      try FileManager.default.removeItem(atPath: checkpoint)
      try FileManager.default.createDirectory(atPath: checkpoint, withIntermediateDirectories: false)
      let second = try await DeltaTable(root).snapshot()
      #expect(paths(second) == paths(first))
      #expect(second.log.checkpointVersion == nil)
    }
  }

  @Test("A newer checkpoint that is hinted at is read")
  func newerCheckpoint() async throws {
    var folder = try Folder("checkpoint")
    let first = try await folder.open()
    folder.copy[commit: 13] = commit(13)
    try await folder.makeCheckpoint()
    // The older one is cleaned up.
    folder.copy[log: TableCopy.name(9, ".checkpoint.parquet")] = nil
    for (version, listings) in [(Int64(13), 1), (13, 0), (14, 0), (15, 0)] {
      if version > 13 { folder.copy[commit: version] = commit(version) }
      let second = try await folder.open()
      #expect(second.snapshot.log == LogSummary(checkpointVersion: 13, commitCount: Int(version) - 13))
      #expect(paths(second.snapshot) == paths(first.snapshot))
      #expect(second.store.count(.list) == listings)
      #expect(try await second.snapshot.rowCount() == first.snapshot.rowCount())
    }
  }

  @Test("New commits that are damaged are done without where a newer checkpoint allows it")
  func damagedCommit() async throws {
    var folder = try Folder("checkpoint")
    let first = try await folder.open()
    for version in Int64(13)...14 { folder.copy[commit: version] = commit(version) }
    try await folder.makeCheckpoint()
    folder.copy[commit: 13] = "{"
    let second = try await folder.open()
    #expect(second.snapshot.version == 14)
    #expect(second.snapshot.transaction("a")?.version == 14)
    #expect(paths(second.snapshot) == paths(first.snapshot))
    // The same for a snapshot that is held.
    let store = FolderStore(folder.copy.store)
    #expect(try await first.snapshot.at(TableLocation(store: store)).refreshed().version == 14)
    folder.copy[commit: 15] = "{"
    let error = await #expect(throws: DeltaError.self) { try await folder.open() }
    #expect(error?.code == .corruptLog)
  }

  @Test("What one's own commit has made is known")
  func ownCommits() async throws {
    let folder = try Folder("checkpoint")
    let base = FolderStore(folder.copy.store, folder.identity)
    let store = CountingStore(base)
    let snapshot = try await folder.within {
      var transaction = try await DeltaTable(store: base).transaction()
      transaction.options.durability = .relaxed
      transaction.record(AppTransaction(appId: "a", version: 1))
      _ = try await transaction.commit()
      return try await DeltaTable(store: store).snapshot()
    }
    #expect(snapshot.version == 13)
    #expect(snapshot.transaction("a")?.version == 1)
    #expect(reads(store) == ["_delta_log/_last_checkpoint", "_delta_log/" + TableCopy.name(13)])
    #expect(store.count(.list) == 0)
  }

  @Test("A version that is asked for by number is listed")
  func versions() async throws {
    let folder = try Folder("checkpoint")
    _ = try await folder.open()
    let store = CountingStore(FolderStore(folder.copy.store, folder.identity))
    let snapshot = try await folder.within { try await DeltaTable(store: store).snapshot(asOf: .version(11)) }
    #expect(snapshot.version == 11)
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

  /// The table "checkpoint" as so many tables.
  private func snapshots(_ count: Int) async throws -> [Snapshot] {
    let copy = try TableCopy("checkpoint").written()
    let snapshot = try await DeltaTable(store: FolderStore(copy.store)).snapshot()
    return (0..<count).map { snapshot.at(TableLocation(store: FolderStore(copy.store, "\($0)"))) }
  }

  @Test("Of many tables the ones last used are remembered")
  func forgotten() async throws {
    let snapshots = try await snapshots(70)
    let recent = RecentSnapshots()
    for snapshot in snapshots {
      recent.remember(snapshot)
      // The first one is used again and again.
      #expect(recent.snapshot(of: snapshots[0].location) != nil)
    }
    let known = snapshots.indices.filter { recent.snapshot(of: snapshots[$0].location) != nil }
    #expect(known == [0] + Array(7..<70))
  }

  @Test("Of large tables fewer are remembered, and one that is too large is not")
  func large() async throws {
    let snapshots = try await snapshots(3)
    let byteCount = snapshots[0].state.byteCount
    // Its commits since the checkpoint, at the least.
    let copy = try TableCopy("checkpoint")
    #expect(byteCount > (Int64(10)...12).reduce(0) { $0 + (copy[log: TableCopy.name($1)]?.count ?? 0) })
    for (limit, known) in [(byteCount - 1, []), (2 * byteCount - 1, [2]), (2 * byteCount, [1, 2])] {
      let recent = RecentSnapshots(byteLimit: limit)
      for snapshot in snapshots { recent.remember(snapshot) }
      #expect(snapshots.indices.filter { recent.snapshot(of: snapshots[$0].location) != nil } == known)
    }
  }
}
