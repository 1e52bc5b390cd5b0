import ObjectStorage
import Synchronization

/// A process that uses the simulated disk, and the calls it makes. A class, since a process is one.
final class SimulatedProcess: Sendable {
  /// Where its calls go.
  enum Steps: Sendable {
    /// To a disk of its own, at once.
    case immediate(DiskHolder)
    /// To a simulation, when its turn comes.
    case scheduled(Simulation, operation: Int)
  }

  let steps: Steps
  let durableDirectories = DurableDirectories()
  /// Of its store.
  let root: String
  let bug: PlantedBug?
  let hasExclusiveRename: Bool
  let knowsBirths: Bool
  let closedDirectories: Set<String>
  private let temporaryCount = Mutex<UInt64>(0)

  init(
    _ steps: Steps, root: String, bug: PlantedBug? = nil, hasExclusiveRename: Bool = true, knowsBirths: Bool = true,
    closedDirectories: Set<String> = []
  ) {
    self.steps = steps
    self.root = root
    self.bug = bug
    self.hasExclusiveRename = hasExclusiveRename
    self.knowsBirths = knowsBirths
    self.closedDirectories = closedDirectories
  }

  func temporaryName() -> String {
    if bug == .reusesTemporaryName { return TemporaryName.name(0) }
    let number = temporaryCount.withLock { count in
      count += 1
      return count
    }
    guard case .scheduled(_, let operation) = steps else { return TemporaryName.name(number) }
    return TemporaryName.name(UInt64(operation + 1) << 32 | number)
  }

  /// A call's answer.
  struct Answer<Value: Sendable>: Sendable {
    var result: Result<Value, SystemCallError>
    /// Stands for what the process sees by it.
    var seen = Fingerprint()
    /// When what it sees was made.
    var time: Int64 = 0
    /// Stands for the names and bytes that it sees, however they came to be; `nil`: `seen` does.
    var content: Fingerprint?
  }

  /// One step.
  ///
  /// - Parameter body: makes the call. It may be done on a copy of the disk, to see what it would do.
  func step<Value: Sendable>(
    _ call: SimulatedCall, answerCount: @escaping @Sendable (SimulatedDisk) -> Int = { _ in 1 },
    _ body: @escaping @Sendable (inout SimulatedDisk, SimulatedDisk.Step) -> Answer<Value>
  ) async throws(SystemCallError) -> Value {
    switch steps {
    case .immediate(let holder):
      return try holder.step(call, body).result.get()
    case .scheduled(let simulation, let operation):
      let result = await withUnsafeContinuation { continuation in
        simulation.submit(
          PendingCall(
            call: call, answerCount: answerCount,
            perform: { disk, step in
              let answer = Self.perform(body, &disk, step, call)
              return PendingCall.Outcome(seen: answer.seen, time: answer.time) {
                continuation.resume(returning: answer.result)
              }
            },
            fail: { continuation.resume(returning: Result<Value, SystemCallError>.failure(.inputOutput)) }),
          of: operation)
      }
      return try result.get()
    }
  }

  private static func perform<Value: Sendable>(
    _ body: @Sendable (inout SimulatedDisk, SimulatedDisk.Step) -> Answer<Value>,
    _ disk: inout SimulatedDisk, _ step: SimulatedDisk.Step, _ call: SimulatedCall
  ) -> Answer<Value> {
    func failed(_ error: SystemCallError) -> Answer<Value> {
      Answer(result: .failure(error), seen: Fingerprint(UInt64(error.number) &+ 1000))
    }
    switch step.fault {
    case nil, .cancellation, .shortWrite: return body(&disk, step)
    case .lostAnswer:
      _ = body(&disk, step)
      return failed(.inputOutput)
    case .noSpace:
      if case .write = call { _ = body(&disk, step) }
      return failed(.noSpace)
    case .inputOutput:
      switch call {
      case .synchronize(let file, _): try? disk.synchronize(file, succeeds: false)
      case .close(let file, _): disk.close(file)
      default: break
      }
      return failed(.inputOutput)
    }
  }
}

/// A disk whose steps are done at once. A class, since it is one disk.
final class DiskHolder: Sendable {
  private struct State {
    var disk: SimulatedDisk
    var time: Int64
    var count: UInt64 = 0
    var looks: [CheckMemory.Look] = []
  }
  private let state: Mutex<State>
  private let isRecording: Bool

  /// - Parameter isRecording: whether calls and their answers are kept.
  init(_ disk: SimulatedDisk, time: Int64, isRecording: Bool = false) {
    state = Mutex(State(disk: disk, time: time))
    self.isRecording = isRecording
  }

  var disk: SimulatedDisk { state.withLock { $0.disk } }
  var time: Int64 { state.withLock { $0.time } }
  /// The calls so far, in order.
  var looks: [CheckMemory.Look] { state.withLock { $0.looks } }

  func step<Value: Sendable>(
    _ call: SimulatedCall,
    _ body: @escaping @Sendable (inout SimulatedDisk, SimulatedDisk.Step) -> SimulatedProcess.Answer<Value>
  ) -> SimulatedProcess.Answer<Value> {
    step { disk, step, looks in
      let answer = body(&disk, step)
      if isRecording {
        looks.append(
          CheckMemory.Look(call: call, answer: answer.content ?? answer.seen) { disk, step in
            let answer = body(&disk, step)
            return answer.content ?? answer.seen
          })
      }
      return answer
    }
  }

  /// Notes calls that were made elsewhere, and see of this disk the same.
  func note(_ looks: [CheckMemory.Look]) { if isRecording { state.withLock { $0.looks += looks } } }

  /// The answer to a call that was made on another disk.
  func repeating(_ look: CheckMemory.Look) -> Fingerprint { step { disk, step, _ in look.perform(&disk, step) } }

  /// Changes the disk by what is no call that could see anything.
  func change(_ body: (inout SimulatedDisk) -> Void) { state.withLock { body(&$0.disk) } }

  private func step<Value>(
    _ body: (inout SimulatedDisk, SimulatedDisk.Step, inout [CheckMemory.Look]) -> Value
  ) -> Value where Value: Sendable {
    state.withLock { state in
      state.count += 1
      state.time += 1
      let step = SimulatedDisk.Step(fingerprint: Fingerprint(0xD15C).then(state.count), time: state.time)
      return body(&state.disk, step, &state.looks)
    }
  }
}
