import Columnar
import DeltaLake
import DeltaLog
import Testing
import _TestSupport

/// Statements that Spark refuses on tables that it wrote, as rows and changes held against our rules.
@Suite("Rules of Spark's tables", .enabled(if: Shared.isAvailable, Comment(rawValue: Shared.reason)))
struct SharedRulesTests {
  static let root = (Files.shared ?? "") + "/conformance/tables/"

  static func snapshot(_ table: String, _ version: Version? = nil) async throws -> Snapshot {
    try await DeltaTable(root + table).snapshot(asOf: version.map { .version($0) } ?? .latest)
  }

  static func table(_ name: String, _ version: Version) async throws -> TableDefinition {
    try await snapshot(name, version).definition()
  }

  static func rows(_ snapshot: Snapshot) async throws -> [RecordBatch] {
    var batches: [RecordBatch] = []
    for try await batch in snapshot.scan().batches() { batches.append(batch) }
    return batches
  }

  static func columns(_ id: Int32?, _ name: String?, _ a: Int32, _ v: Double?) -> [(String, Column)] {
    let inner = Column(fields: [("a", Column(integers: [a])), ("b", Column(strings: [nil]))], count: 1)
    return [
      ("id", Column(integers: [id])), ("odd-name", Column(strings: [name])), ("s", inner), ("v", Column(doubles: [v])),
    ]
  }

  @Test(
    "CHECK constraints refuse what Spark's do, and a null too",
    arguments: [
      (columns(-1, nil, 1, 0), "`positive` (id > 0) is not true for id = -1"),
      (columns(5, "too long", 1, 0), "`len` (`odd-name` IS NULL OR length ( `odd-name` ) <= 5) is not true"),
      (columns(5, "a", 1, nil), "`nested` (s . a < 100 AND v BETWEEN - 1 AND 1) is not true for s.a = 1, v = NULL"),
      (columns(nil, "a", 1, 0), "column `id` is NOT NULL"),
    ])
  func checks(columns: [(String, Column)], words: String) async throws {
    let table = try await Self.table("spark-check-constraints", 5)
    let error = #expect(throws: DeltaError.self) { try RowEnforcerTests.enforce(table, columns).checkAllAccepted() }
    #expect(error?.code == .constraintViolation)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(try RowEnforcerTests.enforce(table, Self.columns(5, "a", 1, 0)).accepted == nil)
  }

