import Columnar
import DeltaLog
import Testing
import _TestSupport

@Suite("What does not fit a table's schema is refused in words")
struct SchemaRefusalTests {
  @Test(
    "Each is refused with a code to act on and a remedy",
    arguments: SchemaRefusal.all)
  func refusal(_ test: SchemaRefusal) {
    let error = #expect(throws: DeltaError.self) { try test.attempt() }
    #expect(error?.code == test.code)
    #expect(error?.message.contains(test.words) == true, "\(error?.message ?? "")")
  }

  @Test(
    "Rows can't be written where nothing but void is left",
    arguments: [
      ("a VOID", "no other columns than void ones"), ("a INT, s STRUCT<b: VOID>", "`s` with its fields"),
      ("a INT, l ARRAY<VOID>", "`l.element` inside an array or map"),
      ("a INT, m MAP<STRING, STRUCT<x: VOID, y: INT>>", "`m.value.x` inside an array or map"),
    ])
  func void(sql: String, words: String) throws {
    let schema = try StructType(sql: sql)
    let error = #expect(throws: DeltaError.self) { try SchemaChecks.checkRowsCanBeWritten(schema) }
    #expect(error?.code == .schemaMismatch)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(throws: Never.self) {
      try SchemaChecks.checkRowsCanBeWritten(StructType(sql: "a VOID, b INT, s STRUCT<x: VOID, y: INT>"))
    }
  }
}
