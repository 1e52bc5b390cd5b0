import Testing

@testable import Columnar
@testable import Parquet

@Suite("Encoded strings")
struct StringEncodingTests {
  static func strings(_ sink: StringSink) -> [String] {
    let offsets = sink.offsets.finished().values(of: Int32.self).map { Int($0) }
    let data = sink.data.finished().values(of: UInt8.self)
    return zip(offsets, offsets.dropFirst()).map { String(decoding: data[$0..<$1], as: UTF8.self) }
  }

  static let plain: [UInt8] =
    [3, 0, 0, 0] + Array("abc".utf8) + [0, 0, 0, 0] + [40, 0, 0, 0] + [UInt8](repeating: 0x78, count: 40)
    + [1, 0, 0, 0, 0x7A]

  @Test("Plain strings decode, in parts and after skipping")
  func plainStrings() throws {
    let expected = ["abc", "", String(repeating: "x", count: 40), "z"]
    for skipped in 0...3 {
      try decoding(Self.plain) { bytes in
        var decoder = PlainStringDecoder(bytes, limit: 4)
        try decoder.skip(skipped)
        var sink = StringSink()
        for _ in skipped..<4 { try decoder.decode(1, into: &sink) }
        #expect(Self.strings(sink) == Array(expected[skipped...]))
        #expect(throws: DecodingFailure.self) { try decoder.decode(1, into: &sink) }
      }
      try decoding(Self.plain) { bytes in
        var decoder = PlainStringDecoder(bytes, limit: 4)
        var sink = StringSink()
        try decoder.decode(4, into: &sink)
        #expect(Self.strings(sink) == expected)
      }
    }
  }

