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
}
