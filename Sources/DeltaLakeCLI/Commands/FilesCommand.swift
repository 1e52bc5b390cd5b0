import ArgumentParser
import DeltaLake

struct FilesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "files",
    abstract: "List a table's data files, or those that may hold rows of a condition.",
    discussion: """
      Examples:
        deltalake files events
        deltalake files events --where "day = '2024-02-29'" --count
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var options: GlobalOptions

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only files whose partition values and statistics allow this condition.", valueName: "condition")
  )
  var condition: String?

  @Flag(help: "Print only how many.")
  var count = false

  @Option(help: "How to print rows; null decodes them and prints nothing.")
  var format = RowFormat.table

  func run() async throws {
    var timing = Timing()
    let snapshot = try await table.snapshot(options, &timing)
    let files: SnapshotFiles
    if let condition {
      files = try await snapshot.scan().where(sql: condition).plan().files
    } else {
      files = snapshot.files
    }
    timing.rows = files.count
    if count {
      Swift.print(timing.rows)
    } else {
      try print(FileTableRows.batch(of: files, partitionColumns: snapshot.metadata.partitionColumns), as: format)
    }
    try timing.finish(options)
  }
}
