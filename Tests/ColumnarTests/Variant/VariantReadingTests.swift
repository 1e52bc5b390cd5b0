import Testing

@testable import Columnar

private let noNames: [UInt8] = [0x01, 0x00, 0x00]
/// `a`, `b`, sorted.
private let twoNames: [UInt8] = [0x11, 2, 0, 1, 2, 0x61, 0x62]

private func value(_ bytes: [UInt8], names: [UInt8] = noNames) throws -> VariantValue {
  try VariantValue(metadata: Buffer(copying: names), value: Buffer(copying: bytes))
}

private func json(
  _ bytes: [UInt8], names: [UInt8] = noNames, _ spelling: VariantSpelling = .canonical
) throws -> String {
  var text = TextBuffer()
  try value(bytes, names: names).appendJSON(to: &text, spelling)
  return text.string()
}

/// Spec: Parquet VariantEncoding § Value encoding; Parquet VariantEncoding § Encoding types; Parquet VariantEncoding § Metadata encoding
@Suite("Reading variants")
struct VariantReadingTests {
  @Test(
    "Every primitive has its canonical text",
    arguments: [
      ([0x00], "null"), ([0x04], "true"), ([0x08], "false"),
      ([0x0C, 0xFF], "-1"), ([0x10, 0x00, 0x80], "-32768"), ([0x14, 1, 0, 0, 0x80], "-2147483647"),
      ([0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "9223372036854775807"),
      ([0x1C, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F], "1.5"), ([0x38, 0, 0, 0, 0x80], "-0.0"),
      ([0x20, 2, 120, 0, 0, 0], "\"1.20\""), ([0x24, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "\"-0.001\""),
      ([0x28, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80], "\"-170141183460469231731687303715884105727\""),
      ([0x2C, 0xFF, 0xFF, 0xFF, 0xFF], "\"1969-12-31\""),
      ([0x30, 1, 0, 0, 0, 0, 0, 0, 0], "\"1970-01-01T00:00:00.000001Z\""),
      ([0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "\"1969-12-31T23:59:59.999999\""),
      ([0x3C, 2, 0, 0, 0, 0xAB, 0x01], "\"ab01\""), ([0x40, 2, 0, 0, 0, 0x68, 0x22], #""h\"""#),
      ([0x44, 0x40, 0x42, 0x0F, 0, 0, 0, 0, 0], "\"00:00:01.000000\""),
      ([0x48, 1, 0, 0, 0, 0, 0, 0, 0], "\"1970-01-01T00:00:00.000000001Z\""),
      ([0x4C, 1, 0, 0, 0, 0, 0, 0, 0], "\"1970-01-01T00:00:00.000000001\""),
      ([0x50] + Array(0..<16), "\"00010203-0405-0607-0809-0a0b0c0d0e0f\""),
      ([0x09, 0x68, 0x69], "\"hi\""), ([0x01], "\"\""),
      ([0x03, 0, 0], "[]"), ([0x03, 2, 0, 1, 3, 0x00, 0x0C, 7], "[null,7]"), ([0x02, 0, 0], "{}"),
    ] as [([UInt8], String)])
  func primitives(bytes: [UInt8], text: String) throws {
    #expect(try json(bytes) == text)
    #expect(try value(bytes + [1, 2, 3]).valueBytes().values(of: UInt8.self) == bytes, "its own bytes end it")
  }

  @Test("Fields are found by name, wherever their values lie")
  func objects() throws {
    // {"a": 1, "b": true}, the value of b first.
    let bytes: [UInt8] = [0x02, 2, 0, 1, 1, 0, 3, 0x04, 0x0C, 1]
    #expect(try json(bytes, names: twoNames) == #"{"a":1,"b":true}"#)
    guard case .object(let object) = try value(bytes, names: twoNames).content() else {
      Issue.record("not an object")
      return
    }
    #expect(try object["b"]?.json() == "true")
    #expect(try object["c"] == nil)
  }

  @Test("Names in the wrong order are put in order; the same name twice is refused")
  func disorder() throws {
    #expect(try json([0x02, 2, 1, 0, 0, 1, 3, 0x04, 0x0C, 1], names: twoNames) == #"{"a":1,"b":true}"#)
    #expect(throws: VariantError.self) { try json([0x02, 2, 1, 1, 0, 1, 3, 0x04, 0x0C, 1], names: twoNames) }
  }

  @Test("An empty dictionary may lack its only offset")
  func shortMetadata() throws {
    #expect(try json([0x00], names: [0x01, 0x00]) == "null")
  }

  @Test(
    "Damaged bytes throw",
    arguments: [
      [], [0x0C], [0x18, 1, 2], [0x20, 39, 0, 0, 0, 0], [0x20, 2], [0x09, 0x68], [0x40, 0xFF, 0xFF, 0xFF, 0xFF, 0x61],
      [0x03], [0x03, 1], [0x03, 1, 0, 9, 0], [0x03, 1, 5, 1, 0], [0x03, 2, 0, 0, 1, 0x00],
      [0x13, 0xFF, 0xFF, 0xFF, 0xFF],
      [0x02, 1, 7, 0, 1, 0x00], [0x02, 1], [0xFC], [0x09, 0xC3, 0x28], [0x50, 1, 2],
    ] as [[UInt8]])
  func damage(bytes: [UInt8]) {
    #expect(throws: VariantError.self) { try json(bytes, names: twoNames) }
  }

  @Test(
    "Damaged metadata throws",
    arguments: [[], [0x02, 0, 0], [0x01], [0x01, 5, 0], [0xC1, 0xFF, 0xFF, 0xFF, 0xFF, 0], [0x41, 1]] as [[UInt8]])
  func damagedMetadata(names: [UInt8]) {
    #expect(throws: VariantError.self) { try json([0x00], names: names) }
  }

  @Test("Names out of the dictionary's bytes throw when they are used")
  func damagedNames() {
    let object: [UInt8] = [0x02, 1, 0, 0, 1, 0x00]
    #expect(throws: VariantError.self) { try json(object, names: [0x01, 1, 0, 9, 0x61]) }
    #expect(throws: VariantError.self) { try json(object, names: [0x01, 1, 1, 0, 0x61]) }
    #expect(throws: VariantError.self) { try json(object, names: [0x01, 1, 0, 1, 0xFF]) }
  }

  @Test("Members that share bytes are refused before they multiply")
  func sharing() {
    // 60 levels, each an array of two elements that both are the next level.
    var bytes: [UInt8] = [0x00]
    for _ in 0..<60 { bytes = [0x07, 2, 0, 0, 0, 0, UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8)] + bytes }
    #expect(throws: VariantError.self) { try json(bytes) }
  }

  @Test("Nesting has a limit")
  func depth() throws {
    func nested(_ levels: Int) -> [UInt8] {
      var bytes: [UInt8] = [0x00]
      for _ in 0..<levels { bytes = [0x07, 1, 0, 0, UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8)] + bytes }
      return bytes
    }
    #expect(try json(nested(100)).count == 204)
    #expect(throws: VariantError.self) { try json(nested(1_000)) }
  }

  @Test("Natural JSON has decimals as numbers and short timestamps")
  func natural() throws {
    #expect(try json([0x20, 2, 120, 0, 0, 0], .natural) == "1.20")
    #expect(try json([0x30, 0, 0, 0, 0, 0, 0, 0, 0], .natural) == "\"1970-01-01T00:00:00Z\"")
    #expect(try json([0x3C, 2, 0, 0, 0, 0xAB, 0x01], .natural) == "\"qwE=\"")
  }
}
