internal import Synchronization

/// The directories whose entries, and those of all directories above them, are known to be on the disk.
///
/// Another process may have made a directory a moment ago and not have waited for it: a file in it is durable only when
/// the directory is. So the first durable write to a directory waits for the directories above it, too. A class, since
/// what one write has learnt spares the others the waiting.
package final class DurableDirectories: Sendable {
  /// Those of this process.
  package static let shared = DurableDirectories()

  private static let limit = 4096

  private struct Contents {
    var known: [String: DirectoryIdentity] = [:]
    /// Counts what is made.
    var clock: UInt64 = 0
    /// When directories were last made.
    var made: [String: UInt64] = [:]
    /// Until when nothing is known of that any more.
    var forgotten: UInt64 = 0
  }
  private let contents = Mutex(Contents())

  package init() {}

  func contains(_ path: String, _ identity: DirectoryIdentity) -> Bool {
    contents.withLock { $0.known[path] == identity }
  }

  /// A directory is about to be made: whatever had its name is gone, though its number may come back with the new one.
  func willMake(_ path: String) {
    contents.withLock { contents in
      contents.clock += 1
      contents.known[path] = nil
      if contents.made.count >= Self.limit {
        contents.made.removeAll(keepingCapacity: true)
        contents.forgotten = contents.clock
      }
      contents.made[path] = contents.clock
    }
  }

  /// The moment at which a way up begins, for ``insert(_:since:)``.
  var now: UInt64 { contents.withLock { $0.clock } }

  /// Adds directories that were waited for, one after the other, unless one of them has been made anew since.
  func insert(_ way: [(path: String, identity: DirectoryIdentity)], since start: UInt64) {
    contents.withLock { contents in
      guard start >= contents.forgotten, way.allSatisfy({ contents.made[$0.path, default: 0] <= start }) else { return }
      if contents.known.count + way.count > Self.limit { contents.known.removeAll(keepingCapacity: true) }
      for (path, identity) in way { contents.known[path] = identity }
    }
  }
}
