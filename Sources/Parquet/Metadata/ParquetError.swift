/// Why a Parquet file could not be read or written.
///
/// `message` says what is wrong and, where something can be done, what to do; `description` adds the place.
public struct ParquetError: Error, Sendable {
  /// The kind of failure. More may come: a `switch` over codes has a `default`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
    public var description: String { rawValue }

    /// Not a Parquet file at all.
    public static let notParquet = Code("notParquet")
    /// A Parquet file whose bytes contradict themselves or the specification.
    public static let corrupt = Code("corrupt")
    /// A page's checksum is not that of its bytes.
    public static let checksumMismatch = Code("checksumMismatch")
    /// The file, or a column of it, is encrypted.
    public static let encrypted = Code("encrypted")
    /// Valid, but of a kind that is not read: a codec, an encoding.
    public static let unsupported = Code("unsupported")
    /// A requested column or type, or one to be written, does not fit what the file has.
    public static let schemaMismatch = Code("schemaMismatch")
    /// A value to be written that its column, or the format, cannot hold.
    public static let invalidValue = Code("invalidValue")
    /// A file that is finished, or was given up after an error, was to be written to.
    public static let invalidState = Code("invalidState")
    /// The bytes could not be had.
    public static let io = Code("io")
    /// A batch got too large: it is read again with fewer rows, so that nobody sees this.
    static let largeBatch = Code("largeBatch")
  }

  public var code: Code
  /// What happened, without the place.
  public var message: String
  /// The file's name, when known.
  public var file: String?
  /// The column's path with dots, when one is concerned.
  public var column: String?
  /// Where in the file, in bytes from its start, when known.
  public var byteOffset: Int?
  /// The error beneath, if there is one.
  public var cause: (any Error)?

  public init(
    _ code: Code, _ message: String, file: String? = nil, column: String? = nil, byteOffset: Int? = nil,
    cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.file = file
    self.column = column
    self.byteOffset = byteOffset
    self.cause = cause
  }

  /// The same error with the place filled in where it was not known.
  package func at(file: String? = nil, column: String? = nil, byteOffset: Int? = nil) -> ParquetError {
    var copy = self
    copy.file = self.file ?? file
    copy.column = self.column ?? column
    copy.byteOffset = self.byteOffset ?? byteOffset
    return copy
  }
}

extension ParquetError: CustomStringConvertible {
  public var description: String {
    var place: [String] = []
    if let file { place.append(file) }
    if let column { place.append("column \(column)") }
    if let byteOffset { place.append("byte \(byteOffset)") }
    var text = message
    if !place.isEmpty { text += " [" + place.joined(separator: ", ") + "]" }
    if let cause { text += " (\(cause))" }
    return text
  }
}

/// Runs `body` and adds the place to the ``ParquetError`` it throws.
package func located<Result>(
  file: String? = nil, column: String? = nil, _ body: () throws(ParquetError) -> Result
) throws(ParquetError) -> Result {
  do {
    return try body()
  } catch {
    throw error.at(file: file, column: column)
  }
}
