import ObjectStorage
import Synchronization
import Testing
import _TestSupport

/// A store to write to, and what it needs to live.
struct WritableStore: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let make: @Sendable () -> (store: any ObjectStore, folder: TemporaryFolder?)

  static let all = [
    WritableStore(testDescription: "local") {
      let folder = TemporaryFolder()
      return (LocalObjectStore(root: folder.path), folder)
    },
    WritableStore(testDescription: "memory") { (InMemoryObjectStore(), nil) },
  ]
}

@Suite("Writing to a store", .serialized)
struct StoreWritingTests {
  private static let pairs = WritableStore.all.flatMap { store in Durability.allCases.map { (store, $0) } }

  @Test("A file that must be absent is written once and never replaced", arguments: pairs)
  func ifAbsent(_ kind: WritableStore, _ durability: Durability) async throws {
    let (store, folder) = kind.make()
    let first = try await store.write([1, 2], to: "log/deep/a", .ifAbsent, durability: durability)
    guard case .written(let metadata) = first else {
      Issue.record("not written")
      return
    }
    #expect(try await store.metadata(of: "log/deep/a") == metadata)
    #expect(metadata.size == 2)
    #expect(metadata.lastModified > 1_700_000_000_000)
    #expect(try await store.write([3], to: "log/deep/a", .ifAbsent, durability: durability) == .alreadyExists)
    #expect(try await store.read("log/deep/a") == [1, 2])
    #expect(try await store.list("", recursively: true, startingAt: nil).map(\.path) == ["log/deep/a"])
    withExtendedLifetime(folder) {}
  }

  @Test("A file that may be there is replaced", arguments: pairs)
  func always(_ kind: WritableStore, _ durability: Durability) async throws {
    let (store, folder) = kind.make()
    for bytes in [[1, 2, 3], [], [4]] as [[UInt8]] {
      guard case .written = try await store.write(bytes, to: "hint", .always, durability: durability) else {
        Issue.record("not written")
        return
      }
      #expect(try await store.read("hint") == bytes)
    }
    #expect(try await store.list("", recursively: true, startingAt: nil).map(\.path) == ["hint"])
    withExtendedLifetime(folder) {}
  }

