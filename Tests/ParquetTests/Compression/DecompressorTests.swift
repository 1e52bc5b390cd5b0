import Testing

@testable import Parquet

@Suite("Compressed pages")
struct DecompressorTests {
  static let text = Array("to be or not to be, that is".utf8)
  static let snappy: [UInt8] = [
    0x1b, 0x68, 0x74, 0x6f, 0x20, 0x62, 0x65, 0x20, 0x6f, 0x72, 0x20, 0x6e, 0x6f, 0x74, 0x20, 0x74, 0x6f, 0x20, 0x62,
    0x65, 0x2c, 0x20, 0x74, 0x68, 0x61, 0x74, 0x20, 0x69, 0x73,
  ]
  static let zstd: [UInt8] = [
    0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x1b, 0xd9, 0x00, 0x00, 0x74, 0x6f, 0x20, 0x62, 0x65, 0x20, 0x6f, 0x72, 0x20, 0x6e,
    0x6f, 0x74, 0x20, 0x74, 0x6f, 0x20, 0x62, 0x65, 0x2c, 0x20, 0x74, 0x68, 0x61, 0x74, 0x20, 0x69, 0x73,
  ]
  static let brotli: [UInt8] = [
    0x1b, 0x1a, 0x00, 0x00, 0x04, 0x36, 0xc6, 0xd6, 0x95, 0xdf, 0xde, 0x09, 0x51, 0x56, 0xb2, 0x0b, 0x30, 0xd9, 0x70,
    0xeb, 0x5f, 0x11, 0x83, 0xa3, 0x1e, 0x42, 0x27,
  ]
  static let lz4Block: [UInt8] = [
    0xd1, 0x74, 0x6f, 0x20, 0x62, 0x65, 0x20, 0x6f, 0x72, 0x20, 0x6e, 0x6f, 0x74, 0x20, 0x0d, 0x00, 0x90, 0x2c, 0x20,
    0x74, 0x68, 0x61, 0x74, 0x20, 0x69, 0x73,
  ]
  static let deflate: [UInt8] = [
    0x2b, 0xc9, 0x57, 0x48, 0x4a, 0x55, 0xc8, 0x2f, 0x52, 0xc8, 0xcb, 0x2f, 0x51, 0x28, 0x01, 0x71, 0x74, 0x14, 0x4a,
    0x32, 0x12, 0x4b, 0x14, 0x32, 0x8b, 0x01,
  ]
  static let gzip: [UInt8] =
    [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x02, 0x03] + deflate + [0xd1, 0xda, 0x82, 0x05, 0x1b, 0, 0, 0]
  static let zlib: [UInt8] = [0x78, 0x9c] + deflate + [0x7f, 0x83, 0x09, 0x20]
  static let lz4Frame: [UInt8] =
    [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 0x1a, 0x00, 0x00, 0x00] + lz4Block + [0, 0, 0, 0]
  static let lz4Hadoop: [UInt8] = [0, 0, 0, 27, 0, 0, 0, 26] + lz4Block

  static let samples: [(CompressionCodec, [UInt8])] = [
    (.uncompressed, text), (.snappy, snappy), (.zstd, zstd), (.brotli, brotli), (.lz4Raw, lz4Block), (.gzip, gzip),
    (.gzip, zlib), (.gzip, deflate), (.lz4, lz4Block), (.lz4, lz4Frame), (.lz4, lz4Hadoop),
  ]

  static func decompress(_ codec: CompressionCodec, _ bytes: [UInt8], to count: Int) throws -> [UInt8] {
    var decompressor = Decompressor()
    var target = [UInt8](repeating: 0, count: count)
    try bytes.withUnsafeBytes { source in
      try target.withUnsafeMutableBytes { try decompressor.decompress(codec, source, into: $0) }
    }
    return target
  }

  @Test("Each codec gives back the bytes", arguments: samples)
  func right(_ codec: CompressionCodec, _ bytes: [UInt8]) throws {
    #expect(try Self.decompress(codec, bytes, to: Self.text.count) == Self.text)
  }

  @Test("A wrong size is refused", arguments: samples, [26, 28, 1000])
  func wrongSize(_ sample: (CompressionCodec, [UInt8]), _ size: Int) {
    #expect(throws: DecodingFailure.self) { try Self.decompress(sample.0, sample.1, to: size) }
  }

  @Test("Data that end early are refused", arguments: samples.filter { $0.1 != deflate })
  func cut(_ codec: CompressionCodec, _ bytes: [UInt8]) {
    for length in [0, 1, bytes.count / 2] {
      #expect(throws: DecodingFailure.self) {
        try Self.decompress(codec, Array(bytes[..<length]), to: Self.text.count)
      }
    }
  }

  @Test("Members and frames in a row are one page")
  func severalParts() throws {
    let twice = Self.text + Self.text
    #expect(try Self.decompress(.gzip, Self.gzip + Self.gzip, to: twice.count) == twice)
    #expect(try Self.decompress(.zstd, Self.zstd + Self.zstd, to: twice.count) == twice)
    #expect(try Self.decompress(.lz4, Self.lz4Hadoop + Self.lz4Hadoop, to: twice.count) == twice)
  }

  @Test("Codecs that are not known are refused by name", arguments: [(3, "LZO"), (77, "CODEC(77)")])
  func unknown(_ number: Int, _ name: String) {
    #expect {
      try Self.decompress(CompressionCodec(rawValue: Int32(number)), [1], to: 1)
    } throws: { ($0 as? DecodingFailure)?.message.contains(name) == true }
  }

  @Test("Sizes beyond what a codec can do are refused before memory is taken")
  func implausible() throws {
    try Decompressor.check(.snappy, compressed: 100, uncompressed: 6000)
    try Decompressor.check(.zstd, compressed: 20, uncompressed: 1 << 20)
    for codec in [CompressionCodec.snappy, .gzip, .lz4Raw, .zstd, .brotli] {
      #expect(throws: DecodingFailure.self) {
        try Decompressor.check(codec, compressed: 50, uncompressed: Int(Int32.max))
      }
    }
  }

  @Test("Checksums are those of GZIP, at any length")
  func checksum() {
    #expect(Self.text.withUnsafeBytes { PageChecksum.of($0) } == 92_461_777)
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 3) }
    bytes.withUnsafeBytes { bytes in
      for end in 0...1000 {
        let part = UnsafeRawBufferPointer(rebasing: bytes[(end % 7)..<max(end, end % 7)])
        #expect(PageChecksum.of(part) == ZlibCodec.checksum(part))
      }
    }
  }
}
