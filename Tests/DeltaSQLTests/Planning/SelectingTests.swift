import DeltaSQL
import Testing
import _TestSupport

@Suite("Selecting rows")
struct SelectingTests {
  private static func events() throws -> [String: DeltaTable] {
    ["events": try DeltaTable(Fixtures.table("events").path)]
  }

  private func query(_ sql: String) throws -> SQLQuery { try SQLQuery(sql, tables: Self.events()) }

  private struct Ride: Decodable, Hashable {
    var number: Int64
    var town: String?
  }

  @Test("Columns come in the order and by the names asked for, and rows by type")
  func columns() async throws {
    let query = try query("SELECT city AS town, ID AS number FROM events VERSION AS OF 2 WHERE km > 170")
    #expect(try await query.prepare().schema.fields.map(\.name) == ["town", "number"])
    var rides: [Ride] = []
    for try await ride in try await query.rows(as: Ride.self) { rides.append(ride) }
    // Version 2 has kilometres of three quarters of the id in the last partition.
    let expected = try Fixtures.table("events").expectedRows(version: 2).filter { row in
      guard case .double(let bits) = row["km"] else { return false }
      return Double(bitPattern: bits) > 170
    }
    #expect(!rides.isEmpty)
    #expect(Set(rides.map(\.number)) == Set(expected.compactMap { $0["id"].number }))
    for ride in rides {
      #expect(expected.contains { $0["id"].number == ride.number && $0["city"].text == ride.town ?? "" })
    }
  }

