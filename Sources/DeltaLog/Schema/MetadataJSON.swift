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
    var json = JSONWriter()
    json.write(value)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  package static func append(_ value: MetadataValue, to text: inout String) { text += string(value) }

  /// The string in quotes, with what JSON wants escaped.
  package static func appendQuoted(_ string: String, to text: inout String) {
    var json = JSONWriter()
    json.write(quoted: string)
    text += String(decoding: json.bytes, as: UTF8.self)
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
