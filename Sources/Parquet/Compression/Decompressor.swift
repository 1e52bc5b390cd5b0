/// The codecs of one worker: contexts are made when a codec first appears and reused from page to page.
///
/// Spec: Parquet Compression § Codecs
struct Decompressor {
  /// `CompressionCodec` of the format, by number, so that an unknown one can be refused by it.
  enum Codec: Int32 {
    case uncompressed = 0, snappy, gzip, lzo, brotli, lz4, zstd, lz4Raw

    /// The most bytes one compressed byte can become. A page that announces more is refused before memory is taken.
    fileprivate var maximumRatio: Int {
      switch self {
      case .uncompressed: 1
      case .snappy: 64
      case .lz4, .lz4Raw: 256
      case .gzip: 1040
      case .zstd, .brotli, .lzo: 1 << 16
      }
    }
  }

  private var zstd: ZstdCodec?
  private var zlib: ZlibCodec?

  /// The codec of that number.
  static func codec(_ number: Int32) throws(DecodingFailure) -> Codec {
    guard let codec = Codec(rawValue: number) else {
      throw .unsupported("the compression codec number \(number) is not known")
    }
    guard codec != .lzo else { throw .unsupported("the compression codec LZO is not supported") }
    return codec
  }

  /// Refuses sizes that no page of the codec can have. Beyond 256 MiB a page must also be real, not almost nothing.
  static func check(_ codec: Codec, compressed: Int, uncompressed: Int) throws(DecodingFailure) {
    let (bound, overflow) = (compressed + 16).multipliedReportingOverflow(by: codec.maximumRatio)
    let isPlausible = overflow || uncompressed <= bound
    guard isPlausible, uncompressed <= 256 << 20 || uncompressed / 256 <= compressed else {
      throw .damaged("a page of \(compressed) compressed bytes cannot hold the \(uncompressed) bytes it announces")
    }
  }

  /// Fills the target exactly.
  mutating func decompress(
    _ codec: Codec, _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
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
    case .lzo:
      throw .unsupported("the compression codec LZO is not supported")
    }
  }
}
