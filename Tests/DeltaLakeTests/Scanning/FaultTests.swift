import DeltaLake
import ObjectStorage
import Synchronization
import Testing
import _TestSupport

@Suite("Stores that fail")
struct FaultTests {
  private static let names = ["orders", "checkpoint", "cleaned-log", "partitions"]

  /// Opens a table, asks for its rows and counts them, filters them, and reads its history.
  private func read(_ store: any ObjectStore) async throws -> [[JSONValue: Int]] {
    let table = DeltaTable(store: store)
    let snapshot = try await table.snapshot()
    let rows = try await snapshot.scan().rows()
    let count = try await snapshot.rowCount()
    #expect(count == nil || count == Int64(rows.count))
    let few = try await snapshot.scan().where { $0.id >= 2 }.rows()
    _ = try await table.history()
    return [rows.counted, few.counted]
  }

  /// Runs an operation with a fault at the n-th call for each n: the outcome is a ``DeltaError`` or the right rows.
  private func tryEach(
    _ name: String, _ read: (any ObjectStore) async throws -> [[JSONValue: Int]], _ fault: (Int) -> StoreFault
  ) async throws {
    let base = try TableCopy(name).store
    let counting = FaultInjectingStore(base)
    let expected = try await read(counting)
    // Calls run concurrently, so that the n-th is not always the same one.
    for n in 1...counting.callCount {
      let store = FaultInjectingStore(base, faults: [fault(n)])
      do {
        let rows = try await read(store)
        #expect(rows == expected, "call \(n)")
      } catch {
        #expect(error is DeltaError, "call \(n): \(type(of: error)) \(error)")
      }
    }
  }

  @Test("The n-th call fails: a DeltaError or the right rows, for every n", arguments: names)
  func fails(name: String) async throws {
    #expect(try await read(TableCopy(name).store)[0] == Fixtures.table(name).rows())
    try await tryEach(name, read) { .failure(at: $0) }
  }

  @Test("The same goes for the change feed, for time travel and for refreshing")
  func failsElsewhere() async throws {
    func changes(_ store: any ObjectStore) async throws -> [[JSONValue: Int]] {
      [try await DeltaTable(store: store).changes(from: .version(0)).batches().rows().counted]
    }
    try await tryEach("changes", changes) { .failure(at: $0) }
    try await tryEach("changes", changes) { StoreFault(.truncates(to: 100), at: $0, of: .readRange) }
    func travel(_ store: any ObjectStore) async throws -> [[JSONValue: Int]] {
      let table = DeltaTable(store: store)
      let latest = try await table.snapshot(asOf: .timestamp(Timestamp(milliseconds: 99)))
      let refreshed = try await table.snapshot(asOf: .version(1)).refreshed()
      #expect(latest.version == refreshed.version)
      return [try await latest.scan().rows().counted, try await refreshed.scan().rows().counted]
    }
    try await tryEach("orders", travel) { .failure(at: $0) }
    try await tryEach("checkpoint", travel) { .failure(at: $0) }
  }

  @Test("The n-th answer is cut short: a DeltaError or the right rows", arguments: names)
  func truncates(name: String) async throws {
    let base = try TableCopy(name).store
    let expected = try await read(base)
    // A listing that is cut short is a younger table, which nobody can tell from the right one: only files are cut.
    for call in [StoreCall.read, .readRange, .metadata] {
      for length in [0, 1, 40, 700] {
        let counting = FaultInjectingStore(base, faults: [StoreFault(.truncates(to: .max), of: call)])
        _ = try await read(counting)
        for n in stride(from: 1, through: counting.struckCount, by: 1) {
          let store = FaultInjectingStore(base, faults: [StoreFault(.truncates(to: length), at: n, of: call)])
          do {
            let rows = try await read(store)
            #expect(rows == expected, "\(call) \(n) cut to \(length)")
          } catch {
            #expect(error is DeltaError, "\(call) \(n) cut to \(length): \(type(of: error)) \(error)")
          }
        }
      }
    }
  }

