import Columnar

/// A JSON value to print, its objects in the order given.
indirect enum JSONDocument {
  case null
  case boolean(Bool)
  case integer(Int64)
  case double(Double)
  case string(String)
  case array([JSONDocument])
  case object([(String, JSONDocument)])
  /// JSON text made elsewhere; it is printed with the white space of the document around it.
  case text(String)

  /// A value or null.
  static func optional(_ value: String?) -> JSONDocument { value.map { .string($0) } ?? .null }
  static func optional(_ value: Int64?) -> JSONDocument { value.map { .integer($0) } ?? .null }

  static func strings(_ values: some Sequence<String>) -> JSONDocument { .array(values.map { .string($0) }) }

  /// On one line.
  var compact: String {
    var text = TextBuffer()
    append(to: &text)
    return text.string()
  }

  /// With a line for each member, two blanks a level; empty objects and arrays on one line.
  var pretty: String { Self.pretty(compact) }

  private func append(to text: inout TextBuffer) {
    switch self {
    case .null: text.append("null")
    case .boolean(let value): text.append(value ? "true" : "false")
    case .integer(let value): text.append(integer: value)
    case .double(let value): text.append(double: value)
    case .string(let value): text.append(jsonString: value)
    case .text(let json): text.append(string: json)
    case .array(let values):
      text.append("[")
      for (index, value) in values.enumerated() {
        if index > 0 { text.append(",") }
        value.append(to: &text)
      }
      text.append("]")
    case .object(let members):
      text.append("{")
      for (index, (name, value)) in members.enumerated() {
        if index > 0 { text.append(",") }
        text.append(jsonString: name)
        text.append(":")
        value.append(to: &text)
      }
      text.append("}")
    }
  }

  /// Valid JSON with its white space replaced; nothing else changes, numbers neither.
  static func pretty(_ json: String) -> String {
    var text = TextBuffer()
    var depth = 0
    var isInString = false
    var isEscaped = false
    var previous: UInt8 = 0
    func newline(_ text: inout TextBuffer) {
      text.append("\n")
      text.append(repeating: 0x20, count: 2 * depth)
    }
    for byte in json.utf8 {
      if isInString {
        text.append(byte)
        if isEscaped { isEscaped = false } else if byte == 0x5C { isEscaped = true } else { isInString = byte != 0x22 }
        continue
      }
      if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { continue }
      let isClosing = byte == 0x7D || byte == 0x5D
      if isClosing { depth = max(0, depth - 1) }
      if isClosing != (previous == 0x7B || previous == 0x5B), isClosing || previous == 0x7B || previous == 0x5B {
        newline(&text)
      }
      text.append(byte)
      switch byte {
      case 0x22: isInString = true
      case 0x7B, 0x5B: depth += 1
      case 0x2C: newline(&text)
      case 0x3A: text.append(" ")
      default: break
      }
      previous = byte
    }
    return text.string()
  }
}
