import Columnar
import Testing

@Suite("SQL expressions")
struct ParsingTests {
  static let literalCases: [(String, Scalar)] = [
    ("5", .integer(5)), ("-5", .integer(-5)), ("5000000000", .long(5_000_000_000)), ("5L", .long(5)), ("5s", .short(5)),
    ("5Y", .byte(5)), ("-128Y", .byte(-128)), ("-9223372036854775808L", .long(.min)),
    ("1.50", .decimal(150, precision: 3, scale: 2)),
    (".5", .decimal(5, precision: 1, scale: 1)), ("5.", .decimal(5, precision: 1, scale: 0)),
    ("0.05", .decimal(5, precision: 2, scale: 2)),
    ("9223372036854775808", .decimal(9_223_372_036_854_775_808, precision: 19, scale: 0)),
    ("1.5BD", .decimal(15, precision: 2, scale: 1)),
    ("12e2BD", .decimal(1200, precision: 4, scale: 0)), ("1e3", .double(1000)), ("1.5D", .double(1.5)),
    (".5e1", .double(5)), ("1.e1", .double(10)),
    ("2F", .float(2)), (".5F", .float(0.5)), ("1.e1F", .float(10)),
    ("-3.4028235e38F", .float(-.greatestFiniteMagnitude)),
    // A bit above the middle between two floats, which as a double is the middle.
    ("1.00000005960464477539062500001F", .float(1.0000001)),
    ("FLOAT '1.00000005960464477539062500001'", .float(1.0000001)),
    ("FLOAT '-Infinity'", .float(-.infinity)), ("true", .boolean(true)), ("FALSE", .boolean(false)), ("null", .null),
    ("'it''s'", .string("it's")),
    (#"'it\'s'"#, .string("it's")), (#"'a\nb\t\\\u0041\101\0'"#, .string("a\nb\t\\AA\0")),
    (#"'50\%'"#, .string(#"50\%"#)), ("\"x'y\"", .string("x'y")),
    ("X'1aFF'", .binary([0x1A, 0xFF])), ("x'F'", .binary([0x0F])), ("DATE '2024-02-29'", .date(19_782)),
    ("date'1969-12-31'", .date(-1)),
    ("TIMESTAMP '1970-01-01 00:00:01.5'", .timestamp(1_500_000)),
    ("TIMESTAMP '1970-01-01T01:00:00+01:00'", .timestamp(0)),
    ("TIMESTAMP_NTZ '1970-01-01 01:00:00+01:00'", .timestampNtz(3_600_000_000)),
    ("DECIMAL(10,2) '1.5'", .decimal(150, precision: 10, scale: 2)),
    ("DOUBLE '-Infinity'", .double(-.infinity)), ("7UL", .unsignedLong(7)), ("/* five */ 5 -- done", .integer(5)),
    ("-- five\r5", .integer(5)), ("-- five\r\n5 --\r", .integer(5)), ("5 --\n", .integer(5)),
  ]

  @Test("Literals have the types that Spark gives them", arguments: literalCases)
  func literals(_ sql: String, _ expected: Scalar) throws {
    let expression = try ColumnExpression(parsing: sql)
    #expect(expression == .literal(expected))
    #expect(try ColumnExpression(parsing: expression.description) == expression)
  }

  static let operatorCases: [(String, String)] = [
    ("a OR b AND NOT c = 1", "a OR b AND NOT c = 1"), ("(a OR b) AND c", "(a OR b) AND c"),
    ("a + b * c - d", "a + b * c - d"),
    ("(a + b) * c", "(a + b) * c"), ("a - (b - c)", "a - (b - c)"), ("a - b - c", "a - b - c"), ("-a.b", "-a.b"),
    ("-(-a)", "-(-a)"),
    ("- 5 + a", "-5 + a"), ("-(5)", "-(5)"), ("a between 1 and 2 and b", "(a >= 1 AND a <= 2) AND b"),
    ("a not in (1, 'x')", "a NOT IN (1, 'x')"),
    ("a IN (b)", "a = b"), ("a is not null", "a IS NOT NULL"), ("a == b", "a = b"), ("a != 1", "a <> 1"),
    ("a = b is null", "(a = b) IS NULL"),
    ("NOT a IS NULL", "a IS NOT NULL"), ("a like 'x%' escape '!'", "a LIKE 'x%' ESCAPE '!'"),
    ("`a b`.`c``d`", "`a b`.`c``d`"),
    ("cast(a as decimal(10,2))", "CAST(a AS DECIMAL(10,2))"), ("try_cast(a as int) + 1", "TRY_CAST(a AS INT) + 1"),
    ("CAST(a AS struct<x: int, y array<map<string,date>>>)", "CAST(a AS STRUCT<x: INT, y: ARRAY<MAP<STRING, DATE>>>)"),
    ("case when a then 1 else 2 end", "CASE WHEN a THEN 1 ELSE 2 END"),
    ("case a when 1 then 'x' end", "CASE WHEN a = 1 THEN 'x' END"),
    ("Upper(a) || 'x'", "concat(upper(a), 'x')"), ("a div b", "`div`(a, b)"), ("a::int + 1", "CAST(a AS INT) + 1"),
    ("a AND (b AND c)", "a AND (b AND c)"), ("a % b / c", "a % b / c"), ("a % (b / c)", "a % (b / c)"),
    ("date(ts) = x.date", "date(ts) = x.date"),
    ("`select`.`and` > 1", "select.`and` > 1"), ("ünïcode = 1", "`ünïcode` = 1"), ("extract(year from d)", "year(d)"),
    ("a<b", "a < b"), ("a>-1", "a > -1"),
  ]

  @Test("Operators bind as in Spark", arguments: operatorCases)
  func operators(_ sql: String, _ printed: String) throws {
    let expression = try ColumnExpression(parsing: sql)
    #expect(expression.description == printed)
    #expect(try ColumnExpression(parsing: printed) == expression)
  }

  static let errorCases: [(String, Int, String)] = [
    ("a = ", 4, "Expected an expression, but the text ends here."), ("", 0, "ends here"), ("a = = b", 4, "found ="),
    ("(a = 1", 6, "')'"),
    ("a = 'x", 4, "no closing quote"), ("`a", 0, "no closing backtick"), ("a = 1x", 4, "is no number"),
    ("a = 300Y", 4, "out of range"), ("a = 1e39F", 4, "out of range for a float"),
    ("a = 1e400F", 4, "out of range for a float"),
    ("a = 1e400D", 4, "out of range for a double"),
    ("day > DATE '2024-13-01'", 11, "is no DATE"), ("a LIKE b", 7, "a pattern as a string"),
    ("a b", 2, "the end of the expression"), ("a = #", 4, "no meaning"),
    ("CAST(a AS INTT)", 10, "Did you mean INT?"), ("CAST(a AS DECIMAL(50,2))", 10, "1 to 38"),
    ("CASE a END", 7, "WHEN"), ("a IN ()", 6, "an expression"),
    ("a LIKE 'x!y' ESCAPE '!'", 20, "escape"), ("x'zz'", 2, "hexadecimal"), ("/* a", 0, "comment"), ("a.", 2, "a name"),
    ("and = 1", 0, "found and"),
    ("ærø = ?", 8, "no meaning"), ("a =\n  b +* c", 9, "found *"),
    ("99999999999999999999999999999999999999999", 0, "38 digits"),
    ("a = 'e\u{301}' = = b", 12, "found ="), ("a = 'x'\u{301} AND b", 7, "found \u{301}"),
  ]

  @Test("Errors say what and where, with a picture", arguments: errorCases)
  func errors(_ sql: String, _ byteOffset: Int, _ part: String) throws {
    let error = try #require(throws: ExpressionError.self) { try ColumnPredicate(parsing: sql) }
    #expect(error.message.contains(part), "\(error)")
    #expect(error.byteOffset == byteOffset)
    let lines = try #require(error.picture).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines[1].hasSuffix("^"))
  }

  @Test("The picture shows the line and a caret under the place")
  func picture() throws {
    let error = try #require(throws: ExpressionError.self) { try ColumnPredicate(parsing: "a = 1 AND\nday >> 5") }
    #expect(error.picture == "day >> 5\n     ^")
    let inside = try #require(throws: ExpressionError.self) { try ColumnPredicate(parsing: "a = 'x'\u{301} AND b") }
    #expect(inside.picture == "a = 'x'\u{301} AND b\n      ^")
  }

  /// By name, so that the texts are not printed.
  enum DeepCase: CaseIterable {
    case parentheses, nots, signs, sums, calls, types, cases, equations, casts, chains

    var sql: String {
      switch self {
      case .parentheses: repeated("(")
      case .nots: repeated("NOT ")
      case .signs: repeated("- ") + "a"
      case .sums: joined(" + ")
      case .calls: repeated("f(")
      case .types: "CAST(a AS " + repeated("ARRAY<")
      case .cases: repeated("CASE WHEN ")
      case .equations: joined(" = ")
      case .casts: joined("::int ")
      case .chains: nestedChains
      }
    }
  }

  private static func repeated(_ text: String) -> String { String(repeating: text, count: 20_000) }

  private static func joined(_ text: String) -> String { Array(repeating: "a", count: 20_000).joined(separator: text) }

  /// Each level nests little, but all chains together go deep.
  private static var nestedChains: String {
    var text = "a"
    for _ in 0..<100 { text = "(" + text + String(repeating: " + a", count: 100) + ")" }
    return text
  }

  @Test("Deep nesting is refused, not a crash", arguments: DeepCase.allCases)
  func deep(_ deep: DeepCase) {
    let sql = deep.sql
    let error = #expect(throws: ExpressionError.self) { try ColumnPredicate(parsing: sql) }
    #expect(error?.code == .tooDeep || error?.code == .syntax)
  }

  @Test("Long flat conditions are fine")
  func long() throws {
    let sql = (0..<20_000).map { "a = \($0)" }.joined(separator: " OR ")
    let schema = Schema([StructField("a", .long)])
    #expect(try ColumnPredicate(parsing: sql).resolved(against: schema).columns.count == 1)
  }

  @Test("What nests as deep as the parser allows can be resolved, printed and read again")
  func deepest() throws {
    let sql = Array(repeating: "a", count: 149).joined(separator: " + ")
    let expression = try ColumnExpression(parsing: sql)
    #expect(try ColumnExpression(parsing: expression.description) == expression)
    #expect(try expression.resolved(against: Schema([StructField("a", .integer)])) == expression)
  }

  @Test("Damaged text never traps")
  func fuzz() {
    var random = SeededRandom(seed: 7)
    let seeds = EvaluationTests.truths.map(\.sql) + EvaluationTests.values.map(\.sql)
    let pieces = [
      "'", "\"", "`", "(", ")", "NOT ", "AND ", "1e999", "\\", "\r\n", "X'", "::", "é", "👩‍👩‍👧", "\u{301}", "--", "/*",
      "DECIMAL(", "<", ",", "CASE ", "\u{0}", "9999999999999999999999999999999999999999999",
    ]
    for round in 0..<4000 {
      var text = Array(seeds[round % seeds.count].unicodeScalars)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: 0...text.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text.insert(contentsOf: pieces.randomElement(using: &random)!.unicodeScalars, at: at)
        case 1: text.removeSubrange(at..<min(text.count, at + Int.random(in: 0..<4, using: &random)))
        default: text.swapAt(min(at, text.count - 1), 0)
        }
        if text.isEmpty { text = ["a"] }
      }
      var sql = String.UnicodeScalarView()
      sql.append(contentsOf: text)
      guard let expression = try? ColumnExpression(parsing: String(sql)) else { continue }
      let again = try? ColumnExpression(parsing: expression.description)
      #expect(again?.description == expression.description, "\(String(sql))")
      _ = try? expression.evaluate(on: SampleBatch.batch)
    }
  }

  @Test("CHAR and VARCHAR keep their length, and are refused where it would be forgotten")
  func lengths() throws {
    let columns = try ColumnDefinition.parse(
      "a VARCHAR(5) NOT NULL, b char(3), c STRING, d STRUCT<char: INT, varchar: STRING>")
    #expect(columns.map(\.lengthLimit) == ["varchar(5)", "char(3)", nil, nil])
    #expect(columns.prefix(3).allSatisfy { $0.type == .string })
    for sql in ["a VARCHAR", "a ARRAY<VARCHAR(5)>", "a STRUCT<b: CHAR(3)>", "a CHAR(1, 2)"] {
      #expect(throws: ExpressionError.self) { try ColumnDefinition.parse(sql) }
    }
  }
}
