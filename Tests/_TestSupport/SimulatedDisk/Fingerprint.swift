/// A number that stands for how something came to be, the same in every run.
///
/// What is fingerprinted is never bytes or names, which may hold random numbers, but steps: which operation made it, as
/// which of its steps, and what that operation had seen by then. The operations being deterministic, what they do follows from that.
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

  /// Adds a member of a set, whose order doesn't count.
  mutating func insert(_ member: Fingerprint) { value &+= member.then(0x5EED).value }
}
