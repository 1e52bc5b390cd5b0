internal import DeltaLog

/// The version for a time: by the times inside of commits where the table keeps them, else by the files' times.
///
/// Spec: Delta § Recommendations for Readers of Tables with In-Commit Timestamps
struct VersionFinder {
  let log: LogDirectory
  /// All of the log.
  let listing: LogListing

  func version(atOrBefore timestamp: Timestamp) async throws -> Version {
    let byFileTime = CommitTimestamps(readableCommits)
    guard let rule = try await inCommitTimestampRule() else { return try byFileTime.version(atOrBefore: timestamp) }
    if rule.covers(timestamp), let range = versions(from: rule.enablementVersion) {
      do {
        return try await version(atOrBefore: timestamp, in: range)
      } catch let error as DeltaError where error.code == .versionNotFound {
        // Every commit with a time of its own is younger; older ones count by their files.
        guard readableCommits.contains(where: { !rule.covers($0.version) }) else { throw error }
      }
    }
    return try byFileTime.version(atOrBefore: timestamp, before: rule.enablementVersion)
  }

  /// Commits from the oldest version that can be read on.
  private var readableCommits: [LogFile] {
    guard let earliest = listing.earliestVersion else { return listing.commits }
    return listing.commits.filter { $0.version >= earliest }
  }

  private func versions(from first: Version) -> ClosedRange<Version>? {
    let covered = readableCommits.map(\.version).filter { $0 >= first }
    guard let low = covered.first, let high = covered.last else { return nil }
    return low...high
  }

  /// By the times inside of the commits. A commit that can't be read is no obstacle where those around it tell.
  private func version(atOrBefore timestamp: Timestamp, in range: ClosedRange<Version>) async throws -> Version {
    var search = InCommitTimestampSearch(atOrBefore: timestamp, in: range)
    while let probe = search.probe {
      do {
        search.record(try await inCommitTimestamp(of: probe))
      } catch let damage as DeltaError {
        let isInRange = { (version: Version) in version >= range.lowerBound && version <= range.upperBound }
        if isInRange(probe + 1),
          let version = try? await version(atOrBefore: timestamp, in: probe + 1...range.upperBound)
        {
          return version
        }
        // The commit itself may be from before the time, unless the one before it is already younger.
        if isInRange(probe - 1), let before = try? await inCommitTimestamp(of: probe - 1), before > timestamp {
          return try await version(atOrBefore: timestamp, in: range.lowerBound...probe - 1)
        }
        throw damage
      }
    }
    return try search.result()
  }

  /// As the latest version has it, or where that is damaged, the newest before it that can be read: what is damaged
  /// has no rows to show, whichever its time.
  private func inCommitTimestampRule() async throws -> InCommitTimestampRule? {
    var version: Version?
    while true {
      do {
        let newest = try await SnapshotLoader(log.location).load(version: version, in: listing)
        return InCommitTimestampRule(newest.protocol, newest.metadata)
      } catch let error as DeltaError {
        let tried = version ?? listing.latestVersion ?? 0
        guard let earlier = readableVersion(before: min(tried, error.version ?? tried), lost: error) else {
          throw error
        }
        version = earlier
      }
    }
  }

  /// The newest version before one that failed, if going there can be of use.
  private func readableVersion(before version: Version, lost error: DeltaError) -> Version? {
    guard error.code == .corruptLog || error.code == .gapInLog, let earliest = listing.earliestVersion else {
      return nil
    }
    return listing.commits.last { $0.version < version && $0.version >= earliest }?.version
  }

  private func inCommitTimestamp(of version: Version) async throws -> Timestamp {
    let name = listing.commit(version)?.name ?? LogFile.commitName(version)
    let info = try CommitScanner.commitInfo(in: try await log.read(name), file: name, version: version)
    guard let timestamp = info?.inCommitTimestamp else {
      throw DeltaError(
        .corruptLog,
        "The commit \(name) has no in-commit timestamp, though the table's property "
          + "delta.enableInCommitTimestamps says that it must.", path: name, version: version)
    }
    return timestamp
  }
}
