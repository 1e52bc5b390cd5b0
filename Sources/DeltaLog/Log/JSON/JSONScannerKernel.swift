// JSON, byte by byte and where it pays eight bytes at a time.
//
// A value is an object, array, string, number, true, false or null, with blanks around it. Strings are UTF-8 between
// quotes, with escapes \" \\ \/ \b \f \n \r \t and \uXXXX (two of them for a scalar beyond U+FFFF). The scanner checks
// everything it passes over, builds nothing, and names byte offsets in its errors.

/// Walks over JSON text: the caller takes the keys it knows, in any order, and skips the rest.
///
/// The bytes must outlive the scanner and everything it hands out.
package struct JSONScanner {
  /// Values nested deeper than this are refused.
  package static let maximumDepth = 256

  package let base: UnsafePointer<UInt8>
  package let end: Int
  package var position: Int

  package init(_ bytes: UnsafeRawBufferPointer) {
    base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? Self.nothing
    end = bytes.count
    position = 0
  }

  private nonisolated(unsafe) static let nothing = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))

  // MARK: Structure

  /// Skips blanks; `false` at the end of the text.
  @inline(__always)
  package mutating func skipBlanks() -> Bool {
    while position < end {
      let byte = base[position]
      if byte > 0x20 { return true }
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return true }
      position &+= 1
    }
    return false
  }

  /// The next byte that isn't blank, not consumed.
  @inline(__always)
  package mutating func peek() throws(JSONSyntaxError) -> UInt8 {
    if position < end {
      let byte = base[position]
      if byte > 0x20 { return byte }
    }
    guard skipBlanks() else { throw JSONSyntaxError(.unexpectedEnd, at: position) }
    return base[position]
  }

  @inline(__always)
  package mutating func expect(_ byte: UInt8) throws(JSONSyntaxError) {
    let found = try peek()
    guard found == byte else { throw JSONSyntaxError(.unexpectedByte(found), at: position) }
    position &+= 1
  }

  @inline(__always)
  package mutating func beginObject() throws(JSONSyntaxError) { try expect(UInt8(ascii: "{")) }

  /// The next key of an object, positioned at its value; `nil` after the last, with the brace consumed.
  @inline(__always)
  package mutating func nextKey(_ isFirst: inout Bool) throws(JSONSyntaxError) -> JSONText? {
    let byte = try peek()
    if byte == UInt8(ascii: "}") {
      position &+= 1
      return nil
    }
    if isFirst {
      isFirst = false
    } else {
      guard byte == UInt8(ascii: ",") else { throw JSONSyntaxError(.unexpectedByte(byte), at: position) }
      position &+= 1
    }
    let key = try readString()
    try expect(UInt8(ascii: ":"))
    return key
  }

  @inline(__always)
  package mutating func beginArray() throws(JSONSyntaxError) { try expect(UInt8(ascii: "[")) }

  /// Whether another element follows, positioned at it; after the last the bracket is consumed.
  @inline(__always)
  package mutating func nextElement(_ isFirst: inout Bool) throws(JSONSyntaxError) -> Bool {
    let byte = try peek()
    if byte == UInt8(ascii: "]") {
      position &+= 1
      return false
    }
    if isFirst {
      isFirst = false
    } else {
      guard byte == UInt8(ascii: ",") else { throw JSONSyntaxError(.unexpectedByte(byte), at: position) }
      position &+= 1
      let next = try peek()
      guard next != UInt8(ascii: "]") else { throw JSONSyntaxError(.unexpectedByte(next), at: position) }
    }
    return true
  }

  /// Consumes `null` when it is next.
  @inline(__always)
  package mutating func takeNull() throws(JSONSyntaxError) -> Bool {
    guard try peek() == UInt8(ascii: "n") else { return false }
    try takeWord("null")
    return true
  }

  package mutating func readBoolean() throws(JSONSyntaxError) -> Bool {
    switch try peek() {
    case UInt8(ascii: "t"):
      try takeWord("true")
      return true
    case UInt8(ascii: "f"):
      try takeWord("false")
      return false
    default: throw JSONSyntaxError(.wrongType(expected: "a boolean"), at: position)
    }
  }

  @inline(__always)
  private mutating func takeWord(_ word: StaticString) throws(JSONSyntaxError) {
    let count = word.utf8CodeUnitCount
    guard end &- position >= count else { throw JSONSyntaxError(.unexpectedEnd, at: end) }
    for index in 0..<count where base[position &+ index] != word.utf8Start[index] {
      throw JSONSyntaxError(.invalidLiteral, at: position)
    }
    position &+= count
  }

  // MARK: Strings

  /// A string's place, quotes left out.
  @inline(__always)
  package mutating func readString() throws(JSONSyntaxError) -> JSONText {
    guard try peek() == UInt8(ascii: "\"") else {
      throw JSONSyntaxError(.wrongType(expected: "a string"), at: position)
    }
    let start = position &+ 1
    var index = start
    var hasEscapes = false
    var seen: UInt64 = 0
    while true {
      // Eight bytes at a time up to the next quote, backslash or control character.
      while index &+ 8 <= end {
        let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
        let stops = Self.stops(word)
        if stops != 0 {
          let stop = stops.trailingZeroBitCount >> 3
          seen |= word & ~(UInt64.max << UInt64(stop &* 8))
          index &+= stop
          break
        }
        seen |= word
        index &+= 8
      }
      guard index < end else { throw JSONSyntaxError(.unexpectedEnd, at: end) }
      let byte = base[index]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        // Statistics are JSON in a string: most escapes are quotes.
        if index &+ 1 < end, base[index &+ 1] == UInt8(ascii: "\"") {
          index &+= 2
        } else {
          index = try skipEscape(at: index)
        }
      } else if byte < 0x20 {
        throw JSONSyntaxError(.controlCharacter, at: index)
      } else {
        seen |= UInt64(byte)
        index &+= 1
      }
    }
    if seen & 0x8080_8080_8080_8080 != 0 { try checkUTF8(start, index) }
    position = index &+ 1
    return JSONText(start: start, count: index &- start, hasEscapes: hasEscapes)
  }

  /// The high bit of each byte that is a quote, a backslash or a control character. Bits above the first are unreliable.
  @inline(__always)
  private static func stops(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let hits =
      ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- (ones &* 0x20)) & ~word)
    return hits & (ones &* 0x80)
  }

  /// The index after the escape at `index`.
  private func skipEscape(at index: Int) throws(JSONSyntaxError) -> Int {
    guard index &+ 1 < end else { throw JSONSyntaxError(.unexpectedEnd, at: end) }
    switch base[index &+ 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return index &+ 2
    case UInt8(ascii: "u"):
      guard end &- index >= 6 else { throw JSONSyntaxError(.unexpectedEnd, at: end) }
      guard Self.hex4(base + index + 2) != nil else { throw JSONSyntaxError(.invalidEscape, at: index) }
      return index &+ 6
    default: throw JSONSyntaxError(.invalidEscape, at: index)
    }
  }

  private func checkUTF8(_ start: Int, _ end: Int) throws(JSONSyntaxError) {
    guard let bad = UTF8Kernel.firstInvalid(base, start, end) else { return }
    throw JSONSyntaxError(.invalidUTF8, at: bad)
  }

  /// The value of four hexadecimal digits.
  @inline(__always)
  static func hex4(_ digits: UnsafePointer<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    for index in 0..<4 {
      let digit: UInt8
      switch digits[index] {
      case let byte where byte >= 48 && byte <= 57: digit = byte &- 48
      case let byte where byte >= 65 && byte <= 70: digit = byte &- 55
      case let byte where byte >= 97 && byte <= 102: digit = byte &- 87
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  // MARK: Numbers

  /// A whole number of 64 bits. `1e3` and `1.0` count as whole.
  package mutating func readInt64() throws(JSONSyntaxError) -> Int64 {
    let first = try peek()
    guard first == UInt8(ascii: "-") || (first >= 48 && first <= 57) else {
      throw JSONSyntaxError(.wrongType(expected: "a number"), at: position)
    }
    let start = position
    let isNegative = first == UInt8(ascii: "-")
    var index = isNegative ? start &+ 1 : start
    var value: UInt64 = 0
    let digits = index
    while index < end, base[index] >= 48, base[index] <= 57, index &- digits < 18 {
      value = value &* 10 &+ UInt64(base[index] &- 48)
      index &+= 1
    }
    let isPlain = index < end && index > digits && (base[index] < 48 || base[index] > 57)
    if isPlain, base[index] != UInt8(ascii: "."), base[index] | 0x20 != UInt8(ascii: "e"),
      base[digits] != 48 || index &- digits == 1
    {
      position = index
      return isNegative ? 0 &- Int64(value) : Int64(value)
    }
    let text = try readNumber()
    let spelling = string(text)
    if let value = Int64(spelling) { return value }
    if let value = Double(spelling).flatMap({ Int64(exactly: $0) }), !spelling.utf8.allSatisfy(Self.isDigitOrSign) {
      return value
    }
    throw JSONSyntaxError(.numberOutOfRange, at: start)
  }

  private static func isDigitOrSign(_ byte: UInt8) -> Bool { (byte >= 48 && byte <= 57) || byte == 45 }

  /// A number's place, of any size, checked against the grammar.
  package mutating func readNumber() throws(JSONSyntaxError) -> JSONText {
    let first = try peek()
    let start = position
    var index = start
    if first == UInt8(ascii: "-") { index &+= 1 }
    let whole = skipDigits(&index)
    guard whole > 0 else { throw numberProblem(start, index) }
    guard whole == 1 || base[index &- whole] != 48 else { throw JSONSyntaxError(.invalidNumber, at: start) }
    if index < end, base[index] == UInt8(ascii: ".") {
      index &+= 1
      guard skipDigits(&index) > 0 else { throw numberProblem(start, index) }
    }
    if index < end, base[index] | 0x20 == UInt8(ascii: "e") {
      index &+= 1
      if index < end, base[index] == UInt8(ascii: "+") || base[index] == UInt8(ascii: "-") { index &+= 1 }
      guard skipDigits(&index) > 0 else { throw numberProblem(start, index) }
    }
    position = index
    return JSONText(start: start, count: index &- start, hasEscapes: false)
  }

  private func numberProblem(_ start: Int, _ index: Int) -> JSONSyntaxError {
    if index >= end { return JSONSyntaxError(.unexpectedEnd, at: end) }
    return JSONSyntaxError(index == start ? .unexpectedByte(base[start]) : .invalidNumber, at: start)
  }

  @inline(__always)
  private func skipDigits(_ index: inout Int) -> Int {
    let start = index
    while index < end, base[index] >= 48, base[index] <= 57 { index &+= 1 }
    return index &- start
  }

  // MARK: Skipping

  /// Passes over one value of any kind, checking it.
  package mutating func skipValue(depth: Int = 0) throws(JSONSyntaxError) {
    switch try peek() {
    case UInt8(ascii: "\""): _ = try readString()
    case UInt8(ascii: "{"):
      guard depth < Self.maximumDepth else { throw JSONSyntaxError(.tooDeep, at: position) }
      position &+= 1
      var isFirst = true
      while try nextKey(&isFirst) != nil { try skipValue(depth: depth &+ 1) }
    case UInt8(ascii: "["):
      guard depth < Self.maximumDepth else { throw JSONSyntaxError(.tooDeep, at: position) }
      position &+= 1
      var isFirst = true
      while try nextElement(&isFirst) { try skipValue(depth: depth &+ 1) }
    case UInt8(ascii: "t"): try takeWord("true")
    case UInt8(ascii: "f"): try takeWord("false")
    case UInt8(ascii: "n"): try takeWord("null")
    default: _ = try readNumber()
    }
  }

  /// One value's place, whatever it is.
  @inline(__always)
  package mutating func readRaw() throws(JSONSyntaxError) -> JSONText {
    _ = try peek()
    let start = position
    try skipValue()
    return JSONText(start: start, count: position &- start, hasEscapes: false)
  }
}
