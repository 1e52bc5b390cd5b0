internal import Synchronization

/// The directories that are known to be on the disk, together with those on the way to them from the store's root.
///
/// Another process may have made a directory a moment ago and not have waited for it: a file in it is durable only when
/// the directory is. So the first durable write to a directory waits for the directories above it, too. A class, since
/// what one write has learnt spares the others the waiting.
package final class DurableDirectories: Sendable {
  /// Those of this process.
  package static let shared = DurableDirectories()

  private static let limit = 4096
  private let known = Mutex<[String: FileIdentity]>([:])

  package init() {}

  func contains(_ path: String, _ identity: FileIdentity) -> Bool {
    known.withLock { $0[path] == identity }
  }

  func insert(_ path: String, _ identity: FileIdentity) {
    known.withLock { known in
      if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
      known[path] = identity
    }
  }
}
