import Columnar
import DeltaLog
import Testing
import _TestSupport

@Suite("Rules that a table keeps")
struct TableRulesTests {
  @Test("Invariants and CHECK constraints are conditions on the schema's own names")
  func constraints() throws {
    let table = try TableDefinition(
      sql: "X INT, s STRUCT<a: INT>",
      properties: ["delta.constraints.b": "S.A < 100 AND x BETWEEN - 1 AND 1", "delta.constraints.a": "x <> 7"],
      metadata: ["X": ["delta.invariants": .string(#"{"expression": { "expression": "x > 3"} }"#)]])
    let constraints = try table.constraints()
    #expect(
      constraints.map(\.name) == [
        "the invariant of column `X`", "the CHECK constraint `a`", "the CHECK constraint `b`",
      ])
    #expect(constraints.map(\.condition.description) == ["X > 3", "X <> 7", "s.a < 100 AND (X >= -1 AND X <= 1)"])
  }

  @Test(
    "A rule that can't be evaluated is refused by name, with what is wrong",
    arguments: [
      ("delta.constraints.c", "regexp_replace(s, 'x', 'y') = s", "constraint `c` can't be evaluated"),
      ("delta.constraints.c", "nope > 1", "There is no column nope"),
      ("delta.constraints.c", "s", "A condition is needed"),
      ("delta.constraints.c", "s =", "the text ends here"),
    ])
  func unusable(key: String, sql: String, words: String) throws {
    let table = try TableDefinition(sql: "s STRING", properties: [key: sql])
    let error = #expect(throws: DeltaError.self) { try table.constraints() }
    #expect(error?.code == .unsupportedFeatures)
    #expect(error?.message.contains(words) == true && error?.message.contains(sql) == true, "\(error?.message ?? "")")
  }

  @Test(
    "An invariant that is no expression in JSON is a corrupt log",
    arguments: [
      MetadataValue.string("x > 3"), .string("{}"), .long(7), .string(#"{"expression":{"expression":7}}"#),
    ])
  func damaged(invariant: MetadataValue) throws {
    let table = try TableDefinition(sql: "x INT", metadata: ["x": ["delta.invariants": invariant]])
    let error = #expect(throws: DeltaError.self) { try table.constraints() }
    #expect(error?.code == .corruptLog)
    #expect(error?.message.contains("`x`") == true)
  }

  @Test("Generated columns come after those that they are computed from, with the column's own type")
  func generated() throws {
    func expression(_ sql: String) -> [String: MetadataValue] { ["delta.generationExpression": .string(sql)] }
    let table = try TableDefinition(
      sql: "b BIGINT, a INT, c STRING, n INT",
      metadata: ["b": expression("A * 2"), "a": expression("n + 1"), "c": expression("concat(b, a)")])
    let columns = try table.generatedColumns()
    #expect(columns.map(\.field.name) == ["a", "b", "c"])
    #expect(columns.map(\.sources) == [[3], [1], [0, 1]])
    #expect(columns[1].value.description == "CAST(a * 2 AS BIGINT)")
    let circle = try TableDefinition(sql: "a INT, b INT", metadata: ["a": expression("b"), "b": expression("a")])
    let error = #expect(throws: DeltaError.self) { try circle.generatedColumns() }
    #expect(error?.code == .corruptLog)
    #expect(error?.message.contains("`a`, `b`") == true)
  }
}
