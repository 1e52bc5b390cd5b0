// Calls and intervals that SQL spells with words between.

extension ExpressionParser {
  /// `TRIM([BOTH | LEADING | TRAILING] [x] FROM s)`, `POSITION(x IN s)`, `SUBSTRING(s FROM n [FOR m])`, and their plain
  /// forms. The token is the parenthesis.
  mutating func wordyCall(_ word: String) throws(ExpressionError) -> Parsed {
    try expect("(")
    switch word {
    case "TRIM":
      var name = "trim"
      var isWordy = false
      for (side, function) in [("BOTH", "trim"), ("LEADING", "ltrim"), ("TRAILING", "rtrim")]
      where isWord(side) && peek(1) != .sign(")") && peek(1) != .sign(",") && peek(1) != .sign(".") {
        advance()
        (name, isWordy) = (function, true)
        break
      }
      if isWordy, skipWord("FROM") { return try call(name, closing: [try parse(.any)]) }
      let first = try parse(.any)
      if skipWord("FROM") { return try call(name, closing: [first, try parse(.any)]) }
      if isWordy { throw unexpected("FROM") }
      return try rest(of: name, after: first)
    case "POSITION":
      // Tighter than IN, which would read on.
      let first = try parse(.bitOr)
      if skipWord("IN") { return try call("locate", closing: [first, try parse(.any)]) }
      return try rest(of: "locate", after: first)
    default:
      let first = try parse(.any)
      guard skipWord("FROM") else { return try rest(of: "substring", after: first) }
      let start = try parse(.any)
      guard skipWord("FOR") else { return try call("substring", closing: [first, start]) }
      return try call("substring", closing: [first, start, try parse(.any)])
    }
  }

  private mutating func rest(of name: String, after first: Parsed) throws(ExpressionError) -> Parsed {
    var arguments = [first]
    while skip(",") { arguments.append(try parse(.any)) }
    return try call(name, closing: arguments)
  }

  private mutating func call(_ name: String, closing arguments: [Parsed]) throws(ExpressionError) -> Parsed {
    try expect(")")
    return try node(.call(name, arguments.map(\.expression)), over: arguments)
  }

  // MARK: Intervals

  private static let months = ["YEAR": 12, "QUARTER": 3, "MONTH": 1]
  private static let days = ["WEEK": 7, "DAY": 1]
  private static let microseconds: [String: Int64] = [
    "HOUR": 3_600_000_000, "MINUTE": 60_000_000, "SECOND": 1_000_000, "MILLISECOND": 1000, "MICROSECOND": 1,
  ]

  /// `INTERVAL 3 DAYS 2 HOURS`, `INTERVAL '3' DAY`, `INTERVAL '3 days 2 hours'`: months, days and microseconds as literals;
  /// `nil` for a column of that name.
  mutating func interval(isNegative: Bool) throws(ExpressionError) -> [ColumnExpression]? {
    var total = (months: 0, days: 0, microseconds: Int64(0))
    if case .string(let text) = peek(1), Self.isListOfUnits(text) {
      advance()
      let parts = text.split(separator: " ").map(String.init)
      for index in stride(from: 0, to: parts.count - 1, by: 2) { try add(parts[index], parts[index + 1], to: &total) }
      advance()
      return Self.literals(total, isNegative)
    }
    guard unitCount(from: 1) != nil else { return nil }
    advance()
    while let (number, unit, length) = unitCount(from: 0) {
      try add(number, unit, to: &total)
      for _ in 0..<length { advance() }
    }
    return Self.literals(total, isNegative)
  }

  /// A number and its unit, some tokens ahead, and how many tokens they are.
  private func unitCount(from ahead: Int) -> (number: String, unit: String, length: Int)? {
    let sign = peek(ahead) == .sign("-") ? 1 : 0
    let number: String
    switch peek(ahead + sign) {
    case .number(let digits, suffix: ""): number = (sign == 1 ? "-" : "") + digits
    case .string(let text) where sign == 0: number = text
    default: return nil
    }
    guard case .word(let unit) = peek(ahead + sign + 1), Self.isUnit(Self.unitName(unit)) else { return nil }
    return (number, unit, sign + 2)
  }

  private static func unitName(_ word: String) -> String {
    let name = word.uppercased()
    return name.hasSuffix("S") ? String(name.dropLast()) : name
  }

  private static func isUnit(_ name: String) -> Bool {
    months[name] != nil || days[name] != nil || microseconds[name] != nil
  }

  private static func isListOfUnits(_ text: String) -> Bool {
    let parts = text.split(separator: " ")
    return parts.count >= 2 && parts.count % 2 == 0
  }

  private func add(
    _ number: String, _ unit: String, to total: inout (months: Int, days: Int, microseconds: Int64)
  ) throws(ExpressionError) {
    let name = Self.unitName(unit)
    if let value = Int32(number) {
      if let months = Self.months[name], let sum = Int32(exactly: total.months + Int(value) * months) {
        total.months = Int(sum)
        return
      }
      if let days = Self.days[name], let sum = Int32(exactly: total.days + Int(value) * days) {
        total.days = Int(sum)
        return
      }
    }
    if let unit = Self.microseconds[name] {
      var text = number
      // Seconds can have decimals.
      if let parsed = text.withUTF8({ Decimal128.parse($0) }),
        let product = Decimal128.rescale(parsed.unscaled, from: parsed.scale, to: 6),
        case let (scaled, overflow) = product.multipliedReportingOverflow(by: Int128(unit)), !overflow,
        let value = Int64(exactly: scaled / 1_000_000),
        case let (sum, overflow2) = total.microseconds.addingReportingOverflow(value),
        !overflow2, value != .min
      {
        total.microseconds = sum
        return
      }
    }
    guard Self.isUnit(name) else { throw unexpected("a unit such as DAY") }
    throw failure("\(number.prefix(40)) \(unit) is no interval.", code: .invalidLiteral)
  }

  private static func literals(
    _ total: (months: Int, days: Int, microseconds: Int64), _ isNegative: Bool
  ) -> [ColumnExpression] {
    let sign: Int = isNegative ? -1 : 1
    return [
      .literal(.integer(Int32(clamping: sign * total.months))), .literal(.integer(Int32(clamping: sign * total.days))),
      .literal(.long(isNegative ? 0 &- total.microseconds : total.microseconds)),
    ]
  }
}
