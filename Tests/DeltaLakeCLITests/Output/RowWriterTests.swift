import Columnar
import Testing

@testable import DeltaLakeCLI

private func printed(
  _ batch: RecordBatch, _ format: RowFormat, dialect: CanonicalDialect = .delta, terminal: Terminal? = nil
) throws -> String {
  let sink = ByteSink()
  let writer = format.writer(for: batch.schema, to: sink, dialect: dialect, terminal: terminal)
  try writer.write(batch)
  try writer.finish()
  return sink.text
}

private func line(_ column: Column, _ format: RowFormat, dialect: CanonicalDialect = .delta) throws -> [String] {
  try printed(SampleBatch.batch([("v", column)]), format, dialect: dialect).split(separator: "\n").map {
    String($0.dropFirst(#"{"v":"#.count).dropLast())
  }
}

@Suite("Canonical and natural JSON rows")
struct JSONRowWriterTests {
  @Test(
    "Each type has its spelling",
    arguments: [
      (SampleBatch.fixed(.byte, [Int8(-128)]), "-128", "-128"),
      (SampleBatch.fixed(.unsignedLong, [UInt64.max]), "18446744073709551615", "18446744073709551615"),
      (SampleBatch.fixed(.double, [0.1]), "0.1", "0.1"), (SampleBatch.fixed(.double, [1e16]), "1e+16", "1e+16"),
      (SampleBatch.fixed(.float, [Float(0.1)]), "0.1", "0.1"),
      (SampleBatch.fixed(.float, [-Float.infinity]), "\"-Infinity\"", "\"-Infinity\""),
      (SampleBatch.fixed(.float16, [UInt16(0x3E00)]), "1.5", "1.5"),
      (SampleBatch.fixed(.decimal(precision: 5, scale: 2), [Int64(-5)]), "\"-0.05\"", "-0.05"),
      (SampleBatch.fixed(.decimal(precision: 38, scale: 0), [Int128(12)]), "\"12\"", "12"),
      (SampleBatch.bytes([[0xFF]], .decimal(precision: 40, scale: 1)), "\"-0.1\"", "-0.1"),
      (SampleBatch.strings(["a\"\n"]), #""a\"\n""#, #""a\"\n""#),
      (SampleBatch.strings(["hi"], .binary), "\"6869\"", "\"aGk=\""),
      (SampleBatch.fixed(.date, [Int32(0)]), "\"1970-01-01\"", "\"1970-01-01\""),
      (SampleBatch.fixed(.timestamp(), [Int64(0)]), "\"1970-01-01T00:00:00.000000Z\"", "\"1970-01-01T00:00:00Z\""),
      (
        SampleBatch.fixed(.timestampNtz(.nanoseconds), [Int64(1)]), "\"1970-01-01T00:00:00.000000001\"",
        "\"1970-01-01T00:00:00.000000001\""
      ),
      (SampleBatch.fixed(.time(.milliseconds), [Int64(1)]), "\"00:00:00.001000\"", "\"00:00:00.001000\""),
      (Column(nulls: 1, of: .null), "null", "null"), (Column(nulls: 1, of: .variant), "null", "null"),
    ])
  func leaves(column: Column, canonical: String, natural: String) throws {
    #expect(try line(column, .canonical) == [canonical])
    #expect(try line(column, .jsonl) == [natural])
  }

  @Test("Nulls and nested values, at any depth")
  func nested() throws {
    let inner = SampleBatch.structs(
      [
        ("a", SampleBatch.fixed(.integer, [Int32(1), 2, 3], nulls: [1])), ("b", SampleBatch.strings(["x", "y", nil])),
      ],
      nulls: [2])
    let lists = SampleBatch.list(inner, offsets: [0, 0, 2, 3, 3], nulls: [3])
    #expect(try line(lists, .canonical) == ["[]", #"[{"a":1,"b":"x"},{"a":null,"b":"y"}]"#, "[null]", "null"])
    #expect(try line(Column(nulls: 2, of: lists.type), .canonical) == ["null", "null"])
  }

  @Test("Offsets may start anywhere")
  func offsets() throws {
    let values = SampleBatch.fixed(.integer, [Int32(1), 2, 3, 4])
    #expect(try line(SampleBatch.list(values, offsets: [1, 2, 4]), .canonical) == ["[2]", "[3,4]"])
  }

  @Test("Maps are sorted for tables, in the file's order for files, objects for other tools")
  func maps() throws {
    let map = SampleBatch.map(
      SampleBatch.strings(["b", "a"]), SampleBatch.fixed(.integer, [Int32(1), 2], nulls: [1]), offsets: [0, 2])
    #expect(try line(map, .canonical) == [#"[["a",null],["b",1]]"#])
    #expect(try line(map, .canonical, dialect: .parquet) == [#"[["b",1],["a",null]]"#])
    #expect(try line(map, .jsonl) == [#"{"b":1,"a":null}"#])
    let numbers = SampleBatch.map(
      SampleBatch.fixed(.integer, [Int32(10), 9]), SampleBatch.strings(["x", "y"]), offsets: [0, 2])
    #expect(try line(numbers, .canonical) == [#"[[10,"x"],[9,"y"]]"#])
    #expect(try line(numbers, .jsonl) == [#"{"10":"x","9":"y"}"#])
  }

  @Test("Dictionary codes print as the values they stand for")
  func dictionaries() throws {
    let column = Column(
      .string, count: 3, validity: Bitmap([true, false, true]),
      storage: .dictionary(codes: Buffer(copying: [Int32(1), 0, 0]), values: SampleBatch.strings(["no", "yes"])))
    #expect(try line(column, .canonical) == ["\"yes\"", "null", "\"no\""])
  }

  @Test("Long years have the sign that each format wants")
  func longYears() throws {
    let column = SampleBatch.fixed(.date, [Int32(2_932_897)])
    #expect(try line(column, .canonical) == ["\"+10000-01-01\""])
    #expect(try line(column, .canonical, dialect: .parquet) == ["\"10000-01-01\""])
  }

  @Test("Variants print their value; a damaged one is an error unless it lies under a null")
  func variants() throws {
    func variants(_ values: [[UInt8]]) -> Column {
      Column(
        .variant, count: values.count,
        storage: .variant(
          metadata: SampleBatch.bytes(values.map { _ in [1, 0, 0] }, .binary), value: SampleBatch.bytes(values, .binary)
        ))
    }
    #expect(try line(variants([[0x20, 2, 120, 0, 0, 0]]), .canonical) == ["\"1.20\""])
    #expect(try line(variants([[0x20, 2, 120, 0, 0, 0]]), .jsonl) == ["1.20"])
    let damaged = variants([[0x00], []])
    #expect(throws: OutputError.self) { try line(damaged, .canonical) }
    #expect(throws: OutputError.self) { try line(SampleBatch.structs([("s", damaged)]), .canonical) }
    #expect(try line(SampleBatch.structs([("s", damaged)], nulls: [1]), .canonical) == [#"{"s":null}"#, "null"])
  }

  @Test("Batches of many blocks keep their order, and rows without columns are objects too")
  func blocks() throws {
    let column = SampleBatch.fixed(.long, (0..<5_000).map { Int64($0) })
    #expect(try line(column, .canonical) == (0..<5_000).map { "\($0)" })
    #expect(try printed(RecordBatch(schema: StructType([]), columns: [], rowCount: 2), .jsonl) == "{}\n{}\n")
  }
}

@Suite("Rows for people and spreadsheets")
struct TextRowWriterTests {
  private let batch = SampleBatch.batch([
    ("id", SampleBatch.fixed(.long, [Int64(1), 20, 3], nulls: [2])),
    ("na|me", SampleBatch.strings(["a,\"b\"", "", nil])),
    ("tags", SampleBatch.list(SampleBatch.strings(["x", "y"]), offsets: [0, 2, 2, 2], nulls: [2])),
  ])

  @Test("CSV tells a null from an empty string, and quotes what must be")
  func csv() throws {
    #expect(
      try printed(batch, .csv) == #"""
        id,na|me,tags
        1,"a,""b""","[""x"",""y""]"
        20,"",[]
        ,,

        """#)
  }

  @Test("Markdown keeps pipes inside of cells")
  func markdown() throws {
    #expect(
      try printed(batch, .markdown) == """
        | id | na\\|me | tags |
        | ---: | --- | --- |
        | 1 | a,"b" | ["x","y"] |
        | 20 |  | [] |
        | *null* | *null* | *null* |

        """)
  }

  @Test("A table fits its values")
  func table() throws {
    #expect(
      try printed(batch, .table) == """
           id | na|me | tags
        ------+-------+-----------
            1 | a,"b" | ["x","y"]
           20 |       | []
         NULL | NULL  | NULL
        (3 rows)

        """)
  }

  @Test("A table fits the terminal: long cells are cut, wide characters count twice, commands are shown")
  func narrowTable() throws {
    let batch = SampleBatch.batch([
      ("k", SampleBatch.strings(["日本", "NULL"])),
      ("v", SampleBatch.strings([String(repeating: "long ", count: 9), "\u{1B}[31m\n"])),
      ("w", SampleBatch.strings(["e\u{301}", "👨‍👩‍👧"])),
    ])
    #expect(
      try printed(batch, .table, terminal: Terminal(width: 30, isDecorated: false)) == """
         k      | v              | w
        --------+----------------+----
         日本   | long long lon… | e\u{301}
         "NULL" | \\u{1b}[31m\\n   | 👨‍👩‍👧
        (2 rows)

        """)
    let crowded = SampleBatch.batch((0..<10).map { ("column\($0)", SampleBatch.strings(["x"])) })
    let lines = try printed(crowded, .table, terminal: Terminal(width: 40, isDecorated: false)).split(separator: "\n")
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= 40 })
    #expect(lines.last == "(1 row, 6 of 10 columns not shown)")
  }

  @Test("A terminal has lines, and nulls are dim")
  func decorated() throws {
    let batch = SampleBatch.batch([("a", SampleBatch.strings([nil])), ("b", SampleBatch.strings(["x"]))])
    let text = try printed(batch, .table, terminal: Terminal(width: 80, isDecorated: true))
    #expect(text.contains("─┼─") && text.contains("\u{1B}[2mNULL\u{1B}[0m"))
  }

  @Test("No rows leave a header, or nothing", arguments: RowFormat.allCases)
  func empty(format: RowFormat) throws {
    let text = try printed(SampleBatch.batch([("id", SampleBatch.fixed(.long, [Int64]()))]), format)
    let expected: [RowFormat: String] = [
      .table: " id\n----\n(0 rows)\n", .csv: "id\n", .markdown: "| id |\n| ---: |\n",
    ]
    #expect(text == expected[format] ?? "")
  }
}
