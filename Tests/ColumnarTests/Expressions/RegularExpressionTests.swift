import Testing

@testable import Columnar

@Suite("Regular expressions")
struct RegularExpressionTests {
  static func isFound(_ pattern: String, _ text: String) throws -> Bool {
    let expression = try RegularExpression(pattern)
    var scratch = RegularExpression.Scratch()
    var copy = text
    return copy.withUTF8 { bytes in
      // Both ways of matching say the same, and the automaton says it again.
      let found = expression.isFound(byFollowing: bytes, &scratch)
      #expect(expression.isFound(in: bytes, &scratch) == found)
      #expect(expression.isFound(in: bytes, &scratch) == found)
      return found
    }
  }

  @Test(
    "Patterns are found where Java finds them",
    arguments: [
      ("", "", true), ("", "x", true), ("a", "bab", true), ("^a", "ba", false), ("a$", "ba", true), ("a$", "a\n", true),
      ("a$", "a\nb", false), ("a\\z", "a\n", false), ("(?m)^b$", "a\nb\nc", true), (".", "\n", false),
      ("(?s).", "\n", true),
      ("a.c", "aéc", true), ("^.{3}$", "日本語", true), ("a|b|cd", "xcdx", true), ("^(a|b)*c$", "abbac", true),
      ("^(a|b)*c$", "abxc", false),
      ("^a{2,3}$", "aa", true), ("^a{2,3}$", "aaaa", false), ("^a{2}$", "aaa", false), ("^a{2,}$", "aaaaa", true),
      ("^a?b+$", "bb", true),
      ("^[a-c]+$", "abc", true), ("^[^a-c]+$", "xyz", true), ("^[^a-c]+$", "xaz", false), ("^[]a]+$", "]a", true),
      ("^[a-]+$", "a-", true),
      ("^[\\d_]+$", "12_3", true), ("^\\w+$", "aZ_9", true), ("^\\W$", "é", true), ("^\\S+\\s\\S+$", "a b", true),
      ("\\bcat\\b", "a cat.", true),
      ("\\bcat\\b", "concat", false), ("(?i)^ABC$", "aBc", true), ("^(?i:a)b$", "Ab", true), ("^(?i:a)b$", "AB", false),
      ("^a(?i)b$", "aB", true), ("^\\Qa.b\\E$", "a.b", true), ("^\\Qa.b\\E$", "axb", false),
      ("^\\x41\\u00e9$", "Aé", true),
      ("^\\p{Alpha}\\P{Digit}$", "ab", true), ("^[[a-c]x]+$", "axb", true),
      ("^(?<year>\\d{4})-(?:\\d\\d)$", "2024-02", true),
      ("^\\+?[0-9 ()-]{7,15}$", "+47 22 33 44", true), ("(a*)*b", "aaaa", false), ("^((a?)*)*$", "aaa", true),
      ("x*", "y", true),
      ("^\\.\\*\\\\$", ".*\\", true), ("^a{0}b$", "b", true), ("a\\Z", "a\r\n", true), ("^[^\\n]$", "\r", true),
      ("^a*?b$", "aab", true),
    ])
  func finding(_ pattern: String, _ text: String, _ expected: Bool) throws {
    #expect(try Self.isFound(pattern, text) == expected)
  }

  @Test(
    "What can't be matched in bounded time, or is no pattern, is refused in words",
    arguments: [
      ("(a", "has a ( without its )"), ("a)", "a ) too many"), ("[a", "has a [ without its ]"),
      ("*a", "repeats nothing"),
      ("a{3,2}", "a repetition that is none"), ("a{2000}", "repeats more than 1000 times"),
      ("(a{100}){100}", "too long"),
      ("a++", "possessive"), ("(?=a)", "looks around"), ("(?<!a)b", "looks behind"), ("(a)\\1", "refers back"),
      ("\\", "ends in a backslash"),
      ("\\y", "means nothing"), ("[z-a]", "a range that is none"), ("\\p{Greek}", "the property Greek"),
      ("(?x)a", "the flag x"),
      ("[a&&b]", "intersects"), ("\\x4", "2 hexadecimal digits"),
      (String(repeating: "(", count: 5000), "nests too deeply"),
      (String(repeating: "[", count: 5000), "nests too deeply"), (String(repeating: "a", count: 5000), "too long"),
      ("a{", "without a number"),
    ])
  func refusal(_ pattern: String, _ words: String) {
    let error = #expect(throws: ExpressionError.self) { try RegularExpression(pattern) }
    #expect(error?.code == .invalidLiteral)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("A pattern that takes others forever takes no longer than its length times the text's")
  func bounded() throws {
    let text = String(repeating: "a", count: 20_000)
    #expect(try !Self.isFound("^(a+)+$", text + "b"))
    #expect(try !Self.isFound("(a|aa)*c", text))
  }

  @Test("Random patterns match alike in both ways", arguments: 0..<20)
  func agreement(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let parts = [
      "a", "b", "é", ".", "[^a]", "(a|b)", "(ab?)", "^", "$", "a*", "(b|é){1,2}", "\\d", "(a|)+", "\\z", "\\b",
    ]
    let letters = ["a", "b", "é", "1", "\n", " ", "\u{2028}", "\u{85}"]
    var scratch = RegularExpression.Scratch()
    for _ in 0..<20 {
      let pattern = (0..<Int.random(in: 1...4, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
        .joined()
      let expression = try RegularExpression(pattern)
      scratch = RegularExpression.Scratch()
      for _ in 0..<30 {
        var text = (0..<Int.random(in: 0...6, using: &random)).map { _ in letters.randomElement(using: &random) ?? "" }
          .joined()
        text.withUTF8 { bytes in
          let found = expression.isFound(byFollowing: bytes, &scratch)
          #expect(
            expression.isFound(in: bytes, &scratch) == found, "\(pattern) in \(String(decoding: bytes, as: UTF8.self))")
        }
      }
    }
  }

  @Test("A pattern of very many states is matched all the same")
  func manyStates() throws {
    let expression = try RegularExpression("(a|b)*a(a|b){12}c")
    var scratch = RegularExpression.Scratch()
    var random = SeededRandom(seed: 3)
    for _ in 0..<20 {
      var text = (0..<300).map { _ in Bool.random(using: &random) ? "a" : "b" }.joined()
      text += "c"
      let expected = Array(text.utf8)[text.utf8.count - 14] == UInt8(ascii: "a")
      #expect(text.withUTF8 { expression.isFound(in: $0, &scratch) } == expected)
    }
  }

  @Test("Bytes that are not UTF-8 are matched as they come")
  func invalidText() throws {
    let expression = try RegularExpression("^.+$")
    var scratch = RegularExpression.Scratch()
    for bytes in [[0xFF, 0xC3], [0xE2, 0x82], [0x80]] as [[UInt8]] {
      bytes.withUnsafeBufferPointer { _ = expression.isFound(in: $0, &scratch) }
    }
    #expect([0xFF].withUnsafeBufferPointer { expression.isFound(in: $0, &scratch) })
  }
}
