/// Reads a pattern and writes its program, in one walk by recursive descent.
struct RegularExpressionCompiler {
  private typealias Instruction = RegularExpression.Instruction

  private let pattern: [Unicode.Scalar]
  private var at = 0
  private var depth = 0
  private var flags = Flags()

  private struct Flags {
    var ignoresCase = false
    var dotMatchesAll = false
    var isMultiline = false
  }

  private static let depthLimit = 100
  private static let repeatLimit = 1000

  init(_ pattern: String) {
    self.pattern = Array(pattern.unicodeScalars)
  }

  mutating func compile() throws(ExpressionError) -> [RegularExpression.Instruction] {
    var program = try alternatives()
    guard at == pattern.count else { throw failure("has a ) too many") }
    program.append(.match)
    return try checked(program)
  }

  private func failure(_ reason: String) -> ExpressionError {
    let text = String(String.UnicodeScalarView(pattern.prefix(80)))
    return ExpressionError(
      .invalidLiteral, "The pattern '\(text)' \(reason), at character \(min(at, pattern.count) + 1).")
  }

  private func checked(_ program: [RegularExpression.Instruction]) throws(ExpressionError) -> [RegularExpression
    .Instruction]
  {
    guard program.count <= RegularExpression.limit else {
      throw failure("is too long once its repetitions are written out")
    }
    return program
  }

