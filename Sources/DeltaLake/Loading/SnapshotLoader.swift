internal import DeltaLog
internal import ObjectStorage
internal import Parquet

/// Finds the files that make a version of a table, reads and replays them.
///
/// A damaged checkpoint is passed over for an older one or for the commits alone, with a warning; a damaged commit is
/// an error, since a table without it would silently lack rows.
struct SnapshotLoader {
  private let location: TableLocation
  private let log: LogDirectory

  init(_ location: TableLocation) {
    self.location = location
    log = LogDirectory(location: location)
  }

  func load(_ moment: Moment) async throws -> Snapshot {
    switch moment {
    case .latest:
      if let commits = location.catalogCommits { return try await load(version: commits.latestVersion) }
      return try await latest()
    case .version(let version): return try await load(version: version)
    case .timestamp(let timestamp):
      return try await withListing { listing in
        let version = try await VersionFinder(log: log, listing: listing).version(atOrBefore: timestamp)
        return try await load(version: version, in: listing)
      }
    }
  }

  /// By what this process knows of the table, if it does.
  private func latest() async throws -> Snapshot {
    let memory = Surroundings.current.recentSnapshots
    guard let recent = memory.snapshot(of: location),
      let newer = try await SnapshotRefresher(old: recent).newerOfSameFiles()
    else { return try await loadAnew() }
    if newer.version != recent.version { memory.remember(newer) }
    return newer
  }

  /// The latest version, by the files alone.
  func loadAnew() async throws -> Snapshot {
    let snapshot = try await load(version: nil)
    Surroundings.current.recentSnapshots.remember(snapshot)
    return snapshot
  }

  /// By the log from the hinted checkpoint on, or all of it where that doesn't do.
  private func load(version: Version?) async throws -> Snapshot {
    if let hint = try await log.hint(), version.map({ hint.version <= $0 }) ?? true {
      let tail = try await log.list(from: hint.firstName)
      if tail.confirms(hint) {
        do {
          return try await load(version: version, in: tail, from: hint)
        } catch let error as DeltaError where error.mayBeOfTheListing {
          // What could stand in for a damaged checkpoint is before it, and so are other versions that are available.
        }
      }
    }
    return try await withListing { try await load(version: version, in: $0) }
  }

  /// How often a log is listed anew that is being cleaned up.
  private static let listingLimit = 8

  /// Loads by the whole log, and anew where files have gone since it was listed: the log is being cleaned up, and what
  /// stays is enough for the versions that do.
  private func withListing(_ load: (LogListing) async throws -> Snapshot) async throws -> Snapshot {
    var listing = try await log.list()
    var attempt = 1
    while true {
      if listing.isEmpty, listing.warnings.isEmpty { throw DeltaError.notATable(location) }
      do {
        return try await load(listing)
      } catch let error as DeltaError where error.mayBeOfTheListing && attempt < Self.listingLimit {
        let newer = try await log.list()
        guard newer.lacksFiles(of: listing) else { throw error }
        listing = newer
        attempt += 1
      }
    }
  }

  /// By these files; a damaged checkpoint or compaction is done without where possible.
  ///
  /// - Parameter hint: by which they were listed.
  func load(
    version: Version?, in listing: LogListing, from hint: LastCheckpointHint? = nil
  ) async throws -> Snapshot {
    var segment = try LogSegment.choose(listing, asOf: version)
    var warnings: [String] = []
    while true {
      do {
        let state = try await replay(
          segment, isToBeKnownAgain: version == nil && hint != nil && RecentSnapshots.remembers(location))
        var checksumWarnings: [String] = []
        let checksum = await checksum(segment.checksum, of: state, &checksumWarnings)
        return Snapshot(
          location: location, state: state,
          log: LogSummary(checkpointVersion: segment.checkpoint?.version, commitCount: segment.deltas.count),
          lastCommit: segment.lastCommit,
          commitTime: CommitTimestamps(listing.commits).timestamp(of: segment.version),
          checkpointTime: segment.checkpoint?.files.first?.modificationTime,
          trail: LogTrail(segment.checkpoint, segment.deltas), hint: hint, checksum: checksum,
          warnings: warnings + segment.warnings, checksumWarnings: checksumWarnings)
      } catch let error as DeltaError where error.code == .corruptCheckpoint {
        segment = try segment.fallingBack(because: error)
        warnings.append(error.message + " The table was read without it.")
      } catch let error as DeltaError
        where error.code == .corruptLog && segment.deltas.contains(where: { $0.isCompaction && $0.name == error.path })
      {
        segment = try segment.withoutCompactions(because: error)
        warnings.append(error.message + " Its commits were read instead.")
      }
    }
  }

  private func replay(_ segment: LogSegment, isToBeKnownAgain: Bool) async throws -> TableState {
    var replay = LogReplay()
    // Before the checkpoint: of a table that is replaced meanwhile these are not to be the new one's.
    var commit: [UInt8]?
    if isToBeKnownAgain, segment.deltas.isEmpty, let file = segment.lastCommit,
      file.sizeInBytes <= TableState.longestKeptCommit
    {
      commit = try? await log.read(file.name)
    }
    try await LogFileReader(log: log).forEach(segment.deltas.reversed()) { file, bytes in
      try replay.apply(commit: bytes, file)
    }
    if let checkpoint = segment.checkpoint {
      try await CheckpointReader(log: log).read(checkpoint, into: &replay)
    }
    var state = try replay.finish(version: segment.version)
    if let commit { state.commitBytes = commit }
    if state.commitInfo == nil { state.commitInfo = try await commitInfo(of: segment, state) }
    return state
  }

  /// What the version's commit says of itself, which checkpoints and compactions don't keep, where it alone has the
  /// version's time. `nil` when the commit is gone.
  func commitInfo(of segment: LogSegment, _ state: TableState) async throws -> CommitInfo? {
    guard let file = segment.lastCommit,
      InCommitTimestampRule(state.protocolVersions, state.metadata)?.covers(state.version) == true
    else { return nil }
    do {
      let bytes = if let read = state.commitBytes { read } else { try await log.read(file.name) }
      return try CommitScanner.commitInfo(in: bytes, file: file.name, version: file.version)
    } catch let error as DeltaError where error.isOfMissingLogFile {
      return nil
    }
  }

  /// The version's checksum, if the log agrees with it; what it says otherwise becomes a warning. One that can't be read
  /// says nothing.
  func checksum(_ file: LogFile?, of state: TableState, _ warnings: inout [String]) async -> VersionChecksum? {
    guard let file, let bytes = try? await log.read(file.name), let checksum = VersionChecksum(parsing: bytes) else {
      return nil
    }
    let disagreements = checksum.disagreements(with: state)
    warnings += disagreements.map { "The checksum \(file.name) disagrees with the log: \($0)" }
    return disagreements.isEmpty ? checksum : nil
  }
}

extension DeltaError {
  /// Whether another listing of the log may do better.
  var mayBeOfTheListing: Bool {
    switch code {
    case .corruptLog, .corruptCheckpoint, .gapInLog, .versionNotFound: true
    default: false
    }
  }

  /// Whether a file of the log was listed and is not there any more.
  var isOfMissingLogFile: Bool { code == .corruptLog && (cause as? StorageError)?.code == .notFound }
}

extension LogFile {
  var isCompaction: Bool {
    if case .compaction = kind { true } else { false }
  }
}
