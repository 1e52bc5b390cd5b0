import ObjectStorage
import Testing
import _TestSupport

@Suite("Writing to a disk that fails at any step")
struct StoreFaultTests {
  private static let path = "log/1"

  /// Longer than nothing and than its half, and of one racer only.
  private static func bytes(_ racer: Int) -> [UInt8] { [UInt8](repeating: UInt8(racer + 1), count: 6) }

  /// What a racer has seen of the file it wants to write.
  private enum Seen: Equatable {
    case written(by: Int)
    case taken
    case read([UInt8]?)
  }

  private static func racer(_ number: Int, _ durability: Durability = .full) -> FaultScenario<Seen>.Operation {
    { store in
      switch try await store.write(bytes(number), to: path, .ifAbsent, durability: durability) {
      case .written: .written(by: number)
      case .alreadyExists: .taken
      }
    }
  }

  private static let reader: FaultScenario<Seen>.Operation = { store in .read(try await contents(store, path)) }

  private static func contents(_ store: any ObjectStore, _ path: String) async throws -> [UInt8]? {
    do {
      return try await store.read(path)
    } catch let error as StorageError where error.code == .notFound {
      return nil
    }
  }

  /// What must hold of a file that several race to write.
  private static func checkRace(_ state: ScenarioState<Seen>) async throws {
    let file = try await contents(state.store, path)
    let racers = 0..<state.operations.count
    try require(file == nil || racers.contains { file == bytes($0) }, "the file is torn: \(file ?? [])")
    var winners: [Int] = []
    for (index, operation) in state.operations.enumerated() {
      switch operation {
      case .running: break
      case .returned(.written(let winner)):
        winners.append(winner)
        try require(file == bytes(winner), "what was reported as written is not there")
      case .returned(.taken):
        try require(state.powerFailed || file != nil, "the name was not taken")
        try require(file != bytes(index), "a racer's own file is said to be another's")
      case .returned(.read(let bytes)):
        try require(bytes == nil || racers.contains { bytes == Self.bytes($0) }, "a reader saw half a file")
      case .threw(let error as StorageError) where error.code == .outcomeUnknown: break
      case .threw: try require(file != bytes(index), "what failed was written")
      }
    }
    try require(winners.count <= 1, "several have won")
  }

  /// What must hold at the end where nothing failed.
  private static func checkEnd(_ state: ScenarioState<Seen>) async throws {
    guard state.isEnd, !state.powerFailed else { return }
    let files = try await state.store.list("", recursively: true, startingAt: nil)
    try require(files.map(\.path) == [path], "there are other files: \(files.map(\.path))")
    let winnerCount = state.returned.count { if case .written = $0 { true } else { false } }
    try require(winnerCount == 1, "\(winnerCount) have won")
  }

  @Test(
    "One of several racers wins, and what it was told stays true after a crash at any step", arguments: [true, false])
  func race(hasExclusiveRename: Bool) async throws {
    for (count, interruptionLimit) in [(2, nil), (3, hasExclusiveRename ? 2 : 1)] as [(Int, Int?)] {
      var scenario = FaultScenario(
        "\(count) racers, \(hasExclusiveRename ? "renaming" : "linking")",
        operations: (0..<count).map { Self.racer($0) })
      scenario.hasExclusiveRename = hasExclusiveRename
      scenario.interruptionLimit = interruptionLimit
      scenario.entryOrder = .any
      let report = try await scenario.explore { state in
        try await Self.checkRace(state)
        try await Self.checkEnd(state)
      }
      print(report)
      #expect(report.isExhaustive)
      #expect(report.completedCount > 0)
    }
  }

