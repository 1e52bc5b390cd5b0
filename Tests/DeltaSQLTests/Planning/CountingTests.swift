import DeltaSQL
import Testing
import _TestSupport

@Suite("Counting rows")
struct CountingTests {
  private func count(_ sql: String, _ table: MemoryTable) async throws -> Int64? {
    table.store.reset()
    return try await SQLQuery(sql, tables: ["t": table.table]).count()
  }

  @Test("Each version has as many rows as two other readers found in it", arguments: Fixtures.tables)
  func versions(fixture: FixtureTable) async throws {
    let tables = ["t": try DeltaTable(fixture.path)]
    for version in fixture.versions {
      let expected = Int64(try fixture.expectedRows(version: version).count)
      let query = try SQLQuery("SELECT count(*) FROM t VERSION AS OF \(version)", tables: tables)
      #expect(try await query.count() == expected, "version \(version)")
      // A condition that every row meets, and that is looked at for each.
      if let column = try await query.prepare().snapshots.first?.schema.fields.first?.name {
        let all = try SQLQuery(
          "SELECT count(*) FROM t VERSION AS OF \(version) WHERE `\(column)` IS NULL OR `\(column)` IS NOT NULL",
          tables: tables)
        #expect(try await all.count() == expected, "version \(version)")
      }
    }
  }

  @Test(
    "What the log counts is answered without a data file", arguments: ["events", "checkpoint", "cleaned-log", "empty"])
  func fromTheLog(name: String) async throws {
    let table = try MemoryTable(name)
    let expected = Int64(try Fixtures.table(name).expectedRows(version: Fixtures.table(name).versions.last ?? 0).count)
    #expect(try await count("SELECT count(*) AS n FROM t", table) == expected)
    #expect(table.dataFiles.isEmpty)
  }

  @Test("So is what partition values decide, of one partition, several or none")
  func partitions() async throws {
    let table = try MemoryTable("events")
    let rows = try Fixtures.table("events").expectedRows(version: 4)
    for (condition, days) in [
      ("day = '2024-02-29'", ["2024-02-29"]), ("day <> DATE '2024-02-29'", ["2024-02-27", "2024-02-28"]),
      ("day > '2030-01-01'", []), ("day IS NULL", []),
      ("t.day < '2024-02-28' OR day > '2024-02-28'", ["2024-02-27", "2024-02-29"]),
    ] {
      let expected = Int64(rows.count { days.contains($0["day"].text) })
      #expect(try await count("SELECT count(*) FROM t WHERE \(condition)", table) == expected, "\(condition)")
      #expect(table.dataFiles.isEmpty, "\(condition)")
    }
    #expect(rows.count == 279 && rows.contains { $0["day"].text == "2024-02-29" })
  }

  @Test("A condition on rows reads only files that may meet it")
  func conditions() async throws {
    let table = try MemoryTable("events")
    let rows = try Fixtures.table("events").expectedRows(version: 4)
    let oslo = Int64(rows.count { $0["city"].text == "Oslo" })
    #expect(try await count("SELECT count(*) FROM t WHERE city = 'Oslo'", table) == oslo)
    #expect(table.dataFiles.count > 1 && oslo > 0)
    let few = Int64(rows.count { $0["city"].text == "Oslo" && $0["day"].text == "2024-02-29" })
    #expect(try await count("SELECT count(*) FROM t WHERE city = 'Oslo' AND day = '2024-02-29'", table) == few)
    #expect(table.dataFiles.allSatisfy { $0.hasPrefix("day=2024-02-29/") } && !table.dataFiles.isEmpty)
    // Beyond all statistics.
    #expect(try await count("SELECT count(*) FROM t WHERE id > 100000", table) == 0)
    #expect(table.dataFiles.isEmpty)
  }

