internal import CBrotli

/// Spec: Parquet Compression § BROTLI
enum BrotliCodec {
  static func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    guard let input = source.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
      throw .damaged("brotli data is missing")
    }
    var length = target.count
    var nothing: UInt8 = 0
    let status = withUnsafeMutablePointer(to: &nothing) { placeholder in
      BrotliDecoderDecompress(
        source.count, input, &length, target.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? placeholder)
    }
    guard status == BROTLI_DECODER_RESULT_SUCCESS, length == target.count else {
      throw .damaged("brotli data is damaged or does not hold the \(target.count) bytes announced")
    }
  }

  /// - Parameter level: brotli's quality.
  static func compress(
    _ source: UnsafeRawBufferPointer, level: Int, into target: inout EncodingBuffer
  ) throws(ParquetError) {
    // 0 stands for sizes that the library can't bound.
    var length = BrotliEncoderMaxCompressedSize(source.count)
    guard length > 0 else { throw .cannotCompress(.brotli, source.count) }
    let output = target.reserve(length).assumingMemoryBound(to: UInt8.self)
    let quality = Int32(min(max(level, Int(BROTLI_MIN_QUALITY)), Int(BROTLI_MAX_QUALITY)))
    var nothing: UInt8 = 0
    let status = withUnsafePointer(to: &nothing) { placeholder in
      BrotliEncoderCompress(
        quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, source.count,
        source.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? placeholder, &length, output)
    }
    guard status == BROTLI_TRUE else { throw .cannotCompress(.brotli, source.count) }
    target.fill(length)
  }
}
