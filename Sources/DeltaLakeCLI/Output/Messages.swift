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

  static func write(_ bytes: [UInt8], to sink: ByteSink) throws(OutputError) {
    try bytes.withUnsafeBufferPointer { bytes throws(OutputError) in try sink.write(UnsafeRawBufferPointer(bytes)) }
  }

  static func warn(_ warnings: [String], _ options: GlobalOptions) {
    guard options.logLevel >= .warning else { return }
    for warning in warnings { complain("warning: \(warning)") }
  }
}
