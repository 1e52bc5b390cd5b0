package import Columnar
package import DeltaLog

/// A table, what is wanted of it, and how that is refused.
package struct SchemaRefusal: CustomStringConvertible, Sendable {
  package enum Wish: Sendable {
    /// Rows of that schema.
    case write(String)
    case merge(String)
    case overwrite(String, partitionedBy: [String]? = nil)
    case change(SchemaChange)
    /// The table itself, as a new one.
    case create
  }

  package var sql: String
  package var partitions: [String] = []
  package var clustering: [ColumnPath]?
  package var properties: [String: String] = [:]
  package var metadata: [String: [String: MetadataValue]] = [:]
  package var isMapped = false
  package var wish: Wish
  package var code: DeltaError.Code
  package var words: String
  /// What ``DeltaTable`` says in place of ``words``, where it looks at properties before the rules of schemas come to them.
  package var wordsOnProperties: String?

  init(
    _ sql: String, partitions: [String] = [], clustering: [ColumnPath]? = nil, properties: [String: String] = [:],
    metadata: [String: [String: MetadataValue]] = [:], mapped: Bool = false, _ wish: Wish, _ code: DeltaError.Code,
    _ words: String, onProperties wordsOnProperties: String? = nil
  ) {
    self.sql = sql
    self.partitions = partitions
    self.clustering = clustering
    self.properties = properties
    self.metadata = metadata
    isMapped = mapped
    self.wish = wish
    self.code = code
    self.words = words
    self.wordsOnProperties = wordsOnProperties
  }

  package var description: String { "\(sql) \(properties) \(wish): \(words)" }

  package func table() throws -> TableDefinition {
    var table = try TableDefinition(
      sql: sql, partitionedBy: partitions, properties: properties, metadata: metadata)
    if isMapped { try table.enableColumnMapping() }
    table.clusteringColumns = clustering
    return table
  }

  package func attempt() throws {
    switch wish {
    case .write(let incoming): _ = try WriteFit(StructType(sql: incoming), to: try table().schema)
    case .merge(let incoming): _ = try table().merging(StructType(sql: incoming))
    case .overwrite(let incoming, let partitions):
      _ = try table().overwriting(with: StructType(sql: incoming), partitionColumns: partitions)
    case .change(let change): _ = try table().applying(change)
    case .create:
      _ = try TableDefinition(
        creating: StructType(sql: sql).with(metadata), partitionColumns: partitions, clusteringColumns: clustering,
        properties: properties, TableMetadata(id: "t", schemaString: ""),
        protocol: ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2))
    }
  }
}

extension SchemaRefusal {
  package static let all = [writes, merges, columns, rules, creations].flatMap { $0 }

  private static func path(_ names: String...) -> ColumnPath { ColumnPath(names) }
  private static let identity: [String: MetadataValue] = [
    "delta.identity.start": .long(1), "delta.identity.step": .long(1),
  ]
  private static let cdf = ["delta.enableChangeDataFeed": "true"]
  private static let widening = ["delta.enableTypeWidening": "true"]