  @Test("A column can be asked for again by another name, and among all")
  func again() async throws {
    let query = try query("SELECT id AS a, *, id AS b, day AS c FROM events LIMIT 3")
    let prepared = try await query.prepare()
    #expect(prepared.schema.fields.map(\.name) == ["a", "id", "city", "km", "rider", "day", "b", "c"])
    let rows = try await query.scalars()
    #expect(rows.count == 3)
    for row in rows { #expect(row[0] == row[1] && row[0] == row[6] && row[5] == row[7] && !row[0].isNull) }
    for try await batch in prepared.batches() { #expect(batch.schema == prepared.schema) }
  }

  @Test("All columns are the rows that two other readers found", arguments: ["events", "orders", "partitions"])
  func all(name: String) async throws {
    let fixture = Fixtures.table(name)
    let query = try SQLQuery("select * from '\(fixture.path)'")
    let expected = try fixture.expectedRows(version: fixture.versions.last ?? 0)
    #expect(try await query.numbers().sorted() == expected.compactMap { $0["id"].number }.sorted())
    #expect(try await query.prepare().schema == query.prepare().snapshots[0].schema)
  }

  @Test("A limit gives so many rows", arguments: [0, 1, 40, 279, 5000])
  func limits(count: Int) async throws {
    let all = try await query("SELECT id FROM events").numbers()
    #expect(all.count == 279)
    #expect(try await query("SELECT id FROM events LIMIT \(count)").numbers() == Array(all.prefix(count)))
    #expect(try await query("SELECT id AS x, id AS y FROM events LIMIT \(count)").numbers() == Array(all.prefix(count)))
  }

  @Test("A version, or a time, is another state of the table")
  func timeTravel() async throws {
    let table = try MemoryTable("orders", times: [100, 200, 300, 400, 500]).table
    for version in Int64(0)...4 {
      let expected = try Fixtures.table("orders").expectedRows(version: version).compactMap { $0["id"].number }.sorted()
      for moment in ["VERSION AS OF \(version)", "TIMESTAMP AS OF '1970-01-01 00:00:00.\(version + 1)50'"] {
        let query = try SQLQuery("SELECT id FROM o \(moment)", tables: ["o": table])
        #expect(try await query.numbers().sorted() == expected, "\(moment)")
        #expect(try await query.prepare().snapshots.map(\.version) == [version])
      }
    }
    for (moment, code) in [
      ("VERSION AS OF 5", DeltaError.Code.versionNotFound), ("TIMESTAMP AS OF '1969-12-31'", .versionNotFound),
    ] {
      let query = try SQLQuery("SELECT id FROM o \(moment)", tables: ["o": table])
      #expect(await #expect(throws: DeltaError.self) { try await query.prepare() }?.code == code)
    }
  }

  @Test("Names in backticks are names whatever is in them, and the table's may stand before a column's")
  func names() async throws {
    let table = DeltaTable(store: InMemoryObjectStore())
    let inner = StructType([StructField("id", .integer), StructField("deep", .integer)])
    var create = CreateTable(
      StructType([
        StructField("id", .long), StructField("a b`c", .long), StructField("limit", .long),
        StructField("t", .struct(inner)),
      ]))
    create.properties = ["delta.columnMapping.mode": "name"]
    try await table.create(create)
    let nested = Column(fields: [("id", Column(integers: [7, 8])), ("deep", Column(integers: [70, 80]))], count: 2)
    try await table.append(
      RowSource([
        RecordBatch(
          schema: create.schema,
          columns: [Column(longs: [1, 2]), Column(longs: [10, 20]), Column(longs: [100, 200]), nested], rowCount: 2)
      ]))
    for (sql, expected) in [
      ("SELECT `a b``c` FROM t WHERE limit = 200", [20]), ("SELECT T.`ID` FROM `T` WHERE t.id = 2", [2]),
      ("SELECT limit FROM t WHERE `limit` > 100 LIMIT 1", [200]),
      // The table has a column deep nowhere but in the struct t.
      ("SELECT id FROM t WHERE t.deep = 70", [1]), ("SELECT id FROM t WHERE t.t.id = 8", [2]),
    ] as [(String, [Int64])] {
      #expect(try await SQLQuery(sql, tables: ["t": table]).numbers() == expected, "\(sql)")
    }
  }

  @Test(
    "What the table hasn't is an error at its place",
    arguments: [
      ("SELECT id, ▸cty FROM events", "Did you mean city?"),
      ("SELECT id FROM events WHERE id > 5 AND (▸kn > 5 OR city = 'kn')", "Did you mean km?"),
      ("SELECT id FROM events WHERE 'ø' = 'å' AND city = 'ø' OR ▸`b c` = 1", "There is no column `b c`"),
      ("SELECT id FROM events WHERE ▸day > 5", "DATE and INT"), ("SELECT id FROM events WHERE ▸id", "true or false"),
      ("SELECT id FROM events WHERE ▸nothing.id = 1", "There is no column nothing"),
      ("SELECT id FROM events WHERE ▸events.nothing = 1", "There is no column events"),
      ("SELECT id FROM events WHERE ▸frobnicate(id) = 1", "frobnicate"),
      ("SELECT id, km, ▸id FROM events", "Two columns are called id"),
      ("SELECT id AS KM, ▸km FROM events", "Two columns are called km"),
      ("SELECT id AS x, *, ▸id FROM events", "Two columns are called id"),
      ("SELECT id, ▸*, km FROM events", "Two columns are called id"),
      ("SELECT count(*), ▸city FROM events", "GROUP BY, which is not supported yet"),
      ("SELECT ▸*, count(*) FROM events", "GROUP BY, which is not supported yet"),
      ("SELECT count(*), ▸count(*) FROM events", "Two columns are called count(*)"),
    ])
  func wrongNames(sql: String, words: String) async throws {
    let text = sql.replacing("▸", with: "")
    let error = await #expect(throws: DeltaError.self) { try await query(text).prepare() }
    #expect(error?.code == .invalidArgument)
    let place = try #require(sql.firstIndex(of: "▸"))
    #expect(error?.byteOffset == Int64(sql.utf8.distance(from: sql.startIndex, to: place)), "\(error?.message ?? "")")
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("A table that wasn't given is an error that says which were")
  func unknownTable() async throws {
    for (tables, sql, words) in [
      (["events"], "SELECT * FROM ▸evens", "Did you mean events?"),
      (["b", "a"], "SELECT * FROM ▸rides", "There are: a, b."),
      ([], "SELECT * FROM ▸rides", "No names were given"),
      (["Rides", "RIDES"], "SELECT * FROM ▸rides", "RIDES, Rides"),
    ] {
      let table = try DeltaTable(Fixtures.table("events").path)
      let query = try SQLQuery(
        sql.replacing("▸", with: ""), tables: Dictionary(uniqueKeysWithValues: tables.map { ($0, table) }))
      let error = await #expect(throws: DeltaError.self) { try await query.prepare() }
      #expect(error?.code == .invalidArgument && error?.byteOffset == 14)
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
    // The exact name counts where another differs in case alone.
    let both = ["Rides": try MemoryTable("orders").table, "rides": try DeltaTable(Fixtures.table("events").path)]
    #expect(try await SQLQuery("SELECT count(*) FROM rides", tables: both).count() == 279)
  }

  @Test("A text in quotes is a path also where a table of that name was given; a name in backticks is the table")
  func namesAndPaths() async throws {
    let path = Fixtures.table("events").path
    let orders = try MemoryTable("orders").table
    let tables = ["orders": orders, path: orders]
    for (place, count) in [
      ("orders", 5), ("`orders`", 5), ("`ORDERS`", 5), ("`\(path)`", 5), ("'\(path)'", 279), ("\"\(path)\"", 279),
      ("delta.`\(path)`", 279),
    ] as [(String, Int64)] {
      var query = try SQLQuery("SELECT count(*) FROM \(place)", tables: tables)
      #expect(try await query.count() == count, "\(place)")
      query.opensPaths = false
      if count == 5 {
        #expect(try await query.count() == count, "\(place)")
      } else {
        let error = await #expect(throws: DeltaError.self) { try await query.prepare() }
        #expect(error?.code == .invalidArgument && error?.byteOffset == 21, "\(place)")
      }
    }
    for place in ["'orders'", "\"orders\"", "delta.`orders`"] {
      let query = try SQLQuery("SELECT * FROM \(place)", tables: tables)
      #expect(await #expect(throws: DeltaError.self) { try await query.prepare() }?.code == .notFound, "\(place)")
    }
    let qualified = try SQLQuery("SELECT `\(path)`.id FROM `\(path)` LIMIT 2", tables: tables)
    #expect(try await qualified.numbers().count == 2)
  }

  @Test("A path is a table unless that is not wanted")
  func paths() async throws {
    let path = Fixtures.table("events").path
    for quoted in ["'\(path)'", "\"\(path)\"", "`\(path)`", "delta.`\(path)`"] {
      var query = try SQLQuery("SELECT count(*) FROM \(quoted)")
      query.threadCount = 1
      #expect(try await query.count() == 279)
      query.opensPaths = false
      let error = await #expect(throws: DeltaError.self) { try await query.prepare() }
      #expect(error?.code == .invalidArgument && error?.byteOffset == 21)
    }
    let none = try SQLQuery("SELECT * FROM '\(path)/nothing'")
    #expect(await #expect(throws: DeltaError.self) { try await none.prepare() }?.code == .notFound)
    let far = try SQLQuery("SELECT * FROM 's3://bucket/table'")
    #expect(await #expect(throws: DeltaError.self) { try await far.prepare() }?.byteOffset == 14)
  }
}
