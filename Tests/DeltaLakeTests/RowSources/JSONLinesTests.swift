import Columnar
import Foundation
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Rows of JSON lines")
struct JSONLinesTests {
  @Test("The first rows' types are put together, nested ones too")
  func guesses() async throws {
    let source = try await RowSource.jsonLines(
      """
      {"id": 1, "n": 1, "s": {"a": [1, null]}, "t": "\\u00e9\\n"}
      {"n": 2.5, "id": 2, "s": {"b": true, "a": []}}

      {"id": null, "late": [{"x": 1}]}
      """)
    #expect(
      source.schema
        == StructType([
          StructField("id", .long), StructField("n", .double),
          StructField(
            "s", .struct(StructType([StructField("a", .array(ArrayType(.long))), StructField("b", .boolean)]))),
          StructField("t", .string),
          StructField("late", .array(ArrayType(.struct(StructType([StructField("x", .long)]))))),
        ]))
    #expect(
      try await source.rows() == [
        "1|1.0|{[1,NULL],NULL}|é\n|NULL", "2|2.5|{[],true}|NULL|NULL", "NULL|NULL|NULL|NULL|[{1}]",
      ])
  }

  @Test("A schema types strings and numbers exactly")
  func schema() async throws {
    let schema = try StructType(
      sql:
        "d DATE, at TIMESTAMP, p DECIMAL(38, 2), b BINARY, m MAP<STRING, INT>, v VARIANT, f DOUBLE, raw STRING, gone INT"
    )
    let source = try await RowSource.jsonLines(
      #"{"d":"2024-02-29","at":"2024-02-29T12:00:00Z","p":123456789012345678901234567890.12,"b":"AP8=","m":{"k":1,"l":null},"v":{"z":[1,2.5]},"f":"NaN","raw":{"a": 1}}"#,
      schema: schema)
    #expect(
      try await source.rows() == [
        #"19782|1709208000000000|123456789012345678901234567890.12|[0, 255]|<k:1,l:NULL>|{"z":[1,2.5]}|nan|{"a": 1}|NULL"#
      ])
  }

  @Test("A value that is none of a given type is told, wherever it is nested")
  func misfits() async throws {
    let source = try await RowSource.jsonLines(
      "{\"a\":[{\"x\":1}],\"b\":1}\n{\"a\":[{\"x\":\"one\"},{\"x\":2}],\"b\":1.5}\n",
      schema: try StructType(sql: "a ARRAY<STRUCT<x: INT>>, b INT"))
    let batch = try #require(try await source.makeReader().next())
    #expect(batch.misfits.map(\.column) == ["a", "b"])
    #expect(batch.misfits.map { $0.texts.scalar(at: 1) } == [.string("[{\"x\":\"one\"},{\"x\":2}]"), .string("1.5")])
    #expect(batch.misfits.allSatisfy { $0.texts.isNull(0) })
  }

  @Test(
    "Damaged text and types that don't go together are refused by place",
    arguments: [
      ("{\"a\":1}\n{\"a\":", "rows.jsonl, line 2: not JSON: the text ends in the middle of a value"),
      ("{\"a\":1} x\n", "rows.jsonl, line 1: not JSON: unexpected character 'x', at byte 9"),
      ("[{\"a\":1}]\n", "rows.jsonl, line 1: an array, where each line is to be an object."),
      ("{\"a\":1,\"a\":2}\n", "rows.jsonl, line 1: the field a stands twice"),
      ("{\"a\":1}\n{\"a\":\"x\"}\n", "rows.jsonl: a is a number in one row and a string in another."),
      ("{\"a\":123456789012345678901}\n", "rows.jsonl: a is a whole number beyond 64 bits."),
      ("{\"a\":{}}\n", "rows.jsonl: a is an object without fields: a map?"),
      ("", "rows.jsonl has no fields"),
    ])
  func damaged(text: String, message: String) async throws {
    let told = await failure { _ = try await RowSource.jsonLines(text).rows() }
    #expect(told.hasPrefix(message), "\(told)")
  }

  @Test("Nesting has an end")
  func depth() async throws {
    let deep = "{\"a\":" + String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000) + "}"
    let told = await failure { _ = try await RowSource.jsonLines(deep) }
    #expect(told == "rows.jsonl, line 1: values nested more than 100 deep.")
  }

  @Test("Later rows with other types or fields are refused by line")
  func late() async throws {
    let first = String(repeating: "{\"id\":1}\n", count: 600_000)
    let type = await failure { _ = try await RowSource.jsonLines(first + "{\"id\":\"x\"}\n").rows() }
    #expect(type.hasPrefix("rows.jsonl, line 600001: '\"x\"' in column id is no BIGINT"), "\(type)")
    let field = await failure { _ = try await RowSource.jsonLines(first + "{\"id\":1,\"more\":2}\n").rows() }
    #expect(
      field.hasPrefix("rows.jsonl, line 600001: the field more is not among those of the first rows."), "\(field)")
  }

  @Test(
    "Blank lines end nothing, however many there are and however long", arguments: [("\n", 1 << 10), ("\r\n", 9 << 20)])
  func blanks(end: String, length: Int) async throws {
    // More than a batch takes.
    let count = (9 << 20) / length
    let many = String(repeating: String(repeating: " ", count: length - end.utf8.count) + end, count: count)
    let schema = try StructType(sql: "a INT")
    let source = try await RowSource.jsonLines(many + "{\"a\":1}\n" + many + "{\"a\":2}\n" + many, schema: schema)
    #expect(try await source.rows() == ["1", "2"])
    let files = [many, "{\"a\":3}", many].map { TextFile.bytes(Array($0.utf8), name: "rows.jsonl") }
    #expect(try await RowSource.jsonLines(files, schema: schema).rows() == ["3"])
    #expect(try await RowSource.jsonLines(many, schema: schema).rows() == [])
    let told = await failure {
      _ = try await RowSource.jsonLines(many + "{\"a\":1}\n" + many + "x", schema: schema).rows()
    }
    let lines = 2 * count + 2
    #expect(told.hasPrefix("rows.jsonl, line \(lines): not JSON"), "\(told)")
  }

  @Test(
    "A number beyond the range of its type is none of it, not infinite",
    arguments: [
      ("a DOUBLE", "1e400", nil), ("a DOUBLE", "-1.8e308", nil),
      ("a DOUBLE", "1.7976931348623157e308", "1.7976931348623157e+308"),
      ("a DOUBLE", "\"-Infinity\"", "-inf"), ("a DOUBLE", "1e-400", "0.0"), ("a FLOAT", "1e39", nil),
      ("a FLOAT", "1e400", nil),
      ("a FLOAT", "3.4028235e38", "3.4028235e+38"), ("a FLOAT", "3.4028236e38", nil),
      ("a FLOAT", "\"Infinity\"", "inf"),
      ("a VARIANT", "1e400", nil), ("a VARIANT", "[1,{\"b\":-1e400}]", nil), ("a VARIANT", "1e308", "1e+308"),
      ("a VARIANT", "0." + String(repeating: "1", count: 500), nil),
    ] as [(String, String, String?)])
  func range(schema: String, text: String, value: String?) async throws {
    let source = try await RowSource.jsonLines("{\"a\":\(text)}\n", schema: try StructType(sql: schema))
    let batch = try #require(try await source.makeReader().next())
    #expect(batch.misfits.map(\.column) == (value == nil ? ["a"] : []))
    #expect(try await source.rows() == [value ?? "NULL"])
  }
}
