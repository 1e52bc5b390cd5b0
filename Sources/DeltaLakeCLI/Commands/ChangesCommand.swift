import ArgumentParser
import DeltaLake

struct ChangesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "changes",
    abstract: "Print the rows that commits inserted, deleted and updated: the table's change data feed.",
    discussion: """
      A row has the table's columns, then _change_type (insert, delete, update_preimage, update_postimage), \
      _commit_version and _commit_timestamp.

      Examples:
        deltalake changes events --from 2
        deltalake changes events --from 2 --to 4 --format jsonl
      """)

  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The first version, or a time.", valueName: "version|time"),
    transform: Moment.init(text:))
  var from: Moment

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The last version, or a time (default: the newest version).", valueName: "version|time"),
    transform: Moment.init(text:))
  var to: Moment?

  @OptionGroup var output: RowOutputOptions

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    var timing = Timing()
    var changes = try await options.table(table).changes(from: from, to: to ?? .latest)
    timing.markOpen()
    // The canonical form has no times: they depend on when a copy of the table was made.
    changes.includesCommitTimestamp = !output.isRows(.canonical)
    if output.isRows(.null) { changes.isOrdered = false }
    timing.rows = try await output.print(changes.batches(), options)
    try timing.finish(options)
  }
}
