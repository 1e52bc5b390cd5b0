import Columnar
import Testing

@Suite("Functions")
struct FunctionTests {
  /// An expression of literals alone, the type it has and its text.
  static let constants: [(String, String, String)] = [
    // Strings
    ("instr('Ærø på', 'p')", "INT", "5"), ("instr('abc', 'x')", "INT", "0"), ("instr(NULL, 'x')", "INT", "NULL"),
    ("locate('b', 'abcb')", "INT", "2"), ("locate('b', 'abcb', 3)", "INT", "4"), ("locate('b', 'abcb', 0)", "INT", "0"),
    ("position('b' IN 'abc')", "INT", "2"), ("position('b', 'abc')", "INT", "2"), ("locate('', 'abc')", "INT", "1"),
    ("lpad('x', 3)", "STRING", "  x"), ("lpad('xyz', 2, '-')", "STRING", "xy"),
    ("rpad('å', 4, 'øx')", "STRING", "åøxø"),
    ("lpad('x', -1, '-')", "STRING", ""), ("lpad('x', 3, '')", "STRING", "x"), ("rpad(NULL, 3)", "STRING", "NULL"),
    ("trim(BOTH 'xy' FROM 'xyaxb')", "STRING", "axb"), ("trim(LEADING FROM '  a ')", "STRING", "a "),
    ("trim(TRAILING 'é' FROM 'caféé')", "STRING", "caf"), ("trim('x' FROM 'xax')", "STRING", "a"),
    ("btrim('  a ')", "STRING", "a"), ("ltrim('x', 'xxa')", "STRING", "a"), ("rtrim('aé', 'xéaé')", "STRING", "x"),
    ("substring('hello' FROM 2 FOR 3)", "STRING", "ell"), ("substring('hello' FROM 4)", "STRING", "lo"),
    ("repeat('ab', 3)", "STRING", "ababab"), ("repeat('ab', -3)", "STRING", ""),
    ("initcap('hello wORLD é')", "STRING", "Hello World É"), ("translate('abcå', 'aåc', 'xy')", "STRING", "xby"),
    ("chr(65)", "STRING", "A"), ("chr(-1)", "STRING", ""), ("chr(321)", "STRING", "A"), ("ascii('é')", "INT", "233"),
    ("ascii('')", "INT", "0"), ("concat_ws('-', 'a', NULL, 1)", "STRING", "a-1"),
    ("concat_ws(NULL, 'a')", "STRING", "NULL"),
    ("concat_ws('-')", "STRING", ""), ("substring_index('a.b.c', '.', 2)", "STRING", "a.b"),
    ("substring_index('a.b.c', '.', -1)", "STRING", "c"), ("substring_index('a.b', '.', 9)", "STRING", "a.b"),
    ("substring_index('a.b', '.', 0)", "STRING", ""), ("split_part('a--b--c', '--', 2)", "STRING", "b"),
    ("split_part('a--b', '--', -1)", "STRING", "b"), ("split_part('a', '-', 2)", "STRING", ""),
    // Numbers
    ("mod(7, 4)", "INT", "3"), ("mod(-7.5, 2)", "DECIMAL(2,1)", "-1.5"), ("try_add(2147483647, 1)", "INT", "NULL"),
    ("try_divide(1, 0)", "DOUBLE", "NULL"), ("negative(5)", "INT", "-5"), ("bround(2.5)", "DECIMAL(2,0)", "2"),
    ("bround(3.5)", "DECIMAL(2,0)", "4"), ("bround(-2.5)", "DECIMAL(2,0)", "-2"),
    ("bround(2.55, 1)", "DECIMAL(3,1)", "2.6"),
    ("bround(2.45, 1)", "DECIMAL(3,1)", "2.4"), ("bround(25, -1)", "INT", "20"), ("bround(2.5D)", "DOUBLE", "2.0"),
    ("bround(-3.5D)", "DOUBLE", "-4.0"), ("round(-2.5)", "DECIMAL(2,0)", "-3"), ("pmod(-7, 3)", "INT", "2"),
    ("pmod(-7.5, 2)", "DECIMAL(11,1)", "0.5"), ("pmod(-7.5D, 2)", "DOUBLE", "0.5"), ("pmod(-7, 0)", "INT", "NULL"),
    ("6 & 3", "INT", "2"), ("6 | 3", "INT", "7"), ("6 ^ 3", "INT", "5"), ("~6", "INT", "-7"),
    ("6L & 2Y", "BIGINT", "2"),
    ("1 | 2 ^ 2 & 3", "INT", "1"), ("1 + 1 & 2", "INT", "2"), ("shiftleft(1, 33)", "INT", "2"),
    ("shiftright(-8L, 1)", "BIGINT", "-4"), ("shiftrightunsigned(-1, 28)", "INT", "15"), ("bit_count(-1)", "INT", "64"),
    ("log(8D)", "DOUBLE", "2.0794415416798357"), ("log(2, 8)", "DOUBLE", "3.0"), ("log(0)", "DOUBLE", "NULL"),
    ("cbrt(27)", "DOUBLE", "3.0"), ("nanvl(DOUBLE 'NaN', 1)", "DOUBLE", "1.0"), ("nanvl(NULL, 1)", "DOUBLE", "NULL"),
    ("rint(2.5D)", "DOUBLE", "2.0"), ("degrees(pi())", "DOUBLE", "180.0"),
    ("atan2(0, -1)", "DOUBLE", "3.141592653589793"),
    // Dates
    ("to_date('29/02/2024', 'dd/MM/yyyy')", "DATE", "2024-02-29"),
    ("to_date('2024-2-9', 'yyyy-M-d')", "DATE", "2024-02-09"),
    ("to_date('30/02/2024', 'dd/MM/yyyy')", "DATE", "NULL"), ("to_date('2024-02-29x', 'yyyy-MM-dd')", "DATE", "NULL"),
    ("to_date('2024-02-29')", "DATE", "2024-02-29"), ("to_date('240229', 'yyMMdd')", "DATE", "2024-02-29"),
    ("to_timestamp('2024-02-29 01:02:03.5', 'yyyy-MM-dd HH:mm:ss.S')", "TIMESTAMP", "2024-02-29 01:02:03.5"),
    ("to_timestamp('20240229010203', 'yyyyMMddHHmmss')", "TIMESTAMP", "2024-02-29 01:02:03"),
    ("to_timestamp('25', 'HH')", "TIMESTAMP", "NULL"),
    ("to_timestamp_ntz('2024-02-29')", "TIMESTAMP_NTZ", "2024-02-29 00:00:00"),
    ("to_timestamp('1.123456789', 's.SSSSSSSSS')", "TIMESTAMP", "1970-01-01 00:00:01.123456"),
    ("unix_timestamp('1970-01-02 00:00:01')", "BIGINT", "86401"),
    ("unix_timestamp(TIMESTAMP '1969-12-31 23:59:59.5')", "BIGINT", "-1"),
    ("unix_timestamp('x')", "BIGINT", "NULL"), ("from_unixtime(86401)", "STRING", "1970-01-02 00:00:01"),
    ("from_unixtime(0, 'yyyy/MM')", "STRING", "1970/01"), ("make_date(2024, 2, 29)", "DATE", "2024-02-29"),
    ("make_date(2023, 2, 29)", "DATE", "NULL"), ("unix_date(DATE '1970-01-03')", "INT", "2"),
    ("date_from_unix_date(-1)", "DATE", "1969-12-31"), ("timestamp_millis(1500)", "TIMESTAMP", "1970-01-01 00:00:01.5"),
    ("timestamp_micros(-1)", "TIMESTAMP", "1969-12-31 23:59:59.999999"),
    ("timestamp_seconds(1.5)", "TIMESTAMP", "1970-01-01 00:00:01.5"),
    ("date_part('dow', DATE '2024-03-03')", "INT", "1"), ("extract(week FROM DATE '2024-01-01')", "INT", "1"),
    ("extract(dow_iso FROM DATE '2024-03-03')", "INT", "7"), ("extract(doy FROM DATE '2024-03-01')", "INT", "61"),
    ("DATE '2024-01-31' + INTERVAL 1 MONTH", "DATE", "2024-02-29"),
    ("DATE '2024-01-31' - INTERVAL '1 year 2 days'", "DATE", "2023-01-29"),
    ("DATE '2024-01-31' + INTERVAL 1 HOUR", "TIMESTAMP", "2024-01-31 01:00:00"),
    ("TIMESTAMP '2024-03-01 00:00:00' - INTERVAL '1.5' SECONDS", "TIMESTAMP", "2024-02-29 23:59:58.5"),
    ("TIMESTAMP '2024-01-31 10:00:00' + INTERVAL 1 MONTH 1 DAY -2 HOURS", "TIMESTAMP", "2024-03-01 08:00:00"),
    ("DATE '2024-01-01' + INTERVAL 1 DAY - 1", "DATE", "2024-01-01"),
    ("DATE '2024-01-01' + INTERVAL 1 WEEK + INTERVAL 1 DAY", "DATE", "2024-01-09"),
    // Patterns
    ("'a@b.no' RLIKE '^[^@]+@[^@]+[.][a-z]{2,}$'", "BOOLEAN", "true"), ("'abc' REGEXP 'b'", "BOOLEAN", "true"),
    ("'abc' NOT RLIKE '^b'", "BOOLEAN", "true"), ("regexp_like('x', NULL)", "BOOLEAN", "NULL"),
    ("NULL RLIKE 'x'", "BOOLEAN", "NULL"),
    // Nested
    ("array(1, 2L, NULL)[1]", "BIGINT", "2"), ("array(1, 2)[-1]", "INT", "NULL"), ("array(1, 2)[2]", "INT", "NULL"),
    ("element_at(array('a', 'b'), -1)", "STRING", "b"), ("element_at(array('a'), 0)", "STRING", "NULL"),
    ("map('k', 1, 'l', 2)['l']", "INT", "2"), ("map('k', 1)['x']", "INT", "NULL"), ("map(1L, 'x')[1]", "STRING", "x"),
    ("array_contains(array(1, 2), 2)", "BOOLEAN", "true"), ("array_contains(array(1, NULL), 2)", "BOOLEAN", "NULL"),
    ("array_contains(array(1), 2)", "BOOLEAN", "false"), ("size(array())", "INT", "0"),
    ("size(map_keys(map('a', 1)))", "INT", "1"),
    ("map_values(map('a', 7))[0]", "INT", "7"), ("size(array(array(1), array(2, 3))[1])", "INT", "2"),
    ("equal_null(NULL, 1)", "BOOLEAN", "false"),
  ]