  @Test("One of many racers writes the file, and it is the racer's", arguments: pairs)
  func race(_ kind: WritableStore, _ durability: Durability) async throws {
    let (store, folder) = kind.make()
    for round in 0..<20 {
      let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
        for racer in 0..<8 {
          group.addTask {
            let bytes = [UInt8](repeating: UInt8(racer), count: 100)
            let outcome = try await store.write(bytes, to: "log/\(round)", .ifAbsent, durability: durability)
            return outcome == .alreadyExists ? nil : UInt8(racer)
          }
        }
        return try await group.reduce(into: [UInt8]()) { if let racer = $1 { $0.append(racer) } }
      }
      #expect(winners.count == 1)
      #expect(try await store.read("log/\(round)") == winners.flatMap { [UInt8](repeating: $0, count: 100) })
    }
    #expect(try await store.list("", recursively: true, startingAt: nil).count == 20)
    withExtendedLifetime(folder) {}
  }

  @Test("A streamed file has all pieces in their order, small and large", arguments: pairs)
  func streams(_ kind: WritableStore, _ durability: Durability) async throws {
    let (store, folder) = kind.make()
    let writer = try await store.makeWriter(to: "part=1/x.parquet", durability: durability)
    var expected: [UInt8] = []
    for count in [4, 0, 300_000, 1, 262_144, 1, 100_000, 200_000, 2_000_000, 7] {
      let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: count), count: count)
      expected += piece
      try await writer.append(piece)
    }
    let metadata = try await writer.finish()
    #expect(metadata.size == expected.count)
    #expect(metadata.path == "part=1/x.parquet")
    #expect(try await store.read("part=1/x.parquet") == expected)
    #expect(try await store.metadata(of: "part=1/x.parquet") == metadata)
    await writer.abandon()
    #expect(try await store.read("part=1/x.parquet").count == expected.count)
    withExtendedLifetime(folder) {}
  }

  @Test("A streamed file does not replace another", arguments: WritableStore.all)
  func streamsNew(_ kind: WritableStore) async throws {
    let (store, folder) = kind.make()
    _ = try await store.write([1], to: "x", .always, durability: .relaxed)
    let writer = try await store.makeWriter(to: "x", durability: .relaxed)
    try await writer.append([2])
    let error = await #expect(throws: StorageError.self) { try await writer.finish() }
    #expect(error?.code == .alreadyExists)
    await writer.abandon()
    #expect(try await store.read("x") == [1])
    withExtendedLifetime(folder) {}
  }

  @Test("An empty streamed file is a file", arguments: WritableStore.all)
  func streamsNothing(_ kind: WritableStore) async throws {
    let (store, folder) = kind.make()
    #expect(try await store.makeWriter(to: "x", durability: .full).finish().size == 0)
    #expect(try await store.read("x") == [])
    withExtendedLifetime(folder) {}
  }

  @Test("Of an abandoned file nothing is left, in a cancelled task neither", arguments: WritableStore.all)
  func abandons(_ kind: WritableStore) async throws {
    let (store, folder) = kind.make()
    for count in [10, 1_000_000] {
      let task = Task {
        let writer = try await store.makeWriter(to: "x", durability: .full)
        try await writer.append([UInt8](repeating: 1, count: count))
        withUnsafeCurrentTask { $0?.cancel() }
        await #expect(throws: CancellationError.self) { try await writer.finish() }
        await writer.abandon()
        await writer.abandon()
      }
      try await task.value
      #expect(try await store.list("", recursively: true, startingAt: nil).isEmpty)
    }
    withExtendedLifetime(folder) {}
  }

  @Test("A file that is there can be waited for, one that is not is an error", arguments: WritableStore.all)
  func synchronizing(_ kind: WritableStore) async throws {
    let (store, folder) = kind.make()
    _ = try await store.write([1], to: "log/deep/a", .ifAbsent, durability: .relaxed)
    try await store.synchronize("log/deep/a")
    #expect(try await store.read("log/deep/a") == [1])
    if !store.keepsWhatIsVisible {
      for path in ["log/b", "none/c"] {
        let error = await #expect(throws: StorageError.self) { try await store.synchronize(path) }
        #expect(error?.code == .notFound)
      }
      let error = await #expect(throws: StorageError.self) { try await store.synchronize("../a") }
      #expect(error?.code == .invalidPath)
    }
    withExtendedLifetime(folder) {}
  }

  @Test("Deleting removes the file, and one that is not there is no error", arguments: WritableStore.all)
  func deletes(_ kind: WritableStore) async throws {
    let (store, folder) = kind.make()
    _ = try await store.write([1], to: "a/b", .always, durability: .relaxed)
    try await store.delete("a/b")
    try await store.delete("a/b")
    try await store.delete("nowhere/b")
    #expect(try await store.list("", recursively: true, startingAt: nil).isEmpty)
    withExtendedLifetime(folder) {}
  }

  @Test("A path that leaves the store or names no file is refused", arguments: WritableStore.all)
  func refuses(_ kind: WritableStore) async throws {
    let (store, folder) = kind.make()
    for path in ["", "a/", "../x", "a/../../x", ".", "a/.", "..", "a\0b", "../\u{331}b"] {
      await #expect(throws: StorageError.self) {
        try await store.write([1], to: path, .always, durability: .relaxed)
      }
      let error = await #expect(throws: StorageError.self) { try await store.delete(path) }
      #expect(error?.code == .invalidPath, "\(path)")
      await #expect(throws: StorageError.self) { try await store.makeWriter(to: path, durability: .relaxed) }
    }
    withExtendedLifetime(folder) {}
  }

  @Test("A cancelled task writes nothing", arguments: WritableStore.all)
  func cancelled(_ kind: WritableStore) async throws {
    let (store, folder) = kind.make()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await store.write([1], to: "x", .ifAbsent, durability: .full)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await store.list("", recursively: true, startingAt: nil).isEmpty)
    withExtendedLifetime(folder) {}
  }
}

extension ObjectWriter {
  /// Adds an array's bytes.
  func append(_ bytes: [UInt8]) async throws {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    try await write(UnsafeRawBufferPointer(copy))
  }
}
