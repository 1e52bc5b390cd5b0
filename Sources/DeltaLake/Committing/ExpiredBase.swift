internal import DeltaLog
internal import ObjectStorage

/// What a commit builds on, where that is so old that the log may be cleaned up behind it. Then a version that is free need
/// not be the next one: it may have been there and have expired, together with commits that this one was never held against.
///
/// Of a log that is cleaned up the oldest commits go first, so that as long as the base's own is there none is missing. Only
/// commits whose base is about as old as the log's retention are looked after; it costs them a request before and after.
struct ExpiredBase {
  private let log: LogDirectory
  private let base: LogFile

  private static let slack: Int64 = 86_400_000

  /// `nil` when the base can't have expired.
  init?(_ base: Snapshot?, now: Timestamp) {
    guard let base, let commit = base.lastCommit, let time = base.commitTime else { return nil }
    let properties = TableProperties(base.metadata)
    // By the day, and by clocks that are not all right.
    let retained = LogRetention(properties, now: Timestamp(milliseconds: now.milliseconds &+ Self.slack))
    guard time <= retained.logCutoff else { return nil }
    self.base = commit
    log = LogDirectory(location: base.location)
  }

  /// Before the commit is made.
  ///
  /// - Throws: `conflict` when the base is gone.
  func check() async throws {
    guard try await log.metadata(of: base.name) != nil else { throw DeltaError.baseHasExpired(base.version) }
  }

  /// After the commit was made. One that took the place of an expired one is taken away again.
  ///
  /// - Throws: `conflict` for such a commit.
  func check(_ commit: LogFile) async throws {
    if try await log.metadata(of: base.name) != nil { return }
    let listing = try await log.list(from: LogFile.digits(commit.version) + ".")
    let isStray = listing.checkpoints.contains {
      $0.version >= commit.version
        && ($0.files.first?.modificationTime ?? commit.modificationTime) < commit.modificationTime
    }
    guard isStray else { return }
    try await log.location.store.delete(TableLocation.logDirectory + "/" + commit.name)
    throw DeltaError.baseHasExpired(base.version)
  }
}
