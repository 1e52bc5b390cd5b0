/// Why bytes aren't the JSON they should be, and where. Cheap to throw; ``DeltaError`` gives it words and a file.
package struct JSONSyntaxError: Error, Hashable {
  package enum Problem: Hashable, Sendable {
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case invalidLiteral
    case invalidNumber
    case numberOutOfRange
    case invalidEscape
    case controlCharacter
    case invalidUTF8
    case tooDeep
    case wrongType(expected: StaticText)
    case missingKey(StaticText)
    case unknownKey
    case repeatedKey
    case secondAction
  }

  package let problem: Problem
  /// From the start of the scanned bytes.
  package let offset: Int

  package init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }

  package var message: String {
    switch problem {
    case .unexpectedEnd: "the text ends in the middle of a value"
    case .unexpectedByte(let byte): "unexpected \(Self.spell(byte))"
    case .invalidLiteral: "a word that is none of true, false and null"
    case .invalidNumber: "a malformed number"
    case .numberOutOfRange: "a number outside of 64 bits, or not a whole one"
    case .invalidEscape: "a malformed escape in a string"
    case .controlCharacter: "an unescaped control character in a string"
    case .invalidUTF8: "a string that isn't UTF-8"
    case .tooDeep: "values nested more than \(JSONScanner.maximumDepth) deep"
    case .wrongType(let expected): "a value that isn't \(expected)"
    case .missingKey(let key): "the required key '\(key)' is missing"
    case .unknownKey: "a key that nothing is known of"
    case .repeatedKey: "a key that stands twice"
    case .secondAction: "a second action in one line"
    }
  }

  private static func spell(_ byte: UInt8) -> String {
    byte > 0x20 && byte < 0x7F ? "character '\(Character(Unicode.Scalar(byte)))'" : "byte 0x" + String(byte, radix: 16)
  }
}

/// A literal that can be compared.
package struct StaticText: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  package let text: StaticString

  package init(stringLiteral text: StaticString) { self.text = text }

  package var description: String { text.description }
  package static func == (left: StaticText, right: StaticText) -> Bool { left.description == right.description }
  package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
