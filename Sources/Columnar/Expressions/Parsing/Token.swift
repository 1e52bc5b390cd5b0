/// A word, number, string or sign of SQL text, and the bytes it takes.
package struct Token {
  package enum Kind: Equatable {
    /// A name or keyword, as written.
    case word(String)
    /// A name in backticks.
    case quoted(String)
    case string(String)
    /// `X'…'`
    case bytes([UInt8])
    /// Digits, point and exponent, and the letters behind them in upper case: `1.5`, `BD`.
    case number(String, suffix: String)
    case sign(String)
    case end
  }

  package let kind: Kind
  package let range: Range<Int>
}

/// Cuts SQL text into tokens. Works on UTF-8 bytes, so that hostile text costs no more than its length.
struct Lexer {
  let text: [UInt8]
  private var at = 0

  init(_ text: String) {
    self.text = Array(text.utf8)
  }

  /// A syntax error, with its place in bytes.
  struct Failure: Error {
    let message: String
    let offset: Int
  }

  static func tokens(_ text: String) throws(Failure) -> [Token] {
    var lexer = Lexer(text)
    var tokens: [Token] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private func byte(_ ahead: Int = 0) -> UInt8 { at + ahead < text.count ? text[at + ahead] : 0 }

  private mutating func next() throws(Failure) -> Token {
    try skipBlanks()
    let start = at
    guard at < text.count else { return Token(kind: .end, range: at..<at) }
    let kind: Token.Kind
    switch byte() {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): kind = .string(try string())
    case UInt8(ascii: "`"): kind = .quoted(try backticked())
    case UInt8(ascii: "X") where byte(1) == UInt8(ascii: "'"), UInt8(ascii: "x") where byte(1) == UInt8(ascii: "'"):
      at += 1
      kind = .bytes(try hexadecimal(start))
    case 48...57: kind = try number()
    case UInt8(ascii: ".") where (48...57).contains(byte(1)): kind = try number()
    case let first where Self.isLetter(first):
      while Self.isLetter(byte()) || (48...57).contains(byte()) { at += 1 }
      kind = .word(String(decoding: text[start..<at], as: UTF8.self))
    default: kind = .sign(try sign())
    }
    return Token(kind: kind, range: start..<at)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (97...122).contains(byte | 0x20) && byte >= 65 || byte >= 0x80
  }

  private mutating func skipBlanks() throws(Failure) {
    while at < text.count {
      if byte() <= 32 {
        at += 1
      } else if byte() == UInt8(ascii: "-"), byte(1) == UInt8(ascii: "-") {
        while at < text.count, byte() != 10, byte() != 13 { at += 1 }
      } else if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
        let start = at
        at += 2
        while at < text.count, !(byte() == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) { at += 1 }
        guard at < text.count else { throw Failure(message: "This comment has no end.", offset: start) }
        at += 2
      } else {
        return
      }
    }
  }

  private static let signs = ["<=>", "<=", ">=", "<>", "!=", "==", "||", "::"]

  private mutating func sign() throws(Failure) -> String {
    for sign in Self.signs where text[at...].starts(with: sign.utf8) {
      at += sign.utf8.count
      return sign
    }
    let character = byte()
    guard "=<>+-*/%(),.!:[]&|^~;".utf8.contains(character) else {
      throw Failure(message: "This character has no meaning here.", offset: at)
    }
    at += 1
    return String(UnicodeScalar(character))
  }

  private mutating func backticked() throws(Failure) -> String {
    let start = at
    var name: [UInt8] = []
    at += 1
    while at < text.count {
      if byte() == UInt8(ascii: "`") {
        at += 1
        guard byte() == UInt8(ascii: "`") else { return String(decoding: name, as: UTF8.self) }
      }
      name.append(byte())
      at += 1
    }
    throw Failure(message: "This name has no closing backtick.", offset: start)
  }

  private mutating func number() throws(Failure) -> Token.Kind {
    let start = at
    while (48...57).contains(byte()) { at += 1 }
    if byte() == UInt8(ascii: ".") {
      at += 1
      while (48...57).contains(byte()) { at += 1 }
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      let ahead = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 2 : 1
      if (48...57).contains(byte(ahead)) {
        at += ahead
        while (48...57).contains(byte()) { at += 1 }
      }
    }
    let end = at
    while Self.isLetter(byte()) || (48...57).contains(byte()) { at += 1 }
    return .number(
      String(decoding: text[start..<end], as: UTF8.self),
      suffix: String(decoding: text[end..<at], as: UTF8.self).uppercased())
  }

  private mutating func hexadecimal(_ start: Int) throws(Failure) -> [UInt8] {
    at += 1
    var digits: [UInt8] = []
    while at < text.count, byte() != UInt8(ascii: "'") {
      guard let digit = Self.hexDigit(byte()) else {
        throw Failure(message: "X'…' takes hexadecimal digits only.", offset: at)
      }
      digits.append(digit)
      at += 1
    }
    guard at < text.count else { throw Failure(message: "This literal has no closing quote.", offset: start) }
    at += 1
    if digits.count % 2 == 1 { digits.insert(0, at: 0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }
}

extension Lexer {
  /// A string in single or double quotes. A doubled quote is one; a backslash escapes as in Spark.
  private mutating func string() throws(Failure) -> String {
    let start = at
    let quote = byte()
    var value: [UInt8] = []
    at += 1
    while at < text.count {
      if byte() == quote {
        at += 1
        guard byte() == quote else { return String(decoding: value, as: UTF8.self) }
        value.append(quote)
        at += 1
      } else if byte() == UInt8(ascii: "\\"), at + 1 < text.count {
        at += 1
        escape(into: &value)
      } else {
        value.append(byte())
        at += 1
      }
    }
    throw Failure(message: "This string has no closing quote.", offset: start)
  }

  private mutating func escape(into value: inout [UInt8]) {
    let letter = byte()
    at += 1
    switch letter {
    case UInt8(ascii: "0") where !((48...55).contains(byte()) && (48...55).contains(byte(1))): value.append(0)
    case UInt8(ascii: "b"): value.append(8)
    case UInt8(ascii: "n"): value.append(10)
    case UInt8(ascii: "r"): value.append(13)
    case UInt8(ascii: "t"): value.append(9)
    case UInt8(ascii: "Z"): value.append(26)
    // LIKE patterns need these as they are.
    case UInt8(ascii: "%"), UInt8(ascii: "_"): value += [UInt8(ascii: "\\"), letter]
    case UInt8(ascii: "u"): codePoint(4, letter, into: &value)
    case UInt8(ascii: "U"): codePoint(8, letter, into: &value)
    case 48...49 where (48...55).contains(byte()) && (48...55).contains(byte(1)):
      value.append((letter - 48) << 6 | (byte() - 48) << 3 | (byte(1) - 48))
      at += 2
    default: value.append(letter)
    }
  }

  private mutating func codePoint(_ digits: Int, _ letter: UInt8, into value: inout [UInt8]) {
    var code: UInt32 = 0
    for ahead in 0..<digits {
      guard let digit = Self.hexDigit(byte(ahead)) else { return value.append(letter) }
      code = code << 4 | UInt32(digit)
    }
    at += digits
    value += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
  }
}
