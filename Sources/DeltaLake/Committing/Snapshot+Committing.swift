internal import DeltaLog

extension Snapshot {
  /// The state that commits make of an older one, without a look at the store. Without an older one the first commit
  /// is version 0.
  ///
  /// - Parameter commits: one after the other, from the version after `base` on; at least one.
  init(of commits: [CommitFile], onto base: Snapshot?, at location: TableLocation) throws(DeltaError) {
    guard let last = commits.last else { preconditionFailure("a snapshot is of a commit") }
    var replay = LogReplay()
    for commit in commits.reversed() { try replay.apply(commit: commit.bytes, commit.file) }
    let state =
      if let base {
        try replay.finish(version: last.version, onto: base.state)
      } else {
        try replay.finish(version: last.version)
      }
    var time = last.file.modificationTime
    if let older = base?.commitTime, time.milliseconds < older.milliseconds + Int64(commits.count) {
      time = Timestamp(milliseconds: older.milliseconds + Int64(commits.count))
    }
    self.init(
      location: location, state: state,
      log: LogSummary(
        checkpointVersion: base?.log.checkpointVersion, commitCount: (base?.log.commitCount ?? 0) + commits.count),
      lastCommit: last.file, commitTime: time,
      refreshedCommitCount: (base?.refreshedCommitCount ?? 0) + commits.count,
      checkpointTime: base?.checkpointTime, trail: Self.trail(of: commits, base), listedVersion: base?.listedVersion,
      hint: base?.hint, checksum: Self.checksum(of: state, after: commits, base?.checksum),
      checksumTime: base?.checksumTime, warnings: base?.loadWarnings ?? [])
  }

  private static func trail(of commits: [CommitFile], _ base: Snapshot?) -> LogTrail? {
    let files = commits.map(\.file)
    guard let base else { return LogTrail(nil, files) }
    return base.trail?.followed(by: files)
  }

  /// Counted on from the older version's where that costs less than counting all files, and comes to the same.
  private static func checksum(
    of state: TableState, after commits: [CommitFile], _ older: VersionChecksum?
  ) -> VersionChecksum {
    guard var next = older, commits.reduce(0, { $0 + $1.bytes.count }) * filesCountedPerByte < state.files.count else {
      return VersionChecksum(state)
    }
    for commit in commits {
      guard let actions = try? commit.actions(), let following = next.following(actions) else {
        return VersionChecksum(state)
      }
      next = following
    }
    return next.disagreements(with: state).isEmpty ? next : VersionChecksum(state)
  }

  /// Reading one byte of a commit takes about as long as counting so many files of the state.
  private static let filesCountedPerByte = 2

  /// Whether this library may change the table.
  ///
  /// - Throws: ``DeltaError``: `.unsupportedFeatures` naming what stands in the way, `.operationRefused` for a table that
  ///   a catalog manages, or what is wrong with the schema.
  public func checkWritable() throws(DeltaError) {
    try checkReadable()
    guard location.catalogCommits == nil else {
      throw DeltaError(
        .operationRefused, "A catalog manages the table: its commits must go through the catalog.", version: version)
    }
    try FeatureGate.checkWritable(state.protocolVersions, state.metadata, implementing: WriterFeatures.implemented)
  }
}
