/// How large the dictionary of a column chunk may become, and when it pays.
///
/// Spec: Parquet Encodings § Dictionary Encoding
struct DictionaryLimits: Hashable, Sendable {
  /// Bytes of the dictionary page, before compression.
  var byteCount = 2 << 20
  /// How many values the chunk will have; the most that a row group may have, where nobody knows.
  var expectedValueCount = 1 << 20

  /// The numbers of values after which is asked whether the dictionary will pay.
  static let firstCheckpoint = 8192
  static let checkpointStep = 4

  /// What was seen of a chunk so far.
  struct Progress {
    /// Values, and how many different ones were among them.
    var valueCount = 0
    var distinctCount = 0
    /// The different ones among the first half of the values.
    var distinctCountAtHalf = 0
    /// Bytes of the dictionary, and of all values if they were written PLAIN.
    var dictionaryByteCount = 0
    var plainByteCount = 0
  }

  /// Whether a dictionary at a checkpoint is worth going on with: it will stay below its limit, and with its codes be
  /// smaller than plain values.
  func areWorthwhile(_ progress: Progress) -> Bool {
    guard progress.distinctCount > 0 else { return true }
    let total = Double(max(expectedValueCount, progress.valueCount))
    let (projected, isClustered) = Self.projectedDistinctCount(progress, at: total)
    let distinct = min(total, projected)
    // Neighbours that are alike compress well as they are: codes have to be runs to be better.
    if isClustered, distinct > total / 8 { return false }
    let dictionary = distinct * Double(progress.dictionaryByteCount) / Double(progress.distinctCount)
    guard dictionary <= Double(byteCount) else { return false }
    let codes = total * Double(RunLengthBitPackedEncoder.codeWidth(dictionaryCount: Int(distinct))) / 8
    let plain = total * Double(progress.plainByteCount) / Double(progress.valueCount)
    return dictionary + codes < 0.9 * plain
  }

  /// Whether a chunk that ends here is smaller with its dictionary than without.
  func arePaid(_ progress: Progress) -> Bool {
    let width = RunLengthBitPackedEncoder.codeWidth(dictionaryCount: progress.distinctCount)
    return progress.dictionaryByteCount + (progress.valueCount * width + 7) / 8 < progress.plainByteCount
  }

  /// How many different values there will be among `total`.
  ///
  /// Values drawn at random from a set show the size of the set soon: few repetitions mean many values. If new values
  /// come later than that set would have it, as in sorted columns, they go on coming as fast as they do.
  private static func projectedDistinctCount(
    _ progress: Progress, at total: Double
  ) -> (count: Double, isClustered: Bool) {
    let seen = Double(progress.valueCount)
    let distinct = Double(progress.distinctCount)
    let half = Double(progress.distinctCountAtHalf)
    let set = setSize(drawn: seen, distinct: distinct)
    if half < 0.9 * drawnDistinct(from: set, drawn: seen / 2) {
      return (distinct + (distinct - half) / (seen / 2) * (total - seen), true)
    }
    return (drawnDistinct(from: set, drawn: total), false)
  }

  /// The expected number of different values among `drawn` ones of a set.
  private static func drawnDistinct(from set: Double, drawn: Double) -> Double {
    // 1 - exp(-x) for small x, without losing it to rounding.
    let x = drawn / set
    return x < 1e-6 ? drawn : set * (1 - exponential(-x))
  }

  /// The size of the set for which that number is `distinct`, by bisection.
  private static func setSize(drawn: Double, distinct: Double) -> Double {
    guard distinct < drawn * 0.9999 else { return drawn * 1e4 }
    var (low, high) = (distinct, drawn * 1e4)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if drawnDistinct(from: middle, drawn: drawn) < distinct { low = middle } else { high = middle }
    }
    return high
  }

  /// e^x for x up to 0: halved until small, then a series, then squared back.
  private static func exponential(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    var small = x
    var squarings = 0
    while small < -0.5 {
      small /= 2
      squarings += 1
    }
    var (term, sum) = (1.0, 1.0)
    for index in 1...12 {
      term *= small / Double(index)
      sum += term
    }
    for _ in 0..<squarings { sum *= sum }
    return sum
  }
}
