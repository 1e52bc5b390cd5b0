import Foundation
import ObjectStorage
import Synchronization

/// Searches the states of a scenario. A class, since it keeps what it has seen; it works on a thread of its own.
///
/// Each run starts from the beginning and follows a list of choices to a state that nobody has seen; from there it goes on
/// to other such states for as long as there are any. What a choice leads to is known without making it: the call is made on
/// a copy of the disk. So every run sees something new.
final class Exploration<Outcome: Sendable>: @unchecked Sendable {
  private struct Start {
    var choices: [Choice]
    var state: Fingerprint
  }

  private let scenario: FaultScenario<Outcome>
  private let check: @Sendable (ScenarioState<Outcome>) async throws -> Void
  private let checks = SimulationExecutor()
  private var report: ExplorationReport
  private var random: SplitMix
  private var initial = SimulatedDisk()
  private var initialTime: Int64 = 1_700_000_000_000
  /// States that were seen, or are about to be.
  private var known: Set<Fingerprint> = []
  /// Disks and outcomes of which all images were checked.
  private var looked: Set<Fingerprint> = []
  /// Disks by names and bytes, and outcomes.
  private var different: Set<Fingerprint> = []
  private let memory = CheckMemory()
  private let partMemory = PartMemory()
  private var starts: [Start] = []

  init(
    _ scenario: FaultScenario<Outcome>, _ check: @escaping @Sendable (ScenarioState<Outcome>) async throws -> Void
  ) {
    self.scenario = scenario
    self.check = check
    report = ExplorationReport(scenario: scenario.name)
    random = SplitMix(state: scenario.seed)
  }

