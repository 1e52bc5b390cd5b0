import Columnar
import Testing

/// A condition and what it is for the rows of the sample batch: t, f or null (n).
struct TruthCase: CustomTestStringConvertible {
  let sql: String
  let expected: String
  init(_ sql: String, _ expected: String) {
    self.sql = sql
    self.expected = expected
  }
  var testDescription: String { "\(sql) → \(expected)" }
}

/// A value and its text for the rows of the sample batch.
struct ValueCase: CustomTestStringConvertible {
  let sql: String
  let type: String
  let expected: [String]
  init(_ sql: String, _ type: String, _ expected: [String]) {
    self.sql = sql
    self.type = type
    self.expected = expected
  }
  var testDescription: String { "\(sql) → \(expected)" }
}

@Suite("Expressions evaluated")
struct EvaluationTests {
  static let truths: [TruthCase] = [
    .init("b", "tfnt"), .init("NOT b", "ftnf"), .init("b AND NULL", "nfnn"), .init("b OR NULL", "tnnt"),
    .init("b AND i32 = 1", "tfnf"), .init("i32 = 1 OR i32 IS NULL", "tftf"), .init("TRUE", "tttt"),
    .init("NULL", "nnnn"), .init("b = TRUE", "tfnt"), .init("b < TRUE", "ftnf"), .init("FALSE AND NULL", "ffff"),
    // Whole numbers
    .init("i32 = 1", "tfnf"), .init("i32 <> 1", "ftnt"), .init("i32 < 1", "ftnf"), .init("i32 <= 1", "ttnf"),
    .init("i32 > 1", "ffnt"), .init("i32 >= 1", "tfnt"), .init("1 < i32", "ffnt"), .init("i32 <=> NULL", "fftf"),
    .init("i32 <=> 1", "tfff"), .init("i32 = NULL", "nnnn"), .init("i32 = i64", "ttnf"), .init("i8 = i32", "tfnf"),
    .init("i32 <=> i64", "tttf"), .init("i32 = '1'", "tfnf"), .init("i32 > 0.5", "tfnt"), .init("i32 < 1.5", "ttnf"),
    .init("i32 = 1.5", "ffnf"), .init("i32 <> 1.5", "ttnt"), .init("i32 = 1.0", "tfnf"), .init("i32 <=> 1.5", "ffff"),
    .init("i32 < 3000000000", "ttnt"), .init("i32 > 3000000000", "ffnf"), .init("i32 = 3000000000", "ffnf"),
    .init("i32 >= -3000000000", "ttnt"), .init("i8 <= -128", "ftnf"), .init("i8 > 127", "ffnf"),
    .init("i64 = 9223372036854775807", "ffnt"), .init("i64 < 9223372036854775808", "ttnt"),
    .init("i32 < DOUBLE 'NaN'", "ttnt"), .init("i32 BETWEEN -2 AND 1", "ttnf"),
    .init("i32 NOT BETWEEN -2 AND 1", "ffnt"),
    .init("i32 = 1 IS NULL", "fftf"), .init("i32 IN (1, 5)", "tfnf"), .init("i32 NOT IN (1, 5)", "ftnt"),
    .init("i32 IN (1, NULL)", "tnnn"), .init("i32 NOT IN (5, NULL)", "nnnn"), .init("i32 IN (1.0, 1.5, 9e10)", "tfnf"),
    .init("i32 IN ('1', '-2')", "ttnf"), .init("i64 IN (1,2,3,4,5,6,7,8,9,10,11,-2)", "ttnf"),
    .init("i32 IN (i64, 7)", "ttnf"),
    // Floating point
    .init("f64 = DOUBLE 'NaN'", "ffnt"), .init("f64 > 0", "tfnt"), .init("f64 < 0", "ftnf"),
    .init("f64 >= 0.5", "tfnt"),
    .init("f64 <> 0.5", "ftnt"), .init("f64 < DOUBLE 'NaN'", "ttnf"), .init("f64 <= DOUBLE 'NaN'", "ttnt"),
    .init("f64 = f64", "ttnt"), .init("f32 = f64", "tfnt"), .init("f32 = 0.5", "tfnf"), .init("f32 < 0.1", "ftnf"),
    .init("f64 IN (0.5, DOUBLE 'NaN')", "tfnt"), .init("f64 = -2.25", "ftnf"), .init("f64 = '0.5'", "tfnf"),
    .init("f64 IN (1,2,3,4,5,6,7,8,9,0.5,DOUBLE 'NaN')", "tfnt"), .init("isnan(f64)", "ffft"),
    // Decimals
    .init("d9 = 1.5", "tfnf"), .init("d9 = 1.50", "tfnf"), .init("d9 > 1.499", "tfnt"), .init("d9 < 1.501", "ttnf"),
    .init("d9 = 1.501", "ffnf"), .init("d9 = d38", "ttnf"), .init("d38 < d9", "ffnt"), .init("d9 > 1", "tfnt"),
    .init("d9 < 1e0", "ftnf"), .init("d9 < 99999999999", "ttnt"), .init("d9 = '1.5'", "tfnf"),
    .init("d38 > 99999999999999999999999999999999999", "ffnf"), .init("d9 IN (1.5, -0.25, 7.123)", "ttnf"),
    .init("d9 = i32", "ffnf"), .init("d9 = f64 + 1", "tfnf"),
    // Strings
    .init("s = 'Oslo'", "tfnf"), .init("s > 'a'", "ftnt"), .init("s < 'b'", "tfnf"), .init("c = 'red'", "tfnt"),
    .init("c <> 'red'", "ftnf"), .init("c IN ('green', 'blue')", "ftnf"), .init("c < s", "ffnt"),
    .init("c <=> 'red'", "tfft"), .init("c <=> NULL", "fftf"), .init("c IS NOT NULL", "ttft"),
    .init("s LIKE 'O%'", "tfnf"), .init("s LIKE '%o'", "tfnf"), .init("s LIKE '%er%'", "ftnf"),
    .init("s LIKE 'O%o'", "tfnf"), .init("s LIKE 'Oslo'", "tfnf"), .init("s LIKE '____'", "tfnf"),
    .init("s LIKE '_r__x'", "ffnt"), .init("s LIKE '%\\%%'", "ffnt"), .init("s LIKE '%|%x' ESCAPE '|'", "ffnt"),
    .init("s LIKE '%'", "ttnt"), .init("s LIKE 'b%g%n'", "ftnf"), .init("s NOT LIKE 'O%'", "ftnt"),
    .init("c LIKE '%e%'", "ttnt"), .init("s ILIKE 'oS%'", "tfnf"), .init("s LIKE 'O%lo%lo'", "ffnf"),
    .init("s LIKE '%\\\\%'", "ffnf"), .init("startswith(s, 'O')", "tfnf"), .init("contains(c, 'ee')", "ftnf"),
    .init("s IN ('a','b','c','d','e','f','g','h','Oslo','zz')", "tfnf"), .init("upper(c) = 'RED'", "tfnt"),
    .init("bin = X'0102'", "tfnf"), .init("bin < X'02'", "ttnf"), .init("bin = ''", "ftnf"),
    // Dates
    .init("day = '1970-01-01'", "tfnf"), .init("day < DATE '1970-01-01'", "ffnt"),
    .init("day = DATE '2024-01-01'", "ftnf"),
    .init("day < TIMESTAMP '1970-01-01 12:00:00'", "tfnt"), .init("day > TIMESTAMP '2023-12-31 12:00:00'", "ftnf"),
    .init("day = TIMESTAMP '1970-01-01 12:00:00'", "ffnf"), .init("ts = TIMESTAMP '1970-01-01'", "tfnf"),
    .init("ts >= '2024-01-01'", "ftnf"), .init("ts < DATE '1970-01-01'", "ffnt"), .init("ts < day", "ffnf"),
    .init("ts >= '2024-01-01T01:00:00+01:00'", "ftnf"), .init("day IN ('2024-01-01', '1969-12-31')", "ftnt"),
    .init("year(day) = 2024", "ftnf"), .init("ts = TIMESTAMP_NTZ '1970-01-01 00:00:00'", "tfnf"),
    // Nested, names
    .init("st.x = 10", "tnnf"), .init("ST.NAME = 'b'", "ftnn"), .init("st IS NULL", "fftf"),
    .init("st.x IS NULL", "fttf"),
    .init("`odd name` > 7", "ftnt"), .init("size(l) = 2", "tfnf"), .init("B", "tfnt"), .init("b IS TRUE", "tfft"),
    .init("b IS NOT TRUE", "fttf"), .init("b IS NOT FALSE", "tftt"), .init("b IS UNKNOWN", "fftf"),
    .init("i32 IS DISTINCT FROM 1", "fttt"), .init("i32 IS NOT DISTINCT FROM 1", "tfff"),
    .init("!b", "ftnf"), .init("coalesce(b, FALSE)", "tfft"),
    .init("CASE WHEN b THEN i32 > 0 ELSE i32 IS NULL END", "tftt"),
  ]

