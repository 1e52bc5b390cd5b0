import ObjectStorage
import Testing
import _TestSupport

@Suite("Stores that fail on purpose")
struct FaultInjectingStoreTests {
  private let base: InMemoryObjectStore = {
    let store = InMemoryObjectStore()
    store.put([1, 2, 3, 4], at: "t/a.json")
    store.put([5, 6], at: "t/b.parquet")
    return store
  }()

  /// Five calls, and what came of each; `nil` where it failed.
  private func outcomes(_ store: some ObjectStore) async -> [Int?] {
    let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
    defer { part.deallocate() }
    let range = try? await store.read("t/a.json", at: 1, into: part)
    return [
      range, try? await store.list("t").count, try? await store.metadata(of: "t/a.json").size,
      try? await store.read("t/a.json").count, try? await store.read("t/b.parquet").count,
    ]
  }

  @Test("Without faults every call passes through")
  func noFaults() async {
    let store = FaultInjectingStore(base)
    #expect(await outcomes(store) == [3, 2, 4, 4, 2])
    #expect(store.callCount == 5)
    #expect(store.struckCount == 0)
  }

  @Test("The n-th call fails and no other", arguments: 1...5)
  func nthCall(_ n: Int) async {
    let store = FaultInjectingStore(base, faults: [.failure(at: n)])
    var expected: [Int?] = [3, 2, 4, 4, 2]
    expected[n - 1] = nil
    #expect(await outcomes(store) == expected)
    #expect(store.callCount == 5)
    #expect(store.struckCount == 1)
  }

  @Test("A fault strikes only calls of its kind and path")
  func selection() async {
    let store = FaultInjectingStore(base, faults: [.failure(of: .read, path: ".parquet")])
    #expect(await outcomes(store) == [3, 2, 4, 4, nil])
  }

  @Test("Answers are cut short")
  func truncation() async {
    let store = FaultInjectingStore(base, faults: [StoreFault(.truncates(to: 1))])
    #expect(await outcomes(store) == [1, 1, 1, 1, 1])
  }

  @Test("Bytes are damaged in whole and in part")
  func damage() async throws {
    let store = FaultInjectingStore(base, faults: [StoreFault(.damages { $0[0] = 99 })])
    #expect(try await store.read("t/a.json") == [99, 2, 3, 4])
    let part = UnsafeMutableRawBufferPointer.allocate(byteCount: 2, alignment: 8)
    defer { part.deallocate() }
    #expect(try await store.read("t/a.json", at: 1, into: part) == 2)
    #expect(Array(part) == [99, 3])
  }

  @Test("A cancelled call is told from a failed one")
  func cancellation() async {
    let store = FaultInjectingStore(base, faults: [StoreFault(.cancels, at: 1)])
    await #expect(throws: CancellationError.self) { try await store.read("t/a.json") }
    #expect((try? await store.read("t/a.json").count) == 4)
  }

  @Test("Requests are counted by kind and path")
  func counting() async {
    let store = CountingStore(base)
    _ = await outcomes(store)
    #expect(store.count() == 5)
    #expect(store.count(.read) == 2)
    #expect(store.count(.read, suffix: ".json") == 1)
    #expect(store.requests.first == StoreRequest(.readRange, "t/a.json", 1..<9))
    store.reset()
    #expect(store.requests.isEmpty)
  }

  @Test("Writes fail before they are done, or are done and reported as unknown")
  func writing() async throws {
    let store = FaultInjectingStore(
      base,
      faults: [.failure(of: .write, path: "never"), .lostAnswer(of: .write, path: "done"), .lostAnswer(of: .finish)])
    await #expect(throws: StorageError.self) {
      try await store.write([1], to: "never", .always, durability: .full)
    }
    let error = await #expect(throws: StorageError.self) {
      try await store.write([1], to: "done", .ifAbsent, durability: .full)
    }
    #expect(error?.code == .outcomeUnknown)
    let writer = try await store.makeWriter(to: "streamed", durability: .full)
    await #expect(throws: StorageError.self) { try await writer.finish() }
    try await store.delete("t/a.json")
    #expect(try await base.list("").map(\.path) == ["done", "streamed"])
    #expect(try await base.list("t").map(\.path) == ["t/b.parquet"])
    #expect(store.callCount == 5)
    #expect(store.struckCount == 3)
  }

  @Test("Writes are counted by kind and path")
  func countingWrites() async throws {
    let store = CountingStore(base)
    _ = try await store.write([1], to: "x", .always, durability: .relaxed)
    _ = try await store.makeWriter(to: "y", durability: .relaxed).finish()
    try await store.delete("x")
    #expect(store.requests.map(\.call) == [.write, .makeWriter, .finish, .delete])
    #expect(store.count(.delete, suffix: "x") == 1)
  }
}
