import Columnar
import DeltaLog
import Testing
import _TestSupport

@Suite("Places in a schema")
struct FieldPlaceTests {
  let schema: StructType

  init() throws {
    schema = try StructType(
      sql: "id INT, S STRUCT<a: INT, B: STRUCT<c: STRING>>, l ARRAY<STRUCT<x: INT>>, m MAP<STRING, ARRAY<DATE>>")
  }

  @Test(
    "Paths lead through structs, arrays and maps in any case of letters",
    arguments: [
      ("id", "id", DataType.integer, [String]()), ("s.b.C", "S.B.c", .string, []),
      ("l.ELEMENT.x", "l.element.x", .integer, []), ("m.key", "m.key", .string, ["key"]),
      ("m.value.element", "m.value.element", .date, ["value", "element"]),
    ])
  func finding(path: String, exact: String, type: DataType, inField: [String]) throws {
    let place = try schema.place(of: ColumnPath(path.split(separator: ".").map(String.init)))
    #expect(place.path.names.joined(separator: ".") == exact)
    #expect(place.type == type)
    #expect(place.pathInField == inField)
    #expect(place.isField == inField.isEmpty)
  }

  @Test(
    "A path that leads nowhere says what was meant",
    arguments: [
      ("ids", "no column `ids`. Was `id` meant?"), ("S.b.d", "no field `d` in column `S.B`"),
      ("l.x", "Its elements are called `element`"), ("m.keys", "`key` and `value`"),
      ("id.x", "of type INT and has no field `x`"),
    ])
  func missing(path: String, words: String) {
    let error = #expect(throws: DeltaError.self) {
      try schema.place(of: ColumnPath(path.split(separator: ".").map(String.init)))
    }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("Names that differ in case alone are found exactly or not at all")
  func ambiguous() {
    let names = FieldNames([StructField("A", .long), StructField("a", .long), StructField("b", .long)])
    #expect(names.find("a") == .one(1))
    #expect(names.find("B") == .one(2))
    #expect(FieldNames([StructField("Id", .long), StructField("ID", .long)]).find("id") == .several([0, 1]))
    #expect(names.duplicate?.first == "A" && names.duplicate?.second == "a")
  }

  @Test("Every field is visited with its path")
  func visiting() throws {
    var paths: [String] = []
    try schema.forEachField { _, path in paths.append(path.names.joined(separator: ".")) }
    #expect(paths == ["id", "S", "S.a", "S.B", "S.B.c", "l", "l.element.x", "m"])
  }
}