  @Test("Plain strings of any length decode, whatever room there is", arguments: [0, 1, 3, 5000])
  func plainLengths(_ expected: Int) throws {
    let lengths = Array(0...70) + [0, 127, 128, 255, 256, 257, 300, 5000, 0, 0, 31, 32, 33, 0]
    let strings = lengths.enumerated().map { index, length in
      String((0..<length).map { Character(UnicodeScalar(UInt8(97 + (index + $0) % 26))) })
    }
    let bytes = strings.flatMap { text in
      (0..<4).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) } + Array(text.utf8)
    }
    for step in [1, 7, strings.count] {
      try decoding(bytes) { bytes in
        var decoder = PlainStringDecoder(bytes, limit: strings.count)
        var sink = StringSink(expecting: expected)
        for start in stride(from: 0, to: strings.count, by: step) {
          try decoder.decode(min(step, strings.count - start), into: &sink)
        }
        #expect(Self.strings(sink) == strings)
        #expect(throws: DecodingFailure.self) { try decoder.decode(1, into: &sink) }
      }
    }
  }

  @Test(
    "Plain lengths beyond the bytes are refused",
    arguments: [[255, 255, 255, 255], [2, 0, 0, 0, 65], [1, 0, 0], [255, 255, 255, 127, 65]] as [[UInt8]])
  func plainDamaged(_ bytes: [UInt8]) {
    decoding(bytes) { bytes in
      var decoder = PlainStringDecoder(bytes, limit: 4)
      var sink = StringSink()
      #expect(throws: DecodingFailure.self) { try decoder.decode(1, into: &sink) }
    }
  }

  /// Lengths 5, 5, 6, 6 and the bytes of the specification's example.
  static let lengths: [UInt8] = [8, 1, 4, 10, 0, 1, 0b10] + Array("HelloWorldFoobarABCDEF".utf8)
  static let words = ["Hello", "World", "Foobar", "ABCDEF"]

  @Test("Delta lengths decode", arguments: 0...4)
  func deltaLengths(_ skipped: Int) throws {
    try decoding(Self.lengths) { bytes in
      var decoder = try DeltaLengthDecoder(bytes, limit: 4)
      try decoder.skip(skipped)
      var sink = StringSink()
      try decoder.decode(4 - skipped, into: &sink)
      #expect(Self.strings(sink) == Array(Self.words[skipped...]))
      #expect(throws: DecodingFailure.self) { try decoder.decode(1, into: &sink) }
    }
  }

  @Test("Negative and too long lengths are refused")
  func deltaLengthsDamaged() throws {
    for header in [[8, 1, 1, 1] as [UInt8], [8, 1, 1, 10], [8, 1, 2, 10, 1, 0]] {
      try decoding(header + [65, 66]) { bytes in
        var decoder = try DeltaLengthDecoder(bytes, limit: 4)
        var sink = StringSink()
        #expect(throws: DecodingFailure.self) { try decoder.decode(1, into: &sink) }
      }
    }
  }

  @Test("Shared prefixes are put back", arguments: 0...4)
  func deltaStrings(_ skipped: Int) throws {
    // Deltas +2 -2 +3 over the least, -2: 4, 0, 5. Deltas -2 +4 -1: 0, 6, 1.
    let prefixes: [UInt8] = [8, 1, 4, 0, 3, 3, 0b0100_0100, 0b0000_0001, 0]
    let suffixes: [UInt8] = [8, 1, 4, 8, 3, 3, 0b0111_0000, 0, 0]
    let bytes = prefixes + suffixes + Array("axislebabbleyhood".utf8)
    try decoding(bytes) { bytes in
      var decoder = try DeltaByteArrayDecoder(bytes, limit: 4)
      try decoder.skip(skipped)
      var sink = StringSink()
      for _ in skipped..<4 { try decoder.decode(1, into: &sink) }
      #expect(Self.strings(sink) == Array(["axis", "axle", "babble", "babyhood"][skipped...]))
    }
  }

  /// Delta strings with those prefixes and suffixes.
  private static func deltaStrings(_ prefixes: [Int32], _ suffixes: [[UInt8]]) -> [UInt8] {
    DeltaBinaryPackedEncoderTests.encode(prefixes)
      + DeltaBinaryPackedEncoderTests.encode(suffixes.map { Int32($0.count) }) + suffixes.joined()
  }

  @Test(
    "After skipping any number, the next strings are right", arguments: [1, 2, 511, 512, 513, 1024, 1400, 1499, 1500])
  func skippedDeltaStrings(_ skipped: Int) throws {
    var random = SeededRandom(seed: 3)
    var prefixes: [Int32] = []
    var suffixes: [[UInt8]] = []
    var words: [String] = []
    for _ in 0..<1500 {
      let before = Array((words.last ?? "").utf8)
      let prefix = Int(random.next() % UInt64(before.count + 1))
      let suffix = (0..<Int(random.next() % 9)).map { _ in UInt8(97 + random.next() % 26) }
      prefixes.append(Int32(prefix))
      suffixes.append(suffix)
      words.append(String(decoding: before[..<prefix] + suffix, as: UTF8.self))
    }
    try decoding(Self.deltaStrings(prefixes, suffixes)) { bytes in
      var decoder = try DeltaByteArrayDecoder(bytes, limit: 1500)
      try decoder.skip(skipped)
      var sink = StringSink()
      try decoder.decode(1500 - skipped, into: &sink)
      #expect(Self.strings(sink) == Array(words[skipped...]))
      #expect(throws: DecodingFailure.self) { try decoder.skip(1) }
    }
  }

  @Test("Skipping costs what is stored, not what it would become", .timeLimit(.minutes(1)))
  func skippedPrefixes() throws {
    let length = 1 << 20
    let count = 400_000
    let prefixes = [0] + [Int32](repeating: Int32(length), count: count - 2) + [3]
    let suffixes: [[UInt8]] =
      [[UInt8](repeating: 0x78, count: length)] + Array(repeating: [], count: count - 2) + [[0x79]]
    try decoding(Self.deltaStrings(prefixes, suffixes)) { bytes in
      var decoder = try DeltaByteArrayDecoder(bytes, limit: count)
      try decoder.skip(count - 1)
      var sink = StringSink()
      try decoder.decode(1, into: &sink)
      #expect(Self.strings(sink) == ["xxxy"])
    }
  }

  @Test("Damaged strings are refused while they are skipped")
  func skippedDamage() throws {
    let cases: [([Int32], [[UInt8]], cut: Int)] = [
      ([1], [[65]], 0), ([0, 2], [[65], [66]], 0), ([0, -1], [[65], [66]], 0), ([0, 1], [[65], [66, 67]], 1),
    ]
    for (prefixes, suffixes, cut) in cases {
      try decoding(Self.deltaStrings(prefixes, suffixes).dropLast(cut)) { bytes in
        var decoder = try DeltaByteArrayDecoder(bytes, limit: 2)
        #expect(throws: DecodingFailure.self) { try decoder.skip(prefixes.count) }
      }
    }
  }

  @Test("A prefix longer than the string before is refused")
  func prefixTooLong() throws {
    let bytes: [UInt8] = [8, 1, 1, 2] + [8, 1, 1, 2] + [65]
    try decoding(bytes) { bytes in
      var decoder = try DeltaByteArrayDecoder(bytes, limit: 4)
      var sink = StringSink()
      #expect(throws: DecodingFailure.self) { try decoder.decode(1, into: &sink) }
    }
  }
}

@Suite("UTF-8")
struct UTF8KernelTests {
  @Test(
    "What the standard library takes is valid, nothing else",
    arguments: [
      "", "plain", "Ærøskøbing", "日本語", "😀", String(repeating: "a", count: 200) + "é",
    ].map { Array($0.utf8) } + [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xC3], [0x41, 0xFF],
      [UInt8](repeating: 0x41, count: 63) + [0x80], [0xEF, 0xBF, 0xBF], [0xF4, 0x8F, 0xBF, 0xBF], [0xED, 0x9F, 0xBF],
    ])
  func validity(_ bytes: [UInt8]) {
    let (isValid, isASCII) = (UTF8Kernel.isValid(bytes, bytes.count), UTF8Kernel.isASCII(bytes, bytes.count))
    #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil))
    #expect(isASCII == bytes.allSatisfy { $0 < 0x80 })
  }

  @Test("A character cut between two strings makes them invalid")
  func cutCharacter() {
    let bytes = Array("aé".utf8)
    // Arrays as pointers live as long as a call, not as long as a macro that takes it apart.
    func areValid(_ ends: [Int32]) -> Bool { UTF8Kernel.areValid(bytes, from: 0, to: 3, ends: ends, count: 2) }
    #expect(areValid([1, 3]))
    #expect(!areValid([2, 3]))
  }
}
