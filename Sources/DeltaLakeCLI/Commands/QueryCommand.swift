import ArgumentParser
import DeltaLake
import DeltaSQL

struct QueryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Answer a question in SQL.",
    discussion: """
      One SELECT of one table: columns or count(*), VERSION AS OF or TIMESTAMP AS OF, WHERE, LIMIT. The table is a \
      path in quotes, or a name that --table gives. Rows come as a table on a terminal, else as CSV.

      Examples:
        deltalake query "SELECT * FROM 'events' WHERE km > 100 LIMIT 5"
        deltalake query "SELECT id, km AS far FROM e" --table e=events
        deltalake query "SELECT count(*) AS n FROM 'events' VERSION AS OF 3"
        deltalake query "SELECT id FROM 'events' TIMESTAMP AS OF '2024-02-29'"
        deltalake query "SELECT * FROM 'events'" --output events.jsonl
      """)

  @Argument(help: ArgumentHelp("The question.", valueName: "sql"))
  var sql: String

  @Option(
    name: .customLong("table"),
    help: ArgumentHelp("A name for a table, once for each: a path or file: URL.", valueName: "name=path"))
  var tables: [Assignment] = []

  @OptionGroup var output: RowOutputOptions

  @OptionGroup var writing: ParquetWriteOptions
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    var names: Set<String> = []
    for table in tables where !names.insert(table.name).inserted {
      throw ValidationError("--table gives the name \(table.name) twice.")
    }
  }

  func run() async throws {
    var timing = Timing()
    var query = try SQLQuery(
      sql, tables: try Dictionary(uniqueKeysWithValues: tables.map { ($0.name, try options.table($0.value)) }))
    query.threadCount = options.threads
    let prepared = try await query.prepare()
    for snapshot in prepared.snapshots { Messages.report(snapshot, options) }
    timing.markOpen()
    let isShown = output.output == nil && Terminal.isThere(descriptor: 1)
    timing.rows = try await output.print(
      prepared.batches(), options, writing.options, unlessSaid: isShown ? .table : .csv)
    try timing.finish(options)
  }
}
