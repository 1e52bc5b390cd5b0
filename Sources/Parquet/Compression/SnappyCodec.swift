internal import CSnappy

/// Snappy's block format, without framing.
///
/// Spec: Parquet Compression § SNAPPY
package enum SnappyCodec {
  static func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    guard SnappyDecodingKernel.decompress(source, into: target) else {
      throw .damaged(
        "snappy data of \(source.count) bytes are damaged or do not hold the \(target.count) bytes announced")
    }
  }

  /// The library's answer, to compare with: whether it fills the target exactly.
  package static func decompressByLibrary(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    let bytes = source.baseAddress?.assumingMemoryBound(to: CChar.self)
    // The length in the stream is checked first: snappy would write up to it.
    var length = 0
    guard snappy_uncompressed_length(bytes, source.count, &length) == SNAPPY_OK, length == target.count else {
      return false
    }
    let output = target.baseAddress?.assumingMemoryBound(to: CChar.self)
    return snappy_uncompress(bytes, source.count, output, &length) == SNAPPY_OK && length == target.count
  }

  static func compress(
    _ source: UnsafeRawBufferPointer, into target: inout EncodingBuffer
  ) throws(ParquetError) {
    var length = snappy_max_compressed_length(source.count)
    let output = target.reserve(length).assumingMemoryBound(to: CChar.self)
    var nothing: CChar = 0
    let status = withUnsafePointer(to: &nothing) { placeholder in
      snappy_compress(
        source.baseAddress?.assumingMemoryBound(to: CChar.self) ?? placeholder, source.count, output, &length)
    }
    guard status == SNAPPY_OK else { throw .cannotCompress(.snappy, source.count) }
    target.fill(length)
  }
}
