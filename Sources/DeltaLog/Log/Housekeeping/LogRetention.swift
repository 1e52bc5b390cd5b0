/// What of a table's log and state is kept how long, as of now.
package struct LogRetention: Hashable, Sendable {
  package let now: Timestamp
  private let properties: TableProperties

  package init(_ properties: TableProperties, now: Timestamp) {
    self.properties = properties
    self.now = now
  }

  /// Versions from before this time need not be readable. It is a midnight in UTC, so that the log is not cleaned up
  /// with every commit.
  ///
  /// Spec: Delta § Metadata Cleanup
  package var logCutoff: Timestamp { Self.midnight(before: time(before: properties.logRetention)) }

  /// Whether the day is still that one, so that what may be deleted now could be deleted then.
  package func isSameDay(as time: Timestamp) -> Bool { time >= Self.midnight(before: now) }

  /// Whether a version's checkpoint is one of a few that look after the log whatever others have done.
  package func isCleanUpDue(at version: Version) -> Bool {
    version % (Version(properties.checkpointInterval) * 100) == 0
  }

  /// Sidecars from before this time are not of a checkpoint that is being written.
  package var sidecarCutoff: Timestamp { time(before: .seconds(86_400), from: Self.midnight(before: now)) }

  /// Whether a file that left the table then is not needed any more, and its `remove` not kept in checkpoints.
  ///
  /// Spec: Delta § Add File and Remove File
  package func isExpired(removedAt time: Timestamp?) -> Bool {
    time ?? Timestamp(milliseconds: 0) < tombstoneCutoff
  }

  /// Files that left the table before this time are not needed any more.
  package var tombstoneCutoff: Timestamp { time(before: properties.tombstoneRetention) }

  /// Whether an application's transaction need not be remembered any more.
  package func isExpired(_ transaction: AppTransaction) -> Bool {
    guard let retention = properties.transactionRetention, let updated = transaction.lastUpdated else { return false }
    return updated < time(before: retention)
  }

  /// Whether a checkpoint is due at that version.
  package func isCheckpointDue(at version: Version) -> Bool {
    version > 0 && version % Version(properties.checkpointInterval) == 0
  }

  private func time(before duration: Duration, from start: Timestamp? = nil) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    let (total, overflow2) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
    let (result, overflow3) = (start ?? now).milliseconds.subtractingReportingOverflow(total)
    return Timestamp(milliseconds: overflow || overflow2 || overflow3 ? .min : result)
  }

  private static func midnight(before time: Timestamp) -> Timestamp {
    let rest = time.milliseconds % 86_400_000
    let (result, overflow) = time.milliseconds.subtractingReportingOverflow(rest < 0 ? rest + 86_400_000 : rest)
    return Timestamp(milliseconds: overflow ? .min : result)
  }
}
