import Testing

@testable import Columnar
@testable import Parquet

@Suite("Packing bits")
struct BitPackKernelTests {
  @Test("The specification's example: 0 to 7 in three bits each")
  func example() {
    let values: [UInt32] = [0, 1, 2, 3, 4, 5, 6, 7]
    let bytes = encoded { buffer in
      BitPackKernel.pack(values, count: 8, width: 3, into: buffer.reserve(3))
      buffer.fill(3)
    }
    #expect(bytes == [0b1000_1000, 0b1100_0110, 0b1111_1010])
  }

  @Test("What is packed is unpacked, at every width and with a last group that isn't full", arguments: 0...64)
  func widths(_ width: Int) {
    var random = SeededRandom(seed: UInt64(width))
    let mask: UInt64 = width == 64 ? .max : 1 << UInt64(width) - 1
    for count in [0, 1, 7, 8, 9, 64, 131] {
      var values = (0..<count).map { _ in random.next() & mask }
      if count > 2 { values[1] = mask }
      let size = (count + 7) / 8 * width
      let wide = encoded { buffer in
        BitPackKernel.pack(values, count: count, width: width, into: buffer.reserve(size))
        buffer.fill(size)
      }
      var back = [UInt64](repeating: 1, count: count)
      wide.withUnsafeBytes { BitUnpackKernel.unpack($0, width: width, from: 0, count: count, into: &back) }
      #expect(back == values)
      // Bits behind the last value are zeros.
      let last = (count * width + 7) / 8
      #expect(wide[last...].allSatisfy { $0 == 0 })
      if width <= 32 {
        let narrow = encoded { buffer in
          BitPackKernel.pack(values.map { UInt32($0) }, count: count, width: width, into: buffer.reserve(size))
          buffer.fill(size)
        }
        #expect(narrow == wide)
      }
      if width <= 8 {
        let levels = encoded { buffer in
          BitPackKernel.pack(values.map { UInt8($0) }, count: count, width: width, into: buffer.reserve(size))
          buffer.fill(size)
        }
        #expect(levels == wide)
      }
    }
  }
}

/// Spec: Parquet Encodings § Run Length Encoding / Bit-Packing Hybrid
@Suite("Writing runs and packed bits")
struct RunLengthBitPackedEncoderTests {
  static func encode(_ values: [UInt32], width: Int) -> [UInt8] {
    encoded { RunLengthBitPackedEncoder.encode(values, count: values.count, width: width, into: &$0) }
  }

  static func decode(_ bytes: [UInt8], count: Int, width: Int) throws -> [UInt32] {
    var result = [UInt32](repeating: 77, count: count)
    try bytes.withUnsafeBytes { bytes in
      var decoder = try RunLengthBitPackedDecoder(bytes, width: width)
      try decoder.decode(count, into: &result)
    }
    return result
  }

  @Test("Packed values have a header of their groups, runs one of their length")
  func byHand() {
    // One group: 1 << 1 | 1, and the specification's example.
    #expect(Self.encode([0, 1, 2, 3, 4, 5, 6, 7], width: 3) == [3, 0b1000_1000, 0b1100_0110, 0b1111_1010])
    // A hundred fives: 100 << 1, a varint, and one byte.
    #expect(Self.encode([UInt32](repeating: 5, count: 100), width: 3) == [0xC8, 1, 5])
    // Twelve bits take two bytes.
    #expect(Self.encode([UInt32](repeating: 0xABC, count: 20), width: 12) == [40, 0xBC, 0x0A])
    // Fewer than eight: a group filled up, or a run.
    #expect(Self.encode([1, 2], width: 2) == [3, 0b1001, 0])
    #expect(Self.encode([2, 2], width: 2) == [4, 2])
    #expect(Self.encode([], width: 2) == [])
  }

