/// Compresses the pages of one column after the other: contexts are made with the first page and reused.
///
/// Spec: Parquet Compression § Codecs
struct Compressor: ~Copyable {
  let compression: Compression
  private var zstd: ZstdCompressor?
  private var gzip: GzipCompressor?

  init(_ compression: Compression) { self.compression = compression }

  var codec: CompressionCodec { compression.codec }

  /// Appends the compressed bytes. Without compression they are copied.
  ///
  /// - Throws: `unsupported` for more bytes than the codec takes at once.
  mutating func compress(
    _ source: UnsafeRawBufferPointer, into target: inout EncodingBuffer
  ) throws(ParquetError) {
    let level = compression.level ?? 0
    switch compression.codec {
    case .snappy:
      try SnappyCodec.compress(source, into: &target)
    case .zstd:
      let context = zstd ?? ZstdCompressor(level: level)
      zstd = context
      try context.compress(source, into: &target)
    case .gzip:
      let context = gzip ?? GzipCompressor(level: level)
      gzip = context
      try context.compress(source, into: &target)
    case .brotli:
      try BrotliCodec.compress(source, level: level, into: &target)
    case .lz4Raw:
      try LZ4Codec.compressBlock(source, into: &target)
    default:
      target.append(source)
    }
  }
}

extension ParquetError {
  static func cannotCompress(_ codec: CompressionCodec, _ byteCount: Int, _ reason: String = "") -> ParquetError {
    ParquetError(
      .unsupported,
      "\(codec) cannot compress a page of \(byteCount) bytes\(reason.isEmpty ? "" : ": " + reason). Use smaller pages.")
  }
}
