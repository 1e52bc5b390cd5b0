import Testing

@testable import Parquet

/// Runs `body` on bytes at an address of their own.
func decoding<Result>(_ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
  try bytes.withUnsafeBytes { try body($0) }
}

@Suite("Run lengths and bit packing")
struct RunLengthBitPackedTests {
  /// The decoder's values, taken `step` at a time.
  static func values(_ bytes: [UInt8], width: Int, count: Int, step: Int) throws -> [UInt32] {
    try decoding(bytes) { bytes in
      var decoder = try RunLengthBitPackedDecoder(bytes, width: width)
      var result = [UInt32](repeating: .max, count: count)
      try result.withUnsafeMutableBufferPointer { result in
        var done = 0
        while done < count {
          let part = min(step, count - done)
          try decoder.decode(part, into: result.baseAddress! + done)
          done += part
        }
      }
      return result
    }
  }

  /// Packs values as the format says, to have something to unpack for every width.
  static func packed(_ values: [UInt64], width: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (values.count * width + 7) / 8)
    for (index, value) in values.enumerated() {
      for bit in 0..<width where value >> UInt64(bit) & 1 == 1 {
        let position = index * width + bit
        bytes[position / 8] |= 1 << UInt8(position % 8)
      }
    }
    return bytes
  }

  static func pattern(_ count: Int, width: Int) -> [UInt64] {
    let mask: UInt64 = width == 64 ? .max : (1 << UInt64(width)) - 1
    return (0..<count).map { (UInt64($0) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64($0) << 40) & mask }
  }

  @Test("The specification's example unpacks", arguments: [1, 3, 8])
  func example(_ step: Int) throws {
    #expect(try Self.values([0x03, 0x88, 0xC6, 0xFA], width: 3, count: 8, step: step) == [0, 1, 2, 3, 4, 5, 6, 7])
  }

  @Test("Every width unpacks, wherever batches end", arguments: 1...32, [1, 5, 8, 13, 1000])
  func widths(_ width: Int, _ step: Int) throws {
    let values = Self.pattern(96, width: width)
    let bytes = [UInt8(12 << 1 | 1)] + Self.packed(values, width: width)
    #expect(try Self.values(bytes, width: width, count: 96, step: step) == values.map { UInt32($0) })
  }

  @Test("Wide values unpack", arguments: 1...64)
  func wide(_ width: Int) {
    let values = Self.pattern(72, width: width)
    let bytes = Self.packed(values, width: width)
    for start in [0, 1, 7, 8, 20] {
      var result = [UInt64](repeating: 0, count: 72 - start)
      decoding(bytes) { bytes in
        BitUnpackKernel.unpack(bytes, width: width, from: start, count: 72 - start, into: &result)
      }
      #expect(result == Array(values[start...]))
    }
  }

  @Test("Runs fill, and mix with packed groups", arguments: [1, 3, 100])
  func runs(_ step: Int) throws {
    let bytes: [UInt8] = [10 << 1, 0x2A, 0x03, 0, 1, 2, 3, 4, 5, 6, 7, 3 << 1, 0x07]
    let expected = [UInt32](repeating: 42, count: 10) + Array(0...7) + [7, 7, 7]
    #expect(try Self.values(bytes, width: 8, count: 21, step: step) == expected)
  }

  @Test("Width 0 needs no bytes")
  func widthZero() throws {
    #expect(try Self.values([], width: 0, count: 5, step: 2) == [0, 0, 0, 0, 0])
  }

  @Test(
    "Damaged runs are refused",
    arguments: [
      ([], 3), ([0x03], 3), ([0x03, 0x88], 3), ([0x10], 3), ([0x10, 0xFF], 3),
      ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], 3),
      ([0x80], 3), ([0x02, 0x00], 33), ([0x02, 0x00], 255),
    ] as [([UInt8], Int)])
  func damaged(_ bytes: [UInt8], _ width: Int) {
    #expect(throws: DecodingFailure.self) { try Self.values(bytes, width: width, count: 8, step: 8) }
  }

  @Test("Bits come out wherever they start", arguments: 0...9)
  func bits(_ start: Int) throws {
    let pattern = Self.pattern(200, width: 1)
    let bytes = [UInt8(25 << 1 | 1), 0].prefix(1) + Self.packed(pattern, width: 1) + [UInt8(50 << 1), 1]
    var target = [UInt8](repeating: 0xFF, count: 64)
    let set = try decoding(Array(bytes)) { bytes in
      var decoder = try RunLengthBitPackedDecoder(bytes, width: 1)
      try decoder.skip(3)
      return try decoder.decodeBits(240, into: &target, at: start)
    }
    let expected = pattern[3...].map { $0 == 1 } + [Bool](repeating: true, count: 43)
    #expect((0..<240).map { target[(start + $0) / 8] >> UInt8((start + $0) % 8) & 1 == 1 } == expected)
    #expect(set == expected.filter { $0 }.count)
    #expect((0..<start).allSatisfy { target[$0 / 8] >> UInt8($0 % 8) & 1 == 1 })
  }
}