  @Test("Functions of constants give Spark's values and types", arguments: constants)
  func constant(_ sql: String, _ type: String, _ expected: String) throws {
    let batch = RecordBatch(schema: Schema([]), columns: [], rowCount: 3)
    let expression = try ColumnExpression(parsing: sql)
    let column = try expression.evaluate(on: batch)
    #expect(column.type.sqlName == type)
    let text = try column.cast(to: .string)
    for row in 0..<3 {
      let found = if case .string(let value) = text.scalar(at: row) { value } else { "NULL" }
      #expect(found == expected)
    }
    // Printed and resolved it stays what it is.
    // By text, since NaN is not equal to itself.
    #expect(try ColumnExpression(parsing: expression.description).description == expression.description)
    #expect(try expression.resolved(against: Schema([])).evaluate(on: batch) == column)
  }

  @Test(
    "Functions of columns leave nulls null and rows in order",
    arguments: [
      ("instr(s, 'e')", ["0", "2", "NULL", "0"]), ("lpad(c, 6, '*')", ["***red", "*green", "NULL", "***red"]),
      ("i32 & 3", ["1", "2", "NULL", "3"]), ("l[0]", ["1", "NULL", "NULL", "3"]),
      ("array_contains(l, i64 + 1)", ["true", "false", "NULL", "NULL"]),
      ("array(i32, i64)[1]", ["1", "-2", "NULL", "9223372036854775807"]),
      ("named_struct('a', i8, 'b', s).b", ["Oslo", "bergen", "NULL", "Ærø%x"]),
      ("map(coalesce(s, 'x'), i32)[s]", ["1", "-2", "NULL", "2147483647"]),
      ("c RLIKE 'e{2}'", ["false", "true", "NULL", "false"]),
      ("day + INTERVAL 1 DAY", ["1970-01-02", "2024-01-02", "NULL", "1970-01-01"]),
      ("concat_ws('/', c, i8)", ["red/1", "green/-128", "", "red/127"]),
      ("to_date(string(day), 'yyyy-MM-dd')", ["1970-01-01", "2024-01-01", "NULL", "1969-12-31"]),
      ("pmod(i32, 5Y)", ["1", "3", "NULL", "2"]), ("bround(d9, 1)", ["1.5", "-0.2", "NULL", "1000.0"]),
    ])
  func columns(_ sql: String, _ expected: [String]) throws {
    // Field access of a call's result is no SQL of ours: the struct is taken apart here.
    var column: Column
    if sql.hasSuffix(".b") {
      column = try ColumnExpression(parsing: String(sql.dropLast(2))).evaluate(on: SampleBatch.batch)
      guard case .structure(let children) = column.storage else { return }
      column = children[1]
    } else {
      column = try ColumnExpression(parsing: sql).evaluate(on: SampleBatch.batch)
    }
    let text = try column.cast(to: .string)
    #expect((0..<4).map { if case .string(let value) = text.scalar(at: $0) { value } else { "NULL" } } == expected)
  }

