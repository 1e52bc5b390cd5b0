internal import CZstd

/// Zstandard frames, one or several in a row. A class, since it owns a context that is worth reusing.
///
/// Spec: Parquet Compression § ZSTD
final class ZstdCodec {
  private let context: OpaquePointer?

  init() { context = ZSTD_createDCtx() }
  deinit { ZSTD_freeDCtx(context) }

  func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    // Frames in a row are decompressed one after the other by the library itself.
    let written = ZSTD_decompressDCtx(context, target.baseAddress, target.count, source.baseAddress, source.count)
    guard ZSTD_isError(written) == 0 else {
      throw .damaged("zstd data is damaged: \(String(cString: ZSTD_getErrorName(written)))")
    }
    guard written == target.count else {
      throw .damaged("zstd data holds \(written) bytes where \(target.count) were announced")
    }
  }
}