@Suite("Bit-packed levels")
struct BitPackedLevelTests {
  @Test("The most significant bit comes first")
  func example() throws {
    let levels = try decoding([0x05, 0x39, 0x77]) { bytes in
      var decoder = BitPackedLevelDecoder(bytes, width: 3)
      var result = [UInt8](repeating: 0, count: 8)
      try decoder.decode(3, into: &result)
      try result.withUnsafeMutableBufferPointer { try decoder.decode(5, into: $0.baseAddress! + 3) }
      #expect(throws: DecodingFailure.self) { try decoder.skip(1) }
      return result
    }
    #expect(levels == [0, 1, 2, 3, 4, 5, 6, 7])
  }
}

@Suite("Delta-encoded integers")
struct DeltaBinaryPackedTests {
  static func values(_ bytes: [UInt8], count: Int, step: Int = 1000, skipping: Int = 0) throws -> [Int64] {
    try decoding(bytes) { bytes in
      var decoder = try DeltaBinaryPackedDecoder(bytes, limit: 1000)
      try decoder.skip(skipping)
      var result = [Int64](repeating: 0, count: count)
      try result.withUnsafeMutableBufferPointer { result in
        var done = 0
        while done < count {
          let part = min(step, count - done)
          try decoder.decode(part, into: result.baseAddress! + done)
          done += part
        }
      }
      return result
    }
  }

  /// 7, 5, 3, 1, 2, 3, 4, 5 in one block of 8 (least delta -2, width 2).
  static let example: [UInt8] = [8, 1, 8, 14, 3, 2, 0b1100_0000, 0b0011_1111]

  @Test("The specification's examples decode", arguments: [1, 3, 8])
  func examples(_ step: Int) throws {
    #expect(try Self.values([8, 1, 5, 2, 2, 0], count: 5, step: step) == [1, 2, 3, 4, 5])
    #expect(try Self.values(Self.example, count: 8, step: step) == [7, 5, 3, 1, 2, 3, 4, 5])
    #expect(try Self.values(Self.example, count: 5, step: step, skipping: 3) == [1, 2, 3, 4, 5])
  }

  @Test("Sums wrap around")
  func wrapping() throws {
    // Int64.max, then + 1.
    let bytes: [UInt8] = [8, 1, 2] + [0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01, 2, 0]
    #expect(try Self.values(bytes, count: 2) == [.max, .min])
  }

  @Test("No values need no bytes")
  func empty() throws {
    #expect(try Self.values([], count: 0) == [])
    #expect(throws: DecodingFailure.self) { try Self.values([], count: 1) }
  }

  @Test(
    "Damaged headers and blocks are refused",
    arguments: [
      [8], [8, 0, 5, 2], [8, 3, 5, 2], [0, 1, 5, 2, 2, 0], [9, 1, 5, 2, 2, 0], [8, 1, 5, 2, 2, 65],
      [8, 1, 5, 2, 2, 8, 1],
      [8, 1, 4, 2, 2, 0], [8, 1, 5, 2, 2], [8, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 2, 2, 0],
    ] as [[UInt8]])
  func damaged(_ bytes: [UInt8]) {
    #expect(throws: DecodingFailure.self) { try Self.values(bytes, count: 5) }
  }
}

@Suite("Byte stream split")
struct ByteStreamSplitTests {
  @Test("Every width is joined, in parts too", arguments: [1, 2, 3, 4, 5, 8, 12, 16], [1, 7, 100])
  func widths(_ width: Int, _ step: Int) throws {
    let count = 83
    let values = (0..<count * width).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) }
    var split: [UInt8] = []
    for stream in 0..<width { for value in 0..<count { split.append(values[value * width + stream]) } }
    var result = [UInt8](repeating: 0, count: values.count)
    try decoding(split) { bytes in
      var decoder = try ByteStreamSplitDecoder(bytes, width: width)
      try result.withUnsafeMutableBytes { result in
        var done = 0
        while done < count {
          let part = min(step, count - done)
          try decoder.decode(part, into: result.baseAddress! + done * width)
          done += part
        }
      }
      #expect(throws: DecodingFailure.self) { try decoder.skip(1) }
    }
    #expect(result == values)
  }

  @Test("Bytes that are no whole values are refused")
  func ragged() {
    #expect(throws: DecodingFailure.self) {
      try decoding([1, 2, 3]) { _ = try ByteStreamSplitDecoder($0, width: 4) }
    }
  }
}