  @Test("A run between packed values stands alone, if it is long enough to save bytes")
  func mixed() {
    let packed: [UInt32] = [0, 1, 2, 3, 4, 5, 6, 7]
    let group: [UInt8] = [3, 0b1000_1000, 0b1100_0110, 0b1111_1010]
    #expect(
      Self.encode(packed + [UInt32](repeating: 6, count: 500) + packed, width: 3) == group + [0xE8, 7, 6] + group)
    // Eight copies in a byte each are a run; in three bits each they are packed with the others.
    #expect(Self.encode([UInt32](repeating: 200, count: 8) + packed, width: 8)[..<2] == [16, 200])
    let short = Self.encode(packed + [UInt32](repeating: 6, count: 8) + packed, width: 3)
    #expect(short.count == 10 && short[0] == 3 << 1 | 1)
  }

  @Test("Width 0 needs a header only")
  func zeroWidth() throws {
    #expect(Self.encode([0, 0, 0], width: 0) == [6])
    #expect(try Self.decode([6], count: 3, width: 0) == [0, 0, 0])
  }

  @Test("Widths are those of the largest code or level, and codes have at least one bit")
  func widths() {
    #expect([0, 1, 2, 3, 4, 255, 256].map { RunLengthBitPackedEncoder.width(maximum: $0) } == [0, 1, 2, 2, 3, 8, 9])
    #expect(
      [0, 1, 2, 3, 4, 5, 256, 257].map { RunLengthBitPackedEncoder.codeWidth(dictionaryCount: $0) } == [
        1, 1, 1, 2, 2, 3, 8, 9,
      ])
  }

  @Test("Runs of any length at any place come back", arguments: [1, 2, 3, 5, 7, 8, 9, 12, 17, 24, 31, 32], 1...4)
  func random(_ width: Int, _ seed: UInt64) throws {
    var random = SeededRandom(seed: seed &* 97 &+ UInt64(width))
    let mask: UInt32 = width == 32 ? .max : 1 << UInt32(width) - 1
    var values: [UInt32] = []
    for length in [1, 7, 8, 9, 15, 16, 39, 40, 41, 503, 504, 505, 3, 1000, 2, 24, 30] {
      let value = UInt32(truncatingIfNeeded: random.next()) & mask
      values += [UInt32](repeating: value, count: length)
      let noise = Int.random(in: 0..<40, using: &random)
      values += (0..<noise).map { _ in UInt32(truncatingIfNeeded: random.next()) & mask }
    }
    for count in [values.count, values.count - 1, values.count - 13, 504, 8, 1] {
      let part = Array(values[..<count])
      let bytes = Self.encode(part, width: width)
      #expect(try Self.decode(bytes, count: count, width: width) == part)
      if width <= 8 {
        let levels = encoded { buffer in
          RunLengthBitPackedEncoder.encode(part.map { UInt8($0) }, count: count, width: width, into: &buffer)
        }
        #expect(levels == bytes)
      }
    }
  }

  @Test("Bits are levels of width 1", arguments: 1...30)
  func bits(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var bits: [Bool] = []
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let count = Int.random(in: 0...300, using: &random)
      switch Int.random(in: 0...3, using: &random) {
      case 0: bits += (0..<count).map { _ in Bool.random(using: &random) }
      case 1: bits += [Bool](repeating: true, count: count * 3)
      default: bits += [Bool](repeating: false, count: count)
      }
    }
    let bitmap = Bitmap(bits)
    let bytes = encoded { buffer in
      RunLengthBitPackedEncoder.encode(bits: bitmap.bytes, count: bits.count, into: &buffer)
    }
    #expect(try Self.decode(bytes, count: bits.count, width: 1) == bits.map { $0 ? 1 : 0 })
    #expect(bytes.count <= (bits.count + 7) / 8 + 8)
  }

  @Test("A page without nulls or with nothing else needs three bytes of levels")
  func uniformBits() {
    func bytes(_ bit: Bool, _ count: Int) -> [UInt8] {
      encoded { buffer in
        let bitmap = Bitmap(repeating: bit, count: count)
        RunLengthBitPackedEncoder.encode(bits: bitmap.bytes, count: count, into: &buffer)
      }
    }
    #expect(bytes(true, 1000) == [0xD0, 0x0F, 1])
    #expect(bytes(false, 1000) == [0xD0, 0x0F, 0])
    #expect(bytes(true, 1003) == [0xD6, 0x0F, 1])
    #expect(
      encoded { RunLengthBitPackedEncoder.encode(repeating: 1, count: 1003, width: 1, into: &$0) } == bytes(true, 1003))
  }
}

/// Spec: Parquet Encodings § Delta Encoding
@Suite("Writing deltas")
struct DeltaBinaryPackedEncoderTests {
  static func encode(_ values: [Int64], step: Int = .max) -> [UInt8] {
    encoded { buffer in
      var encoder = DeltaBinaryPackedEncoder()
      for start in stride(from: 0, to: values.count, by: min(step, max(1, values.count))) {
        let part = Array(values[start..<min(values.count, start + min(step, values.count))])
        encoder.append(part, count: part.count)
      }
      encoder.finish(into: &buffer)
    }
  }

  static func encode(_ values: [Int32]) -> [UInt8] {
    encoded { buffer in
      var encoder = DeltaBinaryPackedEncoder()
      encoder.append(values, count: values.count)
      encoder.finish(into: &buffer)
    }
  }

