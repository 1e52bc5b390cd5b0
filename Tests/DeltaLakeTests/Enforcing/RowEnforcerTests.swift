import Columnar
import DeltaLake
import DeltaLog
import Testing
import _TestSupport

@Suite("Rows enforced")
struct RowEnforcerTests {
  static func enforce(
    _ table: TableDefinition, _ columns: [(String, Column)], purpose: WriteFit.Purpose = .insert, now: Int64 = 0,
    identities: IdentityAllocator? = nil, firstRow: Int64 = 0
  ) throws -> EnforcedBatch {
    let schema = StructType(columns.map { StructField($0.0, $0.1.type) })
    let fit = try WriteFit(schema, to: table.schema, purpose: purpose)
    let allocator = try identities ?? IdentityAllocator(table.schema)
    let enforcer = try RowEnforcer(table, fit, identities: allocator, now: now)
    let batch = RecordBatch(schema: schema, columns: columns.map(\.1), rowCount: columns.first?.1.count ?? 0)
    return try enforcer.enforce(batch, firstRow: firstRow)
  }

  static func bits(_ bitmap: Bitmap?) -> String {
    bitmap.map { bitmap in (0..<bitmap.count).map { bitmap[$0] ? "1" : "0" }.joined() } ?? "all"
  }

  @Test("Columns come out as the table's, whatever their order, case and types")
  func fitting() throws {
    let table = try TableDefinition(
      sql:
        "Id BIGINT NOT NULL, d DECIMAL(10,2), s STRUCT<a: INT, b: STRING>, l ARRAY<DOUBLE>, m MAP<STRING, BIGINT>, n DATE"
    )
    let inner = Column(
      fields: [("B", Column(strings: ["x", nil])), ("A", Column(bytes: [1, 2]))], count: 2,
      validity: Bitmap([true, false]))
    let result = try Self.enforce(
      table,
      [
        ("S", inner), ("D", Column(integers: [7, nil])), ("ID", Column(shorts: [1, 2])),
        ("l", Column(lists: [2, nil], of: Column(floats: [1, 2.5]))),
        ("m", Column(maps: [1, 0], keys: Column(strings: ["k"]), values: Column(integers: [9]))),
      ])
    #expect(result.accepted == nil)
    #expect(result.rows.schema == table.schema)
    #expect(result.rows.columns.map(\.type) == table.schema.fields.map(\.type))
    #expect(result.rows.columns[0] == Column(longs: [1, 2]))
    #expect(result.rows.columns[1] == Column(decimals: [700, nil], precision: 10, scale: 2))
    #expect(try ColumnExpression(parsing: "s.a").evaluate(on: result.rows) == Column(integers: [1, nil]))
    #expect(try ColumnExpression(parsing: "l[1]").evaluate(on: result.rows) == Column(doubles: [2.5, nil]))
    #expect(try ColumnExpression(parsing: "m['k']").evaluate(on: result.rows) == Column(longs: [9, nil]))
    #expect(result.rows.columns[5].nullCount == 2)
  }

  @Test("Defaults fill columns that the data does not have, and none that it has")
  func defaults() throws {
    func value(_ sql: String) -> [String: MetadataValue] { ["CURRENT_DEFAULT": .string(sql)] }
    let table = try TableDefinition(
      sql:
        "id INT, s STRING, n DECIMAL(8,2), d DATE, a ARRAY<INT>, e BIGINT, t TIMESTAMP, z STRUCT<x: INT, y: STRING>, v INT",
      metadata: [
        "s": value("'n/a'"), "n": value("1.50"), "d": value("date'2024-02-29'"), "a": value("array(1, 2)"),
        "e": value("3 + 4"),
        "t": value("current_timestamp()"), "z": value("named_struct('y', 'q', 'x', 1)"), "v": value("NULL"),
        "id": value("5"),
      ])
    let rows = try Self.enforce(table, [("id", Column(integers: [1, nil]))], now: 1_704_067_200_000_000).rows
    #expect(rows.columns[0] == Column(integers: [1, nil]))
    #expect(rows.columns[1] == Column(strings: ["n/a", "n/a"]))
    #expect(rows.columns[2] == Column(decimals: [150, 150], precision: 8, scale: 2))
    #expect(rows.columns[3] == Column(dates: [19_782, 19_782]))
    #expect(try ColumnExpression(parsing: "size(a) * 10 + a[1]").evaluate(on: rows) == Column(integers: [22, 22]))
    #expect(rows.columns[5] == Column(longs: [7, 7]))
    #expect(rows.columns[6] == Column(timestamps: [1_704_067_200_000_000, 1_704_067_200_000_000]))
    #expect(try ColumnExpression(parsing: "concat(z.x, z.y)").evaluate(on: rows) == Column(strings: ["1q", "1q"]))
    #expect(rows.columns[8].nullCount == 2)
  }

