import Columnar
import Testing

@Suite("Expressions that can't be computed")
struct StrictEvaluationTests {
  private static let batch = RecordBatch(
    schema: StructType([
      StructField("a", .integer), StructField("b", .integer), StructField("s", .string), StructField("d", .double),
      StructField("y", .byte), StructField("day", .date),
    ]),
    columns: [
      Column(integers: [1, .max, .min, nil]), Column(integers: [0, 1, -1, 2]),
      Column(strings: ["1", "x", nil, "2024-02-30"]),
      Column(doubles: [0, 1e300, .nan, nil]), Column(bytes: [127, -128, 0, nil]), Column(dates: [.max, 0, nil, 1]),
    ], rowCount: 4)

  @Test(
    "Rows are told by what fails, and by nothing else",
    arguments: [
      ("a + 1", "0100"), ("a - 1", "0010"), ("a * 2", "0110"), ("-a", "0010"), ("abs(a)", "0010"), ("a / b", "1000"),
      ("a % b", "1000"), ("a div b", "1000"), ("pmod(a, b)", "1000"), ("mod(a, b)", "1000"), ("d / b", "1000"),
      ("d * 1e300", "0000"), ("y + y", "1100"), ("CAST(s AS INT)", "0101"), ("CAST(s AS DATE)", "1101"),
      ("CAST(a AS TINYINT)", "0110"), ("s::double + 1", "0101"), ("TRY_CAST(s AS INT)", "0000"),
      ("try_add(a, 1)", "0000"), ("try_add(a + 1, 1)", "0000"), ("a + try_add(b, 1)", "0100"),
      ("date_add(day, 1)", "1000"),
      ("1 / 0", "1111"), ("CASE WHEN a = 1 THEN 1 / 0 ELSE 0 END", "1000"),
      ("CASE WHEN FALSE THEN 1 / 0 WHEN a > 5 THEN a + 1 ELSE -b END", "0100"), ("a IS NULL OR a + 1 > 0", "0100"),
      ("b = 1 OR a + 1 > 0", "0000"), ("b <> 1 AND a + 1 > 0", "0000"), ("NULL OR a + 1 > 0", "0100"),
      ("FALSE AND 1 / 0 > 0", "0000"), ("coalesce(b, 1 / 0)", "0000"), ("coalesce(a, b, 1 / 0)", "0000"),
      ("coalesce(a, 1 / 0)", "0001"), ("nvl(a, 1 div 0)", "0001"), ("if(b = 0, 1, a / b)", "0000"),
      ("if(b <> 0, 1, a / b)", "1000"), ("nvl2(a, 1, 1 / 0)", "0001"), ("greatest(a + 1, b)", "0100"),
      ("a + 1 IN (1, 2)", "0100"), ("(a + 1) IS NULL", "0100"), ("concat(CAST(a + 1 AS STRING), 'x')", "0100"),
      ("CAST(a * 1.0 AS DECIMAL(3,1))", "0110"), ("a = 1", "0000"), ("s = '1'", "0000"),
    ])
  func failures(sql: String, expected: String) throws {
    let bound = try ColumnExpression(parsing: sql).bound(to: Self.batch.schema)
    let (column, failed) = try bound.evaluateStrictly(on: Self.batch)
    let bits = (0..<4).map { failed?[$0] == true ? "1" : "0" }.joined()
    #expect(bits == expected)
    #expect(column == (try bound.evaluate(on: Self.batch)), "values are the same")
    // Resolved, the expression is the same.
    let again = try ColumnExpression(parsing: sql).resolved(against: Self.batch.schema).bound(to: Self.batch.schema)
    #expect(try again.evaluateStrictly(on: Self.batch).failed == failed)
  }
}
