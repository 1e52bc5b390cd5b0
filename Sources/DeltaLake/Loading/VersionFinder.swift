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
      var search = InCommitTimestampSearch(atOrBefore: timestamp, in: range)
      while let probe = search.probe {
        search.record(try await inCommitTimestamp(of: probe))
      }
      if let version = try? search.result() { return version }
      // Every commit with a time of its own is younger; older ones count by their files.
      guard readableCommits.contains(where: { !rule.covers($0.version) }) else { return try search.result() }
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

  /// As the latest version has it. A damaged checkpoint is no obstacle where the table can be read without.
  private func inCommitTimestampRule() async throws -> InCommitTimestampRule? {
    let latest = try await SnapshotLoader(log.location).load(version: nil, in: listing)
    return InCommitTimestampRule(latest.protocol, latest.metadata)
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
