import Testing

@testable import Columnar
@testable import Parquet

@Suite("What encoders write, decoders read")
struct EncodingRoundTripTests {
  /// The values of a page as they stand PLAIN, read by the decoder of an encoding.
  static func decodeFixed(_ page: [UInt8], _ encoding: Encoding, count: Int, form: ValueForm) throws -> [UInt8] {
    var result = [UInt8](repeating: 0xEE, count: count * form.physicalWidth)
    try page.withUnsafeBytes { bytes in
      switch encoding {
      case .byteStreamSplit:
        var decoder = try ByteStreamSplitDecoder(bytes, width: form.physicalWidth)
        try result.withUnsafeMutableBytes { try decoder.decode(count, into: $0.baseAddress!) }
      case .deltaBinaryPacked where form.physicalType == .int32:
        var decoder = try DeltaBinaryPackedDecoder(bytes, limit: count)
        try result.withUnsafeMutableBytes {
          try decoder.decode(count, into: $0.baseAddress!.assumingMemoryBound(to: Int32.self))
        }
      case .deltaBinaryPacked:
        var decoder = try DeltaBinaryPackedDecoder(bytes, limit: count)
        try result.withUnsafeMutableBytes {
          try decoder.decode(count, into: $0.baseAddress!.assumingMemoryBound(to: Int64.self))
        }
      default:
        result = page
      }
    }
    return result
  }

  static func decodeStrings(_ page: [UInt8], _ encoding: Encoding, count: Int) throws -> [[UInt8]] {
    try page.withUnsafeBytes { bytes in
      var sink = StringSink()
      switch encoding {
      case .deltaLengthByteArray:
        var decoder = try DeltaLengthDecoder(bytes, limit: count)
        try decoder.decode(count, into: &sink)
      case .deltaByteArray:
        var decoder = try DeltaByteArrayDecoder(bytes, limit: count)
        try decoder.decode(count, into: &sink)
      default:
        var decoder = PlainStringDecoder(bytes, limit: count)
        try decoder.decode(count, into: &sink)
      }
      let ends = sink.offsets.finished().values(of: Int32.self).map { Int($0) }
      let data = sink.data.finished().values(of: UInt8.self)
      return zip(ends, ends.dropFirst()).map { Array(data[$0..<$1]) }
    }
  }

  @Test("Numbers of any kind, in pages of any size", arguments: [0, 1, 100, 3000], 1...3)
  func numbers(_ count: Int, _ seed: UInt64) throws {
    var random = SeededRandom(seed: seed &* 31 &+ UInt64(count))
    let width = UInt64.random(in: 1...64, using: &random)
    let longs: [Int64?] = (0..<count).map { _ in
      UInt8.random(in: 0...9, using: &random) == 0 ? nil : Int64(bitPattern: random.next()) >> Int64(64 - width)
    }
    let integers = longs.map { $0.map { Int32(truncatingIfNeeded: $0) } }
    let columns: [(Column, [Encoding])] = [
      (Column(longs: longs), [.plain, .deltaBinaryPacked, .byteStreamSplit]),
      (Column(integers: integers), [.plain, .deltaBinaryPacked, .byteStreamSplit]),
      (Column(doubles: longs.map { $0.map { Double($0) / 3 } }), [.plain, .byteStreamSplit]),
      (Column(floats: longs.map { $0.map { Float($0) / 3 } }), [.plain, .byteStreamSplit]),
      (
        Column(decimals: longs.map { $0.map { Int128($0) * 1_000_003 } }, precision: 30, scale: 2),
        [.plain, .byteStreamSplit, .deltaByteArray]
      ),
    ]
    for (column, encodings) in columns {
      let dense = try DenseValues(column)
      let plain = encoded { PlainEncodeKernel.append(dense, to: &$0) }
      for encoding in encodings {
        let page = try ValueEncoderTests.page(column, encoding)
        if encoding == .deltaByteArray {
          #expect(try Self.decodeStrings(page, encoding, count: dense.count).flatMap { $0 } == plain)
        } else {
          #expect(try Self.decodeFixed(page, encoding, count: dense.count, form: dense.form) == plain)
        }
      }
    }
  }

  @Test("Strings of any length, with and without shared beginnings", arguments: [0, 1, 100, 3000], 1...3)
  func strings(_ count: Int, _ seed: UInt64) throws {
    var random = SeededRandom(seed: seed &* 57 &+ UInt64(count))
    var strings: [String?] = (0..<count).map { _ in
      if UInt8.random(in: 0...9, using: &random) == 0 { return nil }
      let length = Int.random(in: 0...9, using: &random) == 0 ? 100 : 12
      return String(repeating: "ab", count: Int.random(in: 0...length, using: &random))
        + String(UInt16.random(in: 0...999, using: &random))
    }
    if seed == 2 { strings.sort { ($0 ?? "") < ($1 ?? "") } }
    let expected = strings.compactMap { $0.map { Array($0.utf8) } }
    for encoding in [Encoding.plain, .deltaLengthByteArray, .deltaByteArray] {
      let page = try ValueEncoderTests.page(Column(strings: strings), encoding)
      #expect(try Self.decodeStrings(page, encoding, count: expected.count) == expected)
    }
  }

  @Test("Booleans, as bits and as runs", arguments: [0, 1, 64, 1000], 1...4)
  func booleans(_ count: Int, _ seed: UInt64) throws {
    var random = SeededRandom(seed: seed &* 91 &+ UInt64(count))
    let booleans: [Bool?] = (0..<count).map { row in
      if UInt8.random(in: 0...9, using: &random) == 0 { return nil }
      return seed.isMultiple(of: 2) ? row > count / 2 : Bool.random(using: &random)
    }
    let expected = booleans.compactMap { $0 }
    let plain = try ValueEncoderTests.page(Column(booleans: booleans), .plain)
    #expect(expected.indices.map { (bit: Int) -> Bool in plain[bit / 8] & 1 << UInt8(bit % 8) != 0 } == expected)
    let runs = try ValueEncoderTests.page(Column(booleans: booleans), .runLength)
    let length = Int(runs[0]) + Int(runs[1]) << 8
    #expect(length == runs.count - 4)
    let decoded = try RunLengthBitPackedEncoderTests.decode(Array(runs[4...]), count: expected.count, width: 1)
    #expect(decoded.map { $0 == 1 } == expected)
  }

  @Test(
    "An encoder's pages don't depend on each other",
    arguments: [
      Encoding.plain, .deltaLengthByteArray, .deltaByteArray,
    ])
  func pages(_ encoding: Encoding) throws {
    let column = Column(strings: ["same", "same begin", "other"])
    let values = try DenseValues(column)
    var encoder = try ValueEncoder(encoding, form: values.form)
    try encoder.append(values)
    let first = encoded { encoder.finish(into: &$0) }
    #expect(encoder.count == 0)
    try encoder.append(values)
    #expect(encoder.byteCount > 0)
    #expect(encoded { encoder.finish(into: &$0) } == first)
  }
}
