internal import DeltaLog
internal import ObjectStorage

extension Snapshot {
  /// The table at its latest version: this very snapshot when nothing was committed since.
  ///
  /// Costs a listing from this version on, or on a local disk mostly a look for the next versions' names and a read of
  /// `_last_checkpoint`; then a read of each newer commit. The files known so far are not read again.
  /// Where that can't be done (commits since were cleaned up, or the table was replaced), and once in a while to let
  /// go of what is no longer needed, all is loaded anew.
  ///
  /// - Throws: ``DeltaError`` as ``DeltaTable/snapshot(asOf:)``; `.operationRefused` for a snapshot of a table that a
  ///   catalog manages: only the catalog knows what is new.
  public func refreshed() async throws -> Snapshot {
    guard location.catalogCommits == nil else {
      throw DeltaError(
        .operationRefused,
        "A catalog manages the table, and only the catalog knows its newest commits: ask it for them and take a new "
          + "snapshot.", version: version)
    }
    return try await SnapshotRefresher(old: self, log: LogDirectory(location: location)).refreshed()
  }
}

/// Puts newer commits on top of a snapshot's state.
struct SnapshotRefresher {
  let old: Snapshot
  let log: LogDirectory

  /// A state keeps the paths and commits that it came from, those of files that are gone, too: after so many commits
  /// a fresh load lets go of them.
  static let maximumCommitCount = 256
  /// Versions that may be found by name before the log is listed again: then damage further on is noticed.
  private static let unlistedCount: Version = 16

  func refreshed() async throws -> Snapshot {
    let probed = try await probed()
    let listing =
      if let probed { probed } else { try await log.list(from: LogFile.digits(old.version) + ".") }
    guard let latest = listing.latestVersion, latest >= old.version, listing.commit(old.version) == old.lastCommit
    else { return try await loadAfresh() }
    if latest == old.version { return probed == nil ? old.listed() : old }
    let segment: LogSegment
    do {
      segment = try LogSegment.following(old.version, in: listing)
    } catch {
      return try await loadAfresh()
    }
    guard old.refreshedCommitCount + segment.deltas.count <= Self.maximumCommitCount else {
      return try await loadAfresh()
    }
    do {
      let newer = try await snapshot(segment, listing)
      return probed == nil ? newer.listed() : newer
    } catch let error as DeltaError
      where error.isOfMissingLogFile || segment.deltas.contains(where: { $0.isCompaction && $0.name == error.path })
    {
      // Loading knows what to do without a compaction, or when commits are being cleaned up.
      return try await loadAfresh()
    }
  }

  /// What follows the old version by name; `nil`: the log is to be listed.
  private func probed() async throws -> LogListing? {
    guard old.version - old.listedVersion < Self.unlistedCount, let commit = old.lastCommit,
      let found = try await LogProbe(log)?.files(after: commit)
    else { return nil }
    return LogListing(found.files)
  }

  private func loadAfresh() async throws -> Snapshot {
    let table = DeltaTable(location: old.location)
    return isReadable(old) ? try await table.snapshot() : try await table.inspectableSnapshot()
  }

  private func snapshot(_ segment: LogSegment, _ listing: LogListing) async throws -> Snapshot {
    var replay = LogReplay()
    try await LogFileReader(log: log).forEach(segment.deltas.reversed()) { file, bytes in
      try replay.apply(commit: bytes, file)
    }
    let state = try replay.finish(version: segment.version, onto: old.state)
    var warnings = segment.warnings
    let checksum = await SnapshotLoader(old.location).checksum(segment.checksum, of: state, &warnings)
    let snapshot = Snapshot(
      location: old.location, state: state,
      log: LogSummary(
        checkpointVersion: old.log.checkpointVersion, commitCount: old.log.commitCount + segment.deltas.count),
      lastCommit: segment.lastCommit, commitTime: commitTime(of: segment.version, in: listing),
      refreshedCommitCount: old.refreshedCommitCount + segment.deltas.count, checkpointTime: old.checkpointTime,
      trail: old.trail?.followed(by: segment.deltas), listedVersion: old.listedVersion, checksum: checksum,
      warnings: warnings)
    if isReadable(old) { try snapshot.checkReadable() }
    return snapshot
  }

  /// By the files' times, which ascend from the old version's on.
  private func commitTime(of version: Version, in listing: LogListing) -> Timestamp? {
    let files = listing.commits.map { file in
      guard file.version == old.version, let time = old.commitTime else { return file }
      return LogFile(name: file.name, kind: file.kind, version: file.version, modificationTime: time)
    }
    return CommitTimestamps(files).timestamp(of: version)
  }

  private func isReadable(_ snapshot: Snapshot) -> Bool {
    do throws(DeltaError) {
      try snapshot.checkReadable()
      return true
    } catch {
      return false
    }
  }
}
