import Foundation
import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Opening a table again")
struct RecentLogsTests {
  /// A table in a folder, to be opened as often as one likes.
  private struct Folder {
    let name = "/" + UUID().uuidString
    var copy: TableCopy

    func open() async throws -> (snapshot: Snapshot, store: CountingStore) {
      let store = CountingStore(FolderStore(copy.store, name))
      return (try await DeltaTable(store: store).snapshot(), store)
    }
  }

  private func paths(_ snapshot: Snapshot) -> [String] {
    (0..<snapshot.state.files.count).map { snapshot.state.files.path(at: $0) }.sorted()
  }

  private func commit(_ version: Int64) -> String { #"{"txn":{"appId":"a","version":\#(version)}}"# + "\n" }

  @Test("The log is listed once; what was committed since is found")
  func again() async throws {
    var folder = Folder(copy: try TableCopy("checkpoint"))
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
    var folder = Folder(copy: try TableCopy("checkpoint"))
    _ = try await folder.open()
    folder.copy = try TableCopy("appends")
    #expect(try await folder.open().snapshot.version == 4)
    folder.copy = try TableCopy("checkpoint")
    folder.copy[commit: 12] = commit(12)
    #expect(try await folder.open().snapshot.transaction("a")?.version == 12)
    folder.copy = TableCopy()
    let error = await #expect(throws: DeltaError.self) { try await folder.open() }
    #expect(error?.code == .notFound)
  }

  @Test("A commit that is gone is an error, wherever it was")
  func gap() async throws {
    for missing in [Int64(10), 11, 13, 14] {
      var folder = Folder(copy: try TableCopy("checkpoint"))
      _ = try await folder.open()
      for version in Int64(13)...15 where version != missing { folder.copy[commit: version] = commit(version) }
      if missing < 13 { folder.copy[commit: missing] = nil }
      let error = await #expect(throws: DeltaError.self) { try await folder.open() }
      #expect(error?.code == .gapInLog, "without commit \(missing)")
    }
  }

  @Test("A checkpoint that is damaged meanwhile is done without, and said to be")
  func damaged() async throws {
    var folder = Folder(copy: try TableCopy("checkpoint"))
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
    var folder = Folder(copy: try TableCopy("checkpoint"))
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

  @Test("A folder named from the working directory is listed each time")
  func relative() async throws {
    let base = try TableCopy("checkpoint").store
    for _ in 0..<2 {
      let store = CountingStore(FolderStore(base, "a/table"))
      _ = try await DeltaTable(store: store).snapshot()
      #expect(store.count(.list) == 1)
    }
  }
}