  /// 128 values a block, 4 miniblocks.
  static let header: [UInt8] = [0x80, 1, 4]

  @Test("The specification's examples, with blocks as large as they have to be")
  func examples() {
    #expect(Self.encode([1, 2, 3, 4, 5] as [Int64]) == Self.header + [5, 2] + [2, 0, 0, 0, 0])
    // Relative deltas 0, 0, 0, 3, 3, 3, 3 in two bits each, 32 of them, the rest zeros.
    let second: [UInt8] = Self.header + [8, 14] + [3, 2, 0, 0, 0] + [0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]
    #expect(Self.encode([7, 5, 3, 1, 2, 3, 4, 5] as [Int64]) == second)
    #expect(Self.encode([7, 5, 3, 1, 2, 3, 4, 5] as [Int32]) == second)
  }

  @Test("No value and one value need a header only")
  func few() {
    #expect(Self.encode([] as [Int64]) == Self.header + [0, 0])
    #expect(Self.encode([-3] as [Int64]) == Self.header + [1, 5])
  }

  @Test("Differences wrap around, at 32 bits too")
  func wrapping() throws {
    // Up by 2^32 - 1 is down by one.
    #expect(Self.encode([.min, .max] as [Int32])[9...] == [1, 0, 0, 0, 0])
    for values in [[.min, .max, .min, 0, .max], [.max, .min], [0, .min, -1, .max]] as [[Int64]] {
      #expect(try DeltaBinaryPackedTests.values(Self.encode(values), count: values.count, step: 2) == values)
    }
    let narrow: [Int32] = [.min, .max, .min, 0, .max, -1, 5, .min]
    let bytes = Self.encode(narrow)
    // No miniblock is wider than the type.
    #expect(bytes[12...].prefix(4).allSatisfy { $0 <= 32 } || bytes[13...].prefix(4).allSatisfy { $0 <= 32 })
    var back = [Int32](repeating: 0, count: narrow.count)
    try bytes.withUnsafeBytes { bytes in
      var decoder = try DeltaBinaryPackedDecoder(bytes, limit: narrow.count)
      try decoder.decode(narrow.count, into: &back)
    }
    #expect(back == narrow)
  }

  @Test("Blocks that are full, nearly so, or begun come back", arguments: [2, 32, 33, 127, 128, 129, 130, 257, 1000])
  func counts(_ count: Int) throws {
    var random = SeededRandom(seed: UInt64(count))
    for width in [0, 1, 7, 31, 33, 63, 64] {
      let values = (0..<count).map { _ in
        width == 0 ? 5 : Int64(truncatingIfNeeded: random.next() >> UInt64(64 - width))
      }
      let bytes = Self.encode(values)
      #expect(try DeltaBinaryPackedTests.values(bytes, count: count, step: 50) == values)
      // The same bytes, whatever the parts they come in.
      #expect(Self.encode(values, step: 1) == bytes)
      #expect(Self.encode(values, step: 100) == bytes)
    }
  }

  @Test("An encoder starts anew with each page")
  func pages() {
    var encoder = DeltaBinaryPackedEncoder()
    let values: [Int64] = [9, 1, 4]
    func page() -> [UInt8] {
      encoder.append(values, count: 3)
      return encoded { encoder.finish(into: &$0) }
    }
    #expect(page() == page())
  }
}

/// Spec: Parquet Encodings § Byte Stream Split
@Suite("Splitting byte streams")
struct ByteStreamSplitEncoderTests {
  @Test("The specification's example")
  func example() {
    let values: [UInt8] = [0xAA, 0xBB, 0xCC, 0xDD, 0x00, 0x11, 0x22, 0x33, 0xA3, 0xB4, 0xC5, 0xD6]
    let bytes = encoded { buffer in
      values.withUnsafeBytes { ByteStreamSplitEncoder.append($0, width: 4, to: &buffer) }
    }
    #expect(bytes == [0xAA, 0x00, 0xA3, 0xBB, 0x11, 0xB4, 0xCC, 0x22, 0xC5, 0xDD, 0x33, 0xD6])
  }

  @Test("Every width is split", arguments: [1, 2, 3, 4, 5, 8, 12, 16], [0, 1, 7, 8, 16, 17, 83])
  func widths(_ width: Int, _ count: Int) {
    let values = (0..<count * width).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) }
    var split: [UInt8] = []
    for stream in 0..<width { for value in 0..<count { split.append(values[value * width + stream]) } }
    let bytes = encoded { buffer in
      values.withUnsafeBytes { ByteStreamSplitEncoder.append($0, width: width, to: &buffer) }
    }
    #expect(bytes == split)
  }
}