  @Test("A racer whose calls fail says what has happened", arguments: [true, false])
  func faults(hasExclusiveRename: Bool) async throws {
    for (count, interruptionLimit, faultLimit) in [(1, 0, 3), (2, 1, 1)] {
      var scenario = FaultScenario(
        "\(count) racers, \(faultLimit) faults, \(hasExclusiveRename ? "renaming" : "linking")",
        operations: (0..<count).map { Self.racer($0) })
      scenario.hasExclusiveRename = hasExclusiveRename
      scenario.interruptionLimit = interruptionLimit
      scenario.faults = Set(SimulatedFault.allCases)
      scenario.faultLimit = faultLimit
      scenario.entryOrder = .any
      let report = try await scenario.explore { try await Self.checkRace($0) }
      print(report)
      #expect(report.isExhaustive)
    }
  }

  @Test(
    "What was written survives also where the folders above the store's were missing",
    arguments: [[], [.lostAnswer]] as [Set<SimulatedFault>])
  func missingAncestors(faults: Set<SimulatedFault>) async throws {
    for (count, interruptionLimit) in [(1, nil), (2, 2)] as [(Int, Int?)] {
      var scenario = FaultScenario(
        "\(count) racers into a folder of missing folders", operations: (0..<count).map { Self.racer($0) })
      scenario.root = "/disk/a/b/table"
      scenario.faults = faults
      scenario.interruptionLimit = interruptionLimit
      let report = try await scenario.explore { state in
        try await Self.checkRace(state)
        if faults.isEmpty { try await Self.checkEnd(state) }
      }
      print(report)
      #expect(report.isExhaustive)
    }
  }

  @Test("A folder above the store's that can't be waited for is passed over, one in the store is not")
  func closedDirectories() async throws {
    for closed in ["/", "/disk", "/disk/a", "/disk/a/table", "/disk/a/table/log"] {
      var scenario = FaultScenario(
        "\(closed) may not be read",
        setUp: { _ = try await $0.write([1], to: "log/0", .always, durability: .relaxed) },
        operations: [Self.racer(0), Self.racer(1)])
      scenario.root = "/disk/a/table"
      scenario.closedDirectories = [closed]
      scenario.interruptionLimit = 1
      let isInside = closed.hasPrefix(scenario.root)
      let report = try await scenario.explore { state in
        try await Self.checkRace(state)
        for case .threw in state.operations { try require(isInside, "a write failed") }
        try require(
          !isInside || !state.returned.contains { if case .written = $0 { true } else { false } }, "nobody waited")
      }
      print(report)
    }
  }

  @Test("A folder that was removed and is made again is waited for again, whatever its number")
  func remadeFolder() async throws {
    for (root, folder) in [("/disk/table", "log"), ("/disk/table", ""), ("/disk/a/table", "")] {
      let again = Self.racer(0)
      let operation: FaultScenario<Seen>.Operation = { store in
        _ = try await store.write([1], to: "log/0", .ifAbsent, durability: .full)
        try await (store as? SimulatedStore)?.removeFolder(folder)
        return try await again(store)
      }
      var scenario = FaultScenario("a folder is removed and made again", operations: [operation])
      scenario.root = root
      scenario.knowsBirths = false
      let report = try await scenario.explore { state in
        guard state.isEnd else { return }
        let file = try await Self.contents(state.store, Self.path)
        try require(file == Self.bytes(0), "what was reported as written is not there")
        try require(try await Self.contents(state.store, "log/0") == nil, "what was removed is back")
      }
      print(report)
      #expect(report.isExhaustive)
    }
  }

  @Test("A folder that another process has made anew is another where the file system says when it was made")
  func folderRemadeByAnother() async throws {
    let writes: FaultScenario<Bool>.Operation = { store in
      _ = try await store.write([1], to: "log/0", .ifAbsent, durability: .full)
      let isOther = try await Self.contents(store, "log/other") != nil
      _ = try await store.write([1], to: Self.path, .ifAbsent, durability: .full)
      return isOther
    }
    let remakes: FaultScenario<Bool>.Operation = { store in
      try await (store as? SimulatedStore)?.removeFolder("log")
      _ = try await store.write([2], to: "log/other", .ifAbsent, durability: .relaxed)
      return false
    }
    var scenario = FaultScenario("a folder is made anew by another process", operations: [writes, remakes])
    scenario.interruptionLimit = 2
    let check: @Sendable (ScenarioState<Bool>) async throws -> Void = { state in
      guard case .returned(true) = state.operations[0] else { return }
      try require(try await Self.contents(state.store, Self.path) == [1], "what was reported as written is not there")
    }
    print(try await scenario.explore(check))
    scenario.knowsBirths = false
    await #expect(throws: ScenarioFailure.self) { try await scenario.explore(check) }
  }

