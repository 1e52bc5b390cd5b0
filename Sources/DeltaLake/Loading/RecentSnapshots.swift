internal import Synchronization

/// The newest states that this process has seen of tables on local disks, so that a table that is opened again, and again,
/// costs no more than what was committed since.
///
/// A class, since all share it.
final class RecentSnapshots: Sendable {
  static let shared = RecentSnapshots()

  private struct Entry {
    let snapshot: Snapshot
    let byteCount: Int
    /// For letting go of the one that was of no use for the longest time.
    var lastUse: Int
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var uses = 0
    /// Of all entries.
    var byteCount = 0

    mutating func remove(_ key: String) {
      if let entry = entries.removeValue(forKey: key) { byteCount -= entry.byteCount }
    }
  }

  private let state = Mutex(State())

  private static let tableLimit = 64
  private let byteLimit: Int

  /// - Parameter byteLimit: of all tables together.
  init(byteLimit: Int = 16 << 20) {
    self.byteLimit = byteLimit
  }

  /// What was last seen of the table; there may be newer commits, a newer checkpoint, or another table by now.
  func snapshot(of location: TableLocation) -> Snapshot? {
    guard let key = Self.key(location) else { return nil }
    return state.withLock { state in
      guard let snapshot = state.entries[key]?.snapshot else { return nil }
      state.uses += 1
      state.entries[key]?.lastUse = state.uses
      return snapshot.at(location)
    }
  }

  func remember(_ snapshot: Snapshot) {
    guard let key = Self.key(snapshot.location) else { return }
    let canBeKnownAgain = snapshot.canBeKnownAgain
    let byteCount = canBeKnownAgain ? snapshot.state.byteCount : 0
    let isKept = canBeKnownAgain && byteCount <= byteLimit
    state.withLock { state in
      // Of files that can't be used whoever opens the table is told. Otherwise an older state is better than none.
      let hasWarnings = !snapshot.warnings.isEmpty
      if isKept || hasWarnings { state.remove(key) }
      guard isKept, !hasWarnings else { return }
      state.uses += 1
      state.entries[key] = Entry(snapshot: snapshot, byteCount: byteCount, lastUse: state.uses)
      state.byteCount += byteCount
      while state.entries.count > Self.tableLimit || state.byteCount > byteLimit,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.remove(oldest.key)
      }
    }
  }

  static func remembers(_ location: TableLocation) -> Bool { key(location) != nil }

  /// `nil` where all is loaded anew: of a store that can't be known again, or that lists the end of a log as fast as it is
  /// asked for by name, and of a table whose commits a catalog knows.
  private static func key(_ location: TableLocation) -> String? {
    guard !location.store.seeksWhenListing, location.catalogCommits == nil else { return nil }
    return location.store.identity
  }
}

extension Snapshot {
  /// Whether it can be told later that the state is still the table's, and that the files which it refers to are there.
  fileprivate var canBeKnownAgain: Bool {
    hint != nil && lastCommit != nil && trail != nil && state.commitBytes != nil
  }
}
