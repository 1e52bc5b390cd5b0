/// The files that together yield one version of a table: a checkpoint, if any, and the commits after it.
///
/// Spec: Delta § Checkpoints
/// Spec: Delta § Log Compaction Files
package struct LogSegment: Sendable {
  /// The version that comes out.
  package let version: Version
  /// The starting point; `nil`: the commits go back to version 0.
  package let checkpoint: LogCheckpoint?
  /// Commits and compactions that follow on each other without gaps, ascending, up to `version`.
  package let deltas: [LogFile]
  /// The commit of `version` itself, for its `commitInfo`; `nil` when only the checkpoint is left of it.
  package let lastCommit: LogFile?
  /// The checksum of `version`.
  package let checksum: LogFile?
  /// What was found on the way and not used, in words.
  package let warnings: [String]

  private let listing: LogListing
  private let rejected: Set<LogCheckpoint>
  private let usesCompactions: Bool

  /// Chooses the files for `version`, or for the latest when it is `nil`.
  ///
  /// - Parameters:
  ///   - listing: all of the log, or its end from a confirmed hint's version on.
  ///   - usesCompactions: `false` to read every single commit, for instance after a compaction turned out damaged.
  /// - Throws: `notFound` for an empty log, `versionNotFound` naming what is available, `gapInLog`, `corruptLog`.
  package static func choose(
    _ listing: LogListing, asOf version: Version? = nil, usesCompactions: Bool = true
  ) throws(DeltaError) -> LogSegment {
    try choose(listing, version, rejecting: [], usesCompactions, latest: nil)
  }

  /// The same version by way of the next older checkpoint (or of none), since this segment's turned out damaged.
  ///
  /// - Throws: `cause` when there is no other way.
  package func fallingBack(because cause: DeltaError) throws(DeltaError) -> LogSegment {
    guard let checkpoint else { throw cause }
    do {
      return try Self.choose(
        listing, version, rejecting: rejected.union([checkpoint]), usesCompactions, latest: listing.latestVersion)
    } catch { throw cause }
  }

  /// The same version from single commits, since a compaction turned out damaged.
  ///
  /// - Throws: `cause` when commits that it stands for are gone.
  package func withoutCompactions(because cause: DeltaError) throws(DeltaError) -> LogSegment {
    do {
      return try Self.choose(listing, version, rejecting: rejected, false, latest: listing.latestVersion)
    } catch { throw cause }
  }

  /// The commits after a version whose state is known, up to the latest of the listing.
  ///
  /// - Parameter listing: at least what is newer than `version`.
  /// - Throws: `gapInLog` when they don't follow on it without gaps, for instance since they were cleaned up.
  package static func following(
    _ version: Version, in listing: LogListing, usesCompactions: Bool = true
  ) throws(DeltaError) -> LogSegment {
    let latest = max(version, listing.latestVersion ?? version)
    return LogSegment(
      version: latest, checkpoint: nil, deltas: try deltas(listing, after: version, through: latest, usesCompactions),
      lastCommit: listing.commit(latest), checksum: listing.checksum(latest), warnings: [], listing: listing,
      rejected: [], usesCompactions: usesCompactions)
  }

  private static func choose(
    _ listing: LogListing, _ requested: Version?, rejecting rejected: Set<LogCheckpoint>, _ usesCompactions: Bool,
    latest known: Version?
  ) throws(DeltaError) -> LogSegment {
    guard let latest = listing.latestVersion else { throw .emptyLog(listing.warnings) }
    let available = listing.earliestVersion.map { $0...max($0, latest) }
    let version = requested ?? latest
    guard version <= latest else {
      throw .versionNotFound(version, available: available, because: "the latest version is \(latest)")
    }
    guard version >= 0 else {
      throw .versionNotFound(version, available: available, because: "versions count from 0")
    }
    let checkpoint = listing.checkpoints.first { $0.version <= version && !rejected.contains($0) }
    if checkpoint == nil, listing.commits.first?.version != 0 {
      // Asked for by number it is a version that is gone; as the latest it is a table that can't be read.
      if requested == nil || known != nil { throw .missingFirstCommit(listing, rejected: rejected) }
      throw .versionNotFound(version, available: available, because: "commit 0 is missing and no checkpoint is older")
    }
    let exists = listing.commit(version) != nil || checkpoint?.version == version
    let covering = listing.compactions.contains { $0.lastVersion == version }
    guard exists || covering else {
      throw .versionNotFound(version, available: available, because: "its commit file is missing")
    }
    let deltas = try Self.deltas(listing, after: checkpoint?.version ?? -1, through: version, usesCompactions)
    var warnings = listing.warnings
    warnings += listing.checkpoints.filter(rejected.contains).flatMap(\.files).map {
      "The checkpoint \($0.name) is damaged and was not used."
    }
    return LogSegment(
      version: version, checkpoint: checkpoint, deltas: deltas, lastCommit: listing.commit(version),
      checksum: listing.checksum(version), warnings: warnings, listing: listing, rejected: rejected,
      usesCompactions: usesCompactions)
  }

  /// Walks from one version to the next, over the longest compaction that fits or else a commit.
  private static func deltas(
    _ listing: LogListing, after start: Version, through end: Version, _ usesCompactions: Bool
  ) throws(DeltaError) -> [LogFile] {
    var files: [LogFile] = []
    var reached = start
    var nextCommit = listing.commits.partitioningIndex { $0.version > start }
    var nextCompaction = listing.compactions.partitioningIndex { $0.version > start }
    while reached < end {
      let wanted = reached + 1
      while nextCommit < listing.commits.count, listing.commits[nextCommit].version < wanted { nextCommit += 1 }
      while nextCompaction < listing.compactions.count, listing.compactions[nextCompaction].version < wanted {
        nextCompaction += 1
      }
      var candidate = nextCompaction
      var file: LogFile?
      while usesCompactions, candidate < listing.compactions.count, listing.compactions[candidate].version == wanted {
        let compaction = listing.compactions[candidate]
        if compaction.lastVersion <= end, compaction.sizeInBytes > 0 {
          file = compaction
          break
        }
        candidate += 1
      }
      if file == nil, nextCommit < listing.commits.count, listing.commits[nextCommit].version == wanted {
        file = listing.commits[nextCommit]
      }
      guard let file else {
        let next = nextCommit < listing.commits.count ? listing.commits[nextCommit].version : end
        throw .gap(after: reached, next: max(next, wanted))
      }
      files.append(file)
      reached = file.lastVersion
    }
    return files
  }
}

extension Array {
  /// The index of the first element for which `belongs` is true; elements are sorted so that it is false, then true.
  fileprivate func partitioningIndex(_ belongs: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension DeltaError {
  fileprivate static func emptyLog(_ warnings: [String]) -> DeltaError {
    if warnings.isEmpty {
      return DeltaError(.notFound, "There is no Delta table: its log holds neither a commit nor a checkpoint.")
    }
    return .corruptLog(
      "The log holds no commit and no usable checkpoint. " + warnings.joined(separator: " "))
  }

  fileprivate static func missingFirstCommit(
    _ listing: LogListing, rejected: Set<LogCheckpoint>
  ) -> DeltaError {
    let first = listing.commits.first.map { "the first commit there is \($0.version)" } ?? "there are no commits"
    let reason = rejected.isEmpty ? "there is no complete checkpoint" : "no checkpoint is undamaged"
    return .corruptLog(
      (["The log can't be read from its start: commit 0 is missing, \(first), and \(reason)."] + listing.warnings
        + ["Restore the missing commits or a checkpoint."]).joined(separator: " "), version: 0)
  }
}
