/// The ways through a pattern that can be taken at once, as the states of an automaton that is built while texts are
/// matched: each state knows its successor for every ASCII character once it has been asked.
///
/// Only for patterns whose assertions are the beginning and the end of the text, which do not depend on what stands
/// beside a place. It holds for one program, and is kept from text to text.
struct RegularExpressionAutomaton {
  private typealias Instruction = RegularExpression.Instruction

  /// More states are forgotten, and found again.
  private static let stateLimit = 500
  private static let unknown: Int32 = -1
  private static let width = 128

  private let program: [RegularExpression.Instruction]
  /// Whether a match may begin anywhere, not only at the beginning.
  private let isUnanchored: Bool
  /// A text that ends in a line terminator has two ends where this is asked for.
  private let hasLastLineEnd: Bool

  /// The instructions that wait for a character, by state.
  private var waiting: [[Int]] = []
  private var isMatch: [Bool] = []
  private var isMatchAtEnd: [Bool] = []
  private var successors: [Int32] = []
  private var numbers: [[Int]: Int32] = [:]

  /// `nil` for a program with other assertions.
  init?(_ program: [RegularExpression.Instruction], isUnanchored: Bool) {
    var hasLastLineEnd = false
    for case .assert(let assertion) in program {
      switch assertion {
      case .start, .end: break
      case .lastLineEnd: hasLastLineEnd = true
      case .wordBoundary, .noWordBoundary, .lineStart, .lineEnd: return nil
      }
    }
    self.program = program
    self.isUnanchored = isUnanchored
    self.hasLastLineEnd = hasLastLineEnd
  }

  /// Whether the pattern is in the text; `nil` when only the slow way can tell.
  mutating func isFound(in text: UnsafeBufferPointer<UInt8>) -> Bool? {
    if hasLastLineEnd, Self.endsInLineEnd(text) { return nil }
    if waiting.count > Self.stateLimit { forget() }
    // Every text begins in the first state.
    if waiting.isEmpty { _ = state([0], isStart: true) }
    var current = 0
    var at = 0
    while at < text.count {
      if isMatch[current] { return true }
      let byte = text[at]
      if byte < 0x80 {
        at &+= 1
        var next = successors[current &* Self.width &+ Int(byte)]
        if next == Self.unknown {
          next = successor(of: current, UInt32(byte))
          successors[current &* Self.width &+ Int(byte)] = next
        }
        current = Int(next)
      } else {
        let (scalar, end) = RegularExpression.scalar(text, at)
        at = end
        current = Int(successor(of: current, scalar ?? 0))
      }
      if waiting.count > 2 * Self.stateLimit { return nil }
    }
    return isMatch[current] || isMatchAtEnd[current]
  }

  private static func endsInLineEnd(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let last = text.last else { return false }
    if last < 0x80 { return last == 10 || last == 13 }
    var start = text.count - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    return RegularExpression.scalar(text, start).0.map { RegularExpression.isLineEnd($0) } ?? false
  }

  private mutating func forget() {
    waiting.removeAll(keepingCapacity: true)
    isMatch.removeAll(keepingCapacity: true)
    isMatchAtEnd.removeAll(keepingCapacity: true)
    successors.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
  }

  private mutating func successor(of number: Int, _ scalar: UInt32) -> Int32 {
    var targets: [Int] = []
    for index in waiting[number] {
      if case .scalars(let set) = program[index], set.contains(scalar) { targets.append(index + 1) }
    }
    if isUnanchored { targets.append(0) }
    return state(targets, isStart: false)
  }

  /// The state of being at these instructions.
  private mutating func state(_ targets: [Int], isStart: Bool) -> Int32 {
    var reached = [Bool](repeating: false, count: program.count)
    let plain = follow(targets, isStart: isStart, isEnd: false, &reached)
    var reachedAtEnd = [Bool](repeating: false, count: program.count)
    let atEnd = follow(targets, isStart: isStart, isEnd: true, &reachedAtEnd)
    // Both flags follow from what is waited for and from what was reached, which is the key.
    let wait = reached.indices.filter { index in
      if reached[index], case .scalars = program[index] { true } else { false }
    }
    let key = wait + [-1 - (plain ? 1 : 0) - (atEnd ? 2 : 0)]
    if let number = numbers[key], !isStart { return number }
    let number = Int32(truncatingIfNeeded: waiting.count)
    numbers[key] = number
    waiting.append(wait)
    isMatch.append(plain)
    isMatchAtEnd.append(atEnd)
    successors.append(contentsOf: repeatElement(Self.unknown, count: Self.width))
    return number
  }

  /// Marks what is reached without a character more; whether that is a match.
  private func follow(_ targets: [Int], isStart: Bool, isEnd: Bool, _ reached: inout [Bool]) -> Bool {
    var stack = targets
    var isMatch = false
    while let index = stack.popLast() {
      if reached[index] { continue }
      reached[index] = true
      switch program[index] {
      case .match: isMatch = true
      case .scalars: break
      case .jump(let target): stack.append(target)
      case .split(let first, let second): stack += [first, second]
      case .assert(.start): if isStart { stack.append(index + 1) }
      case .assert: if isEnd { stack.append(index + 1) }
      }
    }
    return isMatch
  }
}
