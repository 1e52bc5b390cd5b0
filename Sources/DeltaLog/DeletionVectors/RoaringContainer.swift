/// A set of 16-bit numbers, in one of the three forms of the Roaring format.
///
/// Spec: Delta § Deletion Vector Format
enum RoaringContainer: Sendable {
  /// Ascending, without repetition.
  case array([UInt16])
  /// 1024 words, the lowest number in the lowest bit, and how many bits are set.
  case bitmap([UInt64], cardinality: Int)
  /// Pairs of a first number and how many follow it; ascending, without overlap.
  case runs([Run])

  struct Run: Hashable, Sendable {
    var first: UInt16
    /// The numbers in the run, less one.
    var following: UInt16

    var last: Int { Int(first) + Int(following) }
  }

  static let wordCount = 1024
  /// Up to this many numbers the array form is the smaller one.
  static let arrayLimit = 4096

  /// The smaller of array and bitmap for words of which some bit is set, or `nil` when none is.
  init?(words: [UInt64]) {
    let cardinality = words.reduce(0) { $0 + $1.nonzeroBitCount }
    guard cardinality > 0 else { return nil }
    if cardinality > Self.arrayLimit {
      self = .bitmap(words, cardinality: cardinality)
    } else {
      var numbers: [UInt16] = []
      numbers.reserveCapacity(cardinality)
      for (index, word) in words.enumerated() {
        var rest = word
        while rest != 0 {
          numbers.append(UInt16(index << 6 | rest.trailingZeroBitCount))
          rest &= rest - 1
        }
      }
      self = .array(numbers)
    }
  }

  var cardinality: Int {
    switch self {
    case .array(let numbers): numbers.count
    case .bitmap(_, let cardinality): cardinality
    case .runs(let runs): runs.reduce(0) { $0 + Int($1.following) + 1 }
    }
  }

  func contains(_ number: UInt16) -> Bool {
    switch self {
    case .array(let numbers):
      let index = lowerBound(of: numbers.count) { numbers[$0] < number }
      return index < numbers.count && numbers[index] == number
    case .bitmap(let words, _):
      return words[Int(number >> 6)] >> UInt64(number & 63) & 1 != 0
    case .runs(let runs):
      let index = lowerBound(of: runs.count) { runs[$0].last < Int(number) }
      return index < runs.count && runs[index].first <= number
    }
  }

  /// The numbers as 1024 words.
  var words: [UInt64] {
    switch self {
    case .bitmap(let words, _): return words
    case .array(let numbers):
      var words = [UInt64](repeating: 0, count: Self.wordCount)
      for number in numbers { words[Int(number >> 6)] |= 1 << UInt64(number & 63) }
      return words
    case .runs(let runs):
      var words = [UInt64](repeating: 0, count: Self.wordCount)
      for run in runs {
        for number in Int(run.first)...run.last { words[number >> 6] |= 1 << UInt64(number & 63) }
      }
      return words
    }
  }

  /// The runs of consecutive numbers.
  var asRuns: [Run] {
    if case .runs(let runs) = self { return runs }
    var runs: [Run] = []
    forEach { number in
      if let last = runs.last, last.last + 1 == Int(number) {
        runs[runs.count - 1].following += 1
      } else {
        runs.append(Run(first: number, following: 0))
      }
    }
    return runs
  }

  /// In ascending order.
  func forEach(_ body: (UInt16) -> Void) {
    switch self {
    case .array(let numbers): numbers.forEach(body)
    case .bitmap(let words, _):
      for (index, word) in words.enumerated() {
        var rest = word
        while rest != 0 {
          body(UInt16(index << 6 | rest.trailingZeroBitCount))
          rest &= rest - 1
        }
      }
    case .runs(let runs):
      for run in runs {
        for number in Int(run.first)...run.last { body(UInt16(number)) }
      }
    }
  }

  /// Whether a number of the range is in the set; the range is not empty.
  func intersects(_ range: ClosedRange<Int>) -> Bool {
    switch self {
    case .array(let numbers):
      let index = lowerBound(of: numbers.count) { Int(numbers[$0]) < range.lowerBound }
      return index < numbers.count && Int(numbers[index]) <= range.upperBound
    case .runs(let runs):
      let index = lowerBound(of: runs.count) { runs[$0].last < range.lowerBound }
      return index < runs.count && Int(runs[index].first) <= range.upperBound
    case .bitmap(let words, _):
      let (first, last) = (range.lowerBound >> 6, range.upperBound >> 6)
      for index in first...last {
        var word = words[index]
        if index == first { word &= ~0 << UInt64(range.lowerBound & 63) }
        if index == last { word &= ~0 >> UInt64(63 - range.upperBound & 63) }
        if word != 0 { return true }
      }
      return false
    }
  }
}

/// The first of `count` indices for which `isBefore` is false.
func lowerBound(of count: Int, isBefore: (Int) -> Bool) -> Int {
  var (low, high) = (0, count)
  while low < high {
    let middle = (low + high) >> 1
    if isBefore(middle) { low = middle + 1 } else { high = middle }
  }
  return low
}
