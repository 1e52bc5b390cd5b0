import Foundation
import ObjectStorage
import Synchronization

/// A call that waits for its turn.
struct PendingCall: Sendable {
  struct Outcome: Sendable {
    /// Stands for what the operation sees.
    var seen: Fingerprint
    var time: Int64
    /// Lets the operation go on with it.
    var resume: @Sendable () -> Void
  }

  let call: SimulatedCall
  /// How many answers would be right.
  let answerCount: @Sendable (SimulatedDisk) -> Int
  /// Makes the call, on the disk or on a copy of it.
  let perform: @Sendable (inout SimulatedDisk, SimulatedDisk.Step) -> Outcome
  /// Lets the operation go on without it, at the end of a simulation.
  let fail: @Sendable () -> Void
}

/// Whose call comes next, and what goes wrong with it.
struct Choice: Hashable, Sendable {
  var operation: Int
  var fault: SimulatedFault?
  /// Of the answers that are right, which: less than their number.
  var answer = 0
}

/// Operations on one simulated disk, each a task, of which only one at a time runs: from one call to the next.
///
/// All of them run on a ``SimulationExecutor``, so on one thread. When each waits with a call, whoever drives the
/// simulation chooses one, makes its call, and lets it run to its next call or to its end. Given the same choices, the same
/// happens, but for random numbers and clocks, which must not decide which calls are made. A class, since its operations share it.
final class Simulation: @unchecked Sendable {
  /// One operation as it is now.
  struct Operation {
    /// What it waits with; the first is its next step. More than one where it makes calls concurrently.
    var pending: [PendingCall] = []
    var isFinished = false
    /// Stands for all it has done and seen.
    var history: Fingerprint
    var time: Int64 = 0
  }

  private struct State {
    var disk: SimulatedDisk
    var operations: [Operation]
    var isOver = false
  }

  let executor = SimulationExecutor()
  private let tick: Int64
  let closingIsAStep: Bool
  let listingIsAtOnce: Bool
  let readingIsAStep: @Sendable (String) -> Bool
  private let state: Mutex<State>
  private let cancellations = Mutex<[@Sendable () -> Void]>([])
  /// Of the thread that drives the simulation: what has happened.
  private(set) var trace: [(choice: Choice, call: SimulatedCall)] = []

  init(
    _ disk: SimulatedDisk, time: Int64, tick: Int64, operationCount: Int, closingIsAStep: Bool, listingIsAtOnce: Bool,
    readingIsAStep: @escaping @Sendable (String) -> Bool
  ) {
    self.tick = tick
    self.closingIsAStep = closingIsAStep
    self.listingIsAtOnce = listingIsAtOnce
    self.readingIsAStep = readingIsAStep
    state = Mutex(
      State(
        disk: disk,
        operations: (0..<operationCount).map { Operation(history: Fingerprint(UInt64($0) &+ 100), time: time) }))
  }

  /// Starts one operation more; in the order of their numbers.
  ///
  /// - Parameter body: must not throw; it keeps what came of it.
  func start(_ operation: Int, _ body: @escaping @Sendable () async -> Void) throws {
    let task = Task(executorPreference: executor) { [self] in
      await body()
      state.withLock { $0.operations[operation].isFinished = true }
      executor.wake()
    }
    cancellations.withLock { $0.append { task.cancel() } }
    try settle(operation)
  }

  // MARK: For operations

  func submit(_ call: PendingCall, of operation: Int) {
    let isOver = state.withLock { state in
      if !state.isOver { state.operations[operation].pending.append(call) }
      return state.isOver
    }
    if isOver { call.fail() }
    executor.wake()
  }

  func withDisk<Value: Sendable>(_ body: (inout SimulatedDisk) -> Value) -> Value {
    state.withLock { body(&$0.disk) }
  }

  // MARK: For the driver

  var disk: SimulatedDisk { state.withLock { $0.disk } }

  /// Whether each operation has ended.
  var finished: [Bool] { state.withLock { $0.operations.map(\.isFinished) } }

  /// What each operation has done and seen; of the finished ones, what came of them follows from it.
  var histories: [Fingerprint] { state.withLock { $0.operations.map(\.history) } }

  /// When the latest step was.
  var time: Int64 { state.withLock { $0.operations.map(\.time).max() ?? 0 } }

  /// The call that an operation waits with, if it does.
  func nextCall(of operation: Int) -> SimulatedCall? {
    state.withLock { $0.operations[operation].pending.first?.call }
  }

  /// How many answers to the next call of an operation would be right.
  func answerCount(of operation: Int) -> Int {
    state.withLock { $0.operations[operation].pending.first?.answerCount($0.disk) ?? 0 }
  }

  /// The state as it is.
  var fingerprint: Fingerprint { state.withLock { Self.fingerprint($0.disk, $0.operations) } }

  /// The state that a choice would lead to.
  func fingerprint(after choice: Choice) -> Fingerprint {
    let (disk, operations) = state.withLock { ($0.disk, $0.operations) }
    var copy = disk
    var after = operations
    _ = take(choice, &copy, &after)
    return Self.fingerprint(copy, after)
  }

  func take(_ choice: Choice) throws {
    let (outcome, call) = state.withLock { state in
      let call = state.operations[choice.operation].pending[0].call
      let outcome = take(choice, &state.disk, &state.operations)
      return (outcome, call)
    }
    trace.append((choice, call))
    if choice.fault == .cancellation { cancellations.withLock { $0[choice.operation] }() }
    outcome.resume()
    try settle(choice.operation)
  }

  /// Ends all operations: their tasks are cancelled and their calls fail without touching the disk.
  func end() throws {
    let pending = state.withLock { state in
      state.isOver = true
      return state.operations.flatMap(\.pending)
    }
    for cancel in cancellations.withLock({ $0 }) { cancel() }
    for call in pending { call.fail() }
    try executor.run { state.withLock { $0.operations.allSatisfy(\.isFinished) } }
  }

  // MARK: Inside

  /// Lets an operation run to its next call or its end.
  private func settle(_ operation: Int) throws {
    try executor.run {
      state.withLock { $0.operations[operation].isFinished || !$0.operations[operation].pending.isEmpty }
    }
  }

  private func take(
    _ choice: Choice, _ disk: inout SimulatedDisk, _ operations: inout [Operation]
  ) -> PendingCall.Outcome {
    let operation = operations[choice.operation]
    let pending = operation.pending[0]
    let identity = operation.history.then(choice.fault?.rawValue ?? 0).then(UInt64(choice.answer))
    let step = SimulatedDisk.Step(
      fingerprint: identity, time: operation.time + tick, fault: choice.fault, answer: choice.answer)
    let outcome = pending.perform(&disk, step)
    operations[choice.operation].pending.removeFirst()
    operations[choice.operation].history = identity.then(outcome.seen)
    operations[choice.operation].time = max(operation.time + tick, outcome.time)
    return outcome
  }

  private static func fingerprint(_ disk: SimulatedDisk, _ operations: [Operation]) -> Fingerprint {
    operations.reduce(disk.fingerprint) { $0.then($1.history) }
  }
}
