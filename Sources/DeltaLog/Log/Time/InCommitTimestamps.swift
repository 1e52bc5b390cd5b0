/// The timestamps that writers put into commits.
///
/// Spec: Delta § Writer Requirements for In-Commit Timestamps
package enum InCommitTimestamps {
  /// The timestamp of a commit: now, and later than the commit before it.
  ///
  /// - Parameter previous: the in-commit timestamp of the version before; of the commit that turns the feature on, the
  ///   time of that version's file. `nil` for a new table.
  package static func next(now: Timestamp, previous: Timestamp?) -> Timestamp {
    guard let previous, previous >= now else { return now }
    let (next, overflow) = previous.milliseconds.addingReportingOverflow(1)
    return Timestamp(milliseconds: overflow ? .max : next)
  }

  /// Whether a table's commits carry their timestamp.
  package static func areEnabled(_ metadata: TableMetadata, _ versions: ProtocolVersions) -> Bool {
    versions.hasActive("inCommitTimestamp", metadata)
  }

  /// The metadata of a commit that may turn the feature on for a table that has older commits: then it says since when.
  ///
  /// - Parameters:
  ///   - before: of the version that the commit follows; `nil` for a new table.
  ///   - version: the one that the commit will have.
  ///   - timestamp: the commit's own.
  package static func recordingEnablement(
    in metadata: TableMetadata, _ versions: ProtocolVersions,
    before: (metadata: TableMetadata, protocolVersions: ProtocolVersions)?, version: Version, timestamp: Timestamp
  ) -> TableMetadata {
    guard areEnabled(metadata, versions), let before, !areEnabled(before.metadata, before.protocolVersions) else {
      return metadata
    }
    var metadata = metadata
    metadata.configuration["delta.inCommitTimestampEnablementVersion"] = String(version)
    metadata.configuration["delta.inCommitTimestampEnablementTimestamp"] = String(timestamp.milliseconds)
    return metadata
  }
}
