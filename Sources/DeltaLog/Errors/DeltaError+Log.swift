// Wording of the errors about the log as a whole. Call sites are one line.

extension DeltaError {
  package static func corruptLog(
    _ message: String, path: String? = nil, version: Version? = nil, byteOffset: Int64? = nil,
    cause: (any Error)? = nil, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .corruptLog, message, path: path, version: version, byteOffset: byteOffset, cause: cause, fileID: fileID,
      line: line)
  }

  package static func corruptCheckpoint(
    _ message: String, path: String? = nil, version: Version? = nil, byteOffset: Int64? = nil,
    cause: (any Error)? = nil, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .corruptCheckpoint, message, path: path, version: version, byteOffset: byteOffset, cause: cause, fileID: fileID,
      line: line)
  }

  package static func gap(
    after version: Version, next: Version, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let missing = next - version == 2 ? "Commit \(version + 1) is" : "Commits \(version + 1) to \(next - 1) are"
    return DeltaError(
      .gapInLog,
      "The log jumps from version \(version) to \(next). \(missing) missing: restore it, or read a version up to "
        + "\(version).", version: version + 1, fileID: fileID, line: line)
  }

  package static func versionNotFound(
    _ version: Version, available: ClosedRange<Version>?, because reason: String? = nil, fileID: String = #fileID,
    line: Int = #line
  ) -> DeltaError {
    var message = "Version \(version) can't be read"
    if let reason { message += ": \(reason)" }
    if let available {
      message +=
        available.lowerBound == available.upperBound
        ? ". The only version available is \(available.lowerBound)."
        : ". Versions \(available.lowerBound) to \(available.upperBound) are available."
    } else {
      message += ". No version of the table is available."
    }
    return DeltaError(.versionNotFound, message, version: version, fileID: fileID, line: line)
  }

  package static func invalidArgument(
    _ message: String, cause: (any Error)? = nil, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(.invalidArgument, message, cause: cause, fileID: fileID, line: line)
  }
}