  package static let writes: [SchemaRefusal] = [
    .init(
      "id INT, city STRING", .write("id INT, citi STRING"), .schemaMismatch,
      "column `citi`, which the table does not have. Was `city` meant?"),
    .init("id INT", .write("id INT, a INT, b INT"), .schemaMismatch, "columns `a`, `b`, which the table does not have"),
    .init("id INT", .write("a INT"), .schemaMismatch, "merge the schema to add it"),
    .init(
      "s STRUCT<a: INT>", .write("s STRUCT<a: INT, b: INT>"), .schemaMismatch,
      "field `b`, which column `s` of the table does not have"),
    .init(
      "l ARRAY<STRUCT<a: INT>>", .write("l ARRAY<STRUCT<b: INT>>"), .schemaMismatch, "column `l.element` of the table"),
    .init("id INT NOT NULL, v INT", .write("v INT"), .schemaMismatch, "no column `id`, which is NOT NULL"),
    .init("id INT, v INT", .write("id INT, ID INT"), .schemaMismatch, "two columns named `id` and `ID`"),
    .init("id INT, v INT", .write("v INT, v INT"), .schemaMismatch, "two columns named `v`"),
    .init(
      "s STRUCT<a: INT, b: INT>", .write("s STRUCT<A: INT, a: INT>"), .schemaMismatch,
      "two fields of `s` named `A` and `a`"),
    .init("v INT", .write("v STRING"), .schemaMismatch, "`v` is STRING in the data and INT in the table"),
    .init("v INT", .write("v STRING"), .schemaMismatch, "CAST(v AS INT)"),
    .init("`odd name` DATE", .write("`odd name` STRING"), .schemaMismatch, "CAST(`odd name` AS DATE)"),
    .init("v DATE", .write("v INT"), .schemaMismatch, "INT in the data and DATE in the table"),
    .init("v BOOLEAN", .write("v INT"), .schemaMismatch, "INT in the data and BOOLEAN"),
    .init("v BINARY", .write("v STRING"), .schemaMismatch, "STRING in the data and BINARY"),
    .init("v STRING", .write("v BINARY"), .schemaMismatch, "BINARY in the data and STRING"),
    .init("v BIGINT", .write("v TIMESTAMP"), .schemaMismatch, "TIMESTAMP in the data and BIGINT"),
    .init("v STRUCT<a: INT>", .write("v INT"), .schemaMismatch, "INT in the data and STRUCT<a: INT>"),
    .init("v INT", .write("v STRUCT<a: INT>"), .schemaMismatch, "STRUCT<a: INT> in the data and INT"),
    .init("v ARRAY<INT>", .write("v MAP<STRING, INT>"), .schemaMismatch, "MAP<STRING, INT> in the data and ARRAY<INT>"),
    .init("v ARRAY<INT>", .write("v ARRAY<STRING>"), .schemaMismatch, "`v.element` is STRING"),
    .init("v MAP<STRING, INT>", .write("v MAP<STRING, DATE>"), .schemaMismatch, "`v.value` is DATE"),
    .init("v MAP<INT, INT>", .write("v MAP<STRING, INT>"), .schemaMismatch, "`v.key` is STRING"),
    .init(
      "s STRUCT<t: STRUCT<u: DATE>>", .write("s STRUCT<t: STRUCT<u: STRING>>"), .schemaMismatch, "`s.t.u` is STRING"),
    .init("v VOID", .write("v INT"), .schemaMismatch, "INT in the data and VOID"),
    .init("v VARIANT", .write("v STRING"), .schemaMismatch, "STRING in the data and VARIANT"),
    .init(
      "k BIGINT, v INT", metadata: ["k": identity], .write("k BIGINT, v INT"), .schemaMismatch,
      "GENERATED ALWAYS AS IDENTITY"),
    .init("k INT, v INT", metadata: ["k": identity], .write("v INT"), .corruptLog, "needs a type of long"),
  ]

  package static let merges: [SchemaRefusal] = [
    .init("id INT", .merge("id INT, `a b` INT"), .operationRefused, "`a b` has one of the characters"),
    .init("id INT", .merge("id INT, s STRUCT<`x,y`: INT>"), .operationRefused, "`s.x,y`"),
    .init("id INT", .merge("id INT, t TIME(6)"), .schemaMismatch, "`t` is of type TIME(6)"),
    .init("id INT", .merge("id INT, i INTERVAL"), .schemaMismatch, "INTERVAL"),
    .init("id INT", .merge("a INT, A INT"), .schemaMismatch, "`a` and `A`"),
    .init("id INT", properties: cdf, .merge("id INT, _change_type STRING"), .operationRefused, "change data feed"),
    .init(
      "id INT, v INT", properties: ["delta.constraints.c": "v > 0"], .overwrite("id INT"), .operationRefused,
      "`v` can't be dropped: the CHECK constraint `c` (v > 0) needs it"),
    .init(
      "id INT, v INT", properties: ["delta.constraints.c": "v > 0"], .overwrite("id INT, v STRING"), .operationRefused,
      "can't be given another type"),
    .init("id INT, v INT", partitions: ["v"], .overwrite("id INT"), .invalidArgument, "no column `v`"),
    .init(
      "id INT", .overwrite("id INT, l ARRAY<INT>", partitionedBy: ["l"]), .invalidArgument, "can't name a directory"),
    .init("id INT", .overwrite("id INT", partitionedBy: ["id"]), .invalidArgument, "partitioned by all of its columns"),
    .init("id INT, c INT", clustering: [path("c")], .overwrite("id INT"), .operationRefused, "clustered"),
    .init(
      "a INT, g INT", metadata: ["g": ["delta.generationExpression": .string("a + 1")]], .overwrite("g INT"),
      .operationRefused, "generated column `g`"),
  ]

