import Columnar
import DeltaLog
import Testing
import _TestSupport

@Suite("Merging and overwriting schemas")
struct SchemaMergeTests {
  static let widening = ["delta.enableTypeWidening": "true"]

  @Test("New columns and fields go to the end of their struct and may be null; what the data lacks stays")
  func adding() throws {
    let table = try TableDefinition(sql: "id INT NOT NULL, s STRUCT<a: INT>, l ARRAY<STRUCT<q: INT>>")
    let merged = try table.merging(
      StructType(sql: "L ARRAY<STRUCT<r: DOUBLE, Q: INT>>, S STRUCT<b: STRING>, n UBIGINT NOT NULL"))
    #expect(
      merged.schema
        == (try StructType(
          sql: "id INT NOT NULL, s STRUCT<a: INT, b: STRING>, l ARRAY<STRUCT<q: INT, r: DOUBLE>>, n DECIMAL(20,0)")))
    #expect(try merged.writtenMetadata().schemaString == SchemaJSON.string(for: merged.schema))
    #expect(try table.merging(StructType(sql: "ID INT")) == table)
  }

  @Test("Types are widened only where the table allows it, and the change is recorded with its path")
  func widening() throws {
    let sql = "a TINYINT, s STRUCT<b: DECIMAL(6,2)>, l ARRAY<MAP<STRING, FLOAT>>, i INT, d DATE"
    let data = try StructType(
      sql: "a INT, s STRUCT<b: DECIMAL(10,4)>, l ARRAY<MAP<STRING, DOUBLE>>, i DOUBLE, d TIMESTAMP_NTZ")
    #expect(try TableDefinition(sql: sql).merging(data).schema == StructType(sql: sql))
    let merged = try TableDefinition(sql: sql, properties: Self.widening).merging(data).schema
    // An int does not become a double by itself.
    #expect(
      merged.fields.map(\.type.sqlName) == [
        "INT", "STRUCT<b: DECIMAL(10,4)>", "ARRAY<MAP<STRING, DOUBLE>>", "INT", "TIMESTAMP_NTZ",
      ])
    let changes = try TypeWidening.changes(in: merged)
    #expect(changes.map(\.column) == [ColumnPath("a"), ColumnPath(["s", "b"]), ColumnPath("l"), ColumnPath("d")])
    #expect(changes.map(\.fieldPath) == [[], [], ["element", "value"], []])
    #expect(changes.map(\.from) == [.byte, .decimal(precision: 6, scale: 2), .float, .date])
  }

  @Test("Changes add up in the record")
  func record() throws {
    let table = try TableDefinition(sql: "v TINYINT", properties: Self.widening)
    let merged = try table.merging(StructType(sql: "v SMALLINT")).merging(StructType(sql: "v INT"))
    #expect(
      merged.schema.fields[0].metadata["delta.typeChanges"]
        == .array([
          .object(["fromType": .string("byte"), "toType": .string("short")]),
          .object(["fromType": .string("short"), "toType": .string("integer")]),
        ]))
  }

  @Test("A column that a rule reads keeps its type")
  func rules() throws {
    let table = try TableDefinition(
      sql: "v TINYINT", properties: Self.widening.merging(["delta.constraints.c": "v > 0"]) { $1 })
    #expect(try table.merging(StructType(sql: "v INT")) == table)
  }

  @Test("A void column takes the type of the data, without type widening")
  func void() throws {
    let merged = try TableDefinition(sql: "a INT, v VOID, s STRUCT<x: VOID>").merging(
      StructType(sql: "v ARRAY<UTINYINT>, s STRUCT<x: DATE>"))
    #expect(try merged.schema == StructType(sql: "a INT, v ARRAY<SMALLINT>, s STRUCT<x: DATE>"))
    #expect(
      try TableDefinition(sql: "a INT").merging(StructType(sql: "a VOID, b VOID")).schema
        == StructType(sql: "a INT, b VOID"))
  }

  @Test("In a table that maps columns new fields get ids above all that were given, and names")
  func mapping() throws {
    var table = try TableDefinition(mapped: "id INT, s STRUCT<a: INT>")
    // A column with the greatest id was dropped.
    table.metadata.configuration["delta.columnMapping.maxColumnId"] = "9"
    var number = 0
    let merged = try table.merging(StructType(sql: "s STRUCT<b: STRUCT<c: INT>>, `x y` ARRAY<INT>")) { _ in
      number += 1
      return "new\(number)"
    }
    var found: [String: [MetadataValue?]] = [:]
    try merged.schema.forEachField { field, path in
      found[path.names.joined(separator: ".")] = [
        field.metadata["delta.columnMapping.id"], field.metadata["delta.columnMapping.physicalName"],
      ]
    }
    #expect(
      found == [
        "id": [.long(1), .string("p1")], "s": [.long(2), .string("p2")], "s.a": [.long(3), .string("p3")],
        "s.b": [.long(10), .string("new1")], "s.b.c": [.long(11), .string("new2")],
        "x y": [.long(12), .string("new3")],
      ])
    #expect(merged.metadata.configuration["delta.columnMapping.maxColumnId"] == "12")
    #expect(FieldNaming.randomName("x") != FieldNaming.randomName("x"))
    #expect(FieldNaming.randomName("x").hasPrefix("col-") && FieldNaming.randomName("x").utf8.count == 40)
  }

  @Test("Elements, keys and values get ids of their own where Iceberg wants them")
  func nestedIds() throws {
    let table = try TableDefinition(
      mapped: "a ARRAY<ARRAY<INT>>, m MAP<INT, STRUCT<x: ARRAY<INT>>>",
      properties: ["delta.enableIcebergCompatV2": "true"])
    let a = table.schema.fields[0].metadata["delta.columnMapping.nested.ids"]
    #expect(a == .object(["p1.element": .long(2), "p1.element.element": .long(3)]))
    guard case .map(let map) = table.schema.fields[1].type, case .struct(let value) = map.value else { return }
    #expect(
      value.fields[0].metadata["delta.columnMapping.nested.ids"] == .object(["p3.element": .long(6)]))
    #expect(
      table.schema.fields[1].metadata["delta.columnMapping.nested.ids"]
        == .object(["p2.key": .long(7), "p2.value": .long(8)]))
    #expect(table.metadata.configuration["delta.columnMapping.maxColumnId"] == "8")
  }

  @Test("Overwriting takes the data's schema; columns that stay keep what the table knows of them")
  func overwriting() throws {
    let table = try TableDefinition(
      mapped: "id INT NOT NULL, v TINYINT, p STRING", partitionedBy: ["p"],
      metadata: ["id": ["comment": .string("key")], "v": ["delta.typeChanges": .array([])]])
    let new = try table.overwriting(with: StructType(sql: "P STRING, ID INT, v STRING, n USMALLINT NOT NULL")) {
      "new-\($0)"
    }
    #expect(new.schema.fields.map(\.name) == ["p", "id", "v", "n"])
    #expect(new.schema.fields.map(\.type) == [.string, .integer, .string, .integer])
    #expect(new.schema.fields.map(\.isNullable) == [true, false, true, true])
    #expect(new.schema["id"]?.comment == "key")
    #expect(
      new.schema.fields.map { $0.metadata["delta.columnMapping.physicalName"] }
        == [.string("p3"), .string("p1"), .string("new-v"), .string("new-n")])
    #expect(new.schema["v"]?.metadata["delta.typeChanges"] == nil)
    #expect(new.metadata.partitionColumns == ["p"])
    #expect(
      try table.overwriting(with: StructType(sql: "a INT, b INT"), partitionColumns: ["B"]).metadata.partitionColumns
        == ["b"])
    #expect(try table.overwriting(with: StructType(sql: "a INT"), partitionColumns: []).metadata.partitionColumns == [])
  }

  @Test("A generated column may go with the columns that it is computed from")
  func overwritingGenerated() throws {
    let table = try TableDefinition(
      sql: "a INT, g INT", metadata: ["g": ["delta.generationExpression": .string("a + 1")]])
    #expect(try table.overwriting(with: StructType(sql: "x INT")).schema == StructType(sql: "x INT"))
  }
}
