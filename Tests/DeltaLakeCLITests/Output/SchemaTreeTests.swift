import Columnar
import Testing

@testable import DeltaLakeCLI

@Suite("Schemas and documents in print")
struct SchemaTreeTests {
  @Test("A schema is a tree, one line a field")
  func tree() {
    let schema = StructType([
      StructField("id", .long, isNullable: false),
      StructField("tags", .array(ArrayType(.string, containsNull: false))),
      StructField(
        "prices",
        .map(MapType(key: .string, value: .struct(StructType([StructField("p", .decimal(precision: 10, scale: 2))]))))),
    ])
    #expect(
      SchemaTree(schema).description == """
        root
         |-- id: long (nullable = false)
         |-- tags: array (nullable = true)
         |    |-- element: string (containsNull = false)
         |-- prices: map (nullable = true)
         |    |-- key: string
         |    |-- value: struct (valueContainsNull = true)
         |    |    |-- p: decimal(10,2) (nullable = true)
        """)
  }

  @Test("Documents keep their order; pretty ones have a line a member")
  func documents() {
    let document = JSONDocument.object([
      ("b", .integer(1)), ("a", .array([.null, .boolean(true), .string("x,{\"")])), ("e", .object([])),
      ("l", .array([])),
      ("t", .text(#"{"type": "struct"}"#)),
    ])
    #expect(document.compact == #"{"b":1,"a":[null,true,"x,{\""],"e":{},"l":[],"t":{"type": "struct"}}"#)
    #expect(
      document.pretty == """
        {
          "b": 1,
          "a": [
            null,
            true,
            "x,{\\""
          ],
          "e": {},
          "l": [],
          "t": {
            "type": "struct"
          }
        }
        """)
    #expect(JSONDocument.pretty("[[],[1]]") == "[\n  [],\n  [\n    1\n  ]\n]")
  }
}
