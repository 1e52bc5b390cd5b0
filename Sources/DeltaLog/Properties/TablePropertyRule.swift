/// A table property that the protocol or its writers know: what it may be, and what it is when nobody sets it.
///
/// Spec: Delta § Table Properties
package struct TablePropertyRule: Sendable {
  package enum Kind: Hashable, Sendable {
    case boolean
    case integer(ClosedRange<Int64>)
    /// See ``IntervalText``.
    case interval
    /// Bytes, or with a unit as in `128mb`.
    case byteCount
    /// One of these, in any case.
    case choice([String])
    /// See ``ColumnListText``.
    case columns
    /// `1.0.0`, or `2.` with anything.
    case parquetVersion
    case text
  }

  /// With the prefix `delta.`.
  package let name: String
  package let kind: Kind
  /// `nil`: nothing is the case unless it is set.
  package let defaultValue: String?
  /// Whether users may set it, rather than writers alone.
  package let isEditable: Bool

  init(_ name: String, _ kind: Kind, _ defaultValue: String?, isEditable: Bool = true) {
    self.name = "delta." + name
    self.kind = kind
    self.defaultValue = defaultValue
    self.isEditable = isEditable
  }

  /// The value as it goes into the log.
  ///
  /// - Throws: ``InvalidPropertyValue``: what the value needs to be, in words that go on from the property's name.
  package func normalized(_ value: String) throws(InvalidPropertyValue) -> String {
    switch kind {
    case .boolean:
      let lower = value.lowercased()
      guard lower == "true" || lower == "false" else { throw .init(message: "needs to be true or false") }
      return lower
    case .integer(let range):
      guard let number = Int64(value), range.contains(number) else {
        let limits =
          range.upperBound == .max
          ? "a whole number from \(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        throw .init(message: "needs to be \(limits)")
      }
      return String(number)
    case .interval:
      _ = try IntervalText.milliseconds(value)
      return IntervalText.canonical(value)
    case .byteCount:
      guard let count = Self.byteCount(value), count > 0 else {
        throw .init(message: "needs to be a number of bytes such as 134217728 or 128mb")
      }
      return value
    case .choice(let choices):
      guard let choice = choices.first(where: { $0.lowercased() == value.lowercased() }) else {
        throw .init(message: "needs to be one of \(choices.joined(separator: ", "))")
      }
      return choice
    case .columns:
      guard ColumnListText.parse(value) != nil else {
        throw .init(message: "needs to be a list of columns such as a, b.c, `d.e`")
      }
      return value
    case .parquetVersion:
      let parts = value.split(separator: ".", omittingEmptySubsequences: false)
      let isVersion = parts.count == 3 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { $0 &- 48 < 10 } }
      guard value == "1.0.0" || (isVersion && parts[0] == "2") else {
        throw .init(message: "needs to be 1.0.0 or 2.x.x")
      }
      return value
    case .text: return value
    }
  }

  /// Bytes from `1024`, `1k`, `1 kb`, `128MB`, `1g`.
  package static func byteCount(_ text: String) -> Int64? {
    let lower = text.lowercased().filter { !$0.isWhitespace }
    let digits = lower.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits) else { return nil }
    let factor: Int64
    switch lower.dropFirst(digits.count) {
    case "", "b": factor = 1
    case "k", "kb", "kib": factor = 1 << 10
    case "m", "mb", "mib": factor = 1 << 20
    case "g", "gb", "gib": factor = 1 << 30
    case "t", "tb", "tib": factor = 1 << 40
    default: return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }
}

/// What a table property's value needs to be, in words that go on from the property's name.
package struct InvalidPropertyValue: Error, Hashable {
  package let message: String
}
