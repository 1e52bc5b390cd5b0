internal import DeltaLog
internal import ObjectStorage

// Wording of the errors of committing. Call sites are one line.
extension DeltaError {
  static func tooManyAttempts(_ count: Int, at version: Version) -> DeltaError {
    DeltaError(
      .conflict,
      "The commit was tried \(count) times, and each time another writer was faster; the last try was for version "
        + "\(version). Nothing was committed: try again, or write larger commits less often.", version: version)
  }

  static func createdMeanwhile(_ version: Version) -> DeltaError {
    DeltaError(
      .alreadyExists,
      "Another writer created the table meanwhile, and it is at version \(version) now. Nothing was committed: write to the "
        + "table that is there.", version: version)
  }

  static func recordedMeanwhile(_ transaction: AppTransaction, at version: Version) -> DeltaError {
    DeltaError(
      .conflict,
      "Meanwhile version \(version) recorded version \(transaction.version) of the application '\(transaction.appId)', whose "
        + "rows these are. Nothing was committed: start again from the latest version.", version: version)
  }

  static func baseHasExpired(_ version: Version) -> DeltaError {
    DeltaError(
      .conflict,
      "The commit builds on version \(version), which has been cleaned up meanwhile, perhaps with commits that this one "
        + "would have to follow. Nothing was committed: start again from the table as it is now.", version: version)
  }

  /// Not a failure of the commit: its data files must stay.
  static func outcomeUnknown(_ version: Version, cause: any Error) -> DeltaError {
    let reason = (cause as? StorageError)?.message ?? (cause as? DeltaError)?.message ?? "\(cause)"
    return DeltaError(
      .outcomeUnknown,
      "Whether version \(version) is committed for good can't be told: \(reason) Look at the table's history "
        + "before you write the same again.", path: LogFile.commitName(version), version: version, cause: cause)
  }

  static func unreadableAfter(_ version: Version, cause: DeltaError) -> DeltaError {
    DeltaError(
      .outcomeUnknown,
      "Version \(version) is committed, but what the table is with it can't be told: \(cause.message) Do not write the "
        + "same again.", path: LogFile.commitName(version), version: version, cause: cause)
  }
}
