import Columnar
import DeltaLake
import Testing
import _TestSupport

@testable import DeltaSQL

@Suite("Reading queries")
struct SelectParserTests {
  private typealias Item = SelectStatement.Item

  private func values(_ text: String) throws -> [Item.Value] { try SelectParser.parse(text).items.map(\.value) }

  @Test("The whole of a query is read: columns, table, moment, condition and limit")
  func whole() throws {
    let text = "SELECT *, city AS `the city`, p.x FROM events VERSION AS OF 12 WHERE km > 5 AND day IS NULL LIMIT 7;"
    let statement = try SelectParser.parse(text)
    #expect(
      statement.items.map(\.value) == [.allColumns, .column(ColumnPath("city")), .column(ColumnPath(["p", "x"]))])
    #expect(statement.items.map(\.name) == [nil, "the city", nil])
    #expect(statement.items.map(\.offset) == [7, 10, 30])
    #expect(statement.table.place == .name("events") && statement.table.moment == .version(12))
    #expect(statement.condition?.expression == (try ColumnExpression(parsing: "km > 5 AND day IS NULL")))
    #expect(statement.limit == 7)
  }

  @Test("Words have no case, and comments, breaks and the semicolon say nothing")
  func spelling() throws {
    let plain = try SelectParser.parse("SELECT a FROM t WHERE b LIMIT 1")
    for text in [
      "select a from t where b limit 1", "sElEcT a\nFroM t\r\nwHere b\tLimit 1 ;",
      "select a -- all, of them\nfrom t /* GROUP BY a */ where b limit 1 -- end",
      "select a from t -- of them\rwhere b -- these\r\nlimit 1 --\r;",
    ] {
      let other = try SelectParser.parse(text)
      #expect(other.items.map(\.value) == plain.items.map(\.value))
      #expect(other.table.place == plain.table.place && other.table.moment == plain.table.moment)
      #expect(other.condition?.expression == plain.condition?.expression)
      #expect(other.limit == plain.limit)
    }
  }

  @Test("ALL before the columns says nothing, unless it is the column")
  func all() throws {
    let (a, all) = (Item.Value.column(ColumnPath("a")), Item.Value.column(ColumnPath("all")))
    for (text, expected) in [
      ("SELECT ALL a FROM t", [a]), ("select all a, all FROM t", [a, all]), ("SELECT ALL `a` FROM t", [a]),
      ("SELECT ALL * FROM t", [.allColumns]), ("SELECT ALL count(*) FROM t", [.rowCount]),
      ("SELECT ALL (a) FROM t", [a]), ("SELECT all FROM t", [all]), ("SELECT all AS b, a FROM t", [all, a]),
      ("SELECT all, a FROM t", [all, a]), ("SELECT ALL all FROM t", [all]),
      ("SELECT all.a FROM t", [.column(ColumnPath(["all", "a"]))]),
      ("SELECT top, `all` FROM t", [.column(ColumnPath("top")), all]),
    ] {
      #expect(try values(text).map { $0 == .column(ColumnPath("ALL")) ? all : $0 } == expected, "\(text)")
    }
  }

  @Test("A table is a name, or a path in quotes of any kind")
  func places() throws {
    let places: [(String, SelectStatement.TableReference.Place)] = [
      ("t", .name("t")), ("`my table`", .name("my table")), ("'a/b c'", .path("a/b c")), ("\"t\"", .path("t")),
      ("`/data/t`", .nameOrPath("/data/t")), ("delta.`t`", .path("t")), ("DELTA.`/data/t`", .path("/data/t")),
      ("'it''s'", .path("it's")), ("`limit`", .name("limit")), ("version", .name("version")),
      ("timestamp", .name("timestamp")), ("all", .name("all")), ("'/t'", .path("/t")),
    ]
    for (text, place) in places {
      let table = try SelectParser.parse("SELECT * FROM \(text) WHERE a").table
      #expect(table.place == place && table.moment == .latest, "\(text)")
    }
  }

  @Test("Words that begin a clause are a table's name in backticks alone, as the documentation lists them")
  func reserved() throws {
    let page = try Files.text(Files.root + "/Sources/DeltaSQL/DeltaSQL.docc/DeltaSQL.md")
    let listed = page.matches(of: /`([A-Z]+)`/).map { String($0.1) }
    #expect(listed == SelectParser.reserved.sorted())
    for word in listed {
      #expect(try SelectParser.parse("SELECT * FROM `\(word)`").table.place == .name(word))
      let error = #expect(throws: ExpressionError.self) { try SelectParser.parse("SELECT * FROM \(word.lowercased())") }
      #expect(error?.byteOffset == 14, "\(word)")
    }
  }

  @Test("A version is a number and a time a text, which may say its zone")
  func moments() throws {
    let moments: [(String, Moment)] = [
      ("VERSION AS OF 0", .version(0)), ("version as of 9223372036854775807", .version(.max)),
      ("TIMESTAMP AS OF '1970-01-01'", .timestamp(Timestamp(milliseconds: 0))),
      ("timestamp as of \"1970-01-01T01:00:01+01:00\"", .timestamp(Timestamp(milliseconds: 1000))),
    ]
    for (text, moment) in moments {
      #expect(try SelectParser.parse("SELECT * FROM t \(text)").table.moment == moment, "\(text)")
      #expect(try SelectParser.parse("SELECT * FROM 't' \(text) LIMIT 0").table.moment == moment, "\(text)")
    }
  }

  @Test("Words of SQL are names where nothing else can stand")
  func keywordsAsNames() throws {
    #expect(
      try values("SELECT count, version, limit, `from`, (day) FROM version VERSION AS OF 1") == [
        .column(ColumnPath("count")), .column(ColumnPath("version")), .column(ColumnPath("limit")),
        .column(ColumnPath("from")), .column(ColumnPath("day")),
      ])
    #expect(try values("SELECT COUNT ( * ), count(*) AS count FROM t") == [.rowCount, .rowCount])
    #expect(try SelectParser.parse("SELECT a FROM t WHERE `select` IN (1) AND limit > 3 LIMIT 3").limit == 3)
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    /// `▸` is the place.
    var query: String
    var words: String
    var testDescription: String { query }

    init(_ query: String, _ words: String) {
      self.query = query
      self.words = words
    }

    var text: String { query.replacing("▸", with: "") }
    /// In bytes.
    var place: Int? {
      query.utf8.firstRange(of: "▸".utf8).map { query.utf8.distance(from: query.startIndex, to: $0.lowerBound) }
    }
  }

  @Test(
    "What SQL has beyond is refused by its name, at its place",
    arguments: [
      Refusal("SELECT a FROM t ▸GROUP BY a", "GROUP BY is not supported yet"),
      Refusal("SELECT a FROM t WHERE a > 'Tromsø' ▸order by a", "ORDER BY is not supported yet"),
      Refusal("SELECT a FROM t LIMIT 3 ▸OFFSET 2", "OFFSET is not supported yet"),
      Refusal("SELECT a FROM t WHERE b ▸HAVING a", "HAVING is not supported yet"),
      Refusal("SELECT a FROM t ▸JOIN u ON t.a = u.a", "JOIN is not supported yet"),
      Refusal("SELECT a FROM t VERSION AS OF 1 ▸left join u", "LEFT JOIN is not supported yet"),
      Refusal("SELECT a FROM t▸, u", "More than one table is not supported yet"),
      Refusal("SELECT a FROM t ▸UNION SELECT a FROM t", "UNION is not supported yet"),
      Refusal("SELECT a ▸EXCEPT SELECT b", "EXCEPT is not supported yet"),
      Refusal("SELECT ▸DISTINCT a FROM t", "SELECT DISTINCT is not supported yet"),
      Refusal("SELECT ALL ▸1 FROM t", "An expression in the list behind SELECT is not supported yet"),
      Refusal("SELECT ▸TOP 5 a FROM t", "SELECT TOP is not supported: LIMIT"),
      Refusal("select ▸top (5) a FROM t", "SELECT TOP is not supported: LIMIT"),
      Refusal("SELECT ALL ▸DISTINCT a FROM t", "SELECT DISTINCT is not supported yet"),
      Refusal("SELECT a FROM (▸SELECT 1)", "A subquery is not supported yet"),
      Refusal("SELECT a FROM t WHERE a IN (▸select b from u)", "A subquery is not supported yet"),
      Refusal("SELECT ▸sum(a) FROM t", "sum(…) is not supported yet"),
      Refusal("SELECT a, ▸Max(a) AS m FROM t", "Max(…) is not supported yet"),
      Refusal("SELECT ▸count(a) FROM t", "count of anything but * is not supported yet"),
      Refusal("SELECT ▸count(DISTINCT a) FROM t", "count of anything but * is not supported yet"),
      Refusal("SELECT count(*) ▸OVER () FROM t", "OVER is not supported yet"),
      Refusal("SELECT count(*) ▸FILTER (WHERE a) FROM t", "FILTER is not supported yet"),
      Refusal("SELECT ▸count(*) + 1 FROM t", "An expression in the list behind SELECT is not supported yet"),
      Refusal("SELECT ▸a + 1 FROM t", "An expression in the list behind SELECT is not supported yet"),
      Refusal("SELECT a, ▸upper(b) FROM t", "An expression in the list behind SELECT is not supported yet"),
      Refusal("SELECT ▸1", "An expression in the list behind SELECT is not supported yet"),
      Refusal("SELECT ▸t.* FROM t", "A * of one table is not supported yet"),
      Refusal("SELECT a FROM t ▸AS u", "Another name for a table is not supported yet"),
      Refusal("SELECT a FROM t ▸u", "Another name for a table is not supported yet"),
      Refusal("SELECT a FROM ▸db.t", "A table's name with a dot is not supported yet"),
      Refusal("SELECT a FROM ▸range(10)", "A table made by range is not supported yet"),
      Refusal("SELECT a FROM t ▸TABLESAMPLE (10 ROWS)", "TABLESAMPLE is not supported yet"),
      Refusal("SELECT a FROM t ▸FOR VERSION AS OF 3", "FOR is not supported yet"),
      Refusal("▸WITH u AS (VALUES 1) TABLE u", "A query that begins with WITH is not supported yet"),
      Refusal("▸DELETE FROM t", "DELETE is not a query"),
      Refusal("▸explain SELECT a FROM t", "EXPLAIN is not a query"),
      Refusal("SELECT a FROM t WHERE ▸sum(a) > 5", "takes many rows together"),
    ])
  func refused(_ refusal: Refusal) { check(refusal) }

  @Test(
    "What is no query is an error at the place where it stops being one",
    arguments: [
      Refusal("▸", "The query is empty"), Refusal("  -- nothing\n▸", "The query is empty"),
      Refusal("▸SELCT a FROM t", "Did you mean SELECT?"), Refusal("▸(SELECT", "Expected SELECT"),
      Refusal("SELECT▸", "but the text ends here"), Refusal("SELECT ▸FROM t", "Expected a column, * or count(*)"),
      Refusal("SELECT a, ▸FROM t", "Expected a column, * or count(*)"), Refusal("SELECT ▸, a FROM t", "Expected"),
      Refusal("SELECT a▸", "Expected a comma or FROM, but the text ends here"),
      Refusal("SELECT a ▸FORM t", "Did you mean FROM?"), Refusal("SELECT a ▸WHERE b", "Expected a comma or FROM"),
      Refusal("SELECT a ▸b FROM t", "A new name for a column takes AS"),
      Refusal("SELECT a AS ▸FROM t", "Expected a name"), Refusal("SELECT a AS ▸'b' FROM t", "Expected a name"),
      Refusal("SELECT ▸* AS b FROM t", "All columns can't have one name"),
      Refusal("SELECT a FROM▸", "Expected a table's name"),
      Refusal("SELECT a FROM ▸WHERE b", "Expected a table's name"),
      Refusal("SELECT a FROM ▸WHERE (b)", "Expected a table's name"),
      Refusal("SELECT a FROM ▸''", "A path can't be empty"), Refusal("SELECT a FROM ▸5", "Expected a table's name"),
      Refusal("SELECT a FROM t VERSION AS ▸3", "Expected OF"), Refusal("SELECT a FROM t VERSION ▸3", "Expected AS"),
      Refusal("SELECT a FROM t ▸VERSIN AS OF 3", "Did you mean VERSION?"),
      Refusal("SELECT a FROM t TIMESTAMP▸", "Expected AS"),
      Refusal("SELECT a FROM t VERSION AS OF 1 ▸TIMESTAMP AS OF '2024-01-01'", "Expected WHERE, LIMIT or the end"),
      Refusal("SELECT ▸\"a\" FROM t", "names stand in backticks"),
      Refusal("SELECT a FROM t VERSION AS OF ▸-1", "Expected a version's number"),
      Refusal("SELECT a FROM t VERSION AS OF ▸1.5", "Expected a version's number"),
      Refusal("SELECT a FROM t VERSION AS OF ▸9223372036854775808", "Expected a version's number"),
      Refusal("SELECT a FROM t TIMESTAMP AS OF ▸'yesterday'", "'yesterday' is no time"),
      Refusal("SELECT a FROM t TIMESTAMP AS OF ▸2024", "Expected a time in quotes"),
      Refusal("SELECT a FROM t ▸WHER a", "Did you mean WHERE?"), Refusal("SELECT a FROM t WHERE▸", "text ends here"),
      // LIMIT can be a name here: the error is only behind it.
      Refusal("SELECT a FROM t WHERE a > LIMIT ▸3", "Expected LIMIT or the end of the query"),
      Refusal("SELECT a FROM t WHERE a ▸LIMT 3", "Did you mean LIMIT?"),
      Refusal("SELECT a FROM t LIMIT ▸-1", "Expected a number of rows"),
      Refusal("SELECT a FROM t LIMIT ▸all", "Expected a number of rows"),
      Refusal("SELECT a FROM t LIMIT ▸99999999999999999999", "Expected a number of rows"),
      Refusal("SELECT a FROM t LIMIT 1▸, 2", "Expected the end of the query"),
      Refusal("SELECT a FROM t LIMIT 1 ▸WHERE b", "Expected the end of the query"),
      Refusal("SELECT a FROM t; ▸SELECT b FROM t", "One query is answered at a time"),
      Refusal("SELECT a FROM t WHERE b = ▸'Oslo", "no closing quote"),
      Refusal("SELECT a FROM ▸`t", "no closing backtick"), Refusal("SELECT a FROM t▸@v3", "no meaning here"),
      Refusal("SELECT a FROM t ▸/* WHERE", "comment has no end"),
      Refusal("SELECT ø FROM t WHERE ø = 'ø' AND ▸", "the text ends here"),
    ])
  func damaged(_ refusal: Refusal) { check(refusal) }

  private func check(_ refusal: Refusal) {
    let error = #expect(throws: DeltaError.self) { try SQLQuery(refusal.text) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(refusal.words) == true, "\(error?.message ?? "")")
    #expect(refusal.place != nil && error?.byteOffset == refusal.place.map(Int64.init), "\(error?.message ?? "")")
  }

  @Test(
    "A place is told in bytes, also behind and inside of a character that is several scalars",
    arguments: [
      ("SELECT a FROM t WHERE b = 'e\u{301}' = = c", 34, "found ="),
      ("SELECT a FROM t WHERE b = 'x'\u{301} AND c = 1", 29, "found \u{301}"),
      ("SELECT a\r\nFROM t WHERE\r\nb = '🇳🇴👩‍👧' = #", 52, "no meaning here"),
    ])
  func marks(text: String, place: Int64, words: String) {
    let error = #expect(throws: DeltaError.self) { try SQLQuery(text) }
    #expect(error?.byteOffset == place && error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("Nested ever deeper is an error, not the end of the stack", arguments: ["(", "NOT ", "- ", "a IN ("])
  func depth(opening: String) {
    let text = "SELECT a FROM t WHERE " + String(repeating: opening, count: 20_000)
    let error = #expect(throws: ExpressionError.self) { try SelectParser.parse(text) }
    #expect(error?.code == .tooDeep)
  }

  @Test("Whatever a text is, it is read or an error with a place in it")
  func hostile() {
    let text =
      "SELECT *, `a`, count(*) AS ñ FROM delta.`t` TIMESTAMP AS OF '2024-01-01' WHERE b IN (1, 'ø') LIMIT 10; --"
    let bytes = Array(text.utf8)
    var texts = (0...bytes.count).map { Array(bytes[..<$0]) }
    for index in bytes.indices {
      texts.append(Array(bytes[..<index] + bytes[(index + 1)...]))
      for byte in [UInt8(ascii: "("), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: ";"), 0, 0xC3, 0xFF, 0x20] {
        var changed = bytes
        changed[index] = byte
        texts.append(changed)
      }
    }
    var readCount = 0
    for bytes in texts {
      let text = String(decoding: bytes, as: UTF8.self)
      do throws(DeltaError) {
        _ = try SQLQuery(text)
        readCount += 1
      } catch {
        #expect(error.byteOffset.map { (0...Int64(text.utf8.count)).contains($0) } == true, "\(text)")
      }
    }
    #expect(readCount > 0 && readCount < texts.count)
  }
}
