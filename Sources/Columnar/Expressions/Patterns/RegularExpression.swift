/// A regular expression in Java's syntax, as far as it can be matched in time proportional to the text: without back
/// references, looking around and possessive quantifiers.
///
/// All ways through the pattern are followed at once, one code point of the text after the other, so that no pattern and
/// text take longer than their lengths multiplied.
struct RegularExpression: Sendable {
  /// One step of the program that a pattern is compiled to.
  enum Instruction: Sendable {
    case scalars(ScalarSet)
    /// Goes on at both places.
    case split(Int, Int)
    case jump(Int)
    case assert(Assertion)
    case match
  }

  enum Assertion: Sendable {
    case start, end
    /// At the end, or before the line terminator that ends the text.
    case lastLineEnd
    case wordBoundary, noWordBoundary
    case lineStart, lineEnd
  }

  /// Longer programs are refused.
  static let limit = 4000

  let program: [Instruction]
  private let startsAtStart: Bool

  /// - Throws: `invalidLiteral` for what is no pattern, or none that can be matched in bounded time.
  init(_ pattern: String) throws(ExpressionError) {
    var compiler = RegularExpressionCompiler(pattern)
    program = try compiler.compile()
    startsAtStart = if case .assert(.start) = program[0] { true } else { false }
  }

  /// Whether the pattern is anywhere in the text.
  func isFound(in text: UnsafeBufferPointer<UInt8>, _ scratch: inout Scratch) -> Bool {
    if !scratch.isPrepared {
      scratch.automaton = RegularExpressionAutomaton(program, isUnanchored: !startsAtStart)
      scratch.isPrepared = true
    }
    return scratch.automaton?.isFound(in: text) ?? isFound(byFollowing: text, &scratch)
  }

  /// The way that takes every pattern.
  func isFound(byFollowing text: UnsafeBufferPointer<UInt8>, _ scratch: inout Scratch) -> Bool {
    scratch.prepare(for: program.count)
    var at = 0
    var previous: UInt32?
    while true {
      let (next, end) = Self.scalar(text, at)
      let place = Place(
        previous: previous, next: next, isLast: next.map { Self.isLineEnd($0) } ?? true, rest: text.count - end)
      if !startsAtStart || at == 0, add(0, place, &scratch) { return true }
      guard let next else { return false }
      if scratch.current.isEmpty, startsAtStart { return false }
      scratch.advance()
      // What was reached for the scalar's beginning, moved behind it.
      let (following, followingEnd) = Self.scalar(text, end)
      let behind = Place(
        previous: next, next: following, isLast: following.map { Self.isLineEnd($0) } ?? true,
        rest: text.count - followingEnd)
      for index in scratch.previous {
        if case .scalars(let set) = program[index], set.contains(next), add(index + 1, behind, &scratch) { return true }
      }
      previous = next
      at = end
    }
  }

  /// What matching remembers from text to text, for one pattern.
  struct Scratch {
    fileprivate var automaton: RegularExpressionAutomaton?
    fileprivate var isPrepared = false
    // The ways that are being followed.
    fileprivate var current: [Int] = []
    fileprivate var previous: [Int] = []
    /// The round in which an instruction was reached last.
    private var reached: [Int] = []
    private var round = 0
    private var stack: [Int] = []

    fileprivate mutating func prepare(for count: Int) {
      if reached.count != count { reached = [Int](repeating: -1, count: count) }
      current.removeAll(keepingCapacity: true)
      round += 1
    }

    fileprivate mutating func advance() {
      swap(&current, &previous)
      current.removeAll(keepingCapacity: true)
      round += 1
    }

    fileprivate mutating func reach(_ index: Int) -> Bool {
      if reached[index] == round { return false }
      reached[index] = round
      return true
    }

    fileprivate mutating func push(_ index: Int) { stack.append(index) }
    fileprivate mutating func pop() -> Int? { stack.popLast() }
    fileprivate mutating func drop() { stack.removeAll(keepingCapacity: true) }
  }

