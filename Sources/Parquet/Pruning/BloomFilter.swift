public import Columnar

/// Which values a column chunk surely lacks.
///
/// Blocks of eight 32-bit words. The upper half of a value's hash chooses the block; the lower half, times an odd
/// constant for each word, a bit in each of its words. A value whose eight bits are not all set was never added.
///
/// Spec: Parquet BloomFilter § Technical Approach
public struct BloomFilter: Sendable {
  private let blocks: Buffer
  private let blockCount: UInt64

  static let blockSize = 32
  static let salts = SIMD8<UInt32>(
    0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31)

  /// - Returns: `nil` when the bytes are no whole number of blocks, of which there must be one.
  public init?(blocks: Buffer) {
    guard blocks.count >= Self.blockSize, blocks.count % Self.blockSize == 0 else { return nil }
    self.blocks = blocks
    blockCount = UInt64(blocks.count / Self.blockSize)
  }

  /// The filter in a file's bytes, header first; `nil` when it is damaged, of a kind not known, or of another length
  /// than the footer and its header say.
  init?(headerAndBlocks bytes: Buffer) {
    guard let (header, length) = Self.header(in: bytes), bytes.count - length == Int(header.byteCount) else {
      return nil
    }
    self.init(blocks: bytes.slice(length..<length + Int(header.byteCount)))
  }

  /// The header that bytes start with, and its length; `nil` when damaged or not known.
  static func header(in bytes: Buffer) -> (BloomFilterHeader, length: Int)? {
    bytes.withUnsafeBytes { bytes in
      var reader = ThriftReader(bytes)
      guard let header = try? BloomFilterHeader(from: &reader), header.isSupported, header.byteCount >= 0 else {
        return nil
      }
      return (header, reader.position)
    }
  }

  /// Whether a value of that plain encoding, without a length before it, may be in the chunk.
  public func mayContain(_ plainValue: [UInt8]) -> Bool { mayContain(hash: XXH64.hash(plainValue)) }

  func mayContain(hash: UInt64) -> Bool {
    let block = Int(((hash >> 32) &* blockCount) >> 32) * Self.blockSize
    let key = UInt32(truncatingIfNeeded: hash)
    return blocks.withUnsafeBytes { bytes in
      for word in 0..<8 {
        let bit = (key &* Self.salts[word]) >> 27
        let bits = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: block + 4 * word, as: UInt32.self))
        if bits >> bit & 1 == 0 { return false }
      }
      return true
    }
  }
}
