import Foundation
import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Opening a table again")
struct RecentLogsTests {
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

  @Test("The log is listed once; what was committed since is found")
  func again() async throws {
    var folder = try Folder("checkpoint")
    let first = try await folder.open()
    #expect(first.store.count(.list) == 1)
    let second = try await folder.open()
    #expect(second.store.count(.list) == 0)
    #expect(paths(second.snapshot) == paths(first.snapshot))
    #expect(second.snapshot.log == first.snapshot.log)
    #expect(second.snapshot.timestamp == first.snapshot.timestamp)
    for version in Int64(13)...40 { folder.copy[commit: version] = commit(version) }
    for _ in 0..<2 {
      let third = try await folder.open()
      #expect(third.snapshot.version == 40)
      #expect(third.snapshot.transaction("a")?.version == 40)
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

  @Test("A commit that is gone is an error, wherever it was")
  func gap() async throws {
    for missing in [Int64(10), 11, 13, 14] {
      var folder = try Folder("checkpoint")
      _ = try await folder.open()
      for version in Int64(13)...15 where version != missing { folder.copy[commit: version] = commit(version) }
      if missing < 13 { folder.copy[commit: missing] = nil }
      let error = await #expect(throws: DeltaError.self) { try await folder.open() }
      #expect(error?.code == .gapInLog, "without commit \(missing)")
    }
  }

  @Test("A checkpoint that is damaged meanwhile is done without, and said to be")
  func damaged() async throws {
    var folder = try Folder("checkpoint")
    let first = try await folder.open()
    folder.copy.truncate("_delta_log/" + TableCopy.name(9, ".checkpoint.parquet"))
    for _ in 0..<2 {
      let second = try await folder.open()
      #expect(paths(second.snapshot) == paths(first.snapshot))
      #expect(!second.snapshot.warnings.isEmpty)
    }
  }

  @Test("A newer checkpoint that is hinted at is read")
  func newerCheckpoint() async throws {
    var folder = try Folder("checkpoint")
    let first = try await folder.open()
    let store = folder.copy.store
    let made = try await DeltaTable(store: store).checkpoint(durability: .relaxed)
    #expect(made.version == 12)
    for name in ["_last_checkpoint", TableCopy.name(12, ".checkpoint.parquet")] {
      folder.copy[log: name] = try await store.read("_delta_log/" + name)
    }
    for listings in [1, 0] {
      let second = try await folder.open()
      #expect(second.snapshot.log == LogSummary(checkpointVersion: 12, commitCount: 0))
      #expect(paths(second.snapshot) == paths(first.snapshot))
      #expect(second.store.count(.list) == listings)
    }
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

  @Test("Of many logs the ones last used are remembered")
  func forgotten() async throws {
    let copy = try TableCopy("checkpoint").written()
    let folders = (0..<70).map { LogDirectory(location: TableLocation(store: FolderStore(copy.store, "\($0)"))) }
    let logs = RecentLogs()
    for log in folders {
      let hint = try #require(try await log.hint())
      logs.remember(try await log.list(from: hint.firstName), of: log, from: hint)
      // The first one is used again and again.
      #expect(try await logs.listing(of: folders[0]) != nil)
    }
    var known: [Int] = []
    for (index, log) in folders.enumerated() where try await logs.listing(of: log) != nil { known.append(index) }
    #expect(known == [0] + Array(7..<70))
  }
}
