internal import DeltaLog
internal import ObjectStorage
internal import Synchronization

/// The ends of the logs that this process has listed lately, so that a table that is opened again, and again, is not
/// listed each time. Names, sizes and times only; all files are read anew.
///
/// A class, since all share it.
final class RecentLogs: Sendable {
  static let shared = RecentLogs()

  /// A log's files from a hinted checkpoint on.
  private struct Entry: Sendable {
    let hint: LastCheckpointHint
    let listing: LogListing
    /// For letting go of the one that was of no use for the longest time.
    var lastUse: Int
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var uses = 0
  }

  private let state = Mutex(State())

  private static let logLimit = 64
  private static let fileLimit = 256

  /// The log's end as a listing would have it, but for checkpoints that nobody hints at.
  ///
  /// - Returns: `nil` when the log is to be listed.
  func listing(of log: LogDirectory) async throws -> LogListing? {
    guard let probe = LogProbe(log), let key = log.location.store.identity,
      let known = state.withLock({ $0.entries[key] }), let last = known.listing.commits.last,
      let found = try await probe.files(after: last), found.hint == known.hint
    else { return nil }
    let names = Set(found.files.map(\.name))
    let listing = LogListing(known.listing.files.filter { !names.contains($0.name) } + found.files)
    remember(listing, of: log, from: known.hint)
    return listing
  }

  /// - Parameter listing: from the hinted checkpoint on.
  func remember(_ listing: LogListing, of log: LogDirectory, from hint: LastCheckpointHint) {
    // Of files that can't be used whoever reads the log is told.
    guard LogProbe(log) != nil, let key = log.location.store.identity, listing.warnings.isEmpty,
      listing.files.count <= Self.fileLimit
    else { return }
    state.withLock { state in
      state.uses += 1
      state.entries[key] = Entry(hint: hint, listing: listing, lastUse: state.uses)
      if state.entries.count > Self.logLimit,
        let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
      {
        state.entries[oldest.key] = nil
      }
    }
  }
}
