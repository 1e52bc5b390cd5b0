import DeltaLog
import ObjectStorage
import _TestSupport

/// A store that shows no checkpoints: the table is read from its commits alone.
struct StoreWithoutCheckpoints: ForwardingStore {
  let base: any ObjectStore

  private static func isHidden(_ path: String) -> Bool { path.contains("checkpoint") }

  func list(_ directory: String, recursively: Bool, startingAt first: String?) async throws -> [ObjectMetadata] {
    try await base.list(directory, recursively: recursively, startingAt: first).filter { !Self.isHidden($0.path) }
  }

  func read(_ path: String) async throws -> [UInt8] {
    guard !Self.isHidden(path) else { throw StorageError(.notFound, "There is no checkpoint.", path: path) }
    return try await base.read(path)
  }
}

/// A store, or what is built on it, with a fault of our own making.
struct BrokenStore: ForwardingStore {
  enum Bug: Sendable, CaseIterable {
    /// It says of files that they are on the disk without waiting for them.
    case forgetsToSynchronize
  }

  let base: any ObjectStore
  let bug: Bug

  func synchronize(_ path: String) async throws {
    if bug != .forgetsToSynchronize { try await base.synchronize(path) }
  }
}
