import ObjectStorage
import Synchronization
import Testing
import _TestSupport

@Suite("The exploration of faults")
struct FaultScenarioTests {
  private static func contents(_ store: any ObjectStore, _ path: String) async throws -> String? {
    do {
      return String(decoding: try await store.read(path), as: UTF8.self)
    } catch let error as StorageError where error.code == .notFound {
      return nil
    }
  }

  /// Collects what a file may be in the states of a scenario.
  private static func possible(
    _ path: String, _ scenario: FaultScenario<Int>, whenPowerFailed: Bool
  ) async throws -> Set<String?> {
    let seen = Mutex<Set<String?>>([])
    _ = try await scenario.explore { state in
      guard state.powerFailed == whenPowerFailed else { return }
      let text = try await Self.contents(state.store, path)
      seen.withLock { _ = $0.insert(text) }
    }
    return seen.withLock { $0 }
  }

  private static func writes(_ text: String, _ condition: WriteCondition, _ durability: Durability)
    -> FaultScenario<Int>
    .Operation
  {
    { store in
      _ = try await store.write(Array(text.utf8), to: "file", condition, durability: durability)
      return 0
    }
  }

  @Test("Orders of independent steps are states of a grid, each seen once")
  func grid() async throws {
    let reads: FaultScenario<Int>.Operation = { store in
      for _ in 0..<20 { _ = try await store.list("") }
      return 0
    }
    let report = try await FaultScenario("two readers", operations: [reads, reads]).explore { _ in }
    #expect(report.stateCount == 21 * 21)
    #expect(report.isExhaustive)
    var bounded = FaultScenario("two readers, not interrupted", operations: [reads, reads])
    bounded.interruptionLimit = 0
    #expect(try await bounded.explore { _ in }.completedCount >= 2)
  }