  @Test("Conditions have Spark's three values", arguments: truths)
  func truth(_ test: TruthCase) throws {
    let predicate = try ColumnPredicate(parsing: test.sql)
    let column = try predicate.expression.evaluate(on: SampleBatch.batch)
    let found = (0..<4).map { row -> String in
      switch column.scalar(at: row) {
      case .boolean(let value): value ? "t" : "f"
      default: "n"
      }
    }.joined()
    #expect(found == test.expected)
    // As rows, null counts as false; resolving is stable.
    #expect(try predicate.evaluate(on: SampleBatch.batch) == Bitmap(test.expected.map { $0 == "t" }))
    let resolved = try predicate.resolved(against: SampleBatch.batch.schema)
    // By text, since NaN is not equal to itself.
    #expect(try resolved.resolved(against: SampleBatch.batch.schema).description == resolved.description)
    #expect(try resolved.evaluate(on: SampleBatch.batch) == Bitmap(test.expected.map { $0 == "t" }))
  }

  static let values: [ValueCase] = [
    .init("i32 + 1", "INT", ["2", "-1", "NULL", "NULL"]),
    .init("i64 - 1", "BIGINT", ["0", "-3", "NULL", "9223372036854775806"]),
    .init("i8 * 2Y", "TINYINT", ["2", "NULL", "NULL", "NULL"]),
    .init("i8 * 2", "INT", ["2", "-256", "NULL", "254"]),
    .init("i32 / 2", "DOUBLE", ["0.5", "-1.0", "NULL", "1.0737418235E9"]),
    .init("i32 / 0", "DOUBLE", ["NULL", "NULL", "NULL", "NULL"]),
    .init("i32 % 2", "INT", ["1", "0", "NULL", "1"]), .init("i32 % 0", "INT", ["NULL", "NULL", "NULL", "NULL"]),
    .init("-i8", "TINYINT", ["-1", "NULL", "NULL", "-127"]),
    .init("i32 DIV 2", "BIGINT", ["0", "-1", "NULL", "1073741823"]),
    .init("7 DIV -2 + 0 * i32", "BIGINT", ["-3", "-3", "NULL", "-3"]),
    .init("f64 * 2", "DOUBLE", ["1.0", "-4.5", "NULL", "NaN"]),
    .init("d9 + 1", "DECIMAL(10,2)", ["2.50", "0.75", "NULL", "1000.99"]),
    .init("d9 * 2", "DECIMAL(11,2)", ["3.00", "-0.50", "NULL", "1999.98"]),
    .init("d9 * d9", "DECIMAL(19,4)", ["2.2500", "0.0625", "NULL", "999980.0001"]),
    .init("d9 / 3", "DECIMAL(13,6)", ["0.500000", "-0.083333", "NULL", "333.330000"]),
    .init("d9 / 0", "DECIMAL(13,6)", ["NULL", "NULL", "NULL", "NULL"]),
    .init("d9 % 0.4", "DECIMAL(2,2)", ["0.30", "-0.25", "NULL", "0.39"]),
    .init("d38 + d9", "DECIMAL(38,3)", ["3.000", "-0.500", "NULL", "1099.989"]),
    .init("d38 * d38", "DECIMAL(38,6)", ["2.250000", "0.062500", "NULL", "9999.800001"]),
    .init("CAST(s AS INT)", "INT", ["NULL", "NULL", "NULL", "NULL"]),
    .init("CAST(i32 AS STRING)", "STRING", ["1", "-2", "NULL", "2147483647"]),
    .init("CAST(f64 AS STRING)", "STRING", ["0.5", "-2.25", "NULL", "NaN"]),
    .init("CAST(f64 AS INT)", "INT", ["0", "-2", "NULL", "NULL"]),
    .init("CAST(f64 AS DECIMAL(5,1))", "DECIMAL(5,1)", ["0.5", "-2.3", "NULL", "NULL"]),
    .init("CAST(d9 AS INT)", "INT", ["1", "0", "NULL", "999"]),
    .init("CAST(i32 AS TINYINT)", "TINYINT", ["1", "-2", "NULL", "NULL"]),
    .init("CAST(d9 AS DECIMAL(3,1))", "DECIMAL(3,1)", ["1.5", "-0.3", "NULL", "NULL"]),
    .init(
      "CAST(day AS TIMESTAMP)", "TIMESTAMP",
      ["1970-01-01 00:00:00", "2024-01-01 00:00:00", "NULL", "1969-12-31 00:00:00"]),
    .init("CAST(ts AS DATE)", "DATE", ["1970-01-01", "2024-01-01", "NULL", "1969-12-31"]),
    .init(
      "CAST(ts AS STRING)", "STRING",
      ["1970-01-01 00:00:00", "2024-01-01 00:00:00.123456", "NULL", "1969-12-31 23:59:59.999999"]),
    .init("CAST(ts AS BIGINT)", "BIGINT", ["0", "1704067200", "NULL", "-1"]),
    .init("CAST(b AS INT)", "INT", ["1", "0", "NULL", "1"]),
    .init("CAST(c AS BINARY)", "BINARY", ["red", "green", "NULL", "red"]),
    .init("i32::STRING", "STRING", ["1", "-2", "NULL", "2147483647"]),
    .init("CAST(' 42 ' AS INT)", "INT", ["42", "42", "42", "42"]),
    .init("CAST('1e3' AS DECIMAL(6,1))", "DECIMAL(6,1)", ["1000.0", "1000.0", "1000.0", "1000.0"]),
    .init("upper(s)", "STRING", ["OSLO", "BERGEN", "NULL", "ÆRØ%X"]),
    .init("lower(c)", "STRING", ["red", "green", "NULL", "red"]),
    .init("length(s)", "INT", ["4", "6", "NULL", "5"]), .init("octet_length(s)", "INT", ["4", "6", "NULL", "7"]),
    .init("substring(s, 2, 2)", "STRING", ["sl", "er", "NULL", "rø"]),
    .init("substr(s, -2)", "STRING", ["lo", "en", "NULL", "%x"]),
    .init("left(s, 2)", "STRING", ["Os", "be", "NULL", "Ær"]),
    .init("right(s, 2)", "STRING", ["lo", "en", "NULL", "%x"]),
    .init("substring(s, 0, 1)", "STRING", ["O", "b", "NULL", "Æ"]),
    .init("substring(s, 9)", "STRING", ["", "", "NULL", ""]),
    .init("concat(c, '-', i32)", "STRING", ["red-1", "green--2", "NULL", "red-2147483647"]),
    .init("s || '!'", "STRING", ["Oslo!", "bergen!", "NULL", "Ærø%x!"]),
    .init("replace(s, 'e', 'EE')", "STRING", ["Oslo", "bEErgEEn", "NULL", "Ærø%x"]),
    .init("trim('  x ')", "STRING", ["x", "x", "x", "x"]),
    .init("reverse(s)", "STRING", ["olsO", "negreb", "NULL", "x%ørÆ"]),
    .init("coalesce(i32, 0)", "INT", ["1", "-2", "0", "2147483647"]),
    .init("coalesce(NULL, c, s)", "STRING", ["red", "green", "NULL", "red"]),
    .init("nullif(c, 'red')", "STRING", ["NULL", "green", "NULL", "NULL"]),
    .init("if(b, c, 'no')", "STRING", ["red", "no", "no", "red"]),
    .init("CASE WHEN i32 = 1 THEN 'one' WHEN i32 < 0 THEN s END", "STRING", ["one", "bergen", "NULL", "NULL"]),
    .init("CASE c WHEN 'red' THEN 1 ELSE 2.5 END", "DECIMAL(11,1)", ["1.0", "2.5", "2.5", "1.0"]),
    .init("greatest(i8, i16)", "SMALLINT", ["1", "-2", "NULL", "300"]),
    .init("least(i32, 0, NULL)", "INT", ["0", "-2", "0", "0"]),
    .init("year(day)", "INT", ["1970", "2024", "NULL", "1969"]), .init("month(ts)", "INT", ["1", "1", "NULL", "12"]),
    .init("day(day)", "INT", ["1", "1", "NULL", "31"]), .init("hour(ts)", "INT", ["0", "0", "NULL", "23"]),
    .init("second(ts)", "INT", ["0", "0", "NULL", "59"]), .init("dayofweek(day)", "INT", ["5", "2", "NULL", "4"]),
    .init("weekofyear(day)", "INT", ["1", "1", "NULL", "1"]),
    .init("EXTRACT(YEAR FROM day)", "INT", ["1970", "2024", "NULL", "1969"]),
    .init(
      "date_trunc('month', ts)", "TIMESTAMP",
      ["1970-01-01 00:00:00", "2024-01-01 00:00:00", "NULL", "1969-12-01 00:00:00"]),
    .init(
      "date_trunc('HOUR', ts)", "TIMESTAMP",
      ["1970-01-01 00:00:00", "2024-01-01 00:00:00", "NULL", "1969-12-31 23:00:00"]),
    .init("trunc(day, 'year')", "DATE", ["1970-01-01", "2024-01-01", "NULL", "1969-01-01"]),
    .init("date_add(day, 31)", "DATE", ["1970-02-01", "2024-02-01", "NULL", "1970-01-31"]),
    .init("day - 1", "DATE", ["1969-12-31", "2023-12-31", "NULL", "1969-12-30"]),
    .init("datediff(day, '1970-01-01')", "INT", ["0", "19723", "NULL", "-1"]),
    .init("add_months(day, 1)", "DATE", ["1970-02-01", "2024-02-01", "NULL", "1970-01-31"]),
    .init("last_day(day)", "DATE", ["1970-01-31", "2024-01-31", "NULL", "1969-12-31"]),
    .init("date_format(ts, 'yyyy-MM-dd-HH')", "STRING", ["1970-01-01-00", "2024-01-01-00", "NULL", "1969-12-31-23"]),
    .init("abs(i32)", "INT", ["1", "2", "NULL", "2147483647"]),
    .init("abs(d9)", "DECIMAL(9,2)", ["1.50", "0.25", "NULL", "999.99"]),
    .init("abs(f64)", "DOUBLE", ["0.5", "2.25", "NULL", "NaN"]),
    .init("round(d9, 1)", "DECIMAL(9,1)", ["1.5", "-0.3", "NULL", "1000.0"]),
    .init("round(2.675e0, 2)", "DOUBLE", ["2.68", "2.68", "2.68", "2.68"]),
    .init("round(i32, -1)", "INT", ["0", "0", "NULL", "NULL"]),
    .init("ceil(f64)", "BIGINT", ["1", "-2", "NULL", "NULL"]),
    .init("floor(d9)", "DECIMAL(8,0)", ["1", "-1", "NULL", "999"]),
    .init("ceil(d9)", "DECIMAL(8,0)", ["2", "0", "NULL", "1000"]),
    .init("sqrt(i64 * 0 + 16)", "DOUBLE", ["4.0", "4.0", "NULL", "4.0"]),
    .init("power(2, 10)", "DOUBLE", ["1024.0", "1024.0", "1024.0", "1024.0"]),
    .init("pmod(i64, 3)", "BIGINT", ["1", "1", "NULL", "1"]),
    .init("sign(i32)", "DOUBLE", ["1.0", "-1.0", "NULL", "1.0"]),
    .init("st.Name", "STRING", ["a", "b", "NULL", "NULL"]),
    .init("string(d9)", "STRING", ["1.50", "-0.25", "NULL", "999.99"]),
    .init("1e300 * 1e10", "DOUBLE", ["Infinity", "Infinity", "Infinity", "Infinity"]),
    .init("'5' + 1", "DOUBLE", ["6.0", "6.0", "6.0", "6.0"]),
    .init("NULL + i32", "INT", ["NULL", "NULL", "NULL", "NULL"]),
  ]

