internal import DeltaSQL

/// Queries in SQL: what is refused says where.
struct QueryTarget: FuzzTarget {
  let name = "query"
  let maximumSize = 1 << 10

  func run(_ bytes: UnsafeRawBufferPointer) {
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(DeltaError) {
      let query = try SQLQuery(text)
      claim(query.text == text, "the query has another text: \(query.text)")
    } catch {
      claim(error.code == .invalidArgument, "'\(text)' is refused as \(error.code)")
      let place = error.byteOffset ?? -1
      claim((0...Int64(text.utf8.count)).contains(place), "'\(text)' is refused at \(place)")
    }
  }

  func seeds(from file: SeedFile) -> [[UInt8]] { [] }

  var builtInSeeds: [[UInt8]] {
    [
      "SELECT * FROM t", "select all a, `b c` AS d, p.x from 'path/of/t' where a > 5 limit 3;",
      "SELECT count(*) AS n FROM t VERSION AS OF 12 WHERE km > 5 AND day IS NULL LIMIT 7",
      "SELECT a FROM delta.`/data/t` TIMESTAMP AS OF '2024-02-29T12:00:00Z' -- end\r\n",
      "SELECT a /* all, of them */ FROM \"t\" WHERE s LIKE 'a%' OR NOT b", "SELECT count(DISTINCT a) FROM t",
      "SELECT ø FROM t WHERE ø IN ('Tromsø', X'00FF') GROUP BY ø", "SELECT a FROM t WHERE a IN (SELECT b FROM u)",
      "SELECT TOP 5 a FROM t", "WITH u AS (VALUES 1) TABLE u", "SELECT t.* FROM t AS u, v ORDER BY 1", "DELETE FROM t",
      "SELCT a FORM t WHER b LIMT 3",
    ].map { Array($0.utf8) }
  }
}
