internal import DeltaLog
internal import ObjectStorage

/// Finds the commits that have followed a known one by the names they must have.
///
/// A local folder is listed whole to learn of its end, and a log's folder keeps all that was committed in a month. Asking
/// for each next name takes a fixed time. It is enough for who has seen the log before: since then it has grown without
/// gaps, or its beginning was cleaned up, the known commit with it. `spec/decisions.md` says what that rests on.
struct LogProbe {
  private let log: LogDirectory

  /// Versions asked for at once.
  private static let stride = 12
  /// So many versions in a row are to be missing behind the last.
  private static let missingCount = 8
  /// Versions found that are followed; where there are more, a listing says so at once.
  private static let limit: Version = 64
  /// An older commit may be about to be cleaned up.
  private static let greatestAge: Int64 = 86_400_000

  /// `nil` for a log whose end is listed as fast, and for one that a catalog completes.
  init?(_ log: LogDirectory) {
    guard !log.location.store.seeksWhenListing, log.location.catalogCommits == nil else { return nil }
    self.log = log
  }

  /// What is known of the log after a commit that was its newest.
  struct Found {
    /// The commit, those that have followed it, and their checksums.
    var files: [LogFile]
    /// As it is after all that was asked for.
    var hint: LastCheckpointHint
  }

  /// - Returns: `nil` when the commit is not as it was, when too many or not all have followed, or when the hint of a
  ///   checkpoint is missing or further on: the log is to be listed.
  func files(after commit: LogFile) async throws -> Found? {
    guard commit.modificationTime.milliseconds > Timestamp.now().milliseconds - Self.greatestAge else { return nil }
    do {
      return try await following(commit)
    } catch is DeltaError {
      // A listing passes over what is no file.
      return nil
    }
  }

  private func following(_ commit: LogFile) async throws -> Found? {
    var files = [commit]
    var last = commit
    while last.version < commit.version + Self.limit {
      let window = last.version + 1...last.version + Version(Self.stride)
      // The last one at the end: of a log the oldest commits go first, so that none that follow has gone as long as it is
      // there.
      let names = window.flatMap { [LogFile.commitName($0), LogFile.checksumName($0)] }
      let own = last == commit ? [LogFile.checksumName(commit.version)] : []
      let asked = names + own + [last.name]
      let entries = try await log.metadata(of: asked)
      guard entries.last == last else { return nil }
      let there = entries.dropLast().compactMap(\.self)
      let commits = there.filter { $0.kind == .commit }
      guard commits.map(\.version).elementsEqual(window.prefix(commits.count)) else { return nil }
      // A checksum may be seen of a commit that was not there a moment ago.
      let reached = commits.last ?? last
      files += there.filter { $0.version <= reached.version }
      last = reached
      guard Self.stride - commits.count < Self.missingCount else {
        guard let hint = try await log.hint(), hint.version <= last.version else { return nil }
        return Found(files: files, hint: hint)
      }
    }
    return nil
  }
}
