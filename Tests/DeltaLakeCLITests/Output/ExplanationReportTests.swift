import DeltaLake
import Testing
import _TestSupport

@testable import DeltaLakeCLI

@Suite("Explanations in print")
struct ExplanationReportTests {
  private func report(_ condition: String) async throws -> ExplanationReport {
    let scan = try await DeltaTable(Fixtures.table("events").path).snapshot().scan().where(sql: condition)
    return ExplanationReport(try await scan.plan().explain(isRun: true))
  }

  @Test("A line for each file and row group, and the totals last")
  func jsonLines() async throws {
    let lines = try JSONValue.lines(await report("day = '2024-02-29' AND id < 60").jsonLines)
    #expect(lines.map { $0["kind"].text } == ["file", "rowGroup", "rowGroup", "rowGroup", "file", "file", "totals"])
    #expect(lines[2]["evidence"].text == "rowGroupStatistics")
    #expect(lines[2]["known"]["id"]["min"].text == "120L")
    #expect(lines[4]["evidence"].text == "partitionValues")
    #expect(lines[6]["skippedFiles"]["partitionValues"].number == 2)
    #expect(lines[6]["matchedRows"].number == 20)
  }

  @Test("For people: what was left out and why, in a few lines")
  func summary() async throws {
    let report = try await report("day = '2024-02-29' AND id < 60")
    #expect(
      report.summary == """
        files       1 of 3 opened, 8.7 KiB of 12.1 KiB; 2 ruled out by partition values
        row groups  1 of 3 read; 2 ruled out by row-group statistics
        rows        20 to look at, 60 ruled out by page indexes, 20 match
        opening     8.7 KiB in 1 request
        planned     1.6 KiB, at hand
        spent       nothing more

        """)
    #expect(report.batch["verdict"]?.scalar(at: 2) == .string("skip: group stats"))
    #expect(report.batch["known"]?.scalar(at: 4) == .string("day = 2024-02-27"))
  }

  @Test("The overview is one JSON object with the keys that were promised")
  func overview() async throws {
    let json = try JSONValue(await TableOverview(DeltaTable(Fixtures.table("events").path).snapshot()).json)
    let keys = [
      "version", "timestamp", "minReaderVersion", "minWriterVersion", "readerFeatures", "writerFeatures", "numFiles",
      "sizeInBytes", "numRows", "partitionColumns", "schema", "properties", "id", "name", "log",
    ]
    guard case .object(let members) = json else { return #expect(Bool(false)) }
    #expect(members.map(\.name) == keys)
    #expect(json["log"]["commits"].number == 5 && json["log"]["checkpoint"] == .null)
  }
}
