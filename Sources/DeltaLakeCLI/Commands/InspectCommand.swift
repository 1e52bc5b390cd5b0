import ArgumentParser
import DeltaLake

struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a table is: version, size, schema, features, properties.",
    discussion: """
      Examples:
        deltalake inspect events
        deltalake inspect events --as-of 3 --json
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var options: GlobalOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() async throws {
    var timing = Timing()
    let snapshot = try await table.snapshot(options, &timing, isInspected: true)
    let overview = try await TableOverview(snapshot)
    try Messages.output(json ? overview.json + "\n" : overview.text)
    try timing.finish(options)
  }
}

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a table's schema, as a tree or as the log's JSON.",
    discussion: """
      Examples:
        deltalake schema events
        deltalake schema events --json
      """)

  @OptionGroup var table: TableOptions
  @OptionGroup var options: GlobalOptions

  @Flag(help: "Print the schema as the log has it.")
  var json = false

  func run() async throws {
    var timing = Timing()
    let snapshot = try await table.snapshot(options, &timing, isInspected: true)
    try Messages.output(json ? snapshot.metadata.schemaString + "\n" : SchemaTree(snapshot.schema).description + "\n")
    try timing.finish(options)
  }
}
