extension DeltaError.Code {
  /// The change data feed was off at a version of the range asked for.
  public static let changeFeedUnavailable = Self("changeFeedUnavailable")
}

extension DeltaError {
  static func changeFeedUnavailable(
    at version: Version, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .changeFeedUnavailable,
      "The change data feed was not enabled at version \(version) (delta.enableChangeDataFeed). Ask for a range in which "
        + "it was, or compare two versions of the table instead.", version: version, fileID: fileID, line: line)
  }

  static func incompatibleChanges(
    at version: Version, _ reason: String, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .schemaMismatch,
      "The changes of version \(version) can't be shown under the schema of the last version: \(reason). Ask for a "
        + "range that ends before the schema changed, and one that begins after.", version: version, fileID: fileID,
      line: line)
  }
}
