import Testing

@testable import Parquet

/// Spec: Parquet Compression § Codecs
@Suite("Compressing pages")
struct CompressorTests {
  static let compressions: [Compression] = [
    .uncompressed, .snappy, .lz4Raw, .zstd, .gzip, .brotli, .zstd(level: -5), .zstd(level: 19), .gzip(level: 0),
    .gzip(level: 9), .brotli(level: 0), .brotli(level: 11), .zstd(level: 1000), .gzip(level: -3), .brotli(level: 99),
  ]

  static func pages() -> [[UInt8]] {
    var random = SeededRandom(seed: 7)
    let noise = (0..<70_000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let text = Array(String(repeating: "to be or not to be, that is the question; ", count: 3000).utf8)
    return [[], [42], Array("to be or not to be, that is".utf8), noise, text, [UInt8](repeating: 0, count: 1 << 20)]
  }

  static func compress(_ page: [UInt8], _ compressor: inout Compressor) throws -> [UInt8] {
    var buffer = EncodingBuffer()
    try page.withUnsafeBytes { try compressor.compress($0, into: &buffer) }
    return buffer.withUnsafeBytes { Array($0) }
  }

  @Test("Pages one after the other come back, through contexts that are used again", arguments: compressions)
  func roundTrip(_ compression: Compression) throws {
    var compressor = Compressor(compression)
    var decompressor = Decompressor()
    for page in Self.pages() {
      // Behind bytes that are there already.
      var buffer = EncodingBuffer()
      buffer.append(byte: 1)
      try page.withUnsafeBytes { try compressor.compress($0, into: &buffer) }
      let compressed = buffer.withUnsafeBytes { Array($0) }
      #expect(compressed[0] == 1)
      var target = [UInt8](repeating: 0xAA, count: page.count)
      try compressed[1...].withUnsafeBytes { source in
        try target.withUnsafeMutableBytes { try decompressor.decompress(compression.codec, source, into: $0) }
      }
      #expect(target == page)
      if compression.codec != .uncompressed, compression != .gzip(level: 0), compression != .gzip(level: -3),
        page.count > 100_000
      {
        #expect(compressed.count < page.count / 10)
      }
    }
  }

  @Test("Without compression the bytes are the page's")
  func uncompressed() throws {
    var compressor = Compressor(.uncompressed)
    #expect(try Self.compress([1, 2, 3], &compressor) == [1, 2, 3])
  }

  @Test("Streams begin as their formats say: gzip members, zstd frames, Snappy's length")
  func magic() throws {
    func start(_ compression: Compression) throws -> [UInt8] {
      var compressor = Compressor(compression)
      return Array(try Self.compress(DecompressorTests.text, &compressor).prefix(4))
    }
    #expect(try start(.gzip)[..<3] == [0x1F, 0x8B, 8])
    #expect(try start(.zstd) == [0x28, 0xB5, 0x2F, 0xFD])
    #expect(try start(.snappy)[0] == 27)
  }

  @Test("A higher level makes smaller pages")
  func levels() throws {
    func size(_ compression: Compression) throws -> Int {
      var compressor = Compressor(compression)
      var random = SeededRandom(seed: 3)
      let words = ["delta", "lake", "parquet", "column", "page", "chunk", "row"]
      let text = (0..<20_000).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")
      return try Self.compress(Array(text.utf8), &compressor).count
    }
    #expect(try size(.zstd(level: 15)) < size(.zstd(level: -7)))
    #expect(try size(.gzip(level: 9)) < size(.gzip(level: 1)))
    #expect(try size(.brotli(level: 9)) < size(.brotli(level: 0)))
  }

  @Test("Codecs are found by their names, with a level where they have any")
  func names() {
    #expect(Compression(named: "ZSTD") == .zstd)
    #expect(Compression(named: "zstd", level: 9) == .zstd(level: 9))
    #expect(Compression(named: "snappy", level: 9) == .snappy)
    #expect(Compression(named: "LZ4_RAW") == .lz4Raw)
    #expect(Compression(named: "none") == .uncompressed)
    #expect(Compression(named: "lzo") == nil)
    #expect(Compression.zstd.codec == .zstd && Compression.zstd.level == 1)
  }
}
