/// What went wrong with a table: a code to act on, a message that says what, where and what to do, and the place.
///
/// Switch over ``code`` with a default: codes are open, a new release may bring new ones.
public struct DeltaError: Error, Sendable {
  public let code: Code
  /// One or a few sentences: what happened, where, and the way out.
  public let message: String
  /// The file the error is about, as the log or the store names it.
  public let path: String?
  /// The table version the error is about.
  public let version: Version?
  /// Where in the file at `path`, or in the text of a query, in bytes from its start.
  public let byteOffset: Int64?
  /// The error underneath, such as a store's or a Parquet file's.
  public let cause: (any Error)?
  /// The line of this library's source that raised it.
  public let location: Location

  public init(
    _ code: Code, _ message: String, path: String? = nil, version: Version? = nil, byteOffset: Int64? = nil,
    cause: (any Error)? = nil, fileID: String = #fileID, line: Int = #line
  ) {
    self.code = code
    self.message = message
    self.path = path
    self.version = version
    self.byteOffset = byteOffset
    self.cause = cause
    self.location = Location(fileID: fileID, line: line)
  }

  /// A place in source code.
  public struct Location: Hashable, Sendable, CustomStringConvertible {
    public let fileID: String
    public let line: Int

    public init(fileID: String, line: Int) {
      self.fileID = fileID
      self.line = line
    }

    public var description: String { "\(fileID):\(line)" }
  }
}

extension DeltaError: CustomStringConvertible, CustomDebugStringConvertible {
  public var description: String { message }

  public var debugDescription: String {
    var text = "DeltaError.\(code): \(message)"
    if let path { text += " [path: \(path)]" }
    if let version { text += " [version: \(version)]" }
    if let byteOffset { text += " [byte: \(byteOffset)]" }
    if let cause { text += " [cause: \(cause)]" }
    return text + " [at \(location)]"
  }
}