  @Test("An update that breaks a constraint is refused")
  func updates() async throws {
    let snapshot = try await Self.snapshot("spark-check-constraints", 5)
    let table = try snapshot.definition()
    for batch in try await Self.rows(snapshot) where batch.rowCount > 0 {
      let columns = zip(batch.schema.fields, batch.columns).map { field, column in
        (field.name, field.name == "v" ? Column(doubles: [Double](repeating: 7, count: batch.rowCount)) : column)
      }
      let result = try RowEnforcerTests.enforce(table, columns, purpose: .rewrite)
      #expect(result.rejectedCount == batch.rowCount)
      #expect(
        result.violations(limit: 1).first?.rule
          == .check(name: "nested", condition: "s . a < 100 AND v BETWEEN - 1 AND 1"))
    }
  }

  @Test("A constraint that rows break can't be added")
  func addedConstraint() async throws {
    let snapshot = try await Self.snapshot("spark-check-constraints", 7)
    let result = try snapshot.definition().applying(.addConstraint(name: "again", condition: "s.a < 100"))
    let condition = try #require(result.requirements.first?.condition)
    var broken: Int64 = 0
    for batch in try await Self.rows(snapshot) {
      broken += Int64(batch.rowCount - (try condition.evaluate(on: batch)).setCount)
    }
    #expect(broken == 1)
    #expect(result.requirements[0].violated(by: broken).message.contains("1 row breaks it (s.a < 100)"))
  }

  @Test("A value that contradicts a generated column's expression is refused")
  func generated() async throws {
    let table = try await Self.table("spark-generated", 4)
    let data: [(String, Column)] = [
      ("ts", Column(timestamps: [1_704_067_200_000_000])), ("d", Column(dates: [19_724])), ("n", Column(integers: [1])),
    ]
    let error = #expect(throws: DeltaError.self) { try RowEnforcerTests.enforce(table, data).checkAllAccepted() }
    #expect(
      error?.message.contains("column `d` is generated as CAST(ts AS DATE), which is not 2024-01-02") == true,
      "\(error?.message ?? "")")
  }

  @Test("Identity columns take no values, neither new nor changed")
  func identity() async throws {
    let table = try await Self.table("spark-identity", 6)
    let insert = #expect(throws: DeltaError.self) {
      try RowEnforcerTests.enforce(table, [("k", Column(longs: [1])), ("v", Column(strings: ["no"]))])
    }
    #expect(insert?.message.contains("`k`, which is GENERATED ALWAYS AS IDENTITY") == true)
    let update = #expect(throws: DeltaError.self) { try table.checkAssignable([ColumnPath("K")]) }
    #expect(update?.code == .operationRefused)
    // The next value is the one that Spark would make up.
    let rows = try RowEnforcerTests.enforce(table, [("v", Column(strings: ["x"]))]).rows
    #expect(rows["k"] == Column(longs: [75]))
    #expect(rows["d"] == Column(longs: [-109]))
  }

  @Test("Defaults are those that Spark filled in")
  func defaults() async throws {
    let snapshot = try await Self.snapshot("spark-defaults", 1)
    let wanted = try RecordBatch.concatenating(try await Self.rows(snapshot))
    let made = try RowEnforcerTests.enforce(snapshot.definition(), [("id", Column(integers: [1, 2]))]).rows
    for (field, column) in zip(made.schema.fields, made.columns) where field.name != "id" {
      #expect(try column == wanted[field.name].map { $0.slice(0..<2) }, "\(field.name)")
    }
  }

  @Test(
    "Rows that Spark wrote keep the rules that we read, and go back as they are",
    arguments: [
      "spark-check-constraints", "spark-generated", "spark-identity", "spark-defaults", "spark-cm-nested",
      "spark-schema-evolution", "spark-partition-types", "spark-timestamp-ntz", "spark-merge-dv-evolution",
    ])
  func ownRows(_ name: String) async throws {
    let snapshot = try await Self.snapshot(name)
    let table = try snapshot.definition()
    for batch in try await Self.rows(snapshot) {
      let columns = zip(batch.schema.fields, batch.columns).map { ($0.name, $1) }
      let result = try RowEnforcerTests.enforce(table, columns, purpose: .rewrite)
      #expect(result.accepted == nil, "\(result.violations(limit: 3))")
      #expect(result.rows.columns == batch.columns)
    }
  }

  @Test("Schema evolution ends in the schema that Spark came to")
  func evolution() async throws {
    var table = try await Self.table("spark-schema-evolution", 1)
    for (version, sql) in [
      (2, "id INT, s STRUCT<a: INT, b: STRING>, n STRING"), (3, "l ARRAY<STRUCT<q: INT>>"),
      (4, "l ARRAY<STRUCT<r: DOUBLE, q: INT>>"),
    ] {
      table = try table.merging(StructType(sql: sql))
      #expect(try await table.schema == Self.table("spark-schema-evolution", Version(version)).schema)
    }
    let auto = try await Self.table("spark-widening-auto", 1).merging(StructType(sql: "id SMALLINT, v SMALLINT"))
    #expect(try await auto.schema == Self.table("spark-widening-auto", 2).schema)
    let upgraded = try await Self.table("spark-cm-upgraded", 1).applying([
      .enableColumnMapping, .renameColumn(ColumnPath("v"), to: "v ; x"),
    ]).table
    let spark = try await Self.table("spark-cm-upgraded", 3)
    #expect(upgraded.schema == spark.schema)
    #expect(upgraded.metadata.configuration == spark.metadata.configuration)
    let nested = try await Self.table("spark-widening-nested", 1)
    let widened = try await Self.table("spark-widening-nested", 6)
    let changed = try nested.applying([
      .changeType(ColumnPath(["s", "a"]), to: .integer), .changeType(ColumnPath(["l", "element"]), to: .integer),
      .changeType(ColumnPath(["m", "key"]), to: .integer), .changeType(ColumnPath(["s", "b", "c"]), to: .long),
      .changeType(ColumnPath(["m", "value"]), to: .double),
    ]).table
    #expect(changed.schema == widened.schema)
  }

  @Test("Clustering columns are found by the users' names, and written as Spark has them")
  func clustering() async throws {
    let snapshot = try await Self.snapshot("spark-clustering", 5)
    let table = try snapshot.definition()
    #expect(table.clusteringColumns == [ColumnPath(["s", "y"]), ColumnPath("a")])
    #expect(try table.clusteringDomain() == snapshot.domainMetadata("delta.clustering"))
    let renamed = try table.applying(.renameColumn(ColumnPath("a"), to: "aa")).table
    #expect(try await renamed.schema == Self.table("spark-clustering", 7).schema)
    let none = try await Self.snapshot("spark-clustering", 9)
    #expect(
      try none.definition().applying(.clusterBy([])).table.clusteringDomain() == none.domainMetadata("delta.clustering")
    )
  }
}
