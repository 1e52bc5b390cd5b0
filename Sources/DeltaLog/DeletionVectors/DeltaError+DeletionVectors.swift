// Wording of the errors about deletion vectors.

extension DeltaError {
  static func corruptDeletionVector(
    _ reason: String, path: String? = nil, byteOffset: Int64? = nil, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let place = path.map { " in \($0)" } ?? ""
    return DeltaError(
      .corruptDeletionVector,
      "A deletion vector\(place) is damaged: \(reason). Without it, deleted rows would come back: restore the file, or "
        + "read an earlier version.",
      path: path, byteOffset: byteOffset, fileID: fileID, line: line)
  }
}
