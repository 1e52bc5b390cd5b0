/// The 64-bit xxHash, with seed 0: four lanes over blocks of 32 bytes, the rest by 8, 4 and 1, then an avalanche.
///
/// Spec: Parquet BloomFilter § Technical Approach
enum XXH64 {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  static func hash(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { hash($0) } }

  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    func word64(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    func word32(_ offset: Int) -> UInt64 {
      UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    var offset = 0
    var hash = prime5
    if bytes.count >= 32 {
      var lanes = (prime1 &+ prime2, prime2, UInt64(0), 0 &- prime1)
      while bytes.count - offset >= 32 {
        lanes.0 = round(lanes.0, word64(offset))
        lanes.1 = round(lanes.1, word64(offset + 8))
        lanes.2 = round(lanes.2, word64(offset + 16))
        lanes.3 = round(lanes.3, word64(offset + 24))
        offset += 32
      }
      hash = rotated(lanes.0, 1) &+ rotated(lanes.1, 7) &+ rotated(lanes.2, 12) &+ rotated(lanes.3, 18)
      for lane in [lanes.0, lanes.1, lanes.2, lanes.3] { hash = (hash ^ round(0, lane)) &* prime1 &+ prime4 }
    }
    hash &+= UInt64(bytes.count)
    while bytes.count - offset >= 8 {
      hash = rotated(hash ^ round(0, word64(offset)), 27) &* prime1 &+ prime4
      offset += 8
    }
    if bytes.count - offset >= 4 {
      hash = rotated(hash ^ word32(offset) &* prime1, 23) &* prime2 &+ prime3
      offset += 4
    }
    for byte in bytes[offset...] { hash = rotated(hash ^ UInt64(byte) &* prime5, 11) &* prime1 }
    return avalanche(hash)
  }

  /// The hash of a number's 8 little-endian bytes.
  @inline(__always)
  static func hash(_ value: UInt64) -> UInt64 {
    avalanche(rotated((prime5 &+ 8) ^ round(0, value), 27) &* prime1 &+ prime4)
  }

  /// The hash of a number's 4 little-endian bytes.
  @inline(__always)
  static func hash(_ value: UInt32) -> UInt64 {
    avalanche(rotated((prime5 &+ 4) ^ UInt64(value) &* prime1, 23) &* prime2 &+ prime3)
  }

  @inline(__always)
  private static func avalanche(_ value: UInt64) -> UInt64 {
    var hash = (value ^ value >> 33) &* prime2
    hash = (hash ^ hash >> 29) &* prime3
    return hash ^ hash >> 32
  }

  @inline(__always)
  private static func round(_ accumulator: UInt64, _ input: UInt64) -> UInt64 {
    rotated(accumulator &+ input &* prime2, 31) &* prime1
  }

  @inline(__always)
  private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
    value << count | value >> (64 - count)
  }
}
