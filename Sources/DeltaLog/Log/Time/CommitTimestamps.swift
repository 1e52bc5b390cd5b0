/// When the commits of a log were made, by the modification times of their files, for time travel by timestamp.
///
/// File times can stand still or run backwards; commits can't: each counts at least a millisecond after the one before.
package struct CommitTimestamps: Sendable {
  /// Ascending by version and by timestamp.
  package let commits: [(version: Version, timestamp: Timestamp)]

  /// - Parameter files: commits in any order; other files are left out.
  package init(_ files: some Sequence<LogFile>) {
    var last: Int64?
    commits = files.filter { $0.kind == .commit }.sorted { $0.version < $1.version }.map { file in
      var time = file.modificationTime.milliseconds
      if let last, time <= last { time = last == .max ? last : last + 1 }
      last = time
      return (file.version, Timestamp(milliseconds: time))
    }
  }

  /// The adjusted file time of a commit.
  package func timestamp(of version: Version) -> Timestamp? {
    commits.first { $0.version == version }?.timestamp
  }

  /// The newest version made at or before `timestamp`, by file times alone.
  ///
  /// - Parameter limit: only versions before this one count.
  /// - Throws: `versionNotFound` when all commits are younger.
  package func version(
    atOrBefore timestamp: Timestamp, before limit: Version? = nil
  ) throws(DeltaError) -> Version {
    let found = commits.last { $0.timestamp <= timestamp && $0.version < limit ?? .max }
    guard let found else { throw .timestampNotFound(timestamp, earliest: commits.first?.timestamp) }
    return found.version
  }
}

/// How to find the version for a timestamp in a table that may have in-commit timestamps.
///
/// Spec: Delta § Recommendations for Readers of Tables with In-Commit Timestamps
package struct InCommitTimestampRule: Hashable, Sendable {
  /// From this version on commits carry their own timestamp.
  package let enablementVersion: Version
  /// The timestamp of that version; `nil`: every commit carries one.
  package let enablementTimestamp: Timestamp?

  /// `nil` when the table's commits count by their files' times.
  package init?(_ protocolVersions: ProtocolVersions, _ metadata: TableMetadata) {
    guard metadata.configuration["delta.enableInCommitTimestamps"]?.lowercased() == "true",
      protocolVersions.writerFeatures?.contains(where: {
        $0 == "inCommitTimestamp" || $0 == "inCommitTimestamp-preview"
      })
        == true
    else { return nil }
    enablementVersion = metadata.configuration["delta.inCommitTimestampEnablementVersion"].flatMap(Version.init) ?? 0
    enablementTimestamp = metadata.configuration["delta.inCommitTimestampEnablementTimestamp"].flatMap(Int64.init)
      .map(Timestamp.init(milliseconds:))
  }

  /// Whether the commit has its timestamp inside.
  package func covers(_ version: Version) -> Bool { version >= enablementVersion }

  /// Whether `timestamp` is looked up among in-commit timestamps rather than among file times.
  package func covers(_ timestamp: Timestamp) -> Bool {
    enablementTimestamp.map { timestamp >= $0 } ?? true
  }
}

/// A binary search over commits whose timestamps are inside of them: read the commit that ``probe`` names, tell its
/// timestamp, repeat until `probe` is `nil`.
///
/// In-commit timestamps ascend with the versions, so that about log2(versions) commits are read.
package struct InCommitTimestampSearch: Sendable {
  private let target: Timestamp
  private var low: Version
  private var high: Version
  private var best: Version?
  private var earliest: Timestamp?
  private var isDone = false

  /// - Parameter versions: those with in-commit timestamps, all of them there.
  package init(atOrBefore target: Timestamp, in versions: ClosedRange<Version>) {
    self.target = target
    low = versions.lowerBound
    high = versions.upperBound
  }

  /// The version whose in-commit timestamp is needed next.
  package var probe: Version? { isDone ? nil : low + (high - low) / 2 }

  package mutating func record(_ timestamp: Timestamp) {
    guard let version = probe else { return }
    if timestamp <= target {
      best = version
      guard version < high else { return isDone = true }
      low = version + 1
    } else {
      earliest = timestamp
      guard version > low else { return isDone = true }
      high = version - 1
    }
  }

  /// Once ``probe`` is `nil`: the newest version at or before the target.
  package func result() throws(DeltaError) -> Version {
    guard let best else { throw .timestampNotFound(target, earliest: earliest) }
    return best
  }
}

extension DeltaError {
  package static func timestampNotFound(
    _ timestamp: Timestamp, earliest: Timestamp?, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let hint = earliest.map { "The earliest version available is from \($0)." } ?? "No version is available."
    return DeltaError(
      .versionNotFound, "The table has no version from \(timestamp) or before. \(hint)", fileID: fileID, line: line)
  }
}
