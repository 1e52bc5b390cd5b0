/// Something that takes bytes nobody vouches for.
protocol FuzzTarget: Sendable {
  /// As `tools/fuzz` is told it.
  var name: String { get }
  /// Longer inputs are not made: they only take time.
  var maximumSize: Int { get }

  /// Feeds the bytes, and traps when something that must hold does not. Thrown errors are right answers.
  func run(_ bytes: UnsafeRawBufferPointer)

  /// Another input made from one, or `nil` to leave it to libFuzzer's own mutations of bytes.
  func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8]?

  /// The inputs that a file of the repository or the shared suite gives.
  func seeds(from file: SeedFile) -> [[UInt8]]

  /// Inputs to start from when there is no file.
  var builtInSeeds: [[UInt8]] { get }
}

extension FuzzTarget {
  func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8]? { nil }
  var builtInSeeds: [[UInt8]] { [] }
}

/// Splitmix64: a mutation is told again by its seed.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
  mutating func chance(of percent: Int) -> Bool { below(100) < percent }
}

/// Traps with a message that names the claim, so that the crash says what is wrong.
func claim(_ holds: @autoclosure () -> Bool, _ message: @autoclosure () -> String) {
  if !holds() { fatalError("A claim does not hold: " + message()) }
}
