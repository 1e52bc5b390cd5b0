import Columnar
import DeltaLake
import DeltaLog
import Testing
import _TestSupport

/// One row of a table that it does not take, and how that is said.
struct RowRefusal: CustomTestStringConvertible, Sendable {
  var sql: String
  var properties: [String: String] = [:]
  var metadata: [String: [String: MetadataValue]] = [:]
  var columns: [(String, Column)]
  var code: DeltaError.Code
  var words: String

  init(
    _ sql: String, properties: [String: String] = [:], metadata: [String: [String: MetadataValue]] = [:],
    _ columns: [(String, Column)], _ code: DeltaError.Code, _ words: String
  ) {
    self.sql = sql
    self.properties = properties
    self.metadata = metadata
    self.columns = columns
    self.code = code
    self.words = words
  }

  /// A rule of the table's that the row breaks.
  init(
    _ sql: String, properties: [String: String] = [:], metadata: [String: [String: MetadataValue]] = [:],
    _ columns: [(String, Column)], _ words: String
  ) {
    self.init(sql, properties: properties, metadata: metadata, columns, .constraintViolation, words)
  }

  var testDescription: String { "\(sql) \(properties): \(words)" }
}

@Suite("Rows that a table does not take")
struct RowRefusalTests {
  static func check(_ sql: String) -> [String: String] { ["delta.constraints.c": sql] }
  static func invariant(_ sql: String) -> [String: [String: MetadataValue]] {
    ["v": ["delta.invariants": .string(#"{"expression":{"expression":"\#(sql)"}}"#)]]
  }
  static func limit(_ text: String) -> [String: [String: MetadataValue]] {
    ["v": ["__CHAR_VARCHAR_TYPE_STRING": .string(text)]]
  }
  static func generated(_ sql: String) -> [String: [String: MetadataValue]] {
    ["v": ["delta.generationExpression": .string(sql)]]
  }
  static func structure(_ name: String, _ column: Column, _ validity: Bitmap? = nil) -> Column {
    Column(fields: [(name, column)], count: column.count, validity: validity)
  }

  static let nulls: [RowRefusal] = [
    .init("v INT NOT NULL", [("v", Column(integers: [nil]))], "Row 1: column `v` is NOT NULL"),
    .init("v STRING NOT NULL", [("v", Column(codes: [nil], values: Column(strings: ["x"])))], "column `v` is NOT NULL"),
    .init("v INT NOT NULL", [("v", Column(nulls: 1, of: .null))], "column `v` is NOT NULL"),
    .init(
      "v STRUCT<x: INT> NOT NULL", [("v", structure("x", Column(integers: [1]), Bitmap([false])))],
      "column `v` is NOT NULL"),
    .init("v ARRAY<INT> NOT NULL", [("v", Column(lists: [nil], of: Column(integers: [])))], "column `v` is NOT NULL"),
  ]

  static let checks: [RowRefusal] = [
    .init("v INT", properties: check("v > 0"), [("v", Column(integers: [0]))], "`c` (v > 0) is not true for v = 0"),
    .init("v INT", properties: check("v > 0"), [("v", Column(integers: [nil]))], "for v = NULL"),
    .init("v INT", properties: check("v IN (1, 2)"), [("v", Column(integers: [3]))], "v = 3"),
    .init(
      "v INT, w INT", properties: check("v < w"), [("v", Column(integers: [3])), ("w", Column(integers: [3]))],
      "v = 3, w = 3"),
    .init("v STRING", properties: check("length(v) <= 3"), [("v", Column(strings: ["four"]))], "v = 'four'"),
    .init("v STRING", properties: check("v RLIKE '^[A-Z]{2}$'"), [("v", Column(strings: ["no"]))], "v = 'no'"),
    .init("v STRING", properties: check("v LIKE '%@%'"), [("v", Column(strings: ["x"]))], "v = 'x'"),
    .init(
      "v DECIMAL(5,2)", properties: check("v * 2 < 10"), [("v", Column(decimals: [500], precision: 5, scale: 2))],
      "v = 5.00"),
    .init("v DATE", properties: check("v >= '2024-01-01'"), [("v", Column(dates: [0]))], "v = 1970-01-01"),
    .init(
      "v TIMESTAMP", properties: check("year(v) > 2000"), [("v", Column(timestamps: [-1]))],
      "v = 1969-12-31 23:59:59.999999"),
    .init("v BINARY", properties: check("v <> X'01'"), [("v", Column(binaries: [[1]]))], "v = X'01'"),
    .init("v DOUBLE", properties: check("NOT isnan(v)"), [("v", Column(doubles: [.nan]))], "v = NaN"),
    .init("v STRUCT<x: INT>", properties: check("v.x > 0"), [("v", structure("x", Column(integers: [0])))], "v.x = 0"),
    .init(
      "v STRUCT<x: INT>", properties: check("v.x > 0"), [("v", structure("x", Column(integers: [5]), Bitmap([false])))],
      "v.x = NULL"),
    .init(
      "v ARRAY<INT>", properties: check("size(v) > 1"), [("v", Column(lists: [1], of: Column(integers: [7])))],
      "v = [7]"),
    .init(
      "v MAP<STRING, INT>", properties: check("v['k'] = 1"),
      [("v", Column(maps: [1], keys: Column(strings: ["k"]), values: Column(integers: [2])))], "v = {'k': 2}"),
    .init("v INT", properties: check("v / 0 > 1"), [("v", Column(integers: [1]))], "v = 1"),
    .init("v INT", properties: check("v + 2147483647 > 0"), [("v", Column(integers: [1]))], "v = 1"),
    .init(
      "v INT", properties: check("CASE WHEN v > 5 THEN FALSE ELSE TRUE END"), [("v", Column(integers: [6]))], "v = 6"),
    .init(
      "`odd name` INT", properties: check("`odd name` = 1"), [("odd name", Column(integers: [2]))], "`odd name` = 2"),
    .init("v INT", properties: check("FALSE"), [("v", Column(integers: [2]))], "is not true for the row"),
    .init(
      "v INT", metadata: invariant("v > 3"), [("v", Column(integers: [3]))],
      "the invariant of column `v` (v > 3) is not true for v = 3"),
    .init("v INT", metadata: invariant("v > 3"), [("v", Column(integers: [nil]))], "v = NULL"),
  ]

  static let values: [RowRefusal] = [
    .init(
      "v TINYINT", [("v", Column(longs: [128]))], .schemaMismatch,
      "Row 1: the BIGINT 128 of column `v` is no value of the table's TINYINT"),
    .init("v INT", [("v", Column(longs: [3_000_000_000]))], .schemaMismatch, "3000000000"),
    .init("v INT", [("v", Column(doubles: [1.5]))], .schemaMismatch, "the DOUBLE 1.5"),
    .init("v BIGINT", [("v", Column(doubles: [.infinity]))], .schemaMismatch, "Infinity"),
    .init("v BIGINT", [("v", Column(doubles: [.nan]))], .schemaMismatch, "NaN"),
    .init("v FLOAT", [("v", Column(doubles: [1e300]))], .schemaMismatch, "1.0E300"),
    .init("v DECIMAL(4,2)", [("v", Column(integers: [100]))], .schemaMismatch, "the INT 100"),
    .init("v DECIMAL(4,2)", [("v", Column(doubles: [99.995]))], .schemaMismatch, "99.995"),
    .init(
      "v DECIMAL(4,1)", [("v", Column(decimals: [125], precision: 4, scale: 2))], .schemaMismatch,
      "the DECIMAL(4,2) 1.25"),
    .init("v INT", [("v", Column(decimals: [150], precision: 4, scale: 2))], .schemaMismatch, "1.50"),
    .init("v DATE", [("v", Column(timestamps: [1]))], .schemaMismatch, "1970-01-01 00:00:00.000001"),
    .init("v TIMESTAMP", [("v", Column(dates: [.max]))], .schemaMismatch, "of column `v`"),
    .init(
      "v TIMESTAMP",
      [("v", Column(.timestamp(.nanoseconds), count: 1, storage: .fixed(Buffer(copying: [1] as [Int64]))))],
      .schemaMismatch, "TIMESTAMP(9)"),
    .init(
      "v STRUCT<x: TINYINT>", [("v", structure("x", Column(integers: [300])))], .schemaMismatch,
      "the INT {x: 300} of column `v.x`"),
    .init(
      "v ARRAY<TINYINT>", [("v", Column(lists: [2], of: Column(integers: [1, 300])))], .schemaMismatch,
      "[1, 300] of column `v.element`"),
    .init(
      "v MAP<TINYINT, INT>", [("v", Column(maps: [1], keys: Column(integers: [300]), values: Column(integers: [1])))],
      .schemaMismatch, "`v.key`"),
    .init(
      "v STRING", [("v", Column(.string, count: 1, storage: Column(binaries: [[0xFF]]).storage))],
      "has a string that is not UTF-8"),
    .init(
      "v DECIMAL(3,0)",
      [("v", Column(.decimal(precision: 3, scale: 0), count: 1, storage: Column(longs: [1000]).storage))],
      "more than 3 digits: 1000"),
    .init(
      "v STRING", metadata: limit("varchar(3)"), [("v", Column(strings: ["abcd"]))],
      "column `v` is varchar(3), which 'abcd' is too long for"),
    .init("v STRING", metadata: limit("char(3)"), [("v", Column(strings: ["abcd"]))], "char(3)"),
    .init(
      "v STRING", metadata: limit("varchar(1)"), [("v", Column(codes: [0], values: Column(strings: ["éé"])))], "'éé'"),
    .init(
      "a INT, v INT", metadata: generated("a + 1"), [("a", Column(integers: [1])), ("v", Column(integers: [1]))],
      "generated as a + 1, which is not 1"),
    .init(
      "a INT, v INT", metadata: generated("a + 1"), [("a", Column(integers: [1])), ("v", Column(integers: [nil]))],
      "which is not NULL"),
    .init(
      "a STRING, v DATE", metadata: generated("CAST(a AS DATE)"),
      [("a", Column(strings: ["x"])), ("v", Column(dates: [0]))],
      "column `v`, which is generated as CAST(a AS DATE), can't be computed for a = 'x'"),
    .init(
      "a INT, v INT", metadata: generated("a + 1"), [("a", Column(integers: [.max]))],
      "Row 1: column `v`, which is generated as a + 1, can't be computed for a = 2147483647: a number overflows"),
    .init(
      "a INT, v INT NOT NULL", metadata: generated("100 % a"), [("a", Column(integers: [0]))],
      "can't be computed for a = 0"),
    .init(
      "a DECIMAL(38,0), v DECIMAL(38,0)", metadata: generated("CAST(a * 10 AS DECIMAL(38,0))"),
      [
        (
          "a",
          Column(decimals: [Int128(10_000_000_000_000_000_000) * 1_000_000_000_000_000_000], precision: 38, scale: 0)
        )
      ],
      "can't be computed"),
    .init(
      "v INT", properties: check("(v + 2147483647 > 0) IS NULL"), [("v", Column(integers: [1]))],
      "the CHECK constraint `c` ((v + 2147483647 > 0) IS NULL) can't be computed for v = 1"),
    .init(
      "v INT", properties: check("coalesce(10 div v > 1, TRUE)"), [("v", Column(integers: [0]))],
      "can't be computed for v = 0"),
    .init(
      "v STRING", metadata: invariant("v IS NULL OR CAST(v AS INT) IS NULL OR TRUE"), [("v", Column(strings: ["x"]))],
      "the invariant of column `v` (v IS NULL OR CAST(v AS INT) IS NULL OR TRUE) can't be computed for v = 'x'"),
    .init(
      "a INT, v INT", metadata: ["v": ["CURRENT_DEFAULT": .string("2147483647 + 1")]], [("a", Column(integers: [1]))],
      .unsupportedFeatures, "The default of column `v` can't be used (2147483647 + 1): it can't be computed"),
  ]

  static let rules: [RowRefusal] = [
    .init(
      "v INT", properties: check("v >"), [("v", Column(integers: [1]))], .unsupportedFeatures, "the text ends here"),
    .init(
      "v INT", properties: check("soundex(v) = 'x'"), [("v", Column(integers: [1]))], .unsupportedFeatures,
      "There is no function soundex"),
    .init(
      "v INT", properties: check("rand() < 1"), [("v", Column(integers: [1]))], .unsupportedFeatures,
      "another value each time"),
    .init(
      "a INT, v INT", metadata: generated("b"), [("a", Column(integers: [1]))], .unsupportedFeatures,
      "The generated column `v` can't be evaluated (b)"),
    .init(
      "v STRING", metadata: limit("varchar(x)"), [("v", Column(strings: ["a"]))], .unsupportedFeatures, "varchar(x)"),
    .init("v VOID", [("v", Column(nulls: 1, of: .null))], .schemaMismatch, "void"),
    .init("a INT, v ARRAY<VOID>", [("a", Column(integers: [1]))], .schemaMismatch, "inside an array or map"),
  ]

  @Test(
    "Errors name the column, the rule, the row and the value", arguments: [nulls, checks, values, rules].flatMap { $0 })
  func refusal(_ test: RowRefusal) throws {
    let table = try TableDefinition(sql: test.sql, properties: test.properties, metadata: test.metadata)
    let error = #expect(throws: DeltaError.self) {
      try RowEnforcerTests.enforce(table, test.columns).checkAllAccepted()
    }
    #expect(error?.code == test.code)
    #expect(error?.message.contains(test.words) == true, "\(error?.message ?? "")")
  }

  @Test(
    "What a row does not come to need not be computed, nor what may fail by its own word",
    arguments: [
      "v = 0 OR 10 / v > 1", "v <> 0 AND 10 / v > 1 OR v = 0", "CASE WHEN v = 0 THEN TRUE ELSE 10 / v > 1 END",
      "if(v = 0, TRUE, 10 div v > 1)", "coalesce(v = 0, 10 / v > 1)", "nvl2(nullif(v, 0), 10 / v > 1, TRUE)",
      "try_divide(10, v) IS NULL", "TRY_CAST('x' AS INT) IS NULL", "try_add(v, 2147483647) > 0",
      "v IS NOT NULL OR 1 / 0 > 1",
    ])
  func notComputed(sql: String) throws {
    let table = try TableDefinition(sql: "v INT", properties: Self.check(sql))
    let result = try RowEnforcerTests.enforce(table, [("v", Column(integers: [0]))])
    #expect(result.accepted == nil, "\(result.violations())")
  }

  @Test("Only the rows that can't be computed are refused, each by its own values")
  func someRows() throws {
    let table = try TableDefinition(
      sql: "a INT, v INT, w INT",
      metadata: [
        "v": ["delta.generationExpression": .string("a * 2 + 1")],
        "w": ["delta.generationExpression": .string("v + 1")],
      ])
    let result = try RowEnforcerTests.enforce(
      table, [("a", Column(integers: [1, .max, nil, -5, 1_073_741_823]))], firstRow: 10)
    #expect(
      result.violations().map { "\($0.rowNumber) \($0.column?.names[0] ?? "") \($0.value)" }
        == ["12 v a = 2147483647", "15 w v = 2147483647"])
    #expect(RowEnforcerTests.bits(result.accepted) == "10110")
  }

  @Test(
    "Rows that are good enough pass",
    arguments: [
      ("v INT NOT NULL", [("v", Column(integers: [1]))]),
      ("v STRUCT<x: INT>", [("v", structure("x", Column(integers: [nil])))]),
      ("v INT", [("v", Column(doubles: [2]))]), ("v TIMESTAMP_NTZ", [("v", Column(timestamps: [5]))]),
      ("v DATE", [("v", Column(timestamps: [86_400_000_000]))]),
      ("v STRING", [("v", Column(longs: [5]))]), ("v FLOAT", [("v", Column(doubles: [0.1]))]),
      ("v FLOAT", [("v", Column(doubles: [.infinity]))]),
      ("v DECIMAL(4,2)", [("v", Column(doubles: [0.125]))]), ("v VOID, w INT", [("w", Column(integers: [1]))]),
    ] as [(String, [(String, Column)])])
  func passing(sql: String, columns: [(String, Column)]) throws {
    #expect(try RowEnforcerTests.enforce(TableDefinition(sql: sql), columns).accepted == nil)
  }
}