  private var next: Unicode.Scalar? { at < pattern.count ? pattern[at] : nil }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    at += 1
    return true
  }

  // MARK: Structure

  /// `a|b|c`: addresses in a part are relative to its beginning.
  private mutating func alternatives() throws(ExpressionError) -> [RegularExpression.Instruction] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw failure("nests too deeply") }
    let outer = flags
    defer { flags = outer }
    var result = try sequence()
    while skip("|") {
      let other = try sequence()
      // split first, second; first; jump behind; second
      var combined: [Instruction] = [.split(1, result.count + 2)]
      combined += Self.moved(result, by: 1)
      combined.append(.jump(result.count + 2 + other.count))
      combined += Self.moved(other, by: result.count + 2)
      result = try checked(combined)
    }
    return result
  }

  private mutating func sequence() throws(ExpressionError) -> [RegularExpression.Instruction] {
    var result: [Instruction] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let part = try quantified(try atom())
      result += Self.moved(part, by: result.count)
      result = try checked(result)
    }
    return result
  }

  private static func moved(
    _ program: [RegularExpression.Instruction], by offset: Int
  ) -> [RegularExpression.Instruction] {
    program.map { instruction in
      switch instruction {
      case .split(let first, let second): .split(first + offset, second + offset)
      case .jump(let target): .jump(target + offset)
      default: instruction
      }
    }
  }

  // MARK: Quantifiers

  private mutating func quantified(
    _ atom: [RegularExpression.Instruction]
  ) throws(ExpressionError) -> [RegularExpression.Instruction] {
    var result = atom
    while let (least, most) = try quantifier() {
      // Lazy or greedy: what is found is the same.
      if next == "+" { throw failure("has a possessive quantifier, which can't be matched in bounded time") }
      _ = skip("?")
      var repeated: [Instruction] = []
      for _ in 0..<least { repeated = try checked(repeated + Self.moved(result, by: repeated.count)) }
      if let most {
        for _ in least..<most {
          // split into the part or behind everything; each optional part lies in the one before.
          repeated.append(.split(repeated.count + 1, Int.max))
          repeated = try checked(repeated + Self.moved(result, by: repeated.count))
        }
        let end = repeated.count
        repeated = repeated.map { if case .split(let first, .max) = $0 { .split(first, end) } else { $0 } }
      } else {
        let start = repeated.count
        repeated.append(.split(start + 1, start + result.count + 2))
        repeated += Self.moved(result, by: start + 1)
        repeated.append(.jump(start))
      }
      result = try checked(repeated)
    }
    return result
  }

  private mutating func quantifier() throws(ExpressionError) -> (Int, Int?)? {
    switch next {
    case "*": at += 1; return (0, nil)
    case "+": at += 1; return (1, nil)
    case "?": at += 1; return (0, 1)
    case "{":
      at += 1
      guard let least = number() else { throw failure("has a { without a number") }
      var most: Int? = least
      if skip(",") { most = next == "}" ? nil : number() ?? -1 }
      guard skip("}"), most.map({ $0 >= least }) ?? true else { throw failure("has a repetition that is none") }
      guard max(least, most ?? 0) <= Self.repeatLimit else {
        throw failure("repeats more than \(Self.repeatLimit) times")
      }
      return (least, most)
    default: return nil
    }
  }

  private mutating func number() -> Int? {
    var value = 0
    var digits = 0
    while let scalar = next, (48...57).contains(scalar.value), digits < 6 {
      value = value * 10 + Int(scalar.value - 48)
      digits += 1
      at += 1
    }
    return digits > 0 ? value : nil
  }

  // MARK: Atoms

  private mutating func atom() throws(ExpressionError) -> [RegularExpression.Instruction] {
    guard let scalar = next else { throw failure("ends too early") }
    at += 1
    switch scalar {
    case "(": return try group()
    case "[": return [.scalars(try cased(characterClass()))]
    case ".": return [.scalars(flags.dotMatchesAll ? ScalarSet(ranges: [ScalarSet.all]) : ScalarSet.lineEnd.inverted)]
    case "^": return [.assert(flags.isMultiline ? .lineStart : .start)]
    case "$": return [.assert(flags.isMultiline ? .lineEnd : .lastLineEnd)]
    case "*", "+", "?": throw failure("repeats nothing")
    case "\\": return try escape()
    default: return [.scalars(cased(ScalarSet(ranges: [scalar.value...scalar.value])))]
    }
  }

  private func cased(_ set: ScalarSet) -> ScalarSet { flags.ignoresCase ? set.ignoringCase : set }

  private mutating func group() throws(ExpressionError) -> [RegularExpression.Instruction] {
    if skip("?") {
      switch next {
      case ":": at += 1
      case "=", "!", ">": throw failure("looks around or is atomic, which can't be matched in bounded time")
      case "<":
        at += 1
        if next == "=" || next == "!" { throw failure("looks behind, which can't be matched in bounded time") }
        while let scalar = next, scalar != ">" {
          guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else { break }
          at += 1
        }
        guard skip(">") else { throw failure("has a group whose name does not end") }
      default:
        let outer = flags
        try readFlags()
        // Without a colon they hold up to the end of the group around.
        if skip(")") { return [] }
        guard skip(":") else { throw failure("has flags that are none") }
        let inner = try alternatives()
        flags = outer
        guard skip(")") else { throw failure("has a ( without its )") }
        return inner
      }
    }
    let inner = try alternatives()
    guard skip(")") else { throw failure("has a ( without its )") }
    return inner
  }

  private mutating func readFlags() throws(ExpressionError) {
    var isOn = true
    while let scalar = next, scalar != ")", scalar != ":" {
      at += 1
      switch scalar {
      case "-": isOn = false
      case "i": flags.ignoresCase = isOn
      case "s": flags.dotMatchesAll = isOn
      case "m": flags.isMultiline = isOn
      default: throw failure("has the flag \(scalar), which is not known: use i, s or m")
      }
    }
  }

  /// What stands behind a backslash.
  private mutating func escape() throws(ExpressionError) -> [RegularExpression.Instruction] {
    guard let scalar = next else { throw failure("ends in a backslash") }
    switch scalar {
    case "b": at += 1; return [.assert(.wordBoundary)]
    case "B": at += 1; return [.assert(.noWordBoundary)]
    case "A": at += 1; return [.assert(.start)]
    case "z": at += 1; return [.assert(.end)]
    case "Z": at += 1; return [.assert(.lastLineEnd)]
    case "Q":
      at += 1
      return try quotation()
    case "1"..."9", "k": throw failure("refers back to a group, which can't be matched in bounded time")
    default: return [.scalars(try cased(escapedSet()))]
    }
  }

  /// `\Q…\E`, taken literally.
  private mutating func quotation() throws(ExpressionError) -> [RegularExpression.Instruction] {
    var result: [Instruction] = []
    while let scalar = next {
      at += 1
      if scalar == "\\", skip("E") { break }
      result.append(.scalars(cased(ScalarSet(ranges: [scalar.value...scalar.value]))))
    }
    return try checked(result)
  }

  private mutating func escapedSet() throws(ExpressionError) -> ScalarSet {
    guard let scalar = next else { throw failure("ends in a backslash") }
    at += 1
    switch scalar {
    case "d": return .digit
    case "D": return ScalarSet.digit.inverted
    case "w": return .word
    case "W": return ScalarSet.word.inverted
    case "s": return .space
    case "S": return ScalarSet.space.inverted
    case "h": return .blank
    case "H": return ScalarSet.blank.inverted
    case "R": return .lineEnd
    case "p", "P": return try property(isInverted: scalar == "P")
    case "t": return ScalarSet(ranges: [9...9])
    case "n": return ScalarSet(ranges: [10...10])
    case "r": return ScalarSet(ranges: [13...13])
    case "f": return ScalarSet(ranges: [12...12])
    case "a": return ScalarSet(ranges: [7...7])
    case "e": return ScalarSet(ranges: [27...27])
    case "x": return try hexadecimal(2)
    case "u": return try hexadecimal(4)
    default:
      guard !scalar.properties.isAlphabetic, scalar.properties.numericType == nil else {
        throw failure("has \\\(scalar), which means nothing")
      }
      return ScalarSet(ranges: [scalar.value...scalar.value])
    }
  }

  private mutating func hexadecimal(_ digits: Int) throws(ExpressionError) -> ScalarSet {
    guard at + digits <= pattern.count,
      let value = UInt32(String(String.UnicodeScalarView(pattern[at..<at + digits])), radix: 16)
    else { throw failure("has an escape that needs \(digits) hexadecimal digits") }
    at += digits
    return ScalarSet(ranges: [value...value])
  }

  private mutating func property(isInverted: Bool) throws(ExpressionError) -> ScalarSet {
    var name = ""
    if skip("{") {
      while let scalar = next, scalar != "}" {
        name.unicodeScalars.append(scalar)
        at += 1
      }
      guard skip("}") else { throw failure("has a property whose name does not end") }
    } else if let scalar = next {
      name = String(scalar)
      at += 1
    }
    let set: ScalarSet
    switch name {
    case "Lower": set = ScalarSet(ranges: [97...122])
    case "Upper": set = ScalarSet(ranges: [65...90])
    case "Alpha": set = ScalarSet(ranges: [65...90, 97...122])
    case "Digit": set = .digit
    case "Alnum": set = ScalarSet(ranges: [48...57, 65...90, 97...122])
    case "Punct": set = ScalarSet(ranges: [33...47, 58...64, 91...96, 123...126])
    case "Graph": set = ScalarSet(ranges: [33...126])
    case "Print": set = ScalarSet(ranges: [32...126])
    case "Blank": set = ScalarSet(ranges: [9...9, 32...32])
    case "Cntrl": set = ScalarSet(ranges: [0...31, 127...127])
    case "XDigit": set = ScalarSet(ranges: [48...57, 65...70, 97...102])
    case "Space": set = .space
    case "ASCII": set = ScalarSet(ranges: [0...127])
    default:
      throw failure("names the property \(name.prefix(20)), which is not known: use Alpha, Digit, Alnum, Punct, …")
    }
    return isInverted ? set.inverted : set
  }

  /// Behind a `[`.
  private mutating func characterClass() throws(ExpressionError) -> ScalarSet {
    let isInverted = skip("^")
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while let scalar = next, scalar != "]" || isFirst {
      isFirst = false
      at += 1
      if scalar == "[" {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw failure("nests too deeply") }
        ranges += try characterClass().plainRanges
        continue
      }
      if scalar == "&", next == "&" { throw failure("intersects classes, which is not known here") }
      var set = ScalarSet(ranges: [scalar.value...scalar.value])
      if scalar == "\\" { set = try escapedSet() }
      // A range, unless the hyphen is the last.
      if next == "-", at + 1 < pattern.count, pattern[at + 1] != "]", set.ranges.count == 1, !set.isInverted,
        set.ranges[0].count == 1
      {
        at += 1
        guard let upper = next else { break }
        at += 1
        var last = ScalarSet(ranges: [upper.value...upper.value])
        if upper == "\\" { last = try escapedSet() }
        guard last.ranges.count == 1, last.ranges[0].count == 1, !last.isInverted,
          last.ranges[0].lowerBound >= set.ranges[0].lowerBound
        else { throw failure("has a range that is none") }
        ranges.append(set.ranges[0].lowerBound...last.ranges[0].lowerBound)
        continue
      }
      ranges += set.plainRanges
      guard ranges.count <= RegularExpression.limit else { throw failure("has a class of too many ranges") }
    }
    guard skip("]") else { throw failure("has a [ without its ]") }
    // Case first, so that an inverted class leaves out both.
    let set = cased(ScalarSet(ranges: ranges))
    return isInverted ? ScalarSet(ranges: set.ranges, isInverted: true) : set
  }
}