  @Test("A store that is cancelled in the middle of a call gives CancellationError or a result", arguments: names)
  func cancelledCalls(name: String) async throws {
    let base = try TableCopy(name).store
    let counting = FaultInjectingStore(base)
    let expected = try await read(counting)
    for n in 1...counting.callCount {
      do {
        let rows = try await read(FaultInjectingStore(base, faults: [StoreFault(.cancels, at: n)]))
        #expect(rows == expected, "call \(n)")
      } catch {
        #expect(error is CancellationError, "call \(n): \(type(of: error)) \(error)")
      }
    }
  }

  /// The table `appends` with each of its files listed many times over, so that there is something to stop.
  private func large(_ fileCount: Int) throws -> TableCopy {
    var copy = try TableCopy("appends")
    let path = try #require(copy.added(1).first)
    let line = try #require(copy.lines(1, "add").first)
    let bytes = try #require(copy.files[path])
    var lines: [String] = []
    for file in 0..<fileCount {
      copy.files["copy-\(file).parquet"] = bytes
      lines.append(line.replacing(path, with: "copy-\(file).parquet"))
    }
    copy[commit: 5] = lines.joined(separator: "\n")
    return copy
  }

  @Test("A cancelled scan stops reading")
  func cancellation() async throws {
    let fileCount = 2000
    let counting = CountingStore(try large(fileCount).store)
    let slow = FaultInjectingStore(counting, faults: [StoreFault(.delays(.milliseconds(1)), of: .readRange)])
    let snapshot = try await DeltaTable(store: slow).snapshot()
    let task = Task {
      var count = 0
      for try await batch in snapshot.scan().batches() {
        count += batch.rowCount
        if count > 400 { withUnsafeCurrentTask { $0?.cancel() } }
      }
      return count
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    try await Task.sleep(for: .milliseconds(100))
    let after = counting.count(.readRange)
    try await Task.sleep(for: .milliseconds(200))
    #expect(counting.count(.readRange) == after)
    #expect(after < fileCount)
  }

  @Test("An iterator that is let go of stops reading")
  func dropped() async throws {
    let fileCount = 2000
    let counting = CountingStore(try large(fileCount).store)
    let slow = FaultInjectingStore(counting, faults: [StoreFault(.delays(.milliseconds(1)), of: .readRange)])
    let snapshot = try await DeltaTable(store: slow).snapshot()
    for try await batch in snapshot.scan().batches() where batch.rowCount > 0 { break }
    try await Task.sleep(for: .milliseconds(100))
    let after = counting.count(.readRange)
    try await Task.sleep(for: .milliseconds(200))
    #expect(counting.count(.readRange) == after)
    #expect(after < fileCount)
  }

  @Test("A limit stops reading once it is reached")
  func limit() async throws {
    let fileCount = 2000
    let counting = CountingStore(try large(fileCount).store)
    let slow = FaultInjectingStore(counting, faults: [StoreFault(.delays(.milliseconds(1)), of: .readRange)])
    let scan = try await DeltaTable(store: slow).snapshot().scan().limit(50)
    #expect(try await scan.rows().count == 50)
    try await Task.sleep(for: .milliseconds(100))
    let after = counting.count(.readRange)
    try await Task.sleep(for: .milliseconds(200))
    #expect(counting.count(.readRange) == after)
    #expect(after < fileCount)
  }

  @Test("A scan holds a window of rows while nobody takes them, however large the table", arguments: [true, false])
  func window(isOrdered: Bool) async throws {
    // 40 rows a file: the window is 65,536 rows a worker.
    let fileCount = 4000
    let counting = CountingStore(try large(fileCount).store)
    var scan = try await DeltaTable(store: counting).snapshot().scan().select(["id"])
    scan.isOrdered = isOrdered
    scan.threadCount = 1
    counting.reset()
    var iterator = scan.batches().makeAsyncIterator()
    _ = try await iterator.next()
    var before = -1
    var now = counting.count()
    for _ in 0..<200 where now != before {
      try await Task.sleep(for: .milliseconds(150))
      (before, now) = (now, counting.count())
    }
    let opened = Set(counting.requests.map(\.path)).count
    #expect(opened < 65_536 / 40 + 100)
    #expect(opened > 10)
    var rows = 0
    while let batch = try await iterator.next() { rows += batch.rowCount }
    #expect(rows > 0)
  }
}