  @Test("Of a file that nobody waited for a failure of power leaves the whole, a part, zeros or nothing")
  func torn() async throws {
    let scenario = FaultScenario("relaxed", operations: [Self.writes("abcd", .ifAbsent, .relaxed)])
    #expect(try await Self.possible("file", scenario, whenPowerFailed: false) == [nil, "abcd"])
    #expect(
      try await Self.possible("file", scenario, whenPowerFailed: true)
        == [nil, "", "ab", "abcd", "ab\0\0", "\0\0\0\0"])
  }

  @Test("A file that was waited for is whole or absent, and a replaced one is the old or the new one")
  func whole() async throws {
    let new = FaultScenario("new", operations: [Self.writes("abcd", .ifAbsent, .full)])
    #expect(try await Self.possible("file", new, whenPowerFailed: true) == [nil, "abcd"])
    let old = Self.writes("old", .always, .relaxed)
    let replaced = FaultScenario(
      "replaced", setUp: { _ = try await old($0) }, operations: [Self.writes("new", .always, .full)])
    #expect(try await Self.possible("file", replaced, whenPowerFailed: true) == ["old", "new"])
  }

  @Test("Faults come one at a time, and each kind is told from the others")
  func faults() async throws {
    var codes: [SimulatedFault: Set<String>] = [:]
    for fault in SimulatedFault.allCases {
      var scenario = FaultScenario("a write", operations: [Self.writes("abcd", .ifAbsent, .full)])
      scenario.faults = [fault]
      scenario.crashLimit = 0
      let seen = Mutex<Set<String>>([])
      _ = try await scenario.explore { state in
        let outcome =
          switch state.operations[0] {
          case .running: "running"
          case .returned: "returned"
          case .threw(let error as StorageError): error.code.name
          case .threw(let error): "\(error)"
          }
        seen.withLock { _ = $0.insert(outcome) }
      }
      codes[fault] = seen.withLock { $0 }
    }
    #expect(codes[.inputOutput] == ["running", "returned", "inputOutput", "outcomeUnknown"])
    #expect(codes[.noSpace] == ["running", "returned", "noSpace"])
    #expect(codes[.lostAnswer] == ["running", "returned", "inputOutput", "outcomeUnknown"])
    #expect(codes[.shortWrite] == ["running", "returned"])
    #expect(codes[.cancellation] == ["running", "returned", "CancellationError()"])
  }

  @Test("A listing that takes its time may miss any of the files that come meanwhile", arguments: [true, false])
  func listing(isAtOnce: Bool) async throws {
    var scenario = FaultScenario<[String]>(
      "a listing",
      operations: [
        { store in try await store.list("").map(\.path).filter { !$0.hasPrefix(".") } },
        { store in
          for name in ["a", "b"] { _ = try await store.write([1], to: name, .ifAbsent, durability: .relaxed) }
          return []
        },
      ])
    scenario.listingIsAtOnce = isAtOnce
    let seen = Mutex<Set<[String]>>([])
    _ = try await scenario.explore { state in
      if case .returned(let names) = state.operations[0] { seen.withLock { _ = $0.insert(names) } }
    }
    #expect(seen.withLock { $0 } == (isAtOnce ? [[], ["a"], ["a", "b"]] : [[], ["a"], ["b"], ["a", "b"]]))
  }

  @Test("The same exploration sees the same")
  func repeats() async throws {
    var scenario = FaultScenario("two writes", operations: ["a", "b"].map { Self.writes($0, .ifAbsent, .full) })
    scenario.stateLimit = 200
    scenario.randomRunCount = 20
    let first = try await scenario.explore { _ in }
    let second = try await scenario.explore { _ in }
    #expect(first.description == second.description)
    #expect(!first.isExhaustive)
  }

  @Test("An operation that decides by what is no part of its store is named")
  func nondeterminism() async throws {
    let runs = Mutex(0)
    let operation: FaultScenario<Int>.Operation = { store in
      let run = runs.withLock { count in
        count += 1
        return count
      }
      for _ in 0..<(run == 1 ? 6 : 3) { _ = try await store.list("") }
      return 0
    }
    let scenario = FaultScenario(
      "counts its runs", operations: [operation, Self.writes("a", .ifAbsent, .relaxed)])
    let failure = await #expect(throws: ScenarioFailure.self) { try await scenario.explore { _ in } }
    #expect(failure?.description.contains("did not do the same") == true)
  }

  @Test("An operation may wait, use child tasks and make calls concurrently")
  func concurrency() async throws {
    let operation: FaultScenario<Int>.Operation = { store in
      try await Task.sleep(for: .milliseconds(1))
      return try await withThrowingTaskGroup(of: Int.self) { group in
        for name in ["a", "b", "c"] {
          group.addTask {
            _ = try await store.write([1], to: name, .always, durability: .relaxed)
            return try await store.read(name).count
          }
        }
        return try await group.reduce(0, +)
      }
    }
    let report = try await FaultScenario("concurrent", operations: [operation]).explore { state in
      for count in state.returned { try require(count == 3, "\(count) files") }
    }
    #expect(report.completedCount == 1)
    #expect(report.isExhaustive)
  }

  @Test("A check may write to the disk that it is given, without anybody else's seeing it")
  func writableImages() async throws {
    let scenario = FaultScenario("a write", operations: [Self.writes("abcd", .ifAbsent, .full)])
    _ = try await scenario.explore { state in
      try require(try await Self.contents(state.store, "mine") == nil, "another check's file")
      let outcome = try await state.store.write([1], to: "mine", .ifAbsent, durability: .full)
      try require(outcome != .alreadyExists, "the file was there")
    }
  }

  @Test("A failure tells the steps that led to it and the files that were left")
  func failure() async throws {
    let scenario = FaultScenario("a write", operations: [Self.writes("abcd", .ifAbsent, .full)])
    let failure = await #expect(throws: ScenarioFailure.self) {
      try await scenario.explore { state in
        try require(try await Self.contents(state.store, "file") == nil, "it is there")
      }
    }
    let text = failure?.description ?? ""
    #expect(text.contains("a write: it is there"))
    #expect(text.contains("0: fsync /disk/table/.deltalake-0000000100000001.tmp"))
    #expect(text.contains("/disk/table/file: 4 bytes"))
    #expect(failure?.powerFailed == false)
  }
}