  @Test("A reader sees the whole file or none, however its writing is interrupted")
  func reading() async throws {
    let scenario = FaultScenario("a racer and two readers", operations: [Self.racer(0), Self.reader, Self.reader])
    let report = try await scenario.explore { try await Self.checkRace($0) }
    print(report)
    #expect(report.isExhaustive)
  }

  @Test("Without durability the file survives the process, and a failure of power may cost it")
  func relaxed() async throws {
    let scenario = FaultScenario("two relaxed racers", operations: [Self.racer(0, .relaxed), Self.racer(1, .relaxed)])
    let report = try await scenario.explore { state in
      if !state.powerFailed { try await Self.checkRace(state) }
      try await Self.checkEnd(state)
    }
    print(report)
    await #expect(throws: ScenarioFailure.self) {
      try await scenario.explore { try await Self.checkRace($0) }
    }
  }

  @Test(
    "What another wrote without waiting survives once it was waited for, and nothing is said of it that does not hold")
  func synchronizing() async throws {
    let write: FaultScenario<Int>.Operation = { store in
      _ = try await store.write(Self.bytes(0), to: Self.path, .ifAbsent, durability: .relaxed)
      return 0
    }
    let wait: FaultScenario<Int>.Operation = { store in
      try await store.synchronize(Self.path)
      return 1
    }
    var scenario = FaultScenario("one writes, another waits", operations: [write, wait])
    scenario.faults = [.inputOutput, .lostAnswer]
    let report = try await scenario.explore { state in
      switch state.operations[1] {
      case .running: break
      case .returned:
        let file = try await state.store.read(Self.path)
        try require(file == Self.bytes(0), "the file is torn: \(file)")
      case .threw(let error as StorageError):
        try require(error.code == .notFound || error.code == .inputOutput, "\(error)")
      case .threw(let error): throw error
      }
    }
    print(report)
    #expect(report.isExhaustive)
  }

  @Test("A file that is replaced is the old one or the new one, and the new one once that was reported")
  func replacing() async throws {
    let old = [UInt8](repeating: 9, count: 6)
    let setUp: @Sendable (any ObjectStore) async throws -> Void = { store in
      _ = try await store.write(old, to: "hint", .always, durability: .full)
    }
    let replace: FaultScenario<Int>.Operation = { store in
      _ = try await store.write(Self.bytes(0), to: "hint", .always, durability: .full)
      return 0
    }
    var scenario = FaultScenario("a file is replaced", setUp: setUp, operations: [replace])
    scenario.faults = Set(SimulatedFault.allCases)
    scenario.faultLimit = 2
    let report = try await scenario.explore { state in
      let file = try await state.store.read("hint")
      try require(file == old || file == Self.bytes(0), "the file is torn: \(file)")
      switch state.operations[0] {
      case .running: break
      case .returned: try require(file == Self.bytes(0), "what was reported as written is not there")
      case .threw(let error as StorageError) where error.code == .outcomeUnknown: break
      case .threw: try require(file == old, "what failed was written")
      }
    }
    print(report)
    #expect(report.isExhaustive)
  }

  @Test("No hidden file is left where calls work, not even by a cancelled task")
  func leftovers() async throws {
    var scenario = FaultScenario("cancelled racers", operations: [Self.racer(0), Self.racer(1)])
    scenario.faults = [.cancellation]
    scenario.interruptionLimit = 2
    let report = try await scenario.explore { state in
      try await Self.checkRace(state)
      guard state.isEnd, !state.powerFailed else { return }
      let files = try await state.store.list("", recursively: true, startingAt: nil)
      try require(files.allSatisfy { $0.path == Self.path }, "something is left: \(files.map(\.path))")
    }
    print(report)
    #expect(report.isExhaustive)
  }

  @Test("A streamed file is whole before a log names it, and each of two writers gets a version of its own")
  func log() async throws {
    for (faults, interruptionLimit) in [([], 3), ([.inputOutput, .lostAnswer], 1)] as [(Set<SimulatedFault>, Int?)] {
      var scenario = FaultScenario(
        "two writers of a log" + (faults.isEmpty ? "" : " with faults"),
        operations: [MiniatureLog.append(1), MiniatureLog.append(2)])
      scenario.faults = faults
      scenario.interruptionLimit = interruptionLimit
      let report = try await scenario.explore { try await MiniatureLog.check($0) }
      print(report)
      #expect(report.completedCount > 0)
    }
  }

  @Test("Only a file system that keeps the order of entries keeps a log without gaps")
  func gaps() async throws {
    var scenario = FaultScenario(
      "two writers of a log, entries in any order", operations: [MiniatureLog.append(1), MiniatureLog.append(2)])
    scenario.entryOrder = .any
    let failure = await #expect(throws: ScenarioFailure.self) {
      try await scenario.explore { try await MiniatureLog.check($0) }
    }
    #expect(failure?.description.contains("gap") == true)
  }

  @Test("The exploration finds each planted bug", arguments: PlantedBug.allCases)
  func plantedBugs(bug: PlantedBug) async throws {
    var scenario = FaultScenario(bug.rawValue, operations: [Self.racer(0), Self.racer(1)])
    scenario.bug = bug
    if bug == .retriesSynchronization { scenario.faults = [.inputOutput] }
    let failure = await #expect(throws: ScenarioFailure.self) {
      try await scenario.explore { try await Self.checkRace($0) }
    }
    #expect(failure?.cause is ScenarioViolation)
    #expect(failure?.steps.isEmpty == false)
  }
}

