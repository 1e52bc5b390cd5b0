internal import DeltaLog
internal import ObjectStorage

/// Finds the commits that have followed a known one by the names they must have.
///
/// A local folder is listed whole to learn of its end, and a log's folder keeps all that was committed in a month. Asking
/// for each next name takes a fixed time. It is enough for who has seen the log before: since then it has grown without
/// gaps, or its beginning was cleaned up, the known commit with it.
struct LogProbe {
  private let log: LogDirectory

  /// Versions asked for at once.
  private static let stride: Version = 8
  /// For more of them a listing is as fast.
  private static let limit: Version = 64

  /// `nil` for a log whose end is listed as fast, and for one that a catalog completes.
  init?(_ log: LogDirectory) {
    guard !log.location.store.seeksWhenListing, log.location.catalogCommits == nil else { return nil }
    self.log = log
  }

  /// The commit, those that have followed it, and their checksums.
  ///
  /// - Parameter checkpointVersion: of the newest checkpoint that is hinted at, where that is known already.
  /// - Returns: `nil` when the commit is not as it was, or too many or not all have followed: the log is to be listed.
  func files(from commit: LogFile, hinted checkpointVersion: Version? = nil) async throws -> [LogFile]? {
    var found: [LogFile] = []
    var asked = [commit.name, LogFile.checksumName(commit.version)]
    var next = commit.version + 1
    while next <= commit.version + Self.limit {
      let window = next..<next + Self.stride
      let names = window.flatMap { [LogFile.commitName($0), LogFile.checksumName($0)] }
      let entries = try await log.metadata(of: asked + names)
      if !asked.isEmpty, entries.first != commit { return nil }
      found += entries.prefix(asked.count).compactMap(\.self)
      let following = entries.dropFirst(asked.count).compactMap(\.self)
      let commits = following.filter { $0.kind == .commit }
      guard commits.map(\.version).elementsEqual(window.prefix(commits.count)) else { return nil }
      next += Version(commits.count)
      // A checksum may be seen of a commit that was not there a moment ago.
      found += following.filter { $0.version < next }
      if commits.count < window.count {
        // Where a checkpoint is further on, commits before it were cleaned up.
        let hinted = if let checkpointVersion { checkpointVersion } else { try await log.hint()?.version }
        return (hinted ?? 0) < next ? found : nil
      }
      asked = []
    }
    return nil
  }
}
