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

/// Makes one frame a page. A class, since it owns a context that is worth reusing.
final class ZstdCompressor {
  private let context: OpaquePointer?

  /// - Parameter level: one that the library doesn't have is taken for the nearest.
  init(level: Int) {
    context = ZSTD_createCCtx()
    let level = Int32(min(max(level, Int(ZSTD_minCLevel())), Int(ZSTD_maxCLevel())))
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
  }

  deinit { ZSTD_freeCCtx(context) }

  func compress(
    _ source: UnsafeRawBufferPointer, into target: inout EncodingBuffer
  ) throws(ParquetError) {
    let bound = ZSTD_compressBound(source.count)
    guard ZSTD_isError(bound) == 0 else { throw .cannotCompress(.zstd, source.count) }
    let output = target.reserve(bound)
    let written = ZSTD_compress2(context, output, bound, source.baseAddress, source.count)
    guard ZSTD_isError(written) == 0 else {
      throw .cannotCompress(.zstd, source.count, String(cString: ZSTD_getErrorName(written)))
    }
    target.fill(written)
  }
}