/// A log whose versions each name a data file, as small as it can be.
private enum MiniatureLog {
  static func data(_ writer: Int) -> [UInt8] { (0..<20).map { UInt8($0 + writer) } }

  /// Writes a data file in pieces, and then the first version that is free.
  static func append(_ writer: Int) -> FaultScenario<(writer: Int, version: Int)>.Operation {
    { store in
      let file = try await store.makeWriter(to: "data/\(writer)", durability: .full)
      do {
        for piece in [data(writer)[..<5], data(writer)[5..<17], data(writer)[17...]] {
          try await file.append(Array(piece))
        }
        _ = try await file.finish()
      } catch {
        await file.abandon()
        throw error
      }
      var version = try await store.list("log").count { !$0.name.hasPrefix(".") }
      while try await store.write([UInt8(writer)], to: "log/\(version)", .ifAbsent, durability: .full) == .alreadyExists
      {
        version += 1
      }
      return (writer, version)
    }
  }

  static func check(_ state: ScenarioState<(writer: Int, version: Int)>) async throws {
    var writers: [Int] = []
    for file in try await state.store.list("log") where !file.name.hasPrefix(".") {
      try require(file.name == "\(writers.count)", "the log has a gap before \(file.name)")
      let commit = try await state.store.read(file.path)
      try require(commit.count == 1, "version \(file.name) is torn: \(commit)")
      let data = try await state.store.read("data/\(commit[0])")
      try require(data == Self.data(Int(commit[0])), "the log names an unfinished file")
      writers.append(Int(commit[0]))
    }
    try require(Set(writers).count == writers.count, "a writer has two versions: \(writers)")
    for (writer, version) in state.returned {
      try require(
        version < writers.count && writers[version] == writer,
        "version \(version) of writer \(writer) is gone: \(writers)")
    }
  }
}
