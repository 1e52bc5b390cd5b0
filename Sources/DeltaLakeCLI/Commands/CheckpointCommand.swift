import ArgumentParser
import DeltaLake

struct CheckpointCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Write a checkpoint of a table's newest version, from which reading starts quickly.",
    discussion: """
      Writing makes checkpoints by itself, every ten commits or as delta.checkpointInterval says.

      Example:
        deltalake checkpoint events
      """)

  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @OptionGroup var committing: CommittingOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let durability = try committing.commitOptions().durability
    var timing = Timing()
    let report = try await DeltaTable(table).checkpoint(durability: durability)
    timing.rows = Int(report.actionCount ?? 0)
    try timing.finish(options)
    if let files = report.fileCount {
      Messages.say("checkpoint of version \(report.version) with \(files) files", options)
    } else {
      Messages.say("version \(report.version) has a checkpoint already", options)
    }
  }
}
