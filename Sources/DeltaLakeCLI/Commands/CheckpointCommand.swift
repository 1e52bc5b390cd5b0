import ArgumentParser
import DeltaLake

struct CheckpointCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Write a checkpoint of a table's newest version, from which reading starts quickly.",
    discussion: """
      Writing makes checkpoints by itself, every ten commits or as delta.checkpointInterval says.

      --compact-log puts what a range of commits comes to into one file beside them instead, which readers may take in
      their place; checkpoints stay what they are.

      Examples:
        deltalake checkpoint events
        deltalake checkpoint events --compact-log 0..1
      """)

  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @Option(
    name: .customLong("compact-log"),
    help: ArgumentHelp("Compact the commits of these versions, both included.", valueName: "first..last"))
  var compactLog: VersionRange?

  @OptionGroup var committing: CommittingOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let durability = try committing.commitOptions().durability
    var timing = Timing()
    if let range = compactLog {
      let isNew = try await DeltaTable(table).compactLog(range.versions, durability: durability)
      try timing.finish(options)
      return Messages.say(
        isNew ? "compacted the commits of versions \(range)" : "versions \(range) are compacted already", options)
    }
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
