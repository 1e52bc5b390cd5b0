/// The codecs of one worker: contexts are made when a codec first appears and reused from page to page.
///
/// Spec: Parquet Compression § Codecs
package struct Decompressor {
  private var zstd: ZstdCodec?
  private var zlib: ZlibCodec?

  package init() {}

  /// Refuses codecs that are not known, by name.
  static func check(_ codec: CompressionCodec) throws(DecodingFailure) {
    guard (0...7).contains(codec.rawValue), codec != .lzo else {
      throw .unsupported("the compression codec \(codec) is not supported")
    }
  }

  /// The most bytes one compressed byte can become. A page that announces more is refused before memory is taken.
  private static func maximumRatio(_ codec: CompressionCodec) -> Int {
    switch codec {
    case .uncompressed: 1
    case .snappy: 64
    case .lz4, .lz4Raw: 256
    case .gzip: 1040
    default: 1 << 16
    }
  }

  /// Refuses sizes that no page of the codec can have. Beyond 256 MiB a page must also be real, not almost nothing.
  static func check(_ codec: CompressionCodec, compressed: Int, uncompressed: Int) throws(DecodingFailure) {
    let (bound, overflow) = (compressed + 16).multipliedReportingOverflow(by: maximumRatio(codec))
    let isPlausible = overflow || uncompressed <= bound
    guard isPlausible, uncompressed <= 256 << 20 || uncompressed / 256 <= compressed else {
      throw .damaged("a page of \(compressed) compressed bytes cannot hold the \(uncompressed) bytes it announces")
    }
  }

  /// Fills the target exactly.
  package mutating func decompress(
    _ codec: CompressionCodec, _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    switch codec {
    case .uncompressed:
      guard source.count == target.count else { throw .damaged("an uncompressed page announces two sizes") }
      target.copyMemory(from: source)
    case .snappy:
      try SnappyCodec.decompress(source, into: target)
    case .zstd:
      let codec = zstd ?? ZstdCodec()
      zstd = codec
      try codec.decompress(source, into: target)
    case .gzip:
      let codec = zlib ?? ZlibCodec()
      zlib = codec
      try codec.decompress(source, into: target)
    case .brotli:
      try BrotliCodec.decompress(source, into: target)
    case .lz4:
      try LZ4Codec.decompressLegacy(source, into: target)
    case .lz4Raw:
      try LZ4Codec.decompressBlock(source, into: target)
    default:
      try Self.check(codec)
    }
  }
}
