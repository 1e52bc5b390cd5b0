/// A JSON value for comparing rows: objects keep their order, integers are not floating-point numbers, and the spelling of
/// numbers and strings does not matter.
package indirect enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  /// Its digits, which may be more than any integer type holds.
  case integer(String)
  /// The bits, so that `-0.0` is not `0.0`.
  case double(UInt64)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package var name: String
    package var value: JSONValue
  }

  /// Why a text is not JSON.
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// - Throws: ``Failure`` with the byte where the text stops being JSON.
  package init(_ text: some StringProtocol) throws {
    var parser = Parser(bytes: Array(text.utf8))
    self = try parser.value()
    parser.skipSpace()
    guard parser.position == parser.bytes.count else { throw parser.failure("something follows the value") }
  }

  /// One value a line; empty lines are left out.
  package static func lines(_ text: String) throws -> [JSONValue] {
    try text.split(separator: "\n").map { try JSONValue($0) }
  }

  private struct Parser {
    let bytes: [UInt8]
    var position = 0

    func failure(_ what: String) -> Failure { Failure(description: "not JSON at byte \(position): \(what)") }

    mutating func skipSpace() {
      while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }

    mutating func takes(_ byte: Character) -> Bool {
      skipSpace()
      guard position < bytes.count, bytes[position] == byte.asciiValue else { return false }
      position += 1
      return true
    }

    mutating func takes(word: String) -> Bool {
      guard bytes[position...].starts(with: word.utf8) else { return false }
      position += word.utf8.count
      return true
    }

    mutating func value() throws -> JSONValue {
      if takes("{") { return try object() }
      if takes("[") { return try array() }
      if takes("\"") { return .string(try string()) }
      if takes(word: "null") { return .null }
      if takes(word: "true") { return .boolean(true) }
      if takes(word: "false") { return .boolean(false) }
      return try number()
    }

    mutating func object() throws -> JSONValue {
      var members: [Member] = []
      if takes("}") { return .object([]) }
      repeat {
        guard takes("\"") else { throw failure("a name is missing") }
        let name = try string()
        guard takes(":") else { throw failure("a colon is missing") }
        members.append(Member(name: name, value: try value()))
      } while takes(",")
      guard takes("}") else { throw failure("an object does not end") }
      return .object(members)
    }

    mutating func array() throws -> JSONValue {
      var values: [JSONValue] = []
      if takes("]") { return .array([]) }
      repeat { values.append(try value()) } while takes(",")
      guard takes("]") else { throw failure("an array does not end") }
      return .array(values)
    }

    mutating func number() throws -> JSONValue {
      let start = position
      while position < bytes.count, "+-.eE0123456789".utf8.contains(bytes[position]) { position += 1 }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      guard let double = Double(text) else { throw failure("neither a value nor a number") }
      if text.contains(where: { ".eE".contains($0) }) { return .double(double.bitPattern) }
      return .integer(text == "-0" ? "0" : text)
    }

    mutating func string() throws -> String {
      var result: [UInt8] = []
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte == 0x22 {
          guard let text = String(validating: result, as: UTF8.self) else { throw failure("a string is not UTF-8") }
          return text
        }
        guard byte >= 0x20 else { throw failure("a control character in a string") }
        if byte == 0x5C { result += try escape() } else { result.append(byte) }
      }
      throw failure("a string does not end")
    }

    mutating func escape() throws -> [UInt8] {
      guard position < bytes.count else { throw failure("an escape does not end") }
      let byte = bytes[position]
      position += 1
      switch byte {
      case 0x6E: return [0x0A]
      case 0x72: return [0x0D]
      case 0x74: return [0x09]
      case 0x62: return [0x08]
      case 0x66: return [0x0C]
      case 0x22, 0x5C, 0x2F: return [byte]
      case 0x75:
        var units = [try unit()]
        if UTF16.isLeadSurrogate(units[0]), takes(word: "\\u") { units.append(try unit()) }
        return Array(String(decoding: units, as: UTF16.self).utf8)
      default: throw failure("an unknown escape")
      }
    }

    mutating func unit() throws -> UInt16 {
      guard position + 4 <= bytes.count,
        let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
      else { throw failure("four hex digits are missing") }
      position += 4
      return unit
    }
  }
}