  @Test(
    "What is no function of ours is refused with a reason or a suggestion",
    arguments: [
      ("rand() > 0", ExpressionError.Code.unknownFunction, "another value each time"),
      ("sum(i32) > 0", .unknownFunction, "many rows"),
      ("current_user() = 'x'", .unknownFunction, "session"),
      ("lpadd(s, 3) = ''", .unknownFunction, "Did you mean lpad?"),
      ("regexp_replace(s, 'a', 'b') = ''", .unknownFunction, "There is no function regexp_replace"),
      ("s RLIKE c", .typeMismatch, "string literal"), ("s RLIKE '('", .invalidLiteral, "has a ( without its )"),
      ("s RLIKE '(a)\\\\1'", .invalidLiteral, "refers back"), ("s RLIKE '(?=a)'", .invalidLiteral, "looks around"),
      ("to_date(s, 'EEE') IS NULL", .invalidLiteral, "letters that to_date does not know"),
      ("i32 & 1.5 = 1", .typeMismatch, "&"),
      ("date_part('eon', day) = 1", .invalidLiteral, "'eon'"),
      ("map('a') IS NULL", .typeMismatch, "the last key has no value"),
      ("array(1, l) IS NULL", .typeMismatch, "array"), ("i32[0] = 1", .typeMismatch, "get"),
      ("l['x'] = 1", .typeMismatch, "get"),
      ("i32 + INTERVAL 1 DAY > 0", .typeMismatch, "An interval"),
      ("unix_timestamp(s, c) = 1", .typeMismatch, "string literal"),
    ])
  func refusals(_ sql: String, _ code: ExpressionError.Code, _ words: String) throws {
    let predicate = try ColumnPredicate(parsing: sql)
    let error = #expect(throws: ExpressionError.self) { try predicate.resolved(against: SampleBatch.batch.schema) }
    #expect(error?.code == code)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test(
    "A result that would not fit into memory is an error",
    arguments: [
      "repeat('x', 2147483647)", "lpad('x', 2147483647)", "rpad('x', 2147483647, 'yz')",
    ])
  func bounded(_ sql: String) throws {
    let expression = try ColumnExpression(parsing: sql)
    let error = #expect(throws: ColumnError.self) { try expression.evaluate(on: SampleBatch.batch) }
    #expect(error?.code == .tooLarge)
  }

