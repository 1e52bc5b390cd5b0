import Testing

@testable import Columnar

private func text(_ body: (inout TextBuffer) -> Void) -> String {
  var buffer = TextBuffer(capacity: 1)
  body(&buffer)
  return buffer.string()
}

private func bigDecimal(_ bytes: [UInt8], scale: Int) -> String? {
  var buffer = TextBuffer()
  guard bytes.withUnsafeBytes({ buffer.append(bigEndianDecimal: $0, scale: scale) }) else { return nil }
  return buffer.string()
}

@Suite("Values as text")
struct TextBufferTests {
  @Test("Integers", arguments: [Int64.min, -100, -1, 0, 7, 10, 99, 100, 12_345, 1_000_000_007, .max])
  func integers(value: Int64) {
    #expect(text { $0.append(integer: value) } == "\(value)")
    #expect(text { $0.append(unsigned: UInt64(bitPattern: value)) } == "\(UInt64(bitPattern: value))")
    #expect(text { $0.append(decimal: value, scale: 0) } == "\(value)")
    #expect(
      text { $0.append(decimal: Int128(value) * 1_000_000_000_000, scale: 0) } == "\(Int128(value) * 1_000_000_000_000)"
    )
  }

  @Test(
    "Decimals have all their digits",
    arguments: [
      (120, 2, "1.20"), (-5, 2, "-0.05"), (0, 3, "0.000"), (12, 0, "12"), (-12, -2, "-1200"), (0, -2, "0"),
      (Int128.min, 38, "-1.70141183460469231731687303715884105728"),
      (1, 38, "0." + String(repeating: "0", count: 37) + "1"),
    ] as [(Int128, Int, String)])
  func decimals(unscaled: Int128, scale: Int, expected: String) {
    #expect(text { $0.append(decimal: unscaled, scale: scale) } == expected)
    let bytes = withUnsafeBytes(of: unscaled.bigEndian) { Array($0) }
    #expect(bigDecimal(bytes, scale: scale) == expected)
  }

  @Test("Decimals of any length")
  func longDecimals() {
    let two256 = "115792089237316195423570985008687907853269984665640564039457584007913129639936"
    #expect(bigDecimal([1] + Array(repeating: 0, count: 32), scale: 0) == two256)
    #expect(bigDecimal([0xFF] + Array(repeating: 0, count: 32), scale: 0) == "-" + two256)
    #expect(bigDecimal([], scale: 2) == "0.00")
    #expect(bigDecimal([UInt8](repeating: 1, count: 20_000), scale: 0) == nil)
  }

  @Test(
    "Doubles have the fewest digits that give them back",
    arguments: [
      0, -0.0, 1, -1.5, 0.1, 0.001, 0.000_1, 123.456, 12.34, 1e-7, .leastNonzeroMagnitude, 1e9, 1_234_567_890.123_456,
      9e15, 1e16, 1e22,
      1e23,
      1.797_693_134_862_315_7e308, 4.35, 0.3, 0.1 + 0.2, 999_999_999.999_999, 2.5e-3, 123_456.789_012,
    ])
  func doubles(value: Double) throws {
    for value in [value, -value] {
      let spelt = text { $0.append(double: value) }
      let back = try #require(Double(spelt))
      #expect(back.bitPattern == value.bitPattern, "\(spelt)")
      #expect(spelt.contains(".") || spelt.contains("e"), "\(spelt)")
      let digits = { (text: String) in
        text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }.reversed().drop { $0 == "0" }.count
      }
      #expect(digits(spelt) == digits("\(value)"), "\(spelt) \(value)")
    }
  }

  @Test("What is not a number is a word")
  func words() {
    #expect(text { $0.append(double: -.infinity) } == "\"-Infinity\"")
    #expect(text { $0.append(double: .nan, quotesWords: false) } == "NaN")
    #expect(text { $0.append(float: -.nan) } == "\"NaN\"")
    #expect(text { $0.append(float16: 0x7C00, quotesWords: false) } == "Infinity")
  }

  @Test(
    "Floats in their own width",
    arguments: [(Float(0.1), "0.1"), (16_777_216, "16777216.0"), (-0.0, "-0.0"), (1e10, "1e+10")])
  func floats(value: Float, expected: String) {
    #expect(text { $0.append(float: value) } == expected)
  }

  @Test("Every half is nearest to what it prints as")
  func halves() throws {
    for bits in UInt16(0)...0x7BFF {
      let spelt = text { $0.append(float16: bits) }
      #expect(spelt.filter(\.isNumber).drop { $0 == "0" }.count <= 6, "\(spelt)")
      let value = try #require(Double(spelt))
      // The nearest half to what was printed: no neighbour is nearer.
      let distance = (value - Double(HalfFloat.value(bits))).magnitude
      if bits > 0 { #expect(distance <= (value - Double(HalfFloat.value(bits - 1))).magnitude) }
      if bits < 0x7BFF { #expect(distance <= (value - Double(HalfFloat.value(bits + 1))).magnitude) }
    }
    #expect(text { $0.append(float16: 0x2E66) } == "0.1")
    #expect(text { $0.append(float16: 0x8001) } == "-0.00000006")
    #expect(text { $0.append(float16: 0x7BFF) } == "65500.0")
  }

  @Test("Strings are escaped where JSON asks for it, at any position")
  func strings() {
    for padding in 0..<20 {
      let before = String(repeating: "é", count: padding / 2) + String(repeating: "x", count: padding % 2)
      let escaped = "\"" + before + #"\"\\\n\t\r\b\f\u0000\u001f"# + "/\u{7F}zzzzzzzz€\""
      #expect(text { $0.append(jsonString: before + "\"\\\n\t\r\u{8}\u{C}\u{0}\u{1F}/\u{7F}zzzzzzzz€") } == escaped)
    }
  }

  @Test(
    "Bytes as hex and base 64",
    arguments: [("", "", ""), ("f", "66", "Zg=="), ("fo", "666f", "Zm8="), ("foob", "666f6f62", "Zm9vYg==")])
  func bytes(plain: String, hex: String, base64: String) {
    let bytes = Array(plain.utf8)
    #expect(text { buffer in bytes.withUnsafeBytes { buffer.append(hex: $0) } } == hex)
    #expect(text { buffer in bytes.withUnsafeBytes { buffer.append(base64: $0) } } == base64)
  }

  @Test("Dates and times far from today")
  func dates() {
    #expect(text { $0.append(days: 2_932_897, signsLongYears: true) } == "+10000-01-01")
    #expect(text { $0.append(days: 2_932_897, signsLongYears: false) } == "10000-01-01")
    #expect(text { $0.append(days: -719_529, signsLongYears: true) } == "-0001-12-31")
    #expect(text { $0.append(days: -719_528, signsLongYears: true) } == "0000-01-01")
    #expect(text { $0.append(timestamp: -1, .nanoseconds, signsLongYears: true) } == "1969-12-31T23:59:59.999999999")
    #expect(
      text { $0.append(timestamp: .min, .milliseconds, signsLongYears: true) } == "-292275055-05-16T16:47:04.192000")
    #expect(text { $0.append(shortTimestamp: 1_500, .milliseconds) } == "1970-01-01T00:00:01.500")
    #expect(text { $0.append(time: 86_399_999, .milliseconds) } == "23:59:59.999000")
    #expect(text { $0.append(time: .min, .nanoseconds) } == "-2562047:47:16.854775808")
    #expect(
      text { $0.append(int96: 1, julianDay: 2_440_588, signsLongYears: false) } == "1970-01-01T00:00:00.000000001")
    #expect(
      text { $0.append(int96: -1, julianDay: 2_440_588, signsLongYears: false) } == "1969-12-31T23:59:59.999999999")
  }

  @Test(
    "UTF-8 that is not",
    arguments: [
      [0xC0, 0x80], [0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xE0, 0x80, 0x80],
    ] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    for padding in 0..<9 {
      let padded = Array(repeating: UInt8(0x61), count: padding) + bytes
      #expect(!padded.withUnsafeBytes { UTF8Validation.isValid($0) })
      #expect(Array("aé€😀\u{10FFFF}\(padding)".utf8).withUnsafeBytes { UTF8Validation.isValid($0) })
    }
  }
}
