import DeltaLake
import Testing
import _TestSupport

@Suite("Scanning")
struct ScanTests {
  private func snapshot(_ name: String) async throws -> Snapshot {
    try await DeltaTable(Fixtures.table(name).path).snapshot()
  }

  @Test("Columns come as asked for, in that order, by any case")
  func select() async throws {
    let scan = try await snapshot("appends").scan().select(["city", "ID"])
    #expect(scan.schema.fields.map(\.name) == ["city", "id"])
    let expected = try Fixtures.table("appends").expectedRows(version: 4).map { [$0["city"], $0["id"]] }
    let rows = try await scan.rows().map { [$0["city"], $0["id"]] }
    #expect(Set(rows) == Set(expected))
    #expect(rows.count == expected.count)
  }

  @Test("A column that isn't there is an error that lists those that are")
  func unknownColumn() async throws {
    let scan = try await snapshot("appends").scan()
    let error = #expect(throws: DeltaError.self) { try scan.select(["id", "town"]) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("no column town") == true)
    #expect(error?.message.contains("id, city") == true, "\(error?.message ?? "")")
  }

  @Test("A condition as a closure and as SQL gives the rows it is true for")
  func conditions() async throws {
    let scan = try await snapshot("appends").scan()
    let expected = try Fixtures.table("appends").expectedRows(version: 4)
      .filter { ($0["id"].number ?? 0) > 150 && $0["city"].text == "Oslo" }
    let closure = try scan.where { $0.id > 150 && $0.city == "Oslo" }
    let sql = try scan.where(sql: "id > 150 AND city = 'Oslo'")
    let both = try scan.where(sql: "id > 150").where { $0.city == "Oslo" }
    for narrowed in [closure, sql, both] {
      #expect(try await narrowed.rows().counted == expected.counted)
    }
  }

  @Test("A condition may name columns that are not selected")
  func conditionBeside() async throws {
    let scan = try await snapshot("appends").scan().select(["city"]).where { $0.id < 3 }
    let expected = try Fixtures.table("appends").expectedRows(version: 4)
      .filter { ($0["id"].number ?? 9) < 3 }.map { $0["city"] }
    let rows = try await scan.rows()
    #expect(rows.map { $0["city"] }.counted == expected.counted)
  }

  @Test(
    "A condition that makes no sense is an error that says why",
    arguments: [
      ("town = 'Oslo'", "town"), ("id >", "the text ends here"), ("id = 'a' AND", "the text ends here"),
      ("day > 5", "DATE and INT"),
      ("id", "true or false"),
      ("id = 1; DROP TABLE x", "Expected the end of the expression, but found ;"),
    ])
  func wrongCondition(sql: String, word: String) async throws {
    let scan = try await snapshot("appends").scan()
    let error = #expect(throws: DeltaError.self) { try scan.where(sql: sql) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
  }

  @Test("A limit gives so many rows", arguments: [0, 1, 39, 40, 41, 199, 200, 5000])
  func limit(count: Int) async throws {
    let all = try await snapshot("appends").scan()
    #expect(try await all.limit(count).rows() == Array(all.rows().prefix(count)))
    var unordered = all.limit(count)
    unordered.isOrdered = false
    #expect(try await unordered.rows().count == min(200, count))
  }

  @Test("In order rows come the same each time; without they are the same rows", arguments: [1, 2, 7])
  func order(threads: Int) async throws {
    var scan = try await snapshot("skipping").scan()
    let expected = try await scan.rows()
    scan.threadCount = threads
    #expect(try await scan.rows() == expected)
    scan.isOrdered = false
    #expect(try await scan.rows().counted == expected.counted)
  }

  private struct Trip: Decodable, Hashable {
    var id: Int
    var city: String?
    var ratio: Double?
  }

  @Test("Rows come as values of a Swift type")
  func decodable() async throws {
    var trips: [Trip] = []
    for try await trip in try await snapshot("appends").scan().rows(as: Trip.self) { trips.append(trip) }
    let expected = try Fixtures.table("appends").expectedRows(version: 4)
    #expect(trips.map(\.id).sorted() == expected.compactMap { $0["id"].number.map(Int.init) }.sorted())
    #expect(trips.count { $0.city == nil } == expected.count { $0["city"] == .null })
    #expect(trips.count { $0.ratio == nil } == expected.count { $0["ratio"] == .null })
  }

  private struct Wrong: Decodable { var id: String }

  @Test("A Swift type that rows don't fit is an error that names the column")
  func notDecodable() async throws {
    let rows = try await snapshot("appends").scan().rows(as: Wrong.self)
    let error = await #expect(throws: DeltaError.self) { for try await _ in rows {} }
    #expect(error?.code == .schemaMismatch)
    #expect(error?.message.contains("id") == true)
  }

  @Test("Row tracking is refused where the table doesn't track rows")
  func noRowTracking() async throws {
    let scan = try await snapshot("appends").scan()
    let error = #expect(throws: DeltaError.self) { try scan.includingRowTracking() }
    #expect(error?.message.contains("delta.enableRowTracking") == true)
  }