  @Test(
    "A default that is no value of its column is refused when it is needed, not before",
    arguments: [
      ("300", "TINYINT", "300 is no value of its type TINYINT"), ("'x'", "INT", "STRING"),
      ("nope", "INT", "no column nope"),
      ("1 +", "INT", "ends here"), ("array(1, 300)", "ARRAY<TINYINT>", "[1, 300] is no value"),
      ("1.5", "INT", "1.5 is no value"),
    ])
  func unusableDefaults(sql: String, type: String, words: String) throws {
    let table = try TableDefinition(sql: "id INT, v \(type)", metadata: ["v": ["CURRENT_DEFAULT": .string(sql)]])
    let error = #expect(throws: DeltaError.self) { try Self.enforce(table, [("id", Column(integers: [1]))]) }
    #expect(error?.code == .unsupportedFeatures)
    #expect(error?.message.contains(words) == true && error?.message.contains("`v`") == true, "\(error?.message ?? "")")
    let given = Column(nulls: 1, of: table.schema.fields[1].type)
    #expect(throws: Never.self) { try Self.enforce(table, [("id", Column(integers: [1])), ("v", given)]) }
  }

  @Test("Generated columns are computed when they are missing, each from what it needs")
  func generated() throws {
    func expression(_ sql: String) -> [String: MetadataValue] { ["delta.generationExpression": .string(sql)] }
    let table = try TableDefinition(
      sql: "ts TIMESTAMP, d DATE, h INT, n INT, n2 BIGINT, s STRUCT<a: INT, b: STRING>, sa STRING, y INT",
      metadata: [
        "d": expression("CAST(ts AS DATE)"), "h": expression("HOUR(ts)"), "n2": expression("CAST(n AS BIGINT) * 2 + 1"),
        "sa": expression("concat(s.b, '-', CAST(s.a AS STRING))"), "y": expression("YEAR(ts)"),
      ])
    let inner = Column(fields: [("a", Column(integers: [1, 2])), ("b", Column(strings: ["x", nil]))], count: 2)
    let data: [(String, Column)] = [
      ("ts", Column(timestamps: [1_703_974_500_000_000, nil])), ("n", Column(integers: [10, nil])), ("s", inner),
    ]
    let rows = try Self.enforce(table, data).rows
    #expect(rows["d"] == Column(dates: [19_721, nil]))
    #expect(rows["h"] == Column(integers: [22, nil]))
    #expect(rows["n2"] == Column(longs: [21, nil]))
    #expect(rows["sa"] == Column(strings: ["x-1", nil]))
    #expect(rows["y"] == Column(integers: [2023, nil]))
    // Given, they are held against the expression: null equals null.
    #expect(try Self.enforce(table, data + [("n2", Column(longs: [21, nil]))]).accepted == nil)
    let wrong = try Self.enforce(table, data + [("n2", Column(longs: [22, 0]))])
    #expect(Self.bits(wrong.accepted) == "00")
    #expect(
      wrong.violations(limit: 1).map(\.description)
        == ["Row 1: column `n2` is generated as CAST(n AS BIGINT) * 2 + 1, which is not 22."])
  }

  @Test("Identities go on over batches and workers, and are committed as marks")
  func identities() async throws {
    let table = try TableDefinition(
      sql: "k BIGINT, d BIGINT, v STRING",
      metadata: [
        "k": IdentityColumn(start: 10, step: 5, highWaterMark: 55).written(to: StructField("k", .long)).metadata,
        "d": IdentityColumn(start: -1, step: -3, allowsExplicitInsert: true).written(to: StructField("d", .long))
          .metadata,
      ])
    let allocator = try IdentityAllocator(table.schema)
    #expect(allocator.advanced(table.schema) == nil)
    let first = try Self.enforce(table, [("v", Column(strings: ["a", "b"]))], identities: allocator).rows
    #expect(first["k"] == Column(longs: [60, 65]))
    #expect(first["d"] == Column(longs: [-1, -4]))
    // A value of one's own does not move the mark.
    let second = try Self.enforce(
      table, [("v", Column(strings: ["c"])), ("d", Column(longs: [-100]))], identities: allocator
    ).rows
    #expect(second["k"] == Column(longs: [70]))
    #expect(second["d"] == Column(longs: [-100]))
    let advanced = try #require(allocator.advanced(table.schema))
    #expect(advanced.fields[0].metadata["delta.identity.highWaterMark"] == .long(70))
    #expect(advanced.fields[1].metadata["delta.identity.highWaterMark"] == .long(-4))
    let all = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for _ in 0..<8 {
        group.addTask {
          let rows = try Self.enforce(
            table, [("v", Column(strings: Array(repeating: "x", count: 100)))], identities: allocator
          ).rows
          return (0..<100).compactMap { if case .long(let value)? = rows["k"]?.scalar(at: $0) { value } else { nil } }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(all).count == 800)
  }

  @Test("A series that leaves 64 bits is an error, and rows that the table had keep their values")
  func identityLimits() throws {
    let table = try TableDefinition(
      sql: "k BIGINT, v INT",
      metadata: [
        "k": IdentityColumn(start: 1, step: 1, highWaterMark: .max).written(to: StructField("k", .long)).metadata
      ])
    let error = #expect(throws: DeltaError.self) { try Self.enforce(table, [("v", Column(integers: [1]))]) }
    #expect(error?.code == .constraintViolation)
    #expect(error?.message.contains("`k` has no values left") == true)
    let rows = try Self.enforce(table, [("k", Column(longs: [7])), ("v", Column(integers: [1]))], purpose: .rewrite)
      .rows
    #expect(rows["k"] == Column(longs: [7]))
    #expect(try Self.enforce(table, [("v", Column(integers: []))]).rows.rowCount == 0)
  }

  @Test("char is filled up and varchar cut, where they are nested too")
  func lengths() throws {
    let table = try TableDefinition(
      sql: "c STRING, v STRING, s STRUCT<a: STRING, b: ARRAY<STRING>>",
      metadata: [
        "c": ["__CHAR_VARCHAR_TYPE_STRING": .string("char(3)")],
        "v": ["__CHAR_VARCHAR_TYPE_STRING": .string("varchar(2)")],
        "s": ["__CHAR_VARCHAR_TYPE_STRING": .string("struct<A:char(2),b:array<varchar(1)>>")],
      ])
    let inner = Column(
      fields: [
        ("a", Column(strings: ["x", "y", "z"])),
        ("b", Column(lists: [1, 1, 2], of: Column(strings: ["p", "qq", "r", "s "]))),
      ],
      count: 3, validity: Bitmap([true, true, true]))
    let result = try Self.enforce(
      table, [("c", Column(strings: ["a", "abcd", nil])), ("v", Column(strings: ["xy  ", "x", "xyz"])), ("s", inner)])
    #expect(Self.bits(result.accepted) == "100")
    #expect(result.rows["c"] == Column(strings: ["a  ", "abcd", nil]))
    #expect(result.rows["v"] == Column(strings: ["xy", "x", "xyz"]))
    #expect(
      try ColumnExpression(parsing: "concat(s.a, '|', s.b[0])").evaluate(on: result.rows).scalar(at: 0)
        == .string("x |p"))
    #expect(
      result.violations().map(\.description) == [
        "Row 2: column `c` is char(3), which 'abcd' is too long for.",
        "Row 2: column `s.b.element` is struct<A:char(2),b:array<varchar(1)>>, which {a: 'y', b: ['qq']} is too long for.",
        "Row 3: column `v` is varchar(2), which 'xyz' is too long for.",
      ])
  }

  @Test("The good rows can be taken without the others, which tell every rule that they break")
  func skipping() throws {
    let table = try TableDefinition(
      sql: "id INT NOT NULL, v TINYINT, w INT",
      properties: ["delta.constraints.pos": "id > 0", "delta.constraints.small": "w < 10"])
    let result = try Self.enforce(
      table,
      [
        ("id", Column(integers: [1, nil, -5, 4])), ("v", Column(longs: [1, 2, 3, 400])),
        ("w", Column(integers: [1, 2, 30, nil])),
      ],
      firstRow: 1000)
    #expect(Self.bits(result.accepted) == "1000")
    #expect(result.rejectedCount == 3)
    #expect(result.acceptedRows.columns == [Column(integers: [1]), Column(bytes: [1]), Column(integers: [1])])
    #expect(
      result.violations().map { "\($0.rowNumber) \($0.reason)" } == [
        "1002 column `id` is NOT NULL, but the row has no value for it",
        "1002 the CHECK constraint `pos` (id > 0) is not true for id = NULL",
        "1003 the CHECK constraint `pos` (id > 0) is not true for id = -5",
        "1003 the CHECK constraint `small` (w < 10) is not true for w = 30",
        // A null is no more true than false. What a value without counterpart would have been is not judged.
        "1004 the BIGINT 400 of column `v` is no value of the table's TINYINT",
      ])
    #expect(result.violations(limit: 1).count == 2)
    let error = #expect(throws: DeltaError.self) { try result.checkAllAccepted() }
    #expect(error?.code == .constraintViolation)
    #expect(
      error?.message.contains("Row 1002: column `id` is NOT NULL") == true
        && error?.message.contains("3 rows like that") == true)
    #expect(throws: Never.self) {
      try Self.enforce(table, [("id", Column(integers: [1])), ("w", Column(integers: [1]))]).checkAllAccepted()
    }
  }

  @Test("A batch of another schema than was said is refused")
  func foreignBatch() throws {
    let table = try TableDefinition(sql: "a INT, b STRUCT<x: INT>")
    let fit = try WriteFit(StructType(sql: "a INT, b STRUCT<x: INT>"), to: table.schema)
    let enforcer = try RowEnforcer(table, fit, identities: IdentityAllocator(table.schema))
    for columns in [[Column(longs: [1]), Column(longs: [1])], [Column(integers: [1])]] {
      let schema = StructType(columns.enumerated().map { StructField("c\($0.offset)", $0.element.type) })
      let error = #expect(throws: DeltaError.self) {
        try enforcer.enforce(RecordBatch(schema: schema, columns: columns, rowCount: 1))
      }
      #expect(error?.code == .invalidArgument)
    }
  }
}
