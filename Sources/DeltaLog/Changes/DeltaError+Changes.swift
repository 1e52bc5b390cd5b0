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
    endedBy version: Version, _ reason: String, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .schemaMismatch,
      "Version \(version) changed the table so that earlier rows can't be shown as the last version has them: \(reason). "
        + "Ask for a range that ends before version \(version), and for one that begins after it.", version: version,
      fileID: fileID, line: line)
  }

  static func unknownOlderSchema(
    at version: Version, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .schemaMismatch,
      "Version \(version) changed the table's columns and removed older files, whose columns can't be known any more: the "
        + "log before it was cleaned up. Ask for a range that begins after version \(version).", version: version,
      fileID: fileID, line: line)
  }
}
