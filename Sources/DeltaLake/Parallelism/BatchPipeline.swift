internal import Synchronization

/// Makes batches on several threads and hands them out in order, holding only a window of them.
///
/// A *feeder* enqueues tasks in order; *workers* take them one by one and emit their batches; the consumer gets the
/// first task's batches, then the second's, and so on. Emitting waits while the window is full, unless it is the
/// task whose turn it is. In order means errors, too: what comes before a failed task is handed out first.
/// A class, since feeder, workers and consumer share its state.
package final class BatchPipeline<Batch: Sendable>: Sendable {
  /// Emits batches by the function it is given; returning ends the task.
  package typealias Work = @Sendable (_ emit: (Batch) async throws -> Void) async throws -> Void
  package typealias Feeder = @Sendable (_ enqueue: (@escaping Work) async throws -> Void) async throws -> Void

  private struct Slot {
    var batches: [Batch] = []
    var isDone = false
  }

  private struct State {
    var pending: [(sequence: Int, work: Work)] = []
    /// A slot a task in order, or one for all. Those before `firstSlot` are consumed.
    var slots: [Slot] = []
    var firstSlot = 0
    var bufferedWeight = 0
    var runningTasks = 0
    var feederIsDone = false
    /// The first task in order that failed, or the place behind all tasks for the feeder; nothing after it matters.
    var failure: (sequence: Int, error: any Error)?
    var outcome: Outcome?
    var sleepers: [CheckedContinuation<Void, Never>] = []
    var tasks: [Task<Void, Never>] = []

    var isFinished: Bool { feederIsDone && pending.isEmpty && runningTasks == 0 }

    /// Gives the turn to the first task that has batches or may still make some.
    mutating func passTurn() {
      while firstSlot < slots.count, slots[firstSlot].isDone, slots[firstSlot].batches.isEmpty { firstSlot += 1 }
    }

    /// The failure, once all before it has been handed out.
    var dueFailure: (any Error)? {
      guard let failure, firstSlot == failure.sequence else { return nil }
      return firstSlot < slots.count && !slots[firstSlot].batches.isEmpty ? nil : failure.error
    }

    /// Whether a task comes after one that failed.
    func isMoot(_ sequence: Int) -> Bool { failure.map { sequence > $0.sequence } ?? false }

    mutating func fail(_ sequence: Int, _ error: any Error) {
      guard failure.map({ sequence < $0.sequence }) ?? true else { return }
      failure = (sequence, error)
      pending.removeAll { $0.sequence > sequence }
      feederIsDone = true
    }
  }

  private enum Outcome {
    case cancelled
    case failed(any Error)

    var error: any Error {
      switch self {
      case .cancelled: CancellationError()
      case .failed(let error): error
      }
    }
  }

  private struct Shelf: @unchecked Sendable { var state = State() }
  private let shelf = Mutex(Shelf())
  private let workerCount: Int
  private let window: Int
  private let isOrdered: Bool
  private let weight: @Sendable (Batch) -> Int

  /// - Parameters:
  ///   - window: batches wait once this much weight is ready.
  ///   - weight: of a batch, for instance its rows.
  package init(workerCount: Int, window: Int, isOrdered: Bool, weight: @escaping @Sendable (Batch) -> Int) {
    self.workerCount = max(1, workerCount)
    self.window = window
    self.isOrdered = isOrdered
    self.weight = weight
  }

  /// Starts feeder and workers. Call it once.
  package func start(_ feeder: @escaping Feeder) {
    var tasks: [Task<Void, Never>] = []
    tasks.append(
      Task(executorPreference: Surroundings.current.workers) {
        do {
          try await feeder { work in try await self.enqueue(work) }
          self.change { $0.feederIsDone = true }
        } catch {
          self.fail(nil, error)
        }
      })
    for _ in 0..<workerCount {
      tasks.append(Task(executorPreference: Surroundings.current.workers) { await self.runWorker() })
    }
    change { $0.tasks = tasks }
  }

  /// The next batch in order; `nil` at the end.
  package func next() async throws -> Batch? {
    let result = try await withTaskCancellationHandler {
      try await wait { state -> Result<Batch?, any Error>? in
        if let error = state.dueFailure { return .failure(error) }
        guard state.firstSlot < state.slots.count, !state.slots[state.firstSlot].batches.isEmpty else {
          return state.isFinished ? .success(nil) : nil
        }
        let batch = state.slots[state.firstSlot].batches.removeFirst()
        state.bufferedWeight -= self.weight(batch)
        state.passTurn()
        return .success(batch)
      }
    } onCancel: {
      cancel()
    }
    if case .failure(let error) = result { stop(.failed(error)) }
    return try result.get()
  }

  /// Stops everything; `next()` then throws `CancellationError`.
  package func cancel() { stop(.cancelled) }

  private func enqueue(_ work: @escaping Work) async throws {
    let isWanted = try await wait { state -> Bool? in
      if state.failure != nil { return false }
      guard state.pending.count < 2 * self.workerCount else { return nil }
      if self.isOrdered || state.slots.isEmpty { state.slots.append(Slot()) }
      state.pending.append((state.slots.count - 1, work))
      return true
    }
    guard isWanted else { throw CancellationError() }
  }

  private func runWorker() async {
    while let (sequence, work) = try? await nextTask() {
      do {
        try await work { batch in try await self.emit(batch, from: sequence) }
      } catch {
        fail(sequence, error)
        continue
      }
      change { state in
        state.runningTasks -= 1
        if self.isOrdered, sequence < state.slots.count {
          state.slots[sequence].isDone = true
          state.passTurn()
        }
      }
    }
  }

  /// - Parameter sequence: of the task; `nil` for the feeder.
  private func fail(_ sequence: Int?, _ error: any Error) {
    guard isOrdered else { return stop(.failed(error)) }
    change { state in
      if sequence != nil { state.runningTasks -= 1 }
      state.fail(sequence ?? state.slots.count, error)
    }
  }

  private func nextTask() async throws -> (Int, Work)? {
    try await wait { state -> (Int, Work)?? in
      if !state.pending.isEmpty {
        let task = state.pending.removeFirst()
        state.runningTasks += 1
        return .some((task.sequence, task.work))
      }
      return state.feederIsDone ? .some(nil) : nil
    }
  }

  private func emit(_ batch: Batch, from sequence: Int) async throws {
    let isWanted = try await wait { state -> Bool? in
      if state.isMoot(sequence) { return false }
      let isTurn = self.isOrdered && sequence == state.firstSlot && state.slots[sequence].batches.count < 2
      guard isTurn || state.bufferedWeight < self.window else { return nil }
      state.slots[sequence].batches.append(batch)
      state.bufferedWeight += self.weight(batch)
      return true
    }
    guard isWanted else { throw CancellationError() }
  }

  /// The value of the first attempt that gives one. A failed attempt must leave the state as it is, and sleeps until
  /// it changes; a successful one is a change.
  private func wait<Value>(_ attempt: (inout State) -> Value?) async throws -> Value {
    while true {
      var result: Result<Value, any Error>?
      await withCheckedContinuation { continuation in
        let woken = shelf.withLock { shelf -> [CheckedContinuation<Void, Never>] in
          if let outcome = shelf.state.outcome {
            result = .failure(outcome.error)
            return [continuation]
          }
          let turn = shelf.state.firstSlot
          guard let value = attempt(&shelf.state) else {
            // The consumer may have gone on to a task that sleeps until its turn, the window being full.
            defer { shelf.state.sleepers.append(continuation) }
            guard shelf.state.firstSlot != turn else { return [] }
            defer { shelf.state.sleepers = [] }
            return shelf.state.sleepers
          }
          result = .success(value)
          defer { shelf.state.sleepers = [] }
          return shelf.state.sleepers + [continuation]
        }
        for sleeper in woken { sleeper.resume() }
      }
      if let result { return try result.get() }
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let woken = shelf.withLock { shelf -> [CheckedContinuation<Void, Never>] in
      body(&shelf.state)
      defer { shelf.state.sleepers = [] }
      return shelf.state.sleepers
    }
    for sleeper in woken { sleeper.resume() }
  }

  private func stop(_ outcome: Outcome) {
    var tasks: [Task<Void, Never>] = []
    change { state in
      if state.outcome == nil { state.outcome = outcome }
      state.pending = []
      state.slots = []
      state.firstSlot = 0
      tasks = state.tasks
    }
    for task in tasks { task.cancel() }
  }
}
