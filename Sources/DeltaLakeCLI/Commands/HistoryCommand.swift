import ArgumentParser
import DeltaLake

struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List a table's commits, newest first.",
    discussion: """
      Examples:
        deltalake history events
        deltalake history events --limit 5 --format jsonl
      """)

  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Only the newest commits.", valueName: "n"))
  var limit: Int?

  @Option(help: "How to print rows; null decodes them and prints nothing.")
  var format = RowFormat.table

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a number from 0 on.") }
  }

  func run() async throws {
    var timing = Timing()
    let history = try await options.table(table).history(limit: limit)
    timing.markOpen()
    timing.rows = history.count
    switch format {
    case .null: break
    case .jsonl: try Messages.output(HistoryTable.jsonLines(of: history))
    default: try print(HistoryTable.batch(of: history, as: format), as: format)
    }
    try timing.finish(options)
  }
}

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the actions of one commit, a JSON object a line.",
    discussion: """
      A commit's line is as the writer wrote it; jq and the like can take it from there.

      Example:
        deltalake show events 3
      """)

  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @Argument(help: "The commit's version.")
  var version: Version

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let timing = Timing()
    let commit = try await options.table(table).commit(version)
    try Messages.output(commit)
    try timing.finish(options)
  }
}