  func run() async throws -> ExplorationReport {
    try await withCheckedThrowingContinuation { continuation in
      // The thread waits: were it one of Swift's, what it waits for might have none to run on.
      let thread = Thread { continuation.resume(with: Result { try self.explore() }) }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  private func explore() throws -> ExplorationReport {
    try prepare()
    starts = [Start(choices: [], state: Fingerprint())]
    while let start = starts.popLast() {
      guard known.count < scenario.stateLimit else {
        report.isExhaustive = false
        break
      }
      try follow(start)
    }
    if !report.isExhaustive {
      for _ in 0..<scenario.randomRunCount { try wander() }
    }
    report.stateCount = known.count
    return report
  }

  /// Makes the disk on which each run begins.
  private func prepare() throws {
    var disk = SimulatedDisk()
    let step = SimulatedDisk.Step(fingerprint: Fingerprint(7), time: initialTime)
    try disk.makeDirectory(SimulatedStore.volume, step)
    let holder = DiskHolder(disk, time: initialTime)
    let scenario = scenario
    let store = SimulatedStore(
      SimulatedProcess(.immediate(holder), root: scenario.root), bufferLimit: scenario.bufferLimit)
    try perform(0, { holder.time }) { try await scenario.setUp(store) }
    initial = holder.disk
    initial.forgetProcesses()
    initial.makeDurable()
    initialTime = holder.time + scenario.pause
  }

  // MARK: Runs

  private func follow(_ start: Start) throws {
    let run = try begin()
    var choices = start.choices
    var current = choices.last?.operation
    var interruptions = 0
    for (index, choice) in choices.enumerated() {
      if index > 0 { interruptions += cost(of: choice, after: choices[index - 1].operation, run) }
      try take(choice, run)
    }
    if choices.isEmpty {
      known.insert(key(run.simulation.fingerprint, nil, 0))
    } else if key(run.simulation.fingerprint, current, interruptions) != start.state {
      throw failure(run, ScenarioViolation(Self.nondeterminism))
    }
    while true {
      try look(run)
      var next: (choice: Choice, interruptions: Int)?
      let options = options(run, choices, current)
      for choice in options {
        let cost = interruptions + (current.map { self.cost(of: choice, after: $0, run) } ?? 0)
        if let limit = scenario.interruptionLimit, cost > limit { continue }
        let state = key(run.simulation.fingerprint(after: choice), choice.operation, cost)
        guard known.insert(state).inserted else { continue }
        if next == nil {
          next = (choice, cost)
        } else {
          starts.append(Start(choices: choices + [choice], state: state))
        }
      }
      if options.isEmpty { report.completedCount += 1 }
      guard let next else { break }
      try take(next.choice, run)
      choices.append(next.choice)
      current = next.choice.operation
      interruptions = next.interruptions
    }
    try run.simulation.end()
  }

  /// One run by lot.
  private func wander() throws {
    let run = try begin()
    var choices: [Choice] = []
    while true {
      if known.insert(key(run.simulation.fingerprint, nil, 0)).inserted { try look(run) }
      let options = options(run, choices, nil)
      let harmless = options.filter { $0.fault == nil }
      guard
        let choice = (Int.random(in: 0..<16, using: &random) == 0 ? options : harmless).randomElement(using: &random)
      else { break }
      try take(choice, run)
      choices.append(choice)
    }
    report.completedCount += 1
    try run.simulation.end()
  }

  private static var nondeterminism: String {
    "The operations did not do the same when run again: something besides what they see of the store decides which "
      + "calls they make."
  }

  /// With a limit of interruptions, what can come of a state depends on who is at work and how many are left.
  private func key(_ state: Fingerprint, _ current: Int?, _ interruptions: Int) -> Fingerprint {
    guard scenario.interruptionLimit != nil else { return state }
    return state.then(UInt64(current.map { $0 + 1 } ?? 0)).then(UInt64(interruptions))
  }

  private func cost(of choice: Choice, after operation: Int, _ run: Run) -> Int {
    choice.operation != operation && run.simulation.nextCall(of: operation) != nil ? 1 : 0
  }

  /// What can happen next: best first, that is the operation that is at work, and without a fault.
  private func options(_ run: Run, _ choices: [Choice], _ current: Int?) -> [Choice] {
    var order = Array(scenario.operations.indices)
    if let current { order.swapAt(0, current) }
    // Where interruptions are counted, going on elsewhere would be one.
    let candidates = scenario.interruptionLimit == nil ? order : current.map { [$0] } ?? []
    if let local = candidates.first(where: { isLocal($0, run) }) { order = [local] }
    let mayFail = choices.count { $0.fault != nil } < scenario.faultLimit
    var harmless: [Choice] = []
    var faulty: [Choice] = []
    for operation in order {
      guard let call = run.simulation.nextCall(of: operation) else { continue }
      for answer in 0..<run.simulation.answerCount(of: operation) {
        harmless.append(Choice(operation: operation, answer: answer))
      }
      guard mayFail else { continue }
      for fault in SimulatedFault.allCases where scenario.faults.contains(fault) && fault.strikes(call) {
        faulty.append(Choice(operation: operation, fault: fault))
      }
    }
    return harmless + faulty
  }

  /// Whether the next step of an operation can as well be made at once.
  private func isLocal(_ operation: Int, _ run: Run) -> Bool {
    guard let interplay = scenario.interplay, let call = run.simulation.nextCall(of: operation) else { return false }
    let finished = run.simulation.finished
    let others = scenario.operations.indices.filter { $0 != operation && !finished[$0] }
    return call.isLocal(on: run.simulation.disk, isShared: interplay.isShared) { path in
      others.contains { interplay.mayChange($0, path) }
    }
  }

  private func begin() throws -> Run {
    report.runCount += 1
    let run = Run(scenario, initial, time: initialTime)
    try run.start()
    return run
  }

  private func take(_ choice: Choice, _ run: Run) throws {
    guard run.simulation.nextCall(of: choice.operation) != nil else {
      throw failure(run, ScenarioViolation(Self.nondeterminism))
    }
    report.stepCount += 1
    try run.simulation.take(choice)
  }

  // MARK: Checks

  /// Checks the state as it is and as failures of power would leave it.
  private func look(_ run: Run) throws {
    let progress = run.progress
    let outcomes = circumstances(run, progress)
    let disk = run.simulation.disk
    guard looked.insert(disk.fingerprint.then(outcomes)).inserted else { return }
    let images = CrashImages(of: disk, scenario.entryOrder)
    func look(_ image: CrashImages.Image) throws {
      report.diskCount += 1
      let circumstances = outcomes.then(image.isWhole ? 1 : 0)
      guard different.insert(image.contents.then(circumstances)).inserted else { return }
      report.differentCount += 1
      let time = run.simulation.time
      if memory.known(image.disk, time: time, circumstances) != nil { return }
      report.checkCount += 1
      let holder = DiskHolder(image.disk, time: time, isRecording: true)
      let (limit, root) = (scenario.bufferLimit, scenario.root)
      let makeStore = { @Sendable holder in
        SimulatedStore(SimulatedProcess(.immediate(holder), root: root), bufferLimit: limit)
      }
      let state = ScenarioState(
        store: makeStore(holder), powerFailed: !image.isWhole, operations: progress,
        parts: CheckParts(holder: holder, disk: image.disk, time: time, memory: partMemory, makeStore: makeStore))
      let check = check
      do {
        let now = initialTime
        try perform(1, { now }) { try await check(state) }
      } catch {
        throw failure(run, error, image)
      }
      memory.insert(holder.looks, circumstances)
    }
    let isAll = try images.forEach(limit: scenario.crashLimit, &random, look)
    if !isAll { report.isExhaustive = false }
  }

  /// Stands for what a check knows besides the disk.
  private func circumstances(_ run: Run, _ progress: [OperationProgress<Outcome>]) -> Fingerprint {
    var sum = Fingerprint()
    if let text = scenario.outcomeText {
      for progress in progress { sum = sum.then(Fingerprint.of(text(progress))) }
    } else {
      for (history, isFinished) in zip(run.simulation.histories, run.simulation.finished) {
        sum = sum.then(isFinished ? history : Fingerprint(1))
      }
    }
    return sum
  }

  /// Runs an asynchronous piece of work on this thread.
  ///
  /// - Parameter stream: of the random numbers.
  private func perform(
    _ stream: UInt64, _ time: @escaping @Sendable () -> Int64, _ work: @escaping @Sendable () async throws -> Void
  ) throws {
    let result = Mutex<Result<Void, any Error>?>(nil)
    let executor = checks
    let machine = SimulatedMachine(executor: executor, stream: stream, time: time)
    let onMachine = scenario.onMachine
    Task(executorPreference: executor) {
      let outcome: Result<Void, any Error>
      do { outcome = .success(try await onMachine(machine, work)) } catch { outcome = .failure(error) }
      result.withLock { $0 = outcome }
      executor.wake()
    }
    try executor.run { result.withLock { $0 != nil } }
    try result.withLock { $0 }?.get()
  }

  private func failure(_ run: Run, _ cause: any Error, _ image: CrashImages.Image? = nil) -> ScenarioFailure {
    var files: [String] = []
    (image?.disk ?? run.simulation.disk).forEachFile(below: 0, prefix: "/", recursively: true) { path, file, _ in
      files.append("\(path): \(file.bytes.count) bytes")
    }
    let steps = run.simulation.trace.map { choice, call in
      "\(choice.operation): \(call)" + (choice.fault.map { " [\($0)]" } ?? "")
        + (choice.answer > 0 ? " [answer \(choice.answer)]" : "")
    }
    // The tasks of the run must not outlive it; what they do now is of no interest.
    try? run.simulation.end()
    return ScenarioFailure(
      scenario: scenario.name, steps: steps, files: files.sorted(), powerFailed: image.map { !$0.isWhole } ?? false,
      cause: cause)
  }

  /// One run of the scenario's operations. A class, since they tell it how they ended.
  private final class Run: Sendable {
    let simulation: Simulation
    private let scenario: FaultScenario<Outcome>
    private let outcomes: Mutex<[OperationProgress<Outcome>]>

    init(_ scenario: FaultScenario<Outcome>, _ disk: SimulatedDisk, time: Int64) {
      self.scenario = scenario
      simulation = Simulation(
        disk, time: time, tick: scenario.tick, operationCount: scenario.operations.count,
        closingIsAStep: !scenario.faults.isDisjoint(with: [.inputOutput, .noSpace]),
        listingIsAtOnce: scenario.listingIsAtOnce, readingIsAStep: scenario.readingIsAStep)
      outcomes = Mutex(scenario.operations.map { _ in .running })
    }

    var progress: [OperationProgress<Outcome>] { outcomes.withLock { $0 } }

    func start() throws {
      let time = simulation.time
      for (index, operation) in scenario.operations.enumerated() {
        let process = SimulatedProcess(
          .scheduled(simulation, operation: index), root: scenario.root, bug: scenario.bug,
          hasExclusiveRename: scenario.hasExclusiveRename, knowsBirths: scenario.knowsBirths,
          closedDirectories: scenario.closedDirectories)
        let store = SimulatedStore(process, bufferLimit: scenario.bufferLimit)
        let machine = SimulatedMachine(executor: simulation.executor, stream: UInt64(index) + 2) { time }
        try simulation.start(index) { [self] in
          do {
            try await scenario.onMachine(machine) {
              let outcome = try await operation(store)
              outcomes.withLock { $0[index] = .returned(outcome) }
            }
          } catch {
            outcomes.withLock { $0[index] = .threw(error) }
          }
        }
      }
    }
  }
}