  private struct Place {
    var previous: UInt32?
    var next: UInt32?
    var isLast: Bool
    /// Bytes behind `next`.
    var rest: Int
  }

  /// Follows a way up to the scalars that it waits for; whether it has arrived.
  private func add(_ start: Int, _ place: Place, _ scratch: inout Scratch) -> Bool {
    scratch.push(start)
    while let index = scratch.pop() {
      guard scratch.reach(index) else { continue }
      switch program[index] {
      case .match:
        scratch.drop()
        return true
      case .scalars: scratch.current.append(index)
      case .jump(let target): scratch.push(target)
      case .split(let first, let second):
        scratch.push(second)
        scratch.push(first)
      case .assert(let assertion): if Self.holds(assertion, place) { scratch.push(index + 1) }
      }
    }
    return false
  }

  private static func holds(_ assertion: Assertion, _ place: Place) -> Bool {
    switch assertion {
    case .start: place.previous == nil
    case .end: place.next == nil
    case .lastLineEnd: place.next == nil || place.isLast && (place.rest == 0 || place.next == 13 && place.rest == 1)
    case .lineStart: place.previous.map { isLineEnd($0) } ?? true
    case .lineEnd: place.next.map { isLineEnd($0) } ?? true
    case .wordBoundary: isWord(place.previous) != isWord(place.next)
    case .noWordBoundary: isWord(place.previous) == isWord(place.next)
    }
  }

  static func isLineEnd(_ scalar: UInt32) -> Bool {
    scalar == 10 || scalar == 13 || scalar == 0x85 || scalar == 0x2028 || scalar == 0x2029
  }

  private static func isWord(_ scalar: UInt32?) -> Bool {
    guard let scalar else { return false }
    return ScalarSet.word.contains(scalar)
  }

  /// The code point at a place and where it ends; bytes that are not UTF-8 count as themselves.
  static func scalar(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> (UInt32?, Int) {
    guard at < text.count else { return (nil, at) }
    let first = UInt32(text[at])
    let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard length > 1, at + length <= text.count else { return (first, at + 1) }
    var value = first & (0xFF >> UInt32(length + 1))
    for index in 1..<length { value = value << 6 | UInt32(text[at + index] & 0x3F) }
    return (value, at + length)
  }
}

/// Some code points: ranges, or all but them.
struct ScalarSet: Sendable {
  var ranges: [ClosedRange<UInt32>]
  var isInverted = false

  static let all: ClosedRange<UInt32> = 0...0x10FFFF
  static let digit = ScalarSet(ranges: [48...57])
  static let word = ScalarSet(ranges: [48...57, 65...90, 95...95, 97...122])
  static let space = ScalarSet(ranges: [9...13, 32...32])
  static let blank = ScalarSet(ranges: [9...9, 32...32, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x3000...0x3000])
  static let lineEnd = ScalarSet(ranges: [10...10, 13...13, 0x85...0x85, 0x2028...0x2029])

  func contains(_ scalar: UInt32) -> Bool {
    // Sets are a few ranges long.
    ranges.contains { $0.contains(scalar) } != isInverted
  }

  var inverted: ScalarSet { ScalarSet(ranges: ranges, isInverted: !isInverted) }

  /// The ranges without inversion.
  var plainRanges: [ClosedRange<UInt32>] {
    guard isInverted else { return ranges }
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
      next = max(next, range.upperBound + 1)
    }
    if next <= Self.all.upperBound { result.append(next...Self.all.upperBound) }
    return result
  }

  /// Both cases of each ASCII letter.
  var ignoringCase: ScalarSet {
    var result = self
    for range in ranges {
      let upper = range.clamped(to: 65...90)
      if upper.lowerBound >= range.lowerBound, range.overlaps(65...90) {
        result.ranges.append(upper.lowerBound + 32...upper.upperBound + 32)
      }
      let lower = range.clamped(to: 97...122)
      if range.overlaps(97...122) { result.ranges.append(lower.lowerBound - 32...lower.upperBound - 32) }
    }
    return result
  }
}
