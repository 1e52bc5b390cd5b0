/// Why columns could not be put together or taken apart.
public struct ColumnError: Error, Sendable, CustomStringConvertible {
  public var code: Code
  /// What is wrong, where, and what to do about it.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// What kind of failure it is. Open: new codes may appear.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }

    /// The result would need more than 2^31 - 1 bytes or elements in one column.
    public static let tooLarge = Code("tooLarge")
    /// Columns or values of types that do not go together.
    public static let typeMismatch = Code("typeMismatch")
    /// Offsets, codes or lengths that contradict each other.
    public static let damaged = Code("damaged")
    /// A layout or type that this version cannot handle.
    public static let unsupported = Code("unsupported")
  }

  public var description: String { "\(code): \(message)" }
}

extension ColumnError {
  static func tooLarge(_ what: String, _ total: Int) -> ColumnError {
    ColumnError(
      .tooLarge,
      "A column of \(total) \(what) would be needed, but offsets reach 2147483647 only. Use smaller batches.")
  }

  static func codesOutside(of count: Int) -> ColumnError {
    ColumnError(.damaged, "Dictionary codes point outside of a dictionary of \(count) values.")
  }
}
