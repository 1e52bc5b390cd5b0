extension ExpressionParser {
  /// A literal, column, call, CASE, CAST or something in parentheses.
  mutating func primary() throws(ExpressionError) -> Parsed {
    switch token.kind {
    case .number: return try number(isNegative: false)
    case .string(let text):
      advance()
      return literal(.string(text))
    case .bytes(let bytes):
      advance()
      return literal(.binary(bytes))
    case .sign("("):
      advance()
      let inner = try parse(.any)
      try expect(")")
      return inner
    case .quoted:
      if peek(1) == .sign("("), case .quoted(let name) = token.kind {
        advance()
        return try call(name)
      }
      return try column()
    case .word(let word): return try wordly(word)
    default: throw unexpected("an expression")
    }
  }

  func literal(_ value: Scalar) -> Parsed { Parsed(expression: .literal(value), depth: 1) }

  private mutating func wordly(_ word: String) throws(ExpressionError) -> Parsed {
    let upper = word.uppercased()
    switch upper {
    case "NULL":
      advance()
      return literal(.null)
    case "TRUE", "FALSE":
      advance()
      return literal(.boolean(upper == "TRUE"))
    case "CASE": return try caseExpression()
    case "CAST" where peek(1) == .sign("("), "TRY_CAST" where peek(1) == .sign("("):
      advance()
      advance()
      let inner = try parse(.any)
      try expectWord("AS")
      let type = try type()
      try expect(")")
      let cast = try node(.cast(inner.expression, type), over: [inner])
      return upper == "CAST" ? cast : try node(.call(Resolver.tryCast, [cast.expression]), over: [cast])
    case "EXTRACT" where peek(1) == .sign("(") && isWord("FROM", 3):
      advance()
      advance()
      guard case .word(let unit) = token.kind else { throw unexpected("a unit such as YEAR") }
      guard let name = DateMath.partNames[unit.uppercased()] else { throw unexpected("a unit such as YEAR") }
      advance()
      advance()
      let inner = try parse(.any)
      try expect(")")
      return try node(.call(name, [inner.expression]), over: [inner])
    case "TRIM" where peek(1) == .sign("("), "POSITION" where peek(1) == .sign("("),
      "SUBSTRING" where peek(1) == .sign("("), "SUBSTR" where peek(1) == .sign("("):
      advance()
      return try wordyCall(upper)
    default: break
    }
    if case .string(let text) = peek(1), let parsed = try typedLiteral(upper, text) { return parsed }
    if upper == "DECIMAL", let parsed = try decimalLiteral() { return parsed }
    guard !SQLText.reserved.contains(upper) else { throw unexpected("an expression") }
    if peek(1) == .sign("(") {
      advance()
      return try call(word)
    }
    return try column()
  }

  private mutating func column() throws(ExpressionError) -> Parsed {
    var names: [String] = []
    repeat {
      switch token.kind {
      case .word(let name), .quoted(let name): names.append(name)
      default: throw unexpected("a name")
      }
      advance()
    } while skip(".")
    return Parsed(expression: .column(ColumnPath(names)), depth: 1)
  }

  /// Names of functions have no case, in backticks or not.
  private mutating func call(_ name: String) throws(ExpressionError) -> Parsed {
    try expect("(")
    var arguments: [Parsed] = []
    if !skip(")") {
      repeat { arguments.append(try parse(.any)) } while skip(",")
      try expect(")")
    }
    return try node(.call(name.lowercased(), arguments.map(\.expression)), over: arguments)
  }

  /// Both forms: `CASE WHEN condition THEN …` and `CASE value WHEN value THEN …`.
  private mutating func caseExpression() throws(ExpressionError) -> Parsed {
    advance()
    var below: [Parsed] = []
    let subject = isWord("WHEN") ? nil : try parse(.any)
    var branches: [ConditionalBranch] = []
    while skipWord("WHEN") {
      let condition = try parse(.any)
      try expectWord("THEN")
      let value = try parse(.any)
      below += [condition, value]
      branches.append(
        ConditionalBranch(
          condition: subject.map { .comparison(.equal, $0.expression, condition.expression) } ?? condition.expression,
          value: value.expression))
    }
    guard !branches.isEmpty else { throw unexpected("WHEN") }
    var otherwise = literal(.null)
    if skipWord("ELSE") { otherwise = try parse(.any) }
    try expectWord("END")
    if let subject { below.append(subject) }
    let parts = (below + [otherwise]).map { Parsed(expression: $0.expression, depth: $0.depth + 1) }
    return try node(.conditional(branches, otherwise: otherwise.expression), over: parts)
  }

  // MARK: Literals

  /// `5` is an int, or the next wider that holds it; `1.5` a decimal; `1e3` a double; letters name the type.
  mutating func number(isNegative: Bool) throws(ExpressionError) -> Parsed {
    guard case .number(let digits, let suffix) = token.kind else { throw unexpected("a number") }
    let start = token
    advance()
    let text = (isNegative ? "-" : "") + digits
    let isWhole = digits.utf8.allSatisfy { (48...57).contains($0) }
    func whole<Value: FixedWidthInteger>(_ type: Value.Type) throws(ExpressionError) -> Value {
      guard isWhole, let value = Value(text) else {
        throw failure("\(text)\(suffix) is out of range for its type.", code: .invalidLiteral, at: start)
      }
      return value
    }
    switch suffix {
    case "L": return literal(.long(try whole(Int64.self)))
    case "S": return literal(.short(try whole(Int16.self)))
    case "Y": return literal(.byte(try whole(Int8.self)))
    case "UL": return literal(.unsignedLong(try whole(UInt64.self)))
    case "D": return literal(.double(try floating(text, start, "double")))
    case "F": return literal(.float(try floating(text, start, "float")))
    case "BD": return literal(try decimal(text, start))
    case "": break
    default: throw failure("\(digits)\(suffix) is no number: letters behind one can be L, S, Y, D, F or BD.", at: start)
    }
    if isWhole {
      if let value = Int32(text) { return literal(.integer(value)) }
      if let value = Int64(text) { return literal(.long(value)) }
      return literal(try decimal(text, start))
    }
    if digits.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      return literal(.double(try floating(text, start, "double")))
    }
    return literal(try decimal(text, start))
  }

  private func floating<Value: BinaryFloatingPoint & LosslessStringConvertible>(
    _ text: String, _ start: Token, _ type: String
  ) throws(ExpressionError) -> Value {
    // A point at either end is fine in SQL, not in Swift.
    guard let value = Value(text) ?? Value(Self.withZeros(text)), value.isFinite else {
      throw failure("\(text) is out of range for a \(type).", code: .invalidLiteral, at: start)
    }
    return value
  }

  private static func withZeros(_ text: String) -> String {
    var result = ""
    var last: Character = "x"
    for character in text {
      if character == ".", !last.isNumber { result += "0" }
      if last == ".", !character.isNumber { result += "0" }
      result.append(character)
      last = character
    }
    return last == "." ? result + "0" : result
  }

  private func decimal(_ text: String, _ start: Token) throws(ExpressionError) -> Scalar {
    var copy = text
    let parsed = copy.withUTF8 { Decimal128.parse($0) }
    let written = Self.decimals(text)
    guard let parsed, let scale = written ?? Optional(parsed.scale), scale <= 38,
      let value = Decimal128.rescale(parsed.unscaled, from: parsed.scale, to: max(scale, parsed.scale)),
      Decimal128.fits(value, precision: 38)
    else { throw failure("\(text.prefix(60)) has more than 38 digits.", code: .invalidLiteral, at: start) }
    let finalScale = max(scale, parsed.scale)
    return .decimal(value, precision: max(Decimal128.digits(value), finalScale, 1), scale: finalScale)
  }

  /// The decimals that are written, so that 1.50 keeps its zero; `nil` with an exponent.
  private static func decimals(_ text: String) -> Int? {
    if text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) { return nil }
    guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return 0 }
    return text.utf8.distance(from: point, to: text.utf8.endIndex) - 1
  }

  /// `DATE '…'` and the like; `nil` when the word names no such type.
  private mutating func typedLiteral(_ word: String, _ text: String) throws(ExpressionError) -> Parsed? {
    var copy = text
    let value: Scalar? = copy.withUTF8 { bytes in
      switch word {
      case "DATE": DateText.date(bytes).map { .date($0) }
      case "TIMESTAMP", "TIMESTAMP_LTZ": DateText.timestamp(bytes).map { .timestamp($0) }
      case "TIMESTAMP_NTZ": DateText.timestamp(bytes, keepingWallClock: true).map { .timestampNtz($0) }
      case "DOUBLE": TextCast.double(bytes).map { .double($0) }
      case "FLOAT": TextCast.float(bytes).map { .float($0) }
      default: nil
      }
    }
    guard ["DATE", "TIMESTAMP", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ", "DOUBLE", "FLOAT"].contains(word) else { return nil }
    advance()
    guard let value else { throw failure("'\(text.prefix(60))' is no \(word).", code: .invalidLiteral) }
    advance()
    return literal(value)
  }

  /// `DECIMAL(10,2) '1.50'`; `nil` when it is not followed by that.
  private mutating func decimalLiteral() throws(ExpressionError) -> Parsed? {
    guard peek(1) == .sign("("), case .string(let text) = peek(6), peek(5) == .sign(")") else { return nil }
    let start = at
    guard case .decimal(let precision, let scale) = try type() else {
      at = start
      return nil
    }
    var copy = text
    guard let value = copy.withUTF8({ TextCast.decimal($0, precision, scale) }) else {
      throw failure("'\(text.prefix(60))' is no DECIMAL(\(precision),\(scale)).", code: .invalidLiteral)
    }
    advance()
    return literal(.decimal(value, precision: precision, scale: scale))
  }
}
