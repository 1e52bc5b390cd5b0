/// A random UUID: what names data files, deletion vectors, tables and attempts to commit.
package struct UniqueID: Hashable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  /// Where new ones come from in the running task, and in all that it starts: chance, unless it is to happen again.
  @TaskLocal package static var source: @Sendable () -> UniqueID = {
    var generator = SystemRandomNumberGenerator()
    return UniqueID(using: &generator)
  }

  package init() { self = Self.source() }

  package init(using generator: inout some RandomNumberGenerator) {
    high = generator.next() & ~0xF000 | 0x4000
    low = generator.next() & ~(0b11 << 62) | 0b10 << 62
  }

  /// The 16 bytes in the order they are spelt.
  package var bytes: [UInt8] {
    [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * $0)) } }
  }

  /// As in `7d0e3b0a-5a35-4d0c-8d5c-2f4a3f0d1b9e`.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 36) { target in
      var index = 0
      for nibble in 0..<32 {
        if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
          target[index] = UInt8(ascii: "-")
          index += 1
        }
        let half = nibble < 16 ? high : low
        target[index] = digits[Int(half >> (60 - 4 * UInt64(nibble & 15)) & 15)]
        index += 1
      }
      return index
    }
  }
}
