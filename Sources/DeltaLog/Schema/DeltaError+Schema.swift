// Wording of the errors about schemas and what is derived from them.

extension DeltaError {
  static func invalidSchema(_ reason: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .corruptLog,
      "metaData.schemaString can't be read: \(reason). Read an earlier version, or restore one with a sound schema.",
      fileID: fileID, line: line)
  }

  static func unsupportedType(
    _ name: String, of place: String, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .unsupportedFeatures,
      "The type `\(name)` of \(place) is not known to this library. Read the table with a client that knows it.",
      fileID: fileID, line: line)
  }

  static func columnMapping(_ reason: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .corruptLog, "The table's column mapping is broken: \(reason).", fileID: fileID, line: line)
  }

  static func unsupportedTypeChange(
    from old: String, to new: String, of place: String, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .unsupportedFeatures,
      "The type of \(place) was changed from `\(old)` to `\(new)`, which type widening does not allow. Data files "
        + "written before the change can't be read as the new type.",
      fileID: fileID, line: line)
  }

  static func invalidPartitionValue(
    _ text: String, of column: String, as type: String, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .corruptLog, "The partition value \"\(text)\" of column `\(column)` is no \(type).", fileID: fileID, line: line)
  }
}
