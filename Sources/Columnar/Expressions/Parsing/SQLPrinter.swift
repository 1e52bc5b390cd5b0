/// Writes expressions as the SQL that the parser reads back to the same expression.
enum SQLPrinter {
  private typealias Level = ExpressionParser.Level

  static func text(_ expression: ColumnExpression) -> String { text(expression, .any) }

  private static func text(_ expression: ColumnExpression, _ wanted: Level) -> String {
    let (text, level) = print(expression)
    return level < wanted ? "(\(text))" : text
  }

  private static func print(_ expression: ColumnExpression) -> (String, Level) {
    switch expression {
    case .column(let path): return (path.description, .primary)
    case .literal(let value): return (value.sqlText, .primary)
    case .comparison(let comparison, let first, let second):
      return ("\(text(first, .sum)) \(comparison.sqlText) \(text(second, .sum))", .comparison)
    case .and(let parts): return joined(parts, "AND", .and, empty: "TRUE")
    case .or(let parts): return joined(parts, "OR", .or, empty: "FALSE")
    case .not(.isNull(let inner)): return ("\(text(inner, .sum)) IS NOT NULL", .condition)
    case .not(.isIn(let inner, let list)) where !list.isEmpty: return (membership(inner, "NOT IN", list), .condition)
    case .not(.like(let inner, let pattern, let escape)):
      return (like(inner, "NOT LIKE", pattern, escape), .condition)
    case .not(let inner): return ("NOT \(text(inner, .not))", .not)
    case .isNull(let inner): return ("\(text(inner, .sum)) IS NULL", .condition)
    case .isIn(let inner, let list) where list.isEmpty:
      // SQL has no empty list: false, or null for a null.
      return ("\(text(inner, .sum)) <> \(text(inner, .sum))", .comparison)
    case .isIn(let inner, let list): return (membership(inner, "IN", list), .condition)
    case .like(let inner, let pattern, let escape): return (like(inner, "LIKE", pattern, escape), .condition)
    case .cast(let inner, let type): return ("CAST(\(text(inner, .any)) AS \(type.sqlName))", .primary)
    case .arithmetic(let operation, let first, let second):
      let level: Level = operation == .add || operation == .subtract ? .sum : .product
      return ("\(text(first, level)) \(Resolver.name(operation)) \(text(second, level.tighter))", level)
    case .negate(let inner):
      if case .literal = inner { return ("-(\(text(inner, .any)))", .sign) }
      return ("-\(text(inner, .primary))", .sign)
    case .call(Resolver.tryCast, let arguments) where arguments.count == 1 && arguments[0].isCast:
      return ("TRY_" + text(arguments[0], .any), .primary)
    case .call(let name, let arguments):
      return ("\(SQLText.identifier(name))(\(arguments.map { text($0, .any) }.joined(separator: ", ")))", .primary)
    case .conditional(let branches, let otherwise):
      let whens = branches.map { "WHEN \(text($0.condition, .any)) THEN \(text($0.value, .any))" }
      let last = otherwise == .literal(.null) ? "" : " ELSE \(text(otherwise, .any))"
      return ("CASE \(whens.joined(separator: " "))\(last) END", .primary)
    }
  }

  private static func joined(
    _ parts: [ColumnExpression], _ word: String, _ level: Level, empty: String
  ) -> (String, Level) {
    if parts.isEmpty { return (empty, .primary) }
    if parts.count == 1 { return print(parts[0]) }
    return (parts.map { text($0, level.tighter) }.joined(separator: " \(word) "), level)
  }

  private static func membership(_ inner: ColumnExpression, _ word: String, _ list: [Scalar]) -> String {
    "\(text(inner, .sum)) \(word) (\(list.map(\.sqlText).joined(separator: ", ")))"
  }

  private static func like(_ inner: ColumnExpression, _ word: String, _ pattern: String, _ escape: Character?) -> String
  {
    let end = escape.map { " ESCAPE \(SQLText.string(String($0)))" } ?? ""
    return "\(text(inner, .sum)) \(word) \(SQLText.string(pattern))\(end)"
  }
}

extension ColumnExpression {
  fileprivate var isCast: Bool { if case .cast = self { true } else { false } }
}

extension Comparison {
  /// The operator in SQL.
  public var sqlText: String {
    switch self {
    case .equal: "="
    case .notEqual: "<>"
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .nullSafeEqual: "<=>"
    }
  }
}

extension Scalar {
  /// The value as a literal of Spark SQL, of its type; `5UL` is our own, as are `DOUBLE 'NaN'` and
  /// `DECIMAL(10,2) '1.50'` for a decimal of more precision than it has digits.
  public var sqlText: String {
    switch self {
    case .null: return "NULL"
    case .boolean(let value): return value ? "TRUE" : "FALSE"
    case .byte(let value): return "\(value)Y"
    case .short(let value): return "\(value)S"
    case .integer(let value): return String(value)
    case .long(let value): return "\(value)L"
    case .unsignedLong(let value): return "\(value)UL"
    case .float(let value): return value.isFinite ? "\(value)F" : "FLOAT '\(NumberText.text(value))'"
    case .double(let value): return value.isFinite ? "\(value)D" : "DOUBLE '\(NumberText.text(value))'"
    case .decimal(let value, let precision, let scale):
      let text = Decimal128.text(value, scale: scale)
      if precision == max(Decimal128.digits(value), scale, 1) { return scale == 0 ? text + "BD" : text }
      return "DECIMAL(\(precision),\(scale)) '\(text)'"
    case .string(let value): return SQLText.string(value)
    case .binary(let bytes): return "X'" + bytes.map(Self.hex).joined() + "'"
    case .date(let days): return "DATE '\(DateText.text(days: Int(days)))'"
    case .timestamp(let value): return "TIMESTAMP '\(DateText.text(microseconds: value))Z'"
    case .timestampNtz(let value): return "TIMESTAMP_NTZ '\(DateText.text(microseconds: value))'"
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}

extension ColumnPath: CustomStringConvertible {
  /// As SQL writes it: `a.b`, with backticks where they are needed.
  public var description: String { names.map { SQLText.identifier($0) }.joined(separator: ".") }
}

extension ColumnExpression: CustomStringConvertible {
  /// As SQL that ``init(parsing:)`` reads back.
  public var description: String { SQLPrinter.text(self) }
}

extension ColumnPredicate: CustomStringConvertible {
  /// As SQL that ``init(parsing:)`` reads back.
  public var description: String { expression.description }
}

extension ColumnExpression {
  /// Reads an expression in Spark's SQL: columns, literals, operators, `CASE`, `CAST` and functions.
  ///
  /// Names are not looked up: ``resolved(against:)`` does that.
  ///
  /// ```swift
  /// let total = try ColumnExpression(parsing: "price * (1 - discount)")
  /// ```
  /// - Throws: `syntax`, `invalidLiteral`, `tooDeep`, with the place in the text and a picture of it.
  public init(parsing text: String) throws(ExpressionError) {
    self = try ExpressionParser.parse(text)
  }
}

extension ColumnPredicate {
  /// Reads a condition in Spark's SQL, as it stands behind WHERE.
  ///
  /// ```swift
  /// let recent = try ColumnPredicate(parsing: "day >= DATE '2024-01-01' AND city IN ('Oslo', 'Bergen')")
  /// ```
  /// - Throws: `syntax`, `invalidLiteral`, `tooDeep`, with the place in the text and a picture of it.
  public init(parsing text: String) throws(ExpressionError) {
    self.init(try ExpressionParser.parse(text))
  }
}