  @Test("Row ids follow from the file's first id and the row's place in it, whatever is filtered")
  func rowTracking() async throws {
    var copy = try TableCopy("appends")
    copy[commit: 0] = copy[commit: 0]?.replacing(
      #"{"minReaderVersion":1,"minWriterVersion":2}"#,
      with: #"{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["rowTracking","domainMetadata"]}"#
    ).replacing(
      #""configuration":{}"#,
      with: #""configuration":{"delta.enableRowTracking":"true","#
        + #""delta.rowTracking.materializedRowIdColumnName":"_row-id-1","#
        + #""delta.rowTracking.materializedRowCommitVersionColumnName":"_row-version-1"}"#)
    for version in Int64(0)...4 {
      let text = try #require(copy[commit: version])
      copy[commit: version] = text.replacing(#""baseRowId":null"#, with: #""baseRowId":\#(1000 * version)"#)
        .replacing(#""defaultRowCommitVersion":null"#, with: #""defaultRowCommitVersion":\#(version)"#)
    }
    let everything = try await copy.table.snapshot().scan()
    let scan = try everything.select(["id"]).includingRowTracking()
    #expect(scan.schema.fields.map(\.name) == ["id", "_row_id", "_row_commit_version"])
    #expect(try everything.includingRowTracking().select(["id"]).includingRowTracking().schema == scan.schema)
    #expect(try await everything.includingRowTracking().select(["id"]).rows().counted == scan.rows().counted)
    for narrowed in [scan, try scan.where { $0.id % 7 == 3 }, try scan.where { $0.id > 130 }] {
      let rows = try await narrowed.rows()
      #expect(!rows.isEmpty)
      for row in rows {
        let id = try #require(row["id"].number)
        #expect(row["_row_id"].number == id / 40 * 1000 + id % 40)
        #expect(row["_row_commit_version"].number == id / 40)
      }
    }
  }
}

@Suite("Pruning")
struct PruningTests {
  /// What a plan leaves out, and that the rows are those a scan of everything would find.
  private func plan(_ name: String, _ sql: String) async throws -> (plan: ScanPlan, opened: Int) {
    let store = CountingStore(try TableCopy(name).store)
    let snapshot = try await DeltaTable(store: store).snapshot()
    let plan = try await snapshot.scan().where(sql: sql).plan()
    store.reset()
    let rows = try await snapshot.scan().where(sql: sql).rows()
    let paths = store.requests.map(\.path)
    let opened = Set(paths.filter { $0.hasSuffix(".parquet") && !$0.hasPrefix("_delta_log") }).count
    // `coalesce` hides the condition from statistics and partition values.
    let everything = try await snapshot.scan().where(sql: "coalesce(\(sql), false)").rows()
    #expect(rows.counted == everything.counted)
    return (plan, opened)
  }

  @Test(
    "Files whose partition value can't match are not read",
    arguments: [
      ("name = 'plain'", 11), ("name IN ('a/b', 'k=v')", 10), ("name IS NULL", 11), ("name = 'nowhere'", 12),
      ("name <> 'plain'", 2), ("name LIKE 'a%'", 10), ("name IS NOT NULL", 1),
    ])
  func partitions(sql: String, pruned: Int) async throws {
    let (plan, opened) = try await plan("partitions", sql)
    #expect(plan.prunedByPartition == pruned)
    #expect(plan.prunedByStatistics == 0)
    #expect(opened == 12 - pruned)
  }

  @Test(
    "Files whose statistics refute the condition are not read",
    arguments: [
      ("id < 100", 7), ("id = 415", 7), ("id BETWEEN 329 AND 400", 6), ("id > 5000", 8), ("text > 'h'", 7),
      ("empty IS NULL", 4), ("empty IS NOT NULL", 4), ("value <= 30.0", 6), ("id = 110 OR id = 720", 6),
    ])
  func statistics(sql: String, pruned: Int) async throws {
    let (plan, opened) = try await plan("skipping", sql)
    #expect(plan.prunedByPartition == 0)
    #expect(plan.prunedByStatistics <= pruned)
    #expect(plan.prunedByStatistics >= pruned - 1)
    #expect(opened <= 8 - plan.prunedByStatistics)
  }

  @Test("A file that may hold NaN, which is greater than every number, is kept")
  func notANumber() async throws {
    #expect(try await plan("skipping", "value >= 150.0").plan.prunedByStatistics == 0)
  }

  @Test("Both work together, and from a checkpoint's statistics too")
  func both() async throws {
    let (byBoth, opened) = try await plan("partitions", "name <> 'plain' AND id < 3")
    #expect(byBoth.prunedByPartition == 2)
    #expect(byBoth.prunedByStatistics == 8)
    #expect(opened == 2)
    let (checkpoint, _) = try await plan("checkpoint", "id >= 55")
    #expect(checkpoint.prunedByStatistics == 9)
  }
}
