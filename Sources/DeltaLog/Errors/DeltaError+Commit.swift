// Wording of the errors about one commit file.

extension DeltaError {
  package static func damagedCommit(
    _ error: JSONSyntaxError, file: String, version: Version?, line: Int, fileID: String = #fileID,
    sourceLine: Int = #line
  ) -> DeltaError {
    let which = version.map { "read a version up to \($0 - 1)" } ?? "restore it"
    return DeltaError(
      .corruptLog,
      "The commit file \(file) is damaged in line \(line), byte \(error.offset): \(error.message). Restore the file "
        + "from a copy, or \(version == 0 ? "give the table up" : which).", path: file, version: version,
      byteOffset: Int64(error.offset), fileID: fileID, line: sourceLine)
  }

  package static func emptyCommit(
    _ file: String, version: Version?, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .corruptLog,
      "The commit file \(file) is empty: every writer puts something into a commit, so this is what a crash left of "
        + "one. Restore the file from a copy; if the commit was never acknowledged, remove it.", path: file,
      version: version, byteOffset: 0, fileID: fileID, line: line)
  }
}
