import Columnar
import DeltaLog
import Testing
import _TestSupport

@Suite("Changes of a schema")
struct SchemaChangeTests {
  static func path(_ names: String...) -> ColumnPath { ColumnPath(names) }

  @Test("Columns are added at the end, first or behind another, and into structs at any depth")
  func adding() throws {
    let table = try TableDefinition(
      sql: "a INT, s STRUCT<x: INT>, l ARRAY<STRUCT<y: INT>>, m MAP<STRING, STRUCT<z: INT>>")
    let changed = try table.applying(
      .addColumns([
        AddedColumn(StructField("e", .long)),
        AddedColumn(StructField("f", .long, metadata: ["comment": .string("c")]), at: .first),
        AddedColumn(StructField("b", .date), at: .after("A")),
        AddedColumn(StructField("w", .string), in: Self.path("S"), at: .first),
        AddedColumn(StructField("v", .string), in: Self.path("l")),
        AddedColumn(StructField("u", .string), in: Self.path("m", "value"), at: .after("Z")),
      ]))
    #expect(
      changed.table.schema.fields.map { "\($0.name) \($0.type.sqlName)" } == [
        "f BIGINT", "a INT", "b DATE", "s STRUCT<w: STRING, x: INT>", "l ARRAY<STRUCT<y: INT, v: STRING>>",
        "m MAP<STRING, STRUCT<z: INT, u: STRING>>", "e BIGINT",
      ])
    #expect(changed.table.schema.fields[0].comment == "c")
    #expect(changed.requirements.isEmpty)
  }

  @Test("Dropped columns leave their ids behind")
  func dropping() throws {
    let table = try TableDefinition(mapped: "a INT, s STRUCT<x: INT, y: INT>, z INT")
    let changed = try table.applying(.dropColumns([Self.path("z"), Self.path("S", "X")])).table
    #expect(changed.schema.fields.map { "\($0.name) \($0.type.sqlName)" } == ["a INT", "s STRUCT<y: INT>"])
    let again = try changed.applying(.addColumns([AddedColumn(StructField("z", .string))])) { "new-\($0)" }.table
    #expect(again.schema["z"]?.metadata["delta.columnMapping.id"] == .long(6))
    #expect(again.schema["z"]?.metadata["delta.columnMapping.physicalName"] == .string("new-z"))
    #expect(again.metadata.configuration["delta.columnMapping.maxColumnId"] == "6")
  }

  @Test("A generated column can be dropped with, or before, what it is computed from")
  func droppingGenerated() throws {
    let table = try TableDefinition(
      mapped: "a INT, g INT, v INT", metadata: ["g": ["delta.generationExpression": .string("a + 1")]])
    #expect(
      try table.applying(.dropColumns([Self.path("a"), Self.path("g")])).table.schema.fields.map(\.name) == ["v"])
    #expect(try table.applying(.dropColumns([Self.path("g")])).table.schema.fields.map(\.name) == ["a", "v"])
  }

  @Test("Renaming follows to partition and clustering columns, and leaves names in files alone")
  func renaming() throws {
    var table = try TableDefinition(
      mapped: "a INT, p STRING, s STRUCT<x: INT>, l ARRAY<STRUCT<y: INT>>", partitionedBy: ["p"])
    var changed = try table.applying([
      .renameColumn(Self.path("P"), to: "part, é"), .renameColumn(Self.path("l", "element", "y"), to: "yy"),
      .renameColumn(Self.path("a"), to: "A"),
    ]).table
    #expect(changed.metadata.partitionColumns == ["part, é"])
    #expect(
      changed.schema.fields.map { "\($0.name) \($0.type.sqlName)" } == [
        "A INT", "part, é STRING", "s STRUCT<x: INT>", "l ARRAY<STRUCT<yy: INT>>",
      ])
    #expect(changed.schema.fields[1].metadata["delta.columnMapping.physicalName"] == .string("p2"))
    table.metadata.partitionColumns = []
    table.clusteringColumns = [Self.path("s", "x"), Self.path("a")]
    changed = try table.applying([.renameColumn(Self.path("s"), to: "t"), .renameColumn(Self.path("t", "x"), to: "z")])
      .table
    #expect(changed.clusteringColumns == [Self.path("t", "z"), Self.path("a")])
    #expect(
      try changed.clusteringDomain()?.configuration
        == #"{"clusteringColumns":[["p3","p4"],["p1"]],"domainName":"delta.clustering"}"#)
  }

  @Test("Clustering is read back by the names that users see, in both spellings")
  func clusteringDomain() throws {
    let table = try TableDefinition(mapped: "a INT, s STRUCT<x: INT>")
    for text in [#"{"clusteringColumns":[["p2","p3"],["p1"]],"domainName":"delta.clustering"}"#] {
      let again = try TableDefinition(
        table.writtenMetadata(), protocol: table.protocolVersions,
        clustering: DomainMetadata(domain: "delta.clustering", configuration: text))
      #expect(again.clusteringColumns == [Self.path("s", "x"), Self.path("a")])
    }
    let plain = try TableDefinition(
      table.writtenMetadata(), protocol: table.protocolVersions,
      clustering: DomainMetadata(domain: "delta.clustering", configuration: #"{"clusteringColumns":["p1"]}"#))
    #expect(plain.clusteringColumns == [Self.path("a")])
    for text in ["{}", "x", #"{"clusteringColumns":[["p9"]]}"#, #"{"clusteringColumns":[7]}"#] {
      let error = #expect(throws: DeltaError.self) {
        try TableDefinition(
          table.writtenMetadata(), protocol: table.protocolVersions,
          clustering: DomainMetadata(domain: "delta.clustering", configuration: text))
      }
      #expect(error?.code == .corruptLog)
    }
  }

  @Test(
    "Columns move within their struct",
    arguments: [
      (path("c"), ColumnPosition.first, "c,a,b"), (path("a"), .after("c"), "b,c,a"), (path("b"), .after("A"), "a,b,c"),
      (path("a"), .first, "a,b,c"),
    ])
  func moving(column: ColumnPath, position: ColumnPosition, expected: String) throws {
    let table = try TableDefinition(sql: "a INT, b INT, c INT")
    let moved = try table.applying(.moveColumn(column, position)).table.schema
    #expect(moved.fields.map(\.name).joined(separator: ",") == expected)
    let nested = try TableDefinition(sql: "s STRUCT<a: INT, b: INT, c: INT>")
    let inside = try nested.applying(.moveColumn(ColumnPath(["s"] + column.names), position)).table.schema
    guard case .struct(let structure) = inside.fields[0].type else { return }
    #expect(structure.fields.map(\.name).joined(separator: ",") == expected)
  }

  @Test("Types widen at any depth, and void becomes anything")
  func types() throws {
    let table = try TableDefinition(
      sql: "a INT, s STRUCT<x: FLOAT>, m MAP<TINYINT, ARRAY<DATE>>, v VOID",
      properties: ["delta.enableTypeWidening": "true"])
    let changed = try table.applying([
      .changeType(Self.path("a"), to: .double), .changeType(Self.path("s", "x"), to: .double),
      .changeType(Self.path("m", "key"), to: .long),
      .changeType(Self.path("m", "value", "element"), to: .timestampNtz()),
      .changeType(Self.path("v"), to: .array(ArrayType(.string))), .changeType(Self.path("a"), to: .double),
    ]).table.schema
    #expect(
      changed.fields.map(\.type.sqlName) == [
        "DOUBLE", "STRUCT<x: DOUBLE>", "MAP<BIGINT, ARRAY<TIMESTAMP_NTZ>>", "ARRAY<STRING>",
      ])
    let changes = try TypeWidening.changes(in: changed)
    #expect(changes.map(\.fieldPath) == [[], [], ["key"], ["value", "element"]])
    // Twice would not be a change.
    #expect(changes.count == 4)
  }

  @Test("Iceberg's readers limit the changes")
  func iceberg() throws {
    var table = try TableDefinition(sql: "a INT", properties: ["delta.enableTypeWidening": "true"])
    table.protocolVersions = ProtocolVersions(
      minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["columnMapping"],
      writerFeatures: ["columnMapping", "icebergCompatV2"])
    #expect(try table.applying(.changeType(Self.path("a"), to: .long)).table.schema.fields[0].type == .long)
    let error = #expect(throws: DeltaError.self) { try table.applying(.changeType(Self.path("a"), to: .double)) }
    #expect(error?.code == .operationRefused)
    #expect(error?.message.contains("Iceberg") == true)
  }

  @Test("NOT NULL is asked of the rows that are there, a nested one of those whose struct is")
  func notNull() throws {
    let table = try TableDefinition(sql: "a INT, s STRUCT<x: INT>, k INT NOT NULL, l ARRAY<INT>")
    let top = try table.applying(.setNotNull(Self.path("A")))
    #expect(top.table.schema.fields[0].isNullable == false)
    #expect(top.requirements.map(\.condition.description) == ["a IS NOT NULL"])
    let nested = try table.applying(.setNotNull(Self.path("s", "x")))
    #expect(nested.requirements.map(\.condition.description) == ["s IS NULL OR s.x IS NOT NULL"])
    #expect(try table.applying(.setNotNull(Self.path("k"))).requirements.isEmpty)
    #expect(try table.applying(.dropNotNull(Self.path("k"))).table.schema["k"]?.isNullable == true)
    let violated = nested.requirements[0].violated(by: 2)
    #expect(violated.code == .constraintViolation)
    #expect(violated.message.contains("`s.x` can't be made NOT NULL: it is null in 2 rows"))
    var strict = table
    strict.schema.fields[3].type = .array(ArrayType(.integer, containsNull: false))
    #expect(try strict.applying(.dropNotNull(Self.path("l", "element"))).table.schema == table.schema)
  }

  @Test("Constraints come with what rows must be found to keep, and go")
  func constraints() throws {
    let table = try TableDefinition(sql: "id INT, `odd-name` STRING")
    let added = try table.applying(.addConstraint(name: "Len", condition: "length(`odd-name`) <= 5"))
    #expect(added.table.metadata.configuration["delta.constraints.len"] == "length(`odd-name`) <= 5")
    #expect(added.requirements.map(\.reason) == [.check(name: "len")])
    #expect(added.requirements[0].violated(by: 1).message.contains("`len` can't be added: 1 row breaks it"))
    #expect(try added.table.constraints().map(\.name) == ["the CHECK constraint `len`"])
    #expect(try added.table.applying(.dropConstraint(name: "LEN", ifExists: false)).table == table)
    #expect(try table.applying(.dropConstraint(name: "x", ifExists: true)).table == table)
  }

  @Test("Defaults, comments and properties are kept in metadata")
  func metadata() throws {
    let table = try TableDefinition(sql: "a INT, d DATE, l ARRAY<INT>", metadata: ["a": ["other": .long(7)]])
    let changed = try table.applying([
      .setDefault(Self.path("a"), "3 + 4"), .setDefault(Self.path("d"), "current_date"),
      .setComment(Self.path("a"), "it's"), .setProperties(["x.y": "z", "delta.appendOnly": "true"]),
      .unsetProperties(["delta.appendOnly"], ifExists: false), .unsetProperties(["nothing"], ifExists: true),
    ]).table
    #expect(
      changed.schema.fields[0].metadata == [
        "other": .long(7), "CURRENT_DEFAULT": .string("3 + 4"), "comment": .string("it's"),
      ])
    #expect(changed.metadata.configuration == ["x.y": "z"])
    let undone = try changed.applying([
      .dropDefault(Self.path("a")), .dropDefault(Self.path("d")), .setComment(Self.path("a"), nil),
      .unsetProperties(["x.y"], ifExists: false),
    ]).table
    #expect(undone == table)
  }

  @Test("Column mapping can be turned on for a table with files: they keep their names")
  func enablingMapping() throws {
    let table = try TableDefinition(
      sql: "id INT, s STRUCT<a: INT>, p STRING", partitionedBy: ["p"],
      metadata: ["id": ["delta.columnMapping.id": .long(77), "delta.columnMapping.physicalName": .string("stale")]])
    let changed = try table.applying(.enableColumnMapping).table
    #expect(changed.columnMappingMode == .name)
    #expect(
      changed.metadata.configuration == ["delta.columnMapping.mode": "name", "delta.columnMapping.maxColumnId": "4"])
    var names: [String] = []
    try changed.schema.forEachField { field, path in
      names.append(
        "\(path.names.last ?? "") \(field.metadata["delta.columnMapping.id"] ?? .null) \(field.metadata["delta.columnMapping.physicalName"] ?? .null)"
      )
    }
    #expect(
      names == [
        "id long(1) string(\"id\")", "s long(2) string(\"s\")", "a long(3) string(\"a\")", "p long(4) string(\"p\")",
      ])
    #expect(try changed.applying(.enableColumnMapping).table == changed)
    #expect(try table.applying(.setProperties(["DELTA.columnmapping.MODE": "Name"])).table == changed)
    #expect(try changed.applying(.renameColumn(Self.path("id"), to: "v ; x")).table.schema.fields[0].name == "v ; x")
  }

  @Test("A new table has ids, exact names and a schema that is read back")
  func creating() throws {
    let table = try TableDefinition(
      creating: try StructType(sql: "`a b` INT NOT NULL, p DATE, k BIGINT, g INT").with([
        "k": ["delta.identity.start": .long(1), "delta.identity.step": .long(1)],
        "g": ["delta.generationExpression": .string("`a b` + 1")], "p": ["CURRENT_DEFAULT": .string("current_date()")],
      ]), partitionColumns: ["P"], properties: ["delta.columnMapping.mode": "id", "delta.constraints.c": "g > 0"],
      TableMetadata(id: "x", name: "n", schemaString: ""),
      protocol: ProtocolVersions(minReaderVersion: 2, minWriterVersion: 6))
    #expect(table.metadata.partitionColumns == ["p"])
    let again = try TableDefinition(table.writtenMetadata(), protocol: table.protocolVersions)
    #expect(again == table)
    #expect(again.columnMappingMode == .id)
    #expect(try again.generatedColumns().map(\.field.name) == ["g"])
  }

  @Test("An identity's mark is moved on request")
  func identity() throws {
    let table = try TableDefinition(
      sql: "d BIGINT",
      metadata: [
        "d": IdentityColumn(start: -1, step: -3, highWaterMark: -28, allowsExplicitInsert: true).written(
          to: StructField("d", .long)
        ).metadata
      ])
    let changed = try table.applying(.synchronizeIdentity(Self.path("d"), with: -100)).table
    #expect(changed.schema.fields[0].metadata["delta.identity.highWaterMark"] == .long(-100))
  }
}