  package static let columns: [SchemaRefusal] = [
    .init(
      "id INT", .change(.addColumns([AddedColumn(StructField("ID", .long))])), .alreadyExists,
      "`id` already, and `ID` differs in case alone"),
    .init(
      "id INT", .change(.addColumns([AddedColumn(StructField("a=b", .long))])), .operationRefused,
      "delta.columnMapping.mode"),
    .init("id INT", .change(.addColumns([AddedColumn(StructField("", .long))])), .invalidArgument, "empty name"),
    .init(
      "id INT", .change(.addColumns([AddedColumn(StructField("n", .long, isNullable: false))])), .operationRefused,
      "set NOT NULL"),
    .init(
      "id INT",
      .change(.addColumns([AddedColumn(StructField("n", .long, metadata: ["CURRENT_DEFAULT": .string("1")]))])),
      .operationRefused, "with a default"),
    .init(
      "id INT",
      .change(
        .addColumns([AddedColumn(StructField("n", .long, metadata: ["delta.generationExpression": .string("id")]))])),
      .operationRefused, "generated or identity"),
    .init("id INT", .change(.addColumns([AddedColumn(StructField("n", .unsignedLong))])), .schemaMismatch, "UBIGINT"),
    .init(
      "id INT", .change(.addColumns([AddedColumn(StructField("n", .decimal(precision: 5, scale: 6)))])),
      .schemaMismatch, "no more decimals than digits"),
    .init(
      "id INT", .change(.addColumns([AddedColumn(StructField("n", .long), at: .after("ids"))])), .invalidArgument,
      "no column `ids`. Was `id` meant?"),
    .init(
      "id INT", .change(.addColumns([AddedColumn(StructField("n", .long), in: path("id"))])), .invalidArgument,
      "no fields to add to"),
    .init(
      "id INT",
      .change(
        .addColumns([
          AddedColumn(
            StructField("n", .array(ArrayType(.struct(StructType([StructField("x", .long, isNullable: false)]))))))
        ])), .operationRefused, "`n.element.x` can't be NOT NULL"),
    .init(
      "id INT", properties: cdf, .change(.addColumns([AddedColumn(StructField("_COMMIT_version", .long))])),
      .operationRefused,
      "_COMMIT_version"),
    .init(
      "id INT, v INT", .change(.dropColumns([path("v")])), .operationRefused,
      "Dropping columns without rewriting data files needs column mapping"),
    .init("id INT, v INT", .change(.renameColumn(path("v"), to: "w")), .operationRefused, "Renaming columns"),
    .init("id INT, v INT", mapped: true, .change(.dropColumns([path("w")])), .invalidArgument, "no column `w`"),
    .init(
      "id INT, v INT", partitions: ["v"], mapped: true, .change(.dropColumns([path("V")])), .operationRefused,
      "partitioned by it"),
    .init(
      "id INT, v INT", partitions: ["v"], mapped: true, .change(.dropColumns([path("id")])), .operationRefused,
      "beside the partition columns"),
    .init(
      "id INT, s STRUCT<a: INT>", mapped: true, .change(.dropColumns([path("s", "a")])), .operationRefused,
      "last one in its struct"),
    .init(
      "id INT, v INT", clustering: [path("v")], mapped: true, .change(.dropColumns([path("v")])), .operationRefused,
      "Cluster the table by other columns first"),
    .init(
      "id INT, s STRUCT<a: INT, b: INT>", clustering: [path("s", "a")], mapped: true,
      .change(.dropColumns([path("s")])), .operationRefused, "clustered by it"),
    .init(
      "id INT, v INT", properties: ["delta.constraints.pos": "V > 0"], mapped: true, .change(.dropColumns([path("v")])),
      .operationRefused, "the CHECK constraint `pos` (V > 0) needs it"),
    .init(
      "id INT, s STRUCT<a: INT, b: INT>", properties: ["delta.constraints.pos": "s.a > 0"], mapped: true,
      .change(.renameColumn(path("s"), to: "t")), .operationRefused, "can't be renamed"),
    .init(
      "id INT, s STRUCT<a: INT, b: INT>", properties: ["delta.constraints.pos": "s IS NOT NULL"], mapped: true,
      .change(.dropColumns([path("s", "b")])), .operationRefused, "pos"),
    .init(
      "id INT, v INT", properties: ["delta.constraints.odd": "v @ 0"], mapped: true,
      .change(.dropColumns([path("id")])),
      .operationRefused, "`odd`, which can't be read"),
    .init(
      "a INT, g INT", metadata: ["g": ["delta.generationExpression": .string("a + 1")]], mapped: true,
      .change(.dropColumns([path("a")])), .operationRefused, "the generated column `g` (a + 1)"),
    .init(
      "a INT, v INT", metadata: ["a": ["delta.invariants": .string(#"{"expression":{"expression":"v > 3"}}"#)]],
      mapped: true, .change(.renameColumn(path("v"), to: "w")), .operationRefused, "the invariant of column `a`"),
    .init(
      "id INT, v INT", mapped: true, .change(.renameColumn(path("v"), to: "ID")), .alreadyExists, "named `id` already"),
    .init(
      "id INT, l ARRAY<INT>", mapped: true, .change(.renameColumn(path("l", "element"), to: "e")), .invalidArgument,
      "has no name to change"),
    .init(
      "id INT", properties: cdf, mapped: true, .change(.renameColumn(path("id"), to: "_change_type")),
      .operationRefused,
      "change data feed"),
    .init("id INT, v INT", .change(.moveColumn(path("v"), .after("V"))), .invalidArgument, "behind itself"),
    .init("id INT, v INT", .change(.moveColumn(path("v"), .after("x"))), .invalidArgument, "no column `x`"),
    .init(
      "m MAP<STRING, INT>", .change(.moveColumn(path("m", "key"), .first)), .invalidArgument, "no place among others"),
    .init("id INT", .change(.changeType(path("id"), to: .long)), .operationRefused, "delta.enableTypeWidening"),
    .init(
      "id INT", properties: widening, .change(.changeType(path("id"), to: .short)), .operationRefused,
      "only to a type that holds every value"),
    .init(
      "id INT", properties: widening, .change(.changeType(path("id"), to: .string)), .operationRefused,
      "from INT to STRING"),
    .init(
      "id INT", properties: widening, .change(.changeType(path("id"), to: .struct(StructType([])))), .operationRefused,
      "STRUCT<>"),
    .init("id INT", properties: widening, .change(.changeType(path("id"), to: .int96)), .schemaMismatch, "INT96"),
    .init(
      "id INT", properties: widening.merging(["delta.constraints.c": "id > 0"]) { $1 },
      .change(.changeType(path("id"), to: .long)),
      .operationRefused, "CHECK constraint `c`"),
    .init(
      "a INT, g INT", properties: widening, metadata: ["g": ["delta.generationExpression": .string("a + 1")]],
      .change(.changeType(path("g"), to: .long)), .operationRefused, "an expression computes it"),
    .init("l ARRAY<INT>", .change(.setNotNull(path("l", "element"))), .operationRefused, "inside an array or map"),
    .init("v VOID", .change(.setNotNull(path("v"))), .invalidArgument, "VOID"),
    .init(
      "m MAP<INT, INT>", .change(.setComment(path("m", "value"), "x")), .invalidArgument, "`m.value` is an value, not"),
    .init("id INT", .change(.setComment(path("x"), "x")), .invalidArgument, "no column `x`"),
  ]

  package static let rules: [SchemaRefusal] = [
    .init(
      "id INT", .change(.setDefault(path("id"), "'x'")), .invalidArgument,
      "it is STRING and the column INT. Cast it, as in CAST('x' AS INT)"),
    .init(
      "id INT", .change(.setDefault(path("id"), "id + 1")), .invalidArgument, "reads no columns, but this one names id"),
    .init("id INT", .change(.setDefault(path("id"), "1 +")), .invalidArgument, "the text ends here"),
    .init("id INT", .change(.setDefault(path("id"), "uper('x')")), .invalidArgument, "Did you mean upper?"),
    .init("v VARIANT", .change(.setDefault(path("v"), "1")), .invalidArgument, "VARIANT default to NULL"),
    .init("s STRUCT<a: INT>", .change(.setDefault(path("s", "a"), "1")), .operationRefused, "only whole columns"),
    .init(
      "k BIGINT", metadata: ["k": identity], .change(.setDefault(path("k"), "1")), .invalidArgument,
      "an identity column and a column with a default at once"),
    .init(
      "id INT", .change(.addConstraint(name: "c", condition: "id > 'x'")), .invalidArgument,
      "'x' is not a value of type INT"),
    .init("id INT", .change(.addConstraint(name: "c", condition: "id + 1")), .invalidArgument, "A condition is needed"),
    .init(
      "id INT", .change(.addConstraint(name: "c", condition: "ID > 0 AND idd < 5")), .invalidArgument,
      "no column idd. Did you mean id?"),
    .init("id INT", .change(.addConstraint(name: "", condition: "id > 0")), .invalidArgument, "needs a name"),
    .init(
      "id INT", properties: ["delta.constraints.c": "id > 0"], .change(.addConstraint(name: "C", condition: "id > 1")),
      .alreadyExists, "`c` already (id > 0)"),
    .init(
      "id INT", properties: ["delta.constraints.positive": "id > 0"],
      .change(.dropConstraint(name: "positiv", ifExists: false)),
      .invalidArgument, "Was `positive` meant?"),
    .init(
      "id INT", .change(.setProperties(["delta.constraints.c": "id > 0"])), .invalidArgument,
      "is a CHECK constraint, not a property", onProperties: "delta.constraints.c is a constraint: add it as one"),
    .init(
      "id INT", .change(.setProperties(["delta.columnMapping.maxColumnId": "9"])), .invalidArgument,
      "kept by the table itself", onProperties: "maxColumnId is kept by writers"),
    .init("id INT", .change(.setProperties(["delta.columnMapping.mode": "id"])), .operationRefused, "no ids"),
    .init(
      "id INT", .change(.setProperties(["delta.columnMapping.mode": "names"])), .invalidArgument,
      "none, name or id, not `names`", onProperties: "one of none, name, id, not 'names'"),
    .init(
      "id INT", mapped: true, .change(.setProperties(["delta.columnMapping.mode": "none"])), .operationRefused,
      "can't go from `name` to `none`"),
    .init(
      "id INT", mapped: true, .change(.unsetProperties(["delta.columnMapping.mode"], ifExists: false)),
      .operationRefused, "can't go from"),
    .init(
      "id INT", properties: ["delta.appendOnly": "true"],
      .change(.unsetProperties(["delta.appendOnli"], ifExists: false)),
      .invalidArgument, "Was `delta.appendOnly` meant?"),
    .init("id INT, _change_type INT", .change(.setProperties(cdf)), .operationRefused, "`_change_type`"),
    .init(
      "id INT, p INT", partitions: ["p"], .change(.clusterBy([path("id")])), .operationRefused,
      "partitioned can't be clustered"),
    .init(
      "id INT, b BINARY", .change(.clusterBy([path("b")])), .invalidArgument, "no least and greatest value for BINARY"),
    .init(
      "a INT, b INT, c INT, d INT, e INT",
      .change(.clusterBy([path("a"), path("b"), path("c"), path("d"), path("e")])), .invalidArgument,
      "4 columns at most"),
    .init("a INT", .change(.clusterBy([path("a"), path("A")])), .invalidArgument, "stands twice"),
    .init("l ARRAY<INT>", .change(.clusterBy([path("l", "element")])), .invalidArgument, "inside an array or map"),
    .init("id INT", .change(.synchronizeIdentity(path("id"), with: 3)), .invalidArgument, "no identity column"),
  ]

  package static let creations: [SchemaRefusal] = [
    .init("a INT, A INT", .create, .schemaMismatch, "`a` and `A`"),
    .init("s STRUCT<x: INT, X: INT>", .create, .schemaMismatch, "two fields of `s`"),
    .init("`a b` INT", .create, .operationRefused, "column mapping"),
    .init("a INT, p INT", partitions: ["q"], .create, .invalidArgument, "no column `q`"),
    .init("a INT, p INT", partitions: ["p", "P"], .create, .invalidArgument, "stands twice"),
    .init("a INT, p VOID", partitions: ["p"], .create, .invalidArgument, "VOID, whose values can't name a directory"),
    .init("a INT, p STRUCT<x: INT>", partitions: ["p"], .create, .invalidArgument, "can't name a directory"),
    .init("a INT", partitions: ["a"], .create, .invalidArgument, "all of its columns"),
    .init("a INT, p INT", partitions: ["p"], clustering: [path("a")], .create, .invalidArgument, "not both"),
    .init("a INT, p INT", clustering: [path("x")], .create, .invalidArgument, "no column `x`"),
    .init("a INT, _commit_timestamp TIMESTAMP", properties: cdf, .create, .operationRefused, "_commit_timestamp"),
    .init("a UUID", .create, .schemaMismatch, "UUID"),
    .init(
      "k BIGINT, a INT", partitions: ["k"], metadata: ["k": identity], .create, .invalidArgument,
      "each row would be alone"),
    .init(
      "a INT, g INT", metadata: ["g": ["delta.generationExpression": .string("a + ")]], .create, .invalidArgument,
      "generated column `g`"),
    .init(
      "a INT, g BIGINT", metadata: ["g": ["delta.generationExpression": .string("a + 1")]], .create, .invalidArgument,
      "It gives INT, but the column is BIGINT"),
    .init(
      "a INT, g INT, h INT",
      metadata: [
        "g": ["delta.generationExpression": .string("a + 1")], "h": ["delta.generationExpression": .string("g + 1")],
      ], .create, .invalidArgument, "which is generated itself"),
    .init(
      "a INT, g INT", metadata: ["g": ["delta.generationExpression": .string("g + 1")]], .create, .invalidArgument,
      "generated itself"),
    .init(
      "g DATE, a INT", metadata: ["g": ["delta.generationExpression": .string("current_date()")]], .create,
      .invalidArgument, "can't ask for the time"),
    .init(
      "a INT", metadata: ["a": ["CURRENT_DEFAULT": .string("'x'")]], .create, .invalidArgument,
      "it is STRING and the column INT"),
    .init(
      "a INT", properties: ["delta.constraints.c": "b > 0"], .create, .invalidArgument, "no column b",
      onProperties: "delta.constraints.c is a constraint: add it as one"),
    .init(
      "a INT", properties: ["delta.columnMapping.mode": "maybe"], .create, .invalidArgument, "`maybe`",
      onProperties: "one of none, name, id, not 'maybe'"),
    .init(
      "a INT", properties: ["delta.columnMapping.maxColumnId": "7"], .create, .invalidArgument,
      "kept by the table itself", onProperties: "maxColumnId is kept by writers"),
  ]
}
