import ArgumentParser
import DeltaLake

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show which files and row groups a condition reads, and what rules out the others.",
    discussion: """
      Files are ruled out by their partition values and statistics in the log, row groups by the statistics, bloom \
      filters and page indexes in the files. Each file that is left is opened, as a scan would; its rows are read \
      only with --run, to show what that takes.

      Examples:
        deltalake explain events --where "day = '2024-02-29' AND id < 100"
        deltalake explain events --where "rider = 'b4814db6'" --columns city,km --run
        deltalake explain events --where "km > 100" --format jsonl --limit 10
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var rows: RowOptions
  @OptionGroup var options: GlobalOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("List at most this many files; the totals are of all.", valueName: "n"))
  var limit = 100

  @Flag(help: "Read the rows as well, and show the bytes, requests and rows that it came to.")
  var run = false

  @Option(help: "As a table, or a JSON object for each file and row group and one for the totals.")
  var format = Format.table

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, jsonl
  }

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit takes a number from 0 on.") }
  }

  func run() async throws {
    var timing = Timing()
    let snapshot = try await table.snapshot(options, &timing)
    let scan = try rows.scan(of: snapshot)
    let explanation = try await scan.plan().explain(fileLimit: limit, isRun: run)
    timing.rows = Int(clamping: explanation.totals.matchedRows ?? 0)
    let report = ExplanationReport(explanation)
    switch format {
    case .jsonl: try Messages.output(report.jsonLines)
    case .table:
      try Messages.output(report.summary + "\n")
      try print(report.batch, as: .table)
    }
    try timing.finish(options)
  }
}
