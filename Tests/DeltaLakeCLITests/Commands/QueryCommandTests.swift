import Foundation
import Testing
import _TestSupport

@testable import DeltaLakeCLI

@Suite("Queries", .enabled(if: CommandProcess.isAvailable, .init(rawValue: CommandProcess.reason)))
struct QueryCommandTests {
  private func run(_ arguments: String...) throws -> CommandProcess {
    try CommandProcess.run(["query"] + arguments, in: Fixtures.path + "/tables")
  }

  @Test("The answer comes as CSV where no terminal shows it: a header, then rows, and its measures")
  func csv() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let timing = scratch.path + "/timing.json"
    let count = try run(
      "select count(*) as n from li version as of 3", "--table", "li=deletes", "--timing", timing, "--threads", "2")
    #expect(count.status == 0 && count.complaint.isEmpty)
    #expect(count.output == "n\n77\n")
    let measures = try JSONValue(Files.text(timing))
    #expect(measures["rows"].number == 1 && measures["wall_s"] != .null && measures["open_s"] != .null)
    let rows = try run("SELECT id, customer AS who, paid FROM 'orders' VERSION AS OF 0 LIMIT 2", "--timing", timing)
    #expect(rows.output.hasPrefix("id,who,paid\n1,Ada,true\n") && rows.output.split(separator: "\n").count == 3)
    #expect(try JSONValue(Files.text(timing))["rows"].number == 2)
    #expect(try run("SELECT * FROM 'orders' LIMIT 0").output == "id,customer,amount,placed,paid\n")
  }

  @Test("A format, or the name of a file, says what rows come as")
  func formats() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let sql = "SELECT count(*) AS n FROM o VERSION AS OF 4"
    for (format, expected) in [
      ("jsonl", "{\"n\":5}\n"), ("table", " n\n---\n 5\n(1 row)\n"), ("canonical", "{\"n\":5}\n"), ("null", ""),
    ] {
      #expect(try run(sql, "--table", "o=orders", "--format", format).output == expected)
    }
    for (name, expected) in [("n.jsonl", "{\"n\":5}\n"), ("n.txt", "n\n5\n")] {
      let result = try run(sql, "--table", "o=orders", "--output", scratch.path + "/" + name)
      #expect(result.status == 0 && result.output.isEmpty)
      #expect(try Files.text(scratch.path + "/" + name) == expected)
    }
    let parquet = scratch.path + "/orders.parquet"
    #expect(try run("SELECT id AS a, id AS b FROM 'orders'", "--output", parquet).status == 0)
    let read = try CommandProcess.run(["parquet", "cat", parquet, "--format", "csv"])
    #expect(read.output.hasPrefix("a,b\n") && read.output.split(separator: "\n").count == 6)
  }

  @Test(
    "A question that can't be answered ends with 2 and shows its place, a table that isn't there with 1",
    arguments: [
      (
        "SELECT id FROM o GROUP BY id", 2,
        "GROUP BY is not supported yet.\nSELECT id FROM o GROUP BY id\n                 ^"
      ),
      ("SELECT idd FROM o", 2, "Did you mean id?\nSELECT idd FROM o\n       ^"),
      ("SELECT * FROM ordrs", 2, "There is no table ordrs"),
      ("SELECT * FROM oo", 2, "Did you mean o?"), ("SELECT * FROM 'nothing'", 1, "no Delta table at nothing"),
      ("SELECT * FROM o VERSION AS OF 9", 1, "Versions 0 to 4 are available"), ("", 2, "The query is empty"),
    ])
  func failures(sql: String, status: Int, words: String) throws {
    let result = try run(sql, "--table", "o=orders")
    #expect(result.status == Int32(status) && result.output.isEmpty)
    #expect(result.complaint.hasPrefix("error: ") && result.complaint.contains(words), "\(result.complaint)")
  }

  @Test("Names of tables are given once, as NAME=PATH")
  func tables() throws {
    let twice = try run("SELECT * FROM o", "--table", "o=orders", "--table", "o=events")
    #expect(twice.status == 2 && twice.complaint.contains("the name o twice"), "\(twice.complaint)")
    #expect(try run("SELECT * FROM o", "--table", "orders").status == 2)
    let both = try run("SELECT count(*) FROM b", "--table", "a=orders", "--table", "b=events")
    #expect(both.output == "count(*)\n279\n")
  }
}
