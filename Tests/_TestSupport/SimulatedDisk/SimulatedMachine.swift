import Synchronization

/// What an operation has besides its store. Nothing of it differs from run to run.
package struct SimulatedMachine: Sendable {
  /// The one thread that all operations run on.
  package let executor: any TaskExecutor
  /// Milliseconds since 1970-01-01T00:00:00Z. While operations run, the clock stands still.
  package let time: @Sendable () -> Int64
  /// Numbers that look random; each operation has its own.
  package let random: @Sendable () -> UInt64
}

extension SimulatedMachine {
  /// - Parameter stream: of its random numbers, other than those of other machines.
  init(executor: any TaskExecutor, stream: UInt64, time: @escaping @Sendable () -> Int64) {
    let numbers = RandomNumbers(SplitMix(state: (stream &+ 1) &* 0xD134_2543_DE82_EF95))
    self.init(executor: executor, time: time, random: { numbers.next() })
  }
}

/// A stream of numbers. A class, since all who draw from it move it on.
private final class RandomNumbers: Sendable {
  private let generator: Mutex<SplitMix>

  init(_ generator: SplitMix) { self.generator = Mutex(generator) }

  func next() -> UInt64 { generator.withLock { $0.next() } }
}

/// Draws lots, the same in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var x = state
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return x ^ (x >> 31)
  }
}
