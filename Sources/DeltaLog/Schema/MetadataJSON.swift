package import Columnar

/// JSON text and ``MetadataValue`` trees: what a schema and its fields' metadata are made of.
package enum MetadataJSON {
  /// The tree of a whole document. Of a repeated key the last value counts.
  package static func parse(_ text: String) throws(JSONSyntaxError) -> MetadataValue {
    try parse(Array(text.utf8))
  }

  package static func parse(_ utf8: [UInt8]) throws(JSONSyntaxError) -> MetadataValue {
    try Buffer(copying: utf8).withUnsafeBytes { (bytes) throws(JSONSyntaxError) in try JSONScanner.value(of: bytes) }
  }

  /// The tree as compact JSON, object keys sorted.
  package static func string(_ value: MetadataValue) -> String {
    var text = ""
    append(value, to: &text)
    return text
  }

  package static func append(_ value: MetadataValue, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .long(let number): text += String(number)
    case .double(let number): appendNumber(number, to: &text)
    case .string(let string): appendQuoted(string, to: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        append(value, to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { text += "," }
        appendQuoted(member.key, to: &text)
        text += ":"
        append(member.value, to: &text)
      }
      text += "}"
    }
  }

  /// The string in quotes, with what JSON wants escaped.
  package static func appendQuoted(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\u{0}"..."\u{1F}":
        text += "\\u" + String(scalar.value, radix: 16, paddedTo: 4)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  /// JSON has no spelling for NaN and infinity; a number too large for a double is how an infinity came in.
  private static func appendNumber(_ number: Double, to text: inout String) {
    if number.isNaN {
      text += "null"
    } else if number.isInfinite {
      text += number < 0 ? "-1e999" : "1e999"
    } else {
      text += "\(number)"
    }
  }
}

extension MetadataValue {
  package var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  package var longValue: Int64? {
    if case .long(let value) = self { value } else { nil }
  }

  package var booleanValue: Bool? {
    if case .boolean(let value) = self { value } else { nil }
  }

  package var arrayValue: [MetadataValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  package var objectValue: [String: MetadataValue]? {
    if case .object(let value) = self { value } else { nil }
  }
}
