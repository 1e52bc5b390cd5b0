internal import DeltaLog
internal import ObjectStorage

/// Finds the newest commits of a log by the names they must have.
///
/// A local folder is listed whole to learn of its end, and a log's folder keeps all that was committed in a month. Asking
/// for each next name takes a fixed time. What is found so is the log's end only for who knows that there is no gap: a
/// reader that has seen the version before, or one that lists the log at the same time and compares.
struct LogProbe {
  private let log: LogDirectory

  /// Versions asked for at once.
  private static let stride: Version = 16
  /// For more of them a listing is as fast.
  private static let limit: Version = 64

  /// `nil` for a log whose end is listed as fast, and for one that a catalog completes.
  init?(_ log: LogDirectory) {
    guard !log.location.store.seeksWhenListing, log.location.catalogCommits == nil else { return nil }
    self.log = log
  }

  /// A commit that was the newest, and those that followed it, with their checksums.
  ///
  /// - Returns: `nil` when the commit is not as it was, or too many or not all have followed: the log is to be listed.
  func listing(after commit: LogFile) async throws -> LogListing? {
    guard let found = try await files(named: [commit.name], after: commit.version), found.first == commit,
      let latest = found.last?.version
    else { return nil }
    // Where a checkpoint is further on, commits before it were cleaned up.
    if let hint = try await log.hint(), hint.version > latest { return nil }
    return LogListing(found)
  }

  /// The checkpoint of a hint, its commit, and those that follow.
  ///
  /// - Returns: `nil` when the hint does not say the checkpoint's name, it is not there, or more has followed than asking
  ///   for is worth.
  func listing(from hint: LastCheckpointHint) async throws -> LogListing? {
    guard hint.version < LogFile.greatestVersion - Self.limit else { return nil }
    let checkpoint: [String]
    switch hint.parts {
    case nil: checkpoint = [LogFile.checkpointName(hint.version)]
    case let count? where (1...Self.limit).contains(count):
      checkpoint = (1...count).map { LogFile.checkpointName(hint.version, part: $0, of: count) }
    default: return nil
    }
    let names = checkpoint + [LogFile.commitName(hint.version), LogFile.checksumName(hint.version)]
    guard let found = try await files(named: names, after: hint.version) else { return nil }
    let listing = LogListing(found)
    return listing.confirms(hint) ? listing : nil
  }

  /// The files of these names that are there, and the commits and checksums of the versions that follow.
  ///
  /// - Returns: `nil` when a commit is there and one before it is not, or when there are too many.
  private func files(named names: [String], after version: Version) async throws -> [LogFile]? {
    var found: [LogFile] = []
    var asked = names
    var next = version + 1
    while next <= version + Self.limit {
      let window = next..<next + Self.stride
      let entries = try await log.metadata(
        of: asked + window.flatMap { [LogFile.commitName($0), LogFile.checksumName($0)] })
      found += entries.prefix(asked.count).compactMap(\.self)
      let following = entries.dropFirst(asked.count).compactMap(\.self)
      let commits = following.filter { $0.kind == .commit }
      guard commits.map(\.version).elementsEqual(window.prefix(commits.count)) else { return nil }
      // A checksum may be seen of a commit that was not there a moment ago.
      found += following.filter { $0.version < next + Version(commits.count) }
      if commits.count < window.count { return found }
      asked = []
      next = window.upperBound
    }
    return nil
  }
}
