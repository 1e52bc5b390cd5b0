internal import CChecksum

/// The checksum of a page's bytes as they are stored: the CRC-32 of GZIP.
///
/// Spec: Parquet README § Checksumming
enum PageChecksum {
  private static let canFold = cchecksum_can_fold() != 0

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard canFold, bytes.count >= 64, let base = bytes.baseAddress else { return ZlibCodec.checksum(bytes) }
    let folded = bytes.count & ~15
    let checksum = cchecksum_crc32_fold(0, base.assumingMemoryBound(to: UInt8.self), folded)
    return ZlibCodec.checksum(UnsafeRawBufferPointer(rebasing: bytes[folded...]), continuing: checksum)
  }
}
