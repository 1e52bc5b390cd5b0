import DeltaLog
import ObjectStorage
import Synchronization
import _TestSupport

/// A store that shows nothing that stands for commits: the table is read from these alone.
struct StoreWithCommitsAlone: ForwardingStore {
  let base: any ObjectStore

  private static func isHidden(_ path: String) -> Bool { path.contains("checkpoint") || path.contains("compacted") }

  func list(_ directory: String, recursively: Bool, startingAt first: String?) async throws -> [ObjectMetadata] {
    try await base.list(directory, recursively: recursively, startingAt: first).filter { !Self.isHidden($0.path) }
  }

  func read(_ path: String) async throws -> [UInt8] {
    guard !Self.isHidden(path) else { throw StorageError(.notFound, "There is no checkpoint.", path: path) }
    return try await base.read(path)
  }
}

/// A store that makes what is built on it behave as if it had a fault of our own making: exploring must find it, which
/// shows that exploring looks. A class, since some faults begin with something that happened.
final class BrokenStore: ForwardingStore {
  enum Bug: String, Sendable, CaseIterable {
    /// Commits are made without those of others having been judged.
    case skipsConflicts
    /// That a version is taken is ignored.
    case ignoresTakenVersions
    /// Data files are named before they are on the disk.
    case hurriesDataFiles
    /// That the answer to a commit got lost counts as its failure.
    case takesUnknownForFailed
    /// What is there is not waited for.
    case forgetsToSynchronize
    /// Nothing before what `_last_checkpoint` says is ever looked at.
    case trustsHint
    /// Cleaning up takes one commit too many.
    case cleansTooMuch
    /// A checkpoint counts without having been read: it is taken to be what it was when it was written.
    case believesCheckpoints
  }

  let base: any ObjectStore
  private let bug: Bug
  private let taken = Mutex<Set<String>>([])

  /// A checkpoint's bytes before they were damaged.
  static let soundCheckpoint = "_delta_log/_sound"

  init(_ base: any ObjectStore, _ bug: Bug) {
    self.base = base
    self.bug = bug
  }

  func list(_ directory: String, recursively: Bool, startingAt first: String?) async throws -> [ObjectMetadata] {
    var first = first
    if bug == .trustsHint, directory == "_delta_log", first == nil,
      let bytes = try? await base.read("_delta_log/" + LastCheckpointHint.fileName),
      let hint = LastCheckpointHint(parsing: bytes)
    {
      first = "_delta_log/" + hint.firstName
    }
    return try await base.list(directory, recursively: recursively, startingAt: first)
  }

  func read(_ path: String) async throws -> [UInt8] {
    let bytes = try await base.read(path)
    guard bug == .skipsConflicts, taken.withLock({ $0.contains(path) }) else { return bytes }
    // As if it were somebody's commit that does nothing.
    return Array(bytes.prefix { $0 != UInt8(ascii: "\n") })
  }

  func read(_ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer) async throws -> Int {
    let believes = bug == .believesCheckpoints && path.hasSuffix(".checkpoint.parquet")
    return try await base.read(believes ? Self.soundCheckpoint : path, at: offset, into: destination)
  }

  func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome {
    do {
      let outcome = try await base.write(bytes, to: path, condition, durability: durability)
      guard outcome == .alreadyExists else { return outcome }
      taken.withLock { _ = $0.insert(path) }
      if bug != .ignoresTakenVersions { return outcome }
      return .written(try await base.metadata(of: path))
    } catch let error as StorageError where error.code == .outcomeUnknown && bug == .takesUnknownForFailed {
      throw StorageError(.inputOutput, error.message, path: path)
    }
  }

  func makeWriter(to path: String, durability: Durability) async throws -> any ObjectWriter {
    try await base.makeWriter(to: path, durability: bug == .hurriesDataFiles ? .relaxed : durability)
  }

  func synchronize(_ path: String) async throws {
    if bug != .forgetsToSynchronize { try await base.synchronize(path) }
  }

  func delete(_ path: String) async throws {
    try await base.delete(path)
    guard bug == .cleansTooMuch, let file = LogFile(parsing: String(path.dropFirst("_delta_log/".count))),
      file.kind == .commit
    else { return }
    try await base.delete("_delta_log/" + LogFile.commitName(file.version + 1))
  }
}

/// A store of which what can be read stays, as with a service.
struct KeepingStore: ForwardingStore {
  let base: any ObjectStore
  var keepsWhatIsVisible: Bool { true }
}