  @Test("Values and their types are Spark's", arguments: values)
  func value(_ test: ValueCase) throws {
    let column = try ColumnExpression(parsing: test.sql).evaluate(on: SampleBatch.batch)
    let text = try column.cast(to: .string)
    let found = (0..<4).map { row in if case .string(let value) = text.scalar(at: row) { value } else { "NULL" } }
    #expect(column.type.sqlName == test.type)
    #expect(found == test.expected)
    let again = try ColumnExpression(parsing: ColumnExpression(parsing: test.sql).description)
    #expect(try again.evaluate(on: SampleBatch.batch) == column)
  }

  static let refusals: [(String, ExpressionError.Code, String)] = [
    ("citi = 'x'", .unknownColumn, "There is no column citi."), ("i23 = 1", .unknownColumn, "Did you mean i"),
    ("st.nam = 'x'", .unknownColumn, "no field in st named nam. Did you mean Name?"),
    ("i32.x = 1", .unknownColumn, "is of type INT"),
    ("uper(s) = 'X'", .unknownFunction, "Did you mean upper?"),
    ("length() = 1", .typeMismatch, "takes 1 arguments, not 0"),
    ("i32 = 'abc'", .invalidLiteral, "'abc' is not a value of type INT"),
    ("day = 'soon'", .invalidLiteral, "type DATE"),
    ("b = 1", .typeMismatch, "BOOLEAN and INT"), ("day = 1", .typeMismatch, "DATE and INT"),
    ("l = 1", .typeMismatch, "ARRAY"),
    ("st = st", .typeMismatch, "STRUCT"), ("i32", .typeMismatch, "A condition is needed"),
    ("NOT i32", .typeMismatch, "NOT"),
    ("b AND i32", .typeMismatch, "AND"), ("b + 1 = 2", .typeMismatch, "+"),
    ("CAST(l AS INT) = 1", .typeMismatch, "cannot be cast"),
    ("date_trunc('eon', ts) IS NULL", .invalidLiteral, "'eon'"), ("i32 IN (1, 'x')", .invalidLiteral, "'x'"),
    ("CASE WHEN b THEN l ELSE i32 END IS NULL", .typeMismatch, "CASE"),
  ]

