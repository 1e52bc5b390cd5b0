/// A number that stands for how something came to be, the same in every run.
///
/// What tells states of an exploration apart is never bytes or names, which may hold random numbers, but steps: which
/// operation made it, as which of its steps, and what that operation had seen by then. The operations being deterministic,
/// what they do follows from that. Bytes and names tell apart what checks see: ``of(_:)``.
struct Fingerprint: Hashable, Sendable {
  private(set) var value: UInt64

  init(_ value: UInt64 = 0) { self.value = value }

  /// That of this and then that.
  func then(_ next: UInt64) -> Fingerprint {
    var x = (value &* 0x9E37_79B9_7F4A_7C15) ^ (next &+ 0x2545_F491_4F6C_DD1D)
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return Fingerprint(x ^ (x >> 31))
  }

  func then(_ next: Fingerprint) -> Fingerprint { then(next.value) }

  /// That of a text, the same for as long as the process runs.
  static func of(_ text: String) -> Fingerprint {
    var hasher = Hasher()
    hasher.combine(text)
    return Fingerprint(UInt64(bitPattern: Int64(hasher.finalize())))
  }

  /// That of bytes, the same for as long as the process runs.
  static func of(_ bytes: [UInt8]) -> Fingerprint {
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    return Fingerprint(UInt64(bitPattern: Int64(hasher.finalize())))
  }

  /// Adds a member of a set, whose order doesn't count.
  mutating func insert(_ member: Fingerprint) { value &+= member.then(0x5EED).value }
}
