import DeltaLake

/// Whole texts: data to stdout, words to stderr.
enum Messages {
  static func output(_ text: String) throws(OutputError) { try output(Array(text.utf8)) }

  static func output(_ bytes: [UInt8]) throws(OutputError) {
    try write(bytes, to: ByteSink(descriptor: 1))
  }

  /// What went wrong. Nothing can be done when stderr is closed.
  static func complain(_ message: String) {
    try? write(Array((message + "\n").utf8), to: ByteSink(descriptor: 2))
  }

  /// What was done, for a person: not where `--log-level error` wants silence.
  static func say(_ message: String, _ options: GlobalOptions) {
    if options.logLevel >= .warning { complain(message) }
  }

  /// What did not work out after a commit.
  static func report(_ commit: Commit, _ options: GlobalOptions) {
    if options.logLevel >= .warning { for warning in commit.warnings { complain("warning: \(warning)") } }
  }

  /// What a write did.
  static func report(_ report: WriteReport, _ options: GlobalOptions) {
    guard let commit = report.commit else {
      let refused = report.refusedRowCount > 0 ? ", \(report.refusedRowCount) rows refused" : ""
      let reason = report.isSkipped ? "it is there already" : "there are no rows"
      return say("nothing was written: \(reason)\(refused)", options)
    }
    self.report(commit, options)
    var words = "version \(commit.version): \(report.rowCount) rows in \(report.fileCount) files"
    if report.removedFileCount > 0 { words += ", \(report.removedFileCount) files removed" }
    if report.refusedRowCount > 0 { words += ", \(report.refusedRowCount) rows refused" }
    say(words, options)
  }

  static func write(_ bytes: [UInt8], to sink: ByteSink) throws(OutputError) {
    try bytes.withUnsafeBufferPointer { bytes throws(OutputError) in try sink.write(UnsafeRawBufferPointer(bytes)) }
  }

  /// What was found on opening a table, as far as `--log-level` wants to know.
  static func report(_ snapshot: Snapshot, _ options: GlobalOptions) {
    if options.logLevel >= .warning {
      for warning in snapshot.warnings { complain("warning: \(warning)") }
    }
    if options.logLevel >= .info {
      let start = snapshot.log.checkpointVersion.map { "checkpoint \($0)" } ?? "no checkpoint"
      let files = "\(snapshot.fileCount) files of \(ByteSize.text(snapshot.sizeInBytes))"
      complain("info: version \(snapshot.version): \(files); \(start) and \(snapshot.log.commitCount) commits read")
    }
  }
}
