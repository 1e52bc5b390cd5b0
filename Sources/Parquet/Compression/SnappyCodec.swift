internal import CSnappy

/// Snappy's block format, without framing.
///
/// Spec: Parquet Compression § SNAPPY
enum SnappyCodec {
  static func decompress(
    _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    let bytes = source.baseAddress?.assumingMemoryBound(to: CChar.self)
    // The length in the stream is checked first: snappy would write up to it.
    var length = 0
    guard snappy_uncompressed_length(bytes, source.count, &length) == SNAPPY_OK, length == target.count else {
      throw .damaged("snappy data of \(source.count) bytes does not hold the \(target.count) bytes announced")
    }
    guard target.count > 0 else { return }
    let output = target.baseAddress?.assumingMemoryBound(to: CChar.self)
    guard snappy_uncompress(bytes, source.count, output, &length) == SNAPPY_OK, length == target.count else {
      throw .damaged("snappy data is damaged")
    }
  }
}