  @Test("What does not fit the schema is refused by name", arguments: refusals)
  func refusal(_ sql: String, _ code: ExpressionError.Code, _ part: String) throws {
    let predicate = try ColumnPredicate(parsing: sql)
    let error = #expect(throws: ExpressionError.self) { try predicate.resolved(against: SampleBatch.batch.schema) }
    #expect(error?.code == code)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test("Names that differ in case alone must be written exactly")
  func caseSensitivity() throws {
    let schema = Schema([StructField("Id", .long), StructField("ID", .long), StructField("name", .string)])
    #expect(throws: ExpressionError.self) { try ColumnPredicate(parsing: "id = 1").resolved(against: schema) }
    #expect(try ColumnPredicate(parsing: "ID = 1").resolved(against: schema).columns == [ColumnPath("ID")])
    #expect(try ColumnPredicate(parsing: "NAME = 'x'").resolved(against: schema).columns == [ColumnPath("name")])
  }

  @Test(
    "Resolving writes out types",
    arguments: [
      ("i32 < 5.5", "i32 <= 5"), ("5 > i64", "i64 < 5L"), ("day = '2024-01-01'", "day = DATE '2024-01-01'"),
      ("i32 = i64", "CAST(i32 AS BIGINT) = i64"), ("d9 = 1", "d9 = DECIMAL(9,2) '1.00'"),
      ("I32 IN (1L, 2.0, 2.5)", "i32 IN (1, 2)"),
      ("s = 5", "CAST(s AS BIGINT) = 5L"), ("f32 = 0.1", "CAST(f32 AS DOUBLE) = 0.1D"), ("i8 = 1000", "i8 < -128Y"),
      ("ts > DATE '1970-01-02'", "ts > TIMESTAMP '1970-01-02 00:00:00Z'"),
    ])
  func resolution(_ sql: String, _ expected: String) throws {
    #expect(try ColumnPredicate(parsing: sql).resolved(against: SampleBatch.batch.schema).description == expected)
  }

  @Test("An empty batch gives an empty column", arguments: truths.prefix(60).map(\.sql) + values.map(\.sql))
  func empty(_ sql: String) throws {
    #expect(try ColumnExpression(parsing: sql).evaluate(on: SampleBatch.batch.slice(0..<0)).count == 0)
  }
}
