import Columnar
import Testing

@testable import DeltaLog

@Suite("JSON scanner") struct JSONScannerTests {
  private func value(_ text: String) throws -> MetadataValue {
    try Array(text.utf8).withUnsafeBytes { try JSONScanner.value(of: $0) }
  }

  private func problem(_ bytes: [UInt8]) -> JSONSyntaxError? {
    do {
      _ = try bytes.withUnsafeBytes { try JSONScanner.value(of: $0) }
      return nil
    } catch { return error as? JSONSyntaxError }
  }

  @Test(
    "Every kind of value is read",
    arguments: [
      (#"null"#, MetadataValue.null), ("true", .boolean(true)), (" false ", .boolean(false)), ("0", .long(0)),
      ("-12", .long(-12)), ("9223372036854775807", .long(.max)), ("-9223372036854775808", .long(.min)),
      ("1.5e3", .double(1500)), ("9223372036854775808", .double(9_223_372_036_854_775_808)),
      (#""""#, .string("")), (#""plain""#, .string("plain")),
      (#""a\"b\\c\/d\b\f\n\r\te""#, .string("a\"b\\c/d\u{8}\u{c}\n\r\te")),
      (#""\u00e9\u20AC\ud83d\ude00""#, .string("é€😀")), (#""\ud83dx""#, .string("\u{FFFD}x")),
      (#""\ude00""#, .string("\u{FFFD}")),
      (
        #""é€😀 and a good deal more than eight bytes""#,
        .string("é€😀 and a good deal more than eight bytes")
      ),
      ("[]", .array([])), ("[1, [2], {}]", .array([.long(1), .array([.long(2)]), .object([:])])),
      (#"{"a":1,"b":{"c":null}, "a":2}"#, .object(["a": .long(2), "b": .object(["c": .null])])),
      ("\r\n\t[ ]\r\n", .array([])),
    ])
  func values(_ text: String, _ expected: MetadataValue) throws {
    #expect(try value(text) == expected)
  }

  @Test(
    "Damaged text is refused at its byte",
    arguments: [
      ("", 0), ("{", 1), (#"{"a""#, 4), (#"{"a":1"#, 6), (#"{"a" 1}"#, 5), ("[1,]", 3), ("[1 2]", 3), ("tru", 3),
      ("trux", 0), ("nul", 3), ("01", 0), ("-", 1), ("1.", 2), ("1.x", 0), ("1e", 2), ("+1", 0), (".5", 0),
      ("NaN", 0), (#""abc"#, 4), (#""\x""#, 1), (#""\u12g4""#, 1), (#""\u12"#, 5), ("\"a\u{1}\"", 2), ("1 2", 2),
      (#"{"a":1,}"#, 7), ("{1:2}", 1), ("'a'", 0), ("\u{FEFF}{}", 0),
    ])
  func damage(_ text: String, _ offset: Int) {
    #expect(problem(Array(text.utf8))?.offset == offset)
  }

  @Test(
    "Strings must be UTF-8",
    arguments: [
      [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xE0, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xFF],
    ] as [[UInt8]])
  func utf8(_ bytes: [UInt8]) {
    let padding = Array("long enough for words".utf8)
    #expect(problem([0x22] + padding + bytes + [0x22])?.problem == .invalidUTF8)
    #expect(problem([0x22] + bytes + padding + [0x22])?.problem == .invalidUTF8)
  }

  @Test("Nesting has a limit")
  func depth() throws {
    let fits = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    _ = try value(fits)
    #expect(problem(Array(("[" + fits + "]").utf8))?.problem == .tooDeep)
    var scanner = JSONTestText(String(repeating: "{\"a\":", count: 100_000))
    #expect(scanner.skipProblem?.problem == .tooDeep)
  }

  @Test("Every prefix of a value is refused, never trusted or trapped on")
  func prefixes() {
    let text = Array(#"{"a":[1,-2.5e7,"é\u00e9",true,false,null],"b":{"c":"d"}}"#.utf8)
    for count in 0..<text.count { #expect(problem(Array(text[..<count])) != nil) }
  }

  @Test(
    "Whole numbers may be spelt with a point or an exponent",
    arguments: [
      ("1.0", 1), ("15e2", 1500), ("-0", 0), ("123456789012345678", 123_456_789_012_345_678),
      ("1234567890123456789", 1_234_567_890_123_456_789),
    ] as [(String, Int64)])
  func wholeNumbers(_ text: String, _ expected: Int64) throws {
    let number = try Array((text + ",").utf8).withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      return try scanner.readInt64()
    }
    #expect(number == expected)
  }

  @Test("Numbers that no 64 bits hold are refused as whole numbers", arguments: ["9223372036854775808", "1.5", "1e30"])
  func tooLarge(_ text: String) {
    #expect(throws: JSONSyntaxError.self) {
      try Array(text.utf8).withUnsafeBytes { bytes in
        var scanner = JSONScanner(bytes)
        return try scanner.readInt64()
      }
    }
  }
}

private struct JSONTestText {
  let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  var skipProblem: JSONSyntaxError? {
    mutating get {
      bytes.withUnsafeBytes { bytes -> JSONSyntaxError? in
        var scanner = JSONScanner(bytes)
        do throws(JSONSyntaxError) {
          try scanner.skipValue()
          return nil
        } catch { return error }
      }
    }
  }
}
