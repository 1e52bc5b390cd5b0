package import ObjectStorage
import Synchronization

/// What is to go wrong in a store, and when.
package struct StoreFault: Sendable {
  package enum Effect: Sendable {
    /// The call throws this.
    case fails(StorageError)
    /// A reading gives at most so many bytes, as if the file ended there; a listing so many files.
    /// Without effect on calls that write.
    case truncates(to: Int)
    /// The bytes read are changed. Of a listing or of metadata nothing changes, nor of what is written.
    case damages(@Sendable (inout [UInt8]) -> Void)
    /// The call is done, but its answer is lost: it throws this. Without effect on calls that only read.
    case losesAnswer(StorageError)
    /// The call is answered rightly, but later.
    case delays(Duration)
    /// The task gets `CancellationError`, as if cancelled in the middle of the call.
    case cancels
  }

  package var effect: Effect
  /// Which call it strikes, counted among those that match, from 1; `nil`: every one.
  package var occurrence: Int?
  /// The kind of call, or `nil` for any.
  package var call: StoreCall?
  /// Only calls whose path contains this.
  package var pathPart: String

  package init(_ effect: Effect, at occurrence: Int? = nil, of call: StoreCall? = nil, path pathPart: String = "") {
    self.effect = effect
    self.occurrence = occurrence
    self.call = call
    self.pathPart = pathPart
  }

  /// The `occurrence`-th call fails as a broken disk or network would make it fail.
  package static func failure(at occurrence: Int? = nil, of call: StoreCall? = nil, path: String = "") -> StoreFault {
    let error = StorageError(.inputOutput, "A fault was injected.", path: path)
    return StoreFault(.fails(error), at: occurrence, of: call, path: path)
  }

  /// A write that is done but reported as if nobody knew.
  package static func lostAnswer(at occurrence: Int? = nil, of call: StoreCall? = nil, path: String = "") -> StoreFault
  {
    let error = StorageError(.outcomeUnknown, "An answer was lost on purpose.", path: path)
    return StoreFault(.losesAnswer(error), at: occurrence, of: call, path: path)
  }
}

/// Passes every call on to another store, but for those that its faults strike. Counts all of them.
///
/// To try an operation with a failure at each of its calls, run it once without faults and take ``callCount``:
///
/// ```swift
/// let store = FaultInjectingStore(base)
/// _ = try await operation(store)
/// for n in 1...store.callCount {
///   let faulty = FaultInjectingStore(base, faults: [.failure(at: n)])
///   await #expect(throws: DeltaError.self) { try await operation(faulty) }
/// }
/// ```
///
/// A class, since its counts are shared by those who hold it.
package final class FaultInjectingStore: ObjectStore {
  private struct State {
    var callCount = 0
    var struckCount = 0
    /// How many calls each fault has matched.
    var matches: [Int]
  }

  private let base: any ObjectStore
  private let faults: [StoreFault]
  private let state: Mutex<State>

  package init(_ base: any ObjectStore, faults: [StoreFault] = []) {
    self.base = base
    self.faults = faults
    state = Mutex(State(matches: faults.map { _ in 0 }))
  }

  /// The calls so far, those that failed included.
  package var callCount: Int { state.withLock { $0.callCount } }

  /// The calls so far that a fault struck. A test that expects a failure should expect this, too.
  package var struckCount: Int { state.withLock { $0.struckCount } }

  package var description: String { base.description }

  package func list(
    _ directory: String, recursively: Bool, startingAt first: String?
  ) async throws -> [ObjectMetadata] {
    let effects = try await strike(.list, directory)
    var files = try await base.list(directory, recursively: recursively, startingAt: first)
    for case .truncates(let count) in effects { files = Array(files.prefix(count)) }
    return files
  }

  package func metadata(of path: String) async throws -> ObjectMetadata {
    let effects = try await strike(.metadata, path)
    var metadata = try await base.metadata(of: path)
    for case .truncates(let count) in effects { metadata.size = min(metadata.size, count) }
    return metadata
  }

  package func read(_ path: String) async throws -> [UInt8] {
    let effects = try await strike(.read, path)
    return changed(try await base.read(path), effects)
  }

  package func read(
    _ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer
  ) async throws -> Int {
    let effects = try await strike(.readRange, path)
    let count = try await base.read(path, at: offset, into: destination)
    if effects.isEmpty { return count }
    let bytes = changed(Array(destination.prefix(count)), effects).prefix(destination.count)
    destination.copyBytes(from: bytes)
    return bytes.count
  }

  package func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome {
    let effects = try await strike(.write, path)
    let outcome = try await base.write(bytes, to: path, condition, durability: durability)
    try loseAnswer(effects)
    return outcome
  }

  package func makeWriter(to path: String, durability: Durability) async throws -> any ObjectWriter {
    let effects = try await strike(.makeWriter, path)
    let writer = try await base.makeWriter(to: path, durability: durability)
    try loseAnswer(effects)
    return FaultInjectingWriter(base: writer, path: path, store: self)
  }

  package var keepsWhatIsVisible: Bool { base.keepsWhatIsVisible }

  package var identity: String? { base.identity }

  package var seeksWhenListing: Bool { base.seeksWhenListing }

  package func synchronize(_ path: String) async throws {
    let effects = try await strike(.synchronize, path)
    try await base.synchronize(path)
    try loseAnswer(effects)
  }

  package func delete(_ path: String) async throws {
    let effects = try await strike(.delete, path)
    try await base.delete(path)
    try loseAnswer(effects)
  }

  fileprivate func loseAnswer(_ effects: [StoreFault.Effect]) throws {
    for case .losesAnswer(let error) in effects { throw error }
  }

  private func changed(_ bytes: [UInt8], _ effects: [StoreFault.Effect]) -> [UInt8] {
    var bytes = bytes
    for effect in effects {
      switch effect {
      case .truncates(let count): bytes = Array(bytes.prefix(count))
      case .damages(let change): change(&bytes)
      case .fails, .losesAnswer, .delays, .cancels: break
      }
    }
    return bytes
  }

  /// Counts a call, and fails or waits when a fault says so.
  ///
  /// - Returns: what is left to do to the answer.
  fileprivate func strike(_ call: StoreCall, _ path: String) async throws -> [StoreFault.Effect] {
    let effects = state.withLock { state -> [StoreFault.Effect] in
      state.callCount += 1
      var effects: [StoreFault.Effect] = []
      for (index, fault) in faults.enumerated() {
        guard fault.call == nil || fault.call == call, fault.pathPart.isEmpty || path.contains(fault.pathPart)
        else { continue }
        state.matches[index] += 1
        if fault.occurrence == nil || fault.occurrence == state.matches[index] { effects.append(fault.effect) }
      }
      if !effects.isEmpty { state.struckCount += 1 }
      return effects
    }
    for effect in effects {
      switch effect {
      case .delays(let time): try await Task.sleep(for: time)
      case .fails(let error): throw error
      case .cancels: throw CancellationError()
      case .truncates, .damages, .losesAnswer: break
      }
    }
    return effects
  }
}

private struct FaultInjectingWriter: ObjectWriter {
  let base: any ObjectWriter
  let path: String
  let store: FaultInjectingStore

  func write(_ bytes: UnsafeRawBufferPointer) async throws {
    let effects = try await store.strike(.append, path)
    try await base.write(bytes)
    try store.loseAnswer(effects)
  }

  func finish() async throws -> ObjectMetadata {
    let effects = try await store.strike(.finish, path)
    let metadata = try await base.finish()
    try store.loseAnswer(effects)
    return metadata
  }

  func abandon() async { await base.abandon() }
}