  @Test("Without statistics the rows are counted", arguments: ["events", "deletes", "partitions"])
  func withoutStatistics(name: String) async throws {
    let table = try MemoryTable.withoutStatistics(name)
    let fixture = Fixtures.table(name)
    for version in fixture.versions {
      let expected = Int64(try fixture.expectedRows(version: version).count)
      #expect(try await count("SELECT count(*) FROM t VERSION AS OF \(version)", table) == expected)
      #expect(!table.dataFiles.isEmpty)
    }
  }

  @Test(
    "Rows that a deletion vector deletes don't count, from the log as from the rows",
    arguments: ["true", "false"])
  func deletionVectors(areEnabled: String) async throws {
    let store = CountingStore(InMemoryObjectStore())
    let table = DeltaTable(store: store)
    var create = CreateTable(StructType([StructField("id", .long), StructField("day", .string)]))
    create.properties = ["delta.enableDeletionVectors": areEnabled, "delta.columnMapping.mode": "name"]
    create.partitionColumns = ["day"]
    try await table.create(create)
    for (day, ids) in [("a", Array(Int64(0)..<100)), ("b", Array(Int64(100)..<150))] {
      let batch = RecordBatch(
        schema: create.schema, columns: [Column(longs: ids), Column(strings: ids.map { _ in day })], rowCount: ids.count
      )
      try await table.append(RowSource([batch]))
    }
    let before = try await table.snapshot().version
    let empty = RowSource([
      RecordBatch(schema: create.schema, columns: [Column(longs: []), Column(strings: [])], rowCount: 0)
    ])
    try await table.overwrite(empty, where: ColumnPredicate(parsing: "id >= 90 AND id < 110"))
    let snapshot = try await table.snapshot()
    #expect(snapshot.files.contains { $0.deletionVector != nil } == (areEnabled == "true"))
    store.reset()
    for (condition, expected, isLogEnough) in [
      ("", 130, true), (" WHERE day = 'a'", 90, true), (" WHERE day = 'b'", 40, true), (" WHERE id >= 80", 50, false),
      (" WHERE id BETWEEN 90 AND 109", 0, false), (" WHERE day = 'b' AND id < 120", 10, false),
    ] {
      let counted = try await SQLQuery("SELECT count(*) FROM t\(condition)", tables: ["T": table]).count()
      #expect(counted == Int64(expected), "\(condition)")
      let isRead = store.count(.readRange, suffix: ".parquet") + store.count(.read, suffix: ".parquet") > 0
      if isLogEnough { #expect(!isRead, "\(condition)") }
    }
    #expect(try await SQLQuery("SELECT count(*) FROM t VERSION AS OF \(before)", tables: ["t": table]).count() == 150)
  }

  @Test("A limit is of the answer's rows, of which a count is one")
  func limits() async throws {
    let table = try MemoryTable("events")
    #expect(try await count("SELECT count(*) FROM t LIMIT 1", table) == 279)
    #expect(try await SQLQuery("SELECT count(*) FROM t LIMIT 0", tables: ["t": table.table]).scalars().isEmpty)
    let twice = try SQLQuery("SELECT count(*), count(*) AS m FROM t", tables: ["t": table.table])
    #expect(try await twice.scalars() == [[.long(279), .long(279)]])
    #expect(try await twice.prepare().schema.fields.map(\.name) == ["count(*)", "m"])
  }

  @Test(
    "Each version of tables that Spark wrote has as many rows as other readers found in it",
    .enabled(if: Shared.isAvailable, Comment(rawValue: Shared.reason)),
    arguments: [("dat-deletion_vectors", Int64(2)), ("dat-column_mapping", 3)])
  func shared(name: String, last: Int64) async throws {
    let root = (Shared.path ?? "") + "/conformance/"
    for version in 0...last {
      let expected = try JSONValue.lines(Files.text("\(root)expected/\(name)-v\(version).jsonl")).count
      let query = try SQLQuery("SELECT count(*) FROM '\(root)tables/\(name)' VERSION AS OF \(version)")
      #expect(try await query.count() == Int64(expected), "version \(version)")
    }
  }
}
