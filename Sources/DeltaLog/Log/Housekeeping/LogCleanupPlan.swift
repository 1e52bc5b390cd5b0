/// The files of a log that are not needed any more: those of versions before the newest checkpoint from which all versions
/// that are kept can be made.
///
/// With the feature `checkpointProtection`, a table's older versions may need features that its protocol lists no more. Who
/// does not know all of them cleans up everything before the protected version at once, or nothing.
///
/// Spec: Delta § Metadata Cleanup
package struct LogCleanupPlan: Hashable, Sendable {
  /// What stays begins with this version, which has a checkpoint.
  package let firstVersion: Version
  /// To be deleted in this order: commits before checkpoints, the oldest first. Should it stop in between, the versions from
  /// the first on can be read all the same, and older ones either rightly or not at all.
  package let files: [LogFile]

  /// - Parameters:
  ///   - files: the whole log directory, and the staged commits if there are any.
  ///   - cutoff: versions from that time on are kept, and the last one before.
  ///   - protected: what ``LogCleanupPlan/protectedVersion(_:_:)`` says of the table.
  ///   - isSound: whether a checkpoint can be read: the log before a damaged one is all that is left of the table.
  /// - Returns: `nil` when there is nothing to delete.
  package init?(
    _ files: [LogFile], before cutoff: Timestamp, protected: Version = 0,
    isSound: (LogCheckpoint) -> Bool = { _ in true }
  ) {
    let times = CommitTimestamps(files)
    guard let kept = times.commits.last(where: { $0.timestamp <= cutoff })?.version else { return nil }
    self.init(files, keepingFrom: kept, protected: protected, isSound: isSound)
  }

  /// - Parameter version: the oldest one that must stay readable; `nil` when the log can't be cut before it.
  package init?(
    _ files: [LogFile], keepingFrom version: Version, protected: Version = 0,
    isSound: (LogCheckpoint) -> Bool = { _ in true }
  ) {
    let listing = LogListing(files)
    let candidates = listing.checkpoints.filter { $0.version <= version }
    guard let checkpoint = candidates.first(where: { Self.isBeginning($0, of: listing) && isSound($0) }) else {
      return nil
    }
    let first = checkpoint.version
    if first < protected { return nil }
    let expired = files.filter { file in
      switch file.kind {
      case .compaction, .stagedCommit: file.version <= first
      case .commit, .checksum, .classicCheckpoint, .checkpointPart, .uuidCheckpoint: file.version < first
      }
    }
    guard !expired.isEmpty else { return nil }
    firstVersion = first
    self.files = expired.sorted {
      (Self.rank($0.kind), $0.version, $0.name) < (Self.rank($1.kind), $1.version, $1.name)
    }
  }

  /// The version before which the log goes as a whole or not at all; 0 where there is no such rule.
  package static func protectedVersion(_ metadata: TableMetadata, _ versions: ProtocolVersions) -> Version {
    versions.supports("checkpointProtection") ? TableProperties(metadata).checkpointProtectionVersion : 0
  }

  /// Whether the checkpoint has its commit beside it, and all that follow up to the latest, or to another checkpoint.
  private static func isBeginning(_ checkpoint: LogCheckpoint, of listing: LogListing) -> Bool {
    guard listing.commit(checkpoint.version) != nil else { return false }
    let latest = listing.latestVersion ?? checkpoint.version
    let end = listing.checkpoints.last { $0.version > checkpoint.version }?.version ?? latest
    let versions = listing.commits.lazy.map(\.version).filter { $0 >= checkpoint.version && $0 <= end }
    var next = checkpoint.version
    for version in versions {
      guard version == next else { return false }
      next += 1
    }
    return next > end
  }

  private static func rank(_ kind: LogFile.Kind) -> Int {
    switch kind {
    case .stagedCommit: 0
    case .compaction: 1
    case .checksum: 2
    case .commit: 3
    case .classicCheckpoint, .checkpointPart, .uuidCheckpoint: 4
    }
  }

  /// The sidecars that no checkpoint names any more.
  ///
  /// - Parameters:
  ///   - all: the files of `_delta_log/_sidecars`.
  ///   - referenced: what the checkpoints that stay name, as their `sidecar` actions spell it.
  ///   - cutoff: ``LogRetention/sidecarCutoff``; younger ones may be of a checkpoint that is being written.
  package static func expiredSidecars(
    _ all: [(name: String, modificationTime: Timestamp)], referenced: some Sequence<String>, before cutoff: Timestamp
  ) -> [String] {
    let names = Set(referenced.map { PercentEncoding.decoded($0.split(separator: "/").last.map(String.init) ?? $0) })
    return all.filter { $0.modificationTime < cutoff && !names.contains($0.name) }.map(\.name)
  }
}
