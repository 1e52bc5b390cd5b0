/// Hashes for tables that live as long as a column chunk. Seeded anew by each process, so that nobody can prepare data
/// whose values all meet in one place of a table.
enum HashKernel {
  struct Seed: Sendable {
    let first: UInt64
    let second: UInt64
  }

  static let seed = Seed(first: .random(in: .min ... .max), second: .random(in: .min ... .max))

  /// The product of both, folded: each bit depends on all.
  @inline(__always)
  static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  @inline(__always)
  static func hash(_ value: UInt64, _ seed: Seed) -> UInt64 {
    fold(value ^ seed.first, 0x9E37_79B9_7F4A_7C15)
  }

  @inline(__always)
  static func hash(_ low: UInt64, _ high: UInt64, _ seed: Seed) -> UInt64 {
    fold(low ^ seed.first, high ^ seed.second)
  }

  /// At least 16 bytes.
  static func hash(_ bytes: UnsafeRawPointer, length: Int, _ seed: Seed) -> UInt64 {
    assert(length >= 16)
    var hash = UInt64(truncatingIfNeeded: length)
    var offset = 0
    while offset &+ 16 < length {
      hash = fold(word(bytes + offset) ^ seed.first ^ hash, word(bytes + offset + 8) ^ seed.second)
      offset &+= 16
    }
    return fold(word(bytes + length - 16) ^ seed.first ^ hash, word(bytes + length - 8) ^ seed.second)
  }

  @inline(__always)
  static func word(_ bytes: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
  }

  /// Whether as many bytes, at least 8, are equal.
  static func areEqual(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, length: Int) -> Bool {
    assert(length >= 8)
    var offset = 0
    while offset &+ 8 < length {
      if word(a + offset) != word(b + offset) { return false }
      offset &+= 8
    }
    return word(a + length - 8) == word(b + length - 8)
  }
}
