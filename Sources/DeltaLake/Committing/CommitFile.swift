internal import DeltaLog

/// A commit as a file of the log and its bytes.
struct CommitFile: Sendable {
  let file: LogFile
  let bytes: [UInt8]

  var version: Version { file.version }

  func actions() throws(DeltaError) -> [Action] {
    try CommitScanner.actions(in: bytes, file: file.name, version: file.version)
  }
}
