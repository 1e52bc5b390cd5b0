package import ObjectStorage
import Synchronization

/// What a store is asked for, as one word.
package enum StoreCall: String, Hashable, Sendable, CaseIterable {
  case list, metadata
  /// A file whole.
  case read
  /// A part of a file.
  case readRange
  /// A small file whole.
  case write
  /// A new file is begun, gets bytes, is finished.
  case makeWriter, append, finish
  case delete
  case synchronize
}

/// One call that a store has had.
package struct StoreRequest: Hashable, Sendable {
  package let call: StoreCall
  /// The file, or the directory that is listed.
  package let path: String
  /// The bytes asked for of a ``StoreCall/readRange``.
  package let range: Range<Int>?

  package init(_ call: StoreCall, _ path: String, _ range: Range<Int>? = nil) {
    self.call = call
    self.path = path
    self.range = range
  }
}

/// Passes every call on to another store and keeps the list of them: for tests of what an operation costs.
///
/// A class, since its list is shared by those who hold it.
package final class CountingStore: ObjectStore {
  private let base: any ObjectStore
  private let log = Mutex<[StoreRequest]>([])

  package init(_ base: any ObjectStore) { self.base = base }

  /// The calls so far, in the order in which they began.
  package var requests: [StoreRequest] { log.withLock { $0 } }

  /// How many calls there were of some kind, of paths that end in `suffix`.
  package func count(_ call: StoreCall? = nil, suffix: String = "") -> Int {
    requests.count { (call == nil || $0.call == call) && $0.path.hasSuffix(suffix) }
  }

  /// Forgets the calls so far.
  package func reset() { log.withLock { $0 = [] } }

  package var description: String { base.description }

  package func list(
    _ directory: String, recursively: Bool, startingAt first: String?
  ) async throws -> [ObjectMetadata] {
    note(.list, directory)
    return try await base.list(directory, recursively: recursively, startingAt: first)
  }

  package func metadata(of path: String) async throws -> ObjectMetadata {
    note(.metadata, path)
    return try await base.metadata(of: path)
  }

  package func read(_ path: String) async throws -> [UInt8] {
    note(.read, path)
    return try await base.read(path)
  }

  package func read(
    _ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer
  ) async throws -> Int {
    note(.readRange, path, offset..<offset + destination.count)
    return try await base.read(path, at: offset, into: destination)
  }

  package func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome {
    note(.write, path)
    return try await base.write(bytes, to: path, condition, durability: durability)
  }

  package func makeWriter(to path: String, durability: Durability) async throws -> any ObjectWriter {
    note(.makeWriter, path)
    return CountingWriter(base: try await base.makeWriter(to: path, durability: durability), path: path, store: self)
  }

  package var keepsWhatIsVisible: Bool { base.keepsWhatIsVisible }

  package var identity: String? { base.identity }

  package var seeksWhenListing: Bool { base.seeksWhenListing }

  package func synchronize(_ path: String) async throws {
    note(.synchronize, path)
    try await base.synchronize(path)
  }

  package func delete(_ path: String) async throws {
    note(.delete, path)
    try await base.delete(path)
  }

  fileprivate func note(_ call: StoreCall, _ path: String, _ range: Range<Int>? = nil) {
    log.withLock { $0.append(StoreRequest(call, path, range)) }
  }
}

private struct CountingWriter: ObjectWriter {
  let base: any ObjectWriter
  let path: String
  let store: CountingStore

  func write(_ bytes: UnsafeRawBufferPointer) async throws {
    store.note(.append, path)
    try await base.write(bytes)
  }

  func finish() async throws -> ObjectMetadata {
    store.note(.finish, path)
    return try await base.finish()
  }

  func abandon() async { await base.abandon() }
}
