#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Line ends, and other bytes that are looked for.
enum LineKernel {
  /// The line feeds in the first bytes.
  static func lineCount(_ bytes: UnsafeBufferPointer<UInt8>, upTo end: Int) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var count = 0
    var index = 0
    while index &+ 8 <= end {
      let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
      count &+= zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A).nonzeroBitCount
      index &+= 8
    }
    while index < end {
      if base[index] == 0x0A { count &+= 1 }
      index &+= 1
    }
    return count
  }

  /// The first line feed.
  static func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    bytes.baseAddress.flatMap { position(of: 0x0A, $0, from: 0, to: bytes.count) }
  }

  /// The high bit of each byte that is zero, and no other bit.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return ~(((word & low) &+ low) | word | low)
  }

  /// Whether a text starts with the mark that some writers put before UTF-8.
  static func markLength(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
  }

  /// The first such byte in a part.
  @inline(__always)
  static func position(of byte: UInt8, _ base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int? {
    guard let found = memchr(base + start, Int32(byte), end &- start) else { return nil }
    return UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
  }
}
