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
    if let newer = try await SnapshotRefresher(old: self).newer() {
      if newer.version != version, isReadable { try newer.checkReadable() }
      return newer
    }
    let loaded = try await SnapshotLoader(location).loadAnew()
    if isReadable { try loaded.checkReadable() }
    return loaded
  }

  private var isReadable: Bool {
    do throws(DeltaError) {
      try checkReadable()
      return true
    } catch {
      return false
    }
  }
}

/// Puts newer commits on top of a snapshot's state.
struct SnapshotRefresher {
  private let old: Snapshot
  private let log: LogDirectory

  init(old: Snapshot) {
    self.old = old
    log = LogDirectory(location: old.location)
  }

  /// A state keeps the paths and commits that it came from, those of files that are gone, too: after so many commits
  /// a fresh load lets go of them.
  static let maximumCommitCount = 256
  /// Versions that may be found by name before the log is listed again: then damage further on is noticed.
  private static let unlistedCount: Version = 16

  /// - Returns: `nil` when the table is to be loaded anew, which may find a way where this doesn't.
  func newer() async throws -> Snapshot? {
    guard old.refreshedCommitCount <= Self.maximumCommitCount else { return nil }
    let probed = try await found().map { LogListing($0.files) }
    let listing =
      if let probed { probed } else { try await log.list(from: LogFile.digits(old.version) + ".") }
    guard let latest = listing.latestVersion, latest >= old.version, listing.commit(old.version) == old.lastCommit
    else { return nil }
    let newer = latest == old.version ? old : try await snapshot(listing)
    return probed == nil ? newer?.listed() : newer
  }

  /// Of a state from before, which may be of another table by now: its commit is compared, and the checkpoint must be there
  /// that its files' statistics are in, and be the one to load the table by.
  ///
  /// - Returns: `nil` when the table is to be loaded anew.
  func newerOfSameFiles() async throws -> Snapshot? {
    guard let commit = old.lastCommit, let bytes = old.state.commitBytes, let checkpoint = old.trail?.checkpointFiles,
      old.refreshedCommitCount <= Self.maximumCommitCount, let found = try await found(), found.hint == old.hint,
      let there = try? await log.metadata(of: checkpoint.map(\.name)), there == checkpoint,
      let text = try? await log.read(commit.name), text == bytes
    else { return nil }
    let listing = LogListing(found.files)
    return listing.latestVersion == old.version ? old : try await snapshot(listing)
  }

  /// The state that the commits of the listing make of the old one.
  private func snapshot(_ listing: LogListing) async throws -> Snapshot? {
    do {
      let segment = try LogSegment.following(old.version, in: listing)
      guard old.refreshedCommitCount + segment.deltas.count <= Self.maximumCommitCount else { return nil }
      return try await snapshot(segment, listing)
    } catch let error as DeltaError where error.mayBeOfTheListing {
      // Loading knows what to do without a compaction, when commits are being cleaned up, or with a newer checkpoint.
      return nil
    }
  }

  /// What follows the old version by name; `nil`: the log is to be listed.
  private func found() async throws -> LogProbe.Found? {
    guard old.version - old.listedVersion < Self.unlistedCount, let commit = old.lastCommit else { return nil }
    return try await LogProbe(log)?.files(after: commit)
  }

  private func snapshot(_ segment: LogSegment, _ listing: LogListing) async throws -> Snapshot {
    var replay = LogReplay()
    try await LogFileReader(log: log).forEach(segment.deltas.reversed()) { file, bytes in
      try replay.apply(commit: bytes, file)
    }
    var state = try replay.finish(version: segment.version, onto: old.state)
    var checksumWarnings: [String] = []
    let loader = SnapshotLoader(old.location)
    if state.commitInfo == nil { state.commitInfo = try await loader.commitInfo(of: segment, state) }
    let checksum = await loader.checksum(segment.checksum, of: state, &checksumWarnings)
    return Snapshot(
      location: old.location, state: state,
      log: LogSummary(
        checkpointVersion: old.log.checkpointVersion, commitCount: old.log.commitCount + segment.deltas.count),
      lastCommit: segment.lastCommit, commitTime: commitTime(of: segment.version, in: listing),
      refreshedCommitCount: old.refreshedCommitCount + segment.deltas.count, checkpointTime: old.checkpointTime,
      trail: old.trail?.followed(by: segment.deltas), listedVersion: old.listedVersion, hint: old.hint,
      checksum: checksum, warnings: old.loadWarnings + segment.warnings, checksumWarnings: checksumWarnings)
  }

  /// By the files' times, which ascend from the old version's on.
  private func commitTime(of version: Version, in listing: LogListing) -> Timestamp? {
    let files = listing.commits.map { file in
      guard file.version == old.version, let time = old.commitTime else { return file }
      return LogFile(name: file.name, kind: file.kind, version: file.version, modificationTime: time)
    }
    return CommitTimestamps(files).timestamp(of: version)
  }
}
