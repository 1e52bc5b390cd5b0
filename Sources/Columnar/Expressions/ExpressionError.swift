/// Why an expression could not be read, resolved or evaluated.
public struct ExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
  public var code: Code
  /// What is wrong, where, and what to do about it.
  public var message: String
  /// Where in the SQL text, in bytes of UTF-8 from 0; `nil` for expressions that were not text.
  public var byteOffset: Int?
  /// The line of the text and below it a caret under the place; two lines.
  public var picture: String?

  public init(_ code: Code, _ message: String, byteOffset: Int? = nil, picture: String? = nil) {
    self.code = code
    self.message = message
    self.byteOffset = byteOffset
    self.picture = picture
  }

  /// What kind of failure it is. Open: new codes may appear.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }

    /// The text is not an expression.
    public static let syntax = Code("syntax")
    public static let unknownColumn = Code("unknownColumn")
    /// A name that fits several columns, which differ in case only.
    public static let ambiguousColumn = Code("ambiguousColumn")
    public static let unknownFunction = Code("unknownFunction")
    /// Types that an operator or function does not take.
    public static let typeMismatch = Code("typeMismatch")
    /// A literal that is no value of its type, such as `DATE '2020-13-01'`.
    public static let invalidLiteral = Code("invalidLiteral")
    /// Nested more deeply than allowed.
    public static let tooDeep = Code("tooDeep")
    /// A number that overflows, a divisor of zero, or a cast of what has no counterpart.
    public static let incomputable = Code("incomputable")
  }

  public var description: String {
    guard let picture else { return "\(code): \(message)" }
    return "\(code): \(message)\n\(picture)"
  }
}

extension ExpressionError {
  static func mismatch(_ what: String, _ types: DataType...) -> ExpressionError {
    let names = types.map(\.sqlName).joined(separator: " and ")
    return ExpressionError(.typeMismatch, "\(what) cannot take \(names). Cast one side, as in CAST(x AS type).")
  }

  package static let incomputable = ExpressionError(
    .incomputable, "it can't be computed: a number overflows, a divisor is zero, or a cast has no value.")

  static func notALiteral(_ text: String, _ type: DataType) -> ExpressionError {
    ExpressionError(.invalidLiteral, "'\(text.prefix(80))' is not a value of type \(type.sqlName).")
  }
}
