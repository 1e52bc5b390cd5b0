/// Reads SQL expressions by precedence climbing, so that a level of nesting is two calls deep.
///
/// What contains expressions, such as a query, is read by the same parser, token by token, so that a failure's place is one
/// in the whole text.
package struct ExpressionParser {
  /// An expression and how deep its tree is.
  struct Parsed {
    var expression: ColumnExpression
    var depth: Int
  }

  /// How tightly operators bind, loosest first.
  enum Level: Int, Comparable {
    case any, or, and, not, condition, comparison, bitOr, bitXor, bitAnd, sum, product, sign, primary
    static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    var tighter: Level { Level(rawValue: rawValue + 1) ?? .primary }
  }

  /// Deeper trees are refused: everything that walks them takes stack for each level.
  static let depthLimit = 150

  package let source: String
  package internal(set) var tokens: [Token]
  /// The next token: one of ``tokens``, whose last is the end.
  package internal(set) var at = 0
  var nesting = 0

  package init(_ source: String) throws(ExpressionError) {
    self.source = source
    do { tokens = try Lexer.tokens(source) } catch {
      throw .syntax(error.message, in: source, byteOffset: error.offset)
    }
  }

  static func parse(_ source: String) throws(ExpressionError) -> ColumnExpression {
    var parser = try ExpressionParser(source)
    let result = try parser.parse(.any)
    guard parser.token.kind == .end else { throw parser.unexpected("the end of the expression") }
    return result.expression
  }

  // MARK: Tokens

  package var token: Token { tokens[at] }

  package func peek(_ ahead: Int) -> Token.Kind { at + ahead < tokens.count ? tokens[at + ahead].kind : .end }

  package mutating func advance() { if at < tokens.count - 1 { at += 1 } }

  /// Whether the token is this keyword, written in any case.
  package func isWord(_ word: String, _ ahead: Int = 0) -> Bool {
    if case .word(let found) = peek(ahead) { found.uppercased() == word } else { false }
  }

  package mutating func skipWord(_ word: String) -> Bool {
    guard isWord(word) else { return false }
    advance()
    return true
  }

  package mutating func skip(_ sign: String) -> Bool {
    guard token.kind == .sign(sign) else { return false }
    advance()
    return true
  }

  package mutating func expect(_ sign: String) throws(ExpressionError) {
    guard skip(sign) else { throw unexpected("'\(sign)'") }
  }

  package mutating func expectWord(_ word: String) throws(ExpressionError) {
    guard skipWord(word) else { throw unexpected(word) }
  }

  package func failure(_ message: String, code: ExpressionError.Code = .syntax, at token: Token? = nil)
    -> ExpressionError
  {
    .syntax(message, code: code, in: source, byteOffset: (token ?? self.token).range.lowerBound)
  }

  package func unexpected(_ wanted: String) -> ExpressionError {
    if token.kind == .end { return failure("Expected \(wanted), but the text ends here.") }
    let utf8 = Array(source.utf8)[token.range]
    let found = String(decoding: utf8.prefix(40), as: UTF8.self)
    return failure("Expected \(wanted), but found \(found).")
  }

  /// A node above others, refused when that makes the tree too deep.
  func node(_ expression: ColumnExpression, over parts: [Parsed]) throws(ExpressionError) -> Parsed {
    let depth = (parts.map(\.depth).max() ?? 0) + 1
    guard depth <= Self.depthLimit else { throw tooDeep }
    return Parsed(expression: expression, depth: depth)
  }

  var tooDeep: ExpressionError {
    failure("The expression nests more than \(Self.depthLimit) levels deep. Split it up.", code: .tooDeep)
  }

  /// Reads an expression and stops at the token that can't belong to it.
  package mutating func expression() throws(ExpressionError) -> ColumnExpression { try parse(.any).expression }

  // MARK: Operators

  /// An expression of operators that bind at least as tightly as `level`.
  mutating func parse(_ level: Level) throws(ExpressionError) -> Parsed {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Self.depthLimit else { throw tooDeep }
    var left = try prefix()
    while let next = infixLevel(), next >= level, next > .any {
      left = try infix(left, next)
    }
    return left
  }

  private mutating func prefix() throws(ExpressionError) -> Parsed {
    if isWord("NOT") || token.kind == .sign("!") {
      advance()
      let inner = try parse(.not)
      return try node(.not(inner.expression), over: [inner])
    }
    if skip("~") {
      let inner = try parse(.sign)
      return try node(.call("~", [inner.expression]), over: [inner])
    }
    if skip("+") { return try parse(.sign) }
    if skip("-") {
      if case .number = token.kind { return try number(isNegative: true) }
      let inner = try parse(.sign)
      return try node(.negate(inner.expression), over: [inner])
    }
    return try primary()
  }

  /// The level of the operator that is next; `nil` when none is.
  private func infixLevel() -> Level? {
    switch token.kind {
    case .sign(let sign):
      switch sign {
      case "=", "==", "<>", "!=", "<", "<=", ">", ">=", "<=>": .comparison
      case "|": .bitOr
      case "^": .bitXor
      case "&": .bitAnd
      case "+", "-", "||": .sum
      case "*", "/", "%": .product
      case "::", "[": .primary
      default: nil
      }
    case .word(let word):
      switch word.uppercased() {
      case "OR": .or
      case "AND": .and
      case "IS", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", "BETWEEN": .condition
      case "NOT" where ["IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", "BETWEEN"].contains { isWord($0, 1) }: .condition
      case "DIV": .product
      default: nil
      }
    default: nil
    }
  }

  private mutating func infix(_ left: Parsed, _ level: Level) throws(ExpressionError) -> Parsed {
    switch level {
    case .or, .and:
      let word = level == .or ? "OR" : "AND"
      var parts = [left]
      while skipWord(word) { parts.append(try parse(level.tighter)) }
      let all = parts.map(\.expression)
      return try node(level == .or ? .or(all) : .and(all), over: parts)
    case .condition: return try condition(left)
    case .primary:
      if skip("[") {
        let index = try parse(.any)
        try expect("]")
        return try node(.call("get", [left.expression, index.expression]), over: [left, index])
      }
      advance()
      let type = try type()
      return try node(.cast(left.expression, type), over: [left])
    default: break
    }
    if skipWord("DIV") {
      let right = try parse(.sign)
      return try node(.call("div", [left.expression, right.expression]), over: [left, right])
    }
    guard case .sign(let sign) = token.kind else { throw unexpected("an operator") }
    advance()
    if sign == "+" || sign == "-", isWord("INTERVAL"), let interval = try interval(isNegative: sign == "-") {
      return try node(.call("add_interval", [left.expression] + interval), over: [left])
    }
    let right = try parse(level.tighter)
    let (a, b) = (left.expression, right.expression)
    let expression: ColumnExpression =
      switch sign {
      case "+": .arithmetic(.add, a, b)
      case "-": .arithmetic(.subtract, a, b)
      case "*": .arithmetic(.multiply, a, b)
      case "/": .arithmetic(.divide, a, b)
      case "%": .arithmetic(.remainder, a, b)
      case "||": .call("concat", [a, b])
      case "&", "|", "^": .call(sign, [a, b])
      case "<>", "!=": .comparison(.notEqual, a, b)
      case "<": .comparison(.less, a, b)
      case "<=": .comparison(.lessOrEqual, a, b)
      case ">": .comparison(.greater, a, b)
      case ">=": .comparison(.greaterOrEqual, a, b)
      case "<=>": .comparison(.nullSafeEqual, a, b)
      default: .comparison(.equal, a, b)
      }
    return try node(expression, over: [left, right])
  }

  // MARK: Conditions behind a value

  private mutating func condition(_ left: Parsed) throws(ExpressionError) -> Parsed {
    if skipWord("IS") {
      let isNegated = skipWord("NOT")
      let result = try state(left)
      return isNegated ? try node(.not(result.expression), over: [result]) : result
    }
    let isNegated = skipWord("NOT")
    let result: Parsed
    if skipWord("IN") {
      result = try list(left)
    } else if skipWord("BETWEEN") {
      let low = try parse(.bitOr)
      try expectWord("AND")
      let high = try parse(.bitOr)
      result = try node(
        .and([
          .comparison(.greaterOrEqual, left.expression, low.expression),
          .comparison(.lessOrEqual, left.expression, high.expression),
        ]), over: [left, low, high].map { Parsed(expression: $0.expression, depth: $0.depth + 1) })
    } else if skipWord("LIKE") {
      result = try like(left, ignoringCase: false)
    } else if skipWord("RLIKE") || skipWord("REGEXP") {
      let pattern = try parse(.bitOr)
      result = try node(.call("rlike", [left.expression, pattern.expression]), over: [left, pattern])
    } else {
      try expectWord("ILIKE")
      result = try like(left, ignoringCase: true)
    }
    return isNegated ? try node(.not(result.expression), over: [result]) : result
  }

  /// What `IS` is followed by.
  private mutating func state(_ left: Parsed) throws(ExpressionError) -> Parsed {
    if skipWord("NULL") || skipWord("UNKNOWN") { return try node(.isNull(left.expression), over: [left]) }
    for (word, value) in [("TRUE", true), ("FALSE", false)] where skipWord(word) {
      return try node(.comparison(.nullSafeEqual, left.expression, .literal(.boolean(value))), over: [left])
    }
    guard skipWord("DISTINCT") else { throw unexpected("NULL, TRUE, FALSE or DISTINCT FROM") }
    try expectWord("FROM")
    let right = try parse(.bitOr)
    let same = try node(.comparison(.nullSafeEqual, left.expression, right.expression), over: [left, right])
    return try node(.not(same.expression), over: [same])
  }

  private mutating func list(_ left: Parsed) throws(ExpressionError) -> Parsed {
    try expect("(")
    var parts: [Parsed] = []
    repeat { parts.append(try parse(.any)) } while skip(",")
    try expect(")")
    var scalars: [Scalar] = []
    for part in parts {
      guard case .literal(let value) = part.expression else {
        // Not a list of literals: equal to any of them.
        let tests = parts.map { ColumnExpression.comparison(.equal, left.expression, $0.expression) }
        let below = ([left] + parts).map { Parsed(expression: $0.expression, depth: $0.depth + 1) }
        return try node(tests.count == 1 ? tests[0] : .or(tests), over: below)
      }
      scalars.append(value)
    }
    return try node(.isIn(left.expression, scalars), over: [left])
  }

  private mutating func like(_ left: Parsed, ignoringCase: Bool) throws(ExpressionError) -> Parsed {
    guard case .string(let pattern) = token.kind else { throw unexpected("a pattern as a string literal") }
    advance()
    var escape: Character?
    if skipWord("ESCAPE") {
      guard case .string(let text) = token.kind, text.unicodeScalars.count == 1, let character = text.first else {
        throw unexpected("one character as a string literal")
      }
      advance()
      escape = character
    }
    guard LikePattern(pattern, escape: escape ?? "\\") != nil else {
      throw failure("In this pattern the escape stands before something else than %, _ or itself.", at: tokens[at - 1])
    }
    guard ignoringCase else {
      return try node(.like(left.expression, pattern: pattern, escape: escape), over: [left])
    }
    let lower = try node(.call("lower", [left.expression]), over: [left])
    return try node(.like(lower.expression, pattern: pattern.lowercased(), escape: escape), over: [lower])
  }
}

extension ExpressionError {
  /// An error at a place in SQL text, with the line and a caret.
  package static func syntax(
    _ message: String, code: Code = .syntax, in source: String, byteOffset: Int
  ) -> ExpressionError {
    let byteOffset = min(byteOffset, source.utf8.count)
    let place = source.utf8.index(source.startIndex, offsetBy: byteOffset)
    let lineStart = source[..<place].lastIndex(where: \.isNewline).map { source.index(after: $0) } ?? source.startIndex
    // Whole characters: under a letter with marks stands one caret, whichever of them is meant.
    let column = max(0, source.distance(from: lineStart, to: place))
    // A window of the line, so that a long one stays readable.
    let skipped = max(0, column - 60)
    let line = source[lineStart...].prefix { !$0.isNewline }.dropFirst(skipped).prefix(100)
    let shown = String(line.map { $0 == "\t" ? " " : $0 })
    return ExpressionError(
      code, message, byteOffset: byteOffset,
      picture: shown + "\n" + String(repeating: " ", count: column - skipped) + "^")
  }
}
