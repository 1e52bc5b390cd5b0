import Columnar

/// Why rows could not be printed.
struct OutputError: Error, CustomStringConvertible {
  var code: Code
  /// What is wrong and where.
  var message: String
  var cause: (any Error)?

  struct Code: RawRepresentable, Hashable, Sendable {
    var rawValue: String

    /// The system refused to take the bytes.
    static let writeFailed = Code(rawValue: "writeFailed")
    /// A value's bytes contradict its type.
    static let corruptValue = Code(rawValue: "corruptValue")
  }

  init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  var description: String { message }
}
