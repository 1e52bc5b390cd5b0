import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("The checkpoint after a commit")
struct CheckpointAfterCommitTests {
  private static let name = TableCopy.name(12, ".checkpoint.parquet")

  /// Writes version 12's checkpoint the way it is done after a commit, after `change` was done to the log.
  private func written(
    _ change: (InMemoryObjectStore) throws -> Void = { _ in }
  ) async throws -> (file: LogFile?, store: CountingStore) {
    let base = try TableCopy("checkpoint").store
    let store = CountingStore(base)
    let snapshot = try await DeltaTable(store: store).snapshot()
    try change(base)
    store.reset()
    return (try await Checkpointing(snapshot, durability: .relaxed).runAfterCommit(), store)
  }

  /// The table by the checkpoint of version 12 alone.
  private func check(_ store: any ObjectStore) async throws {
    let hint = try #require(LastCheckpointHint(parsing: try await store.read("_delta_log/_last_checkpoint")))
    #expect(hint.version == 12)
    let alone = try TableCopy("checkpoint").store
    for file in try await alone.list("_delta_log") { try await alone.delete(file.path) }
    alone.put(try await store.read("_delta_log/" + Self.name), at: "_delta_log/" + Self.name)
    let snapshot = try await DeltaTable(store: alone).snapshot()
    #expect(snapshot.warnings.isEmpty)
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows())
  }

  @Test("It is written without a listing")
  func listsNothing() async throws {
    let (file, store) = try await written()
    #expect(file?.name == Self.name)
    #expect(store.count(.list) == 0)
    #expect(store.count(.read, suffix: TableCopy.name(9)) == 0)
    try await check(store)
  }

  /// The checkpoint of version 12 as another writer would have it.
  private func anothers() async throws -> [UInt8] {
    let store = try TableCopy("checkpoint").store
    try await DeltaTable(store: store).checkpoint(durability: .relaxed)
    return try await store.read("_delta_log/" + Self.name)
  }

  @Test("Another writer's is taken as it is")
  func sound() async throws {
    let bytes = try await anothers()
    let (file, store) = try await written { $0.put(bytes, at: "_delta_log/" + Self.name, lastModified: 5) }
    #expect(file == nil)
    #expect(try await store.metadata(of: "_delta_log/" + Self.name).lastModified == 5)
    try await check(store)
  }

  @Test(
    "Another writer's that is damaged is replaced", arguments: [[], [0x50], Array("PAR1nothingPAR1".utf8)] as [[UInt8]])
  func damagedOther(bytes: [UInt8]) async throws {
    try await check(try await written { $0.put(bytes, at: "_delta_log/" + Self.name) }.store)
  }

  @Test("It does without an older one that is damaged meanwhile")
  func damagedBase() async throws {
    let (file, store) = try await written {
      $0.put([1, 2, 3], at: "_delta_log/" + TableCopy.name(9, ".checkpoint.parquet"))
    }
    #expect(file?.name == Self.name)
    try await check(store)
  }

  @Test("A newer one that is sound is kept when an older one turns out damaged")
  func soundNewer() async throws {
    let bytes = try await anothers()
    let (_, store) = try await written {
      $0.put([1, 2, 3], at: "_delta_log/" + TableCopy.name(9, ".checkpoint.parquet"))
      $0.put(bytes, at: "_delta_log/" + Self.name, lastModified: 5)
    }
    #expect(try await store.metadata(of: "_delta_log/" + Self.name).lastModified == 5)
    try await check(store)
  }

  @Test("The next one starts from it")
  func next() async throws {
    let (file, store) = try await written()
    let snapshot = try await DeltaTable(store: store).snapshot(asOf: .version(12))
    let checkpointed = snapshot.checkpointed(by: try #require(file), keepingTime: false)
    #expect(checkpointed.checkpointTime == file?.modificationTime)
    #expect(snapshot.checkpointed(by: try #require(file), keepingTime: true).checkpointTime == snapshot.checkpointTime)
    let listing = try #require(checkpointed.trail?.listing)
    #expect(listing.commits.isEmpty)
    #expect(listing.checkpoints.map(\.version) == [12])
  }

  @Test("Of too many commits the files are not kept")
  func longTrail() async throws {
    var copy = try TableCopy("checkpoint")
    for version in Int64(13)...80 { copy[commit: version] = #"{"txn":{"appId":"a","version":1}}"# + "\n" }
    for (version, isKept) in [(Int64(73), true), (74, false)] {
      let snapshot = try await copy.table.snapshot(asOf: .version(version))
      #expect((snapshot.trail != nil) == isKept, "of version \(version)")
      #expect(try await Checkpointing(snapshot, durability: .relaxed).runAfterCommit() != nil)
    }
  }
}
