/// Why bytes are not a variant that can be read.
public struct VariantError: Error, Hashable, Sendable, CustomStringConvertible {
  public var code: Code
  /// What is wrong, in one sentence.
  public var message: String
  /// The byte, counted from the start of the metadata or value, where it went wrong; `nil` when none is to blame.
  public var byteOffset: Int?

  public init(_ code: Code, _ message: String, at byteOffset: Int? = nil) {
    self.code = code
    self.message = message
    self.byteOffset = byteOffset
  }

  public var description: String {
    byteOffset.map { "\(message) (byte \($0) of the variant)" } ?? message
  }

  /// The kinds of failure; more may come.
  public struct Code: RawRepresentable, Hashable, Sendable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The bytes end early, point outside of themselves or contradict the encoding.
    public static let corrupt = Code(rawValue: "corrupt")
    /// A metadata version or a type that this library does not know.
    public static let unsupported = Code(rawValue: "unsupported")
    /// Nested deeper than ``VariantValue/maximumDepth``.
    public static let tooDeep = Code(rawValue: "tooDeep")
    /// More than the encoding can hold, or a builder's calls that make no value.
    public static let invalidUse = Code(rawValue: "invalidUse")
  }
}

extension VariantError {
  static func truncated(at offset: Int) -> VariantError {
    VariantError(.corrupt, "A variant ends in the middle of a value.", at: offset)
  }

  static func corrupt(_ message: String, at offset: Int? = nil) -> VariantError {
    VariantError(.corrupt, message, at: offset)
  }

  static func tooDeep() -> VariantError {
    VariantError(.tooDeep, "A variant is nested deeper than \(VariantValue.maximumDepth) levels.")
  }
}