  @Test("One moment holds for a whole expression, and a column of the name comes first")
  func clock() throws {
    let moment: Int64 = 1_704_067_200_123_456
    let none = Schema([])
    let expression = try ColumnExpression(
      parsing: "current_date() = DATE '2024-01-01' AND now() = current_timestamp AND unix_timestamp() = 1704067200")
    #expect(expression.readsClock(in: none))
    let settled = expression.settled(at: moment, in: none)
    #expect(!settled.readsClock(in: none))
    let batch = RecordBatch(schema: none, columns: [], rowCount: 1)
    #expect(try settled.evaluate(on: batch).scalar(at: 0) == .boolean(true))
    let same = try ColumnExpression(parsing: "now() = current_timestamp() AND current_date <= current_date()")
    #expect(try same.evaluate(on: batch).scalar(at: 0) == .boolean(true))
    let schema = Schema([StructField("Current_Date", .integer)])
    let column = try ColumnExpression(parsing: "current_date")
    #expect(!column.readsClock(in: schema))
    #expect(try column.resolved(against: schema) == .column(ColumnPath("Current_Date")))
  }

  @Test(
    "A column can be called like a word of SQL's",
    arguments: ["interval + 1", "x + interval", "trim", "position > 1", "x - interval - 3"])
  func words(_ sql: String) throws {
    let expression = try ColumnExpression(parsing: sql)
    #expect(try ColumnExpression(parsing: expression.description) == expression)
  }
}
