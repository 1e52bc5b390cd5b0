import ArgumentParser
import DeltaLake

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Set a table back to an earlier version or time, as a new version.",
    discussion: """
      Examples:
        deltalake restore events --to 3
        deltalake restore events --to 2024-02-29T12:00:00Z
      """)

  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The version, or a time.", valueName: "version|time"),
    transform: Moment.init(text:))
  var to: Moment

  @Flag(name: .customLong("ignore-missing-files"), help: "Leave out files that have been vacuumed, with their rows.")
  var ignoresMissingFiles = false

  @OptionGroup var committing: CommittingOptions
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let timing = Timing()
    let report = try await DeltaTable(table).restore(
      to: to, ignoresMissingFiles: ignoresMissingFiles, options: try committing.commitOptions())
    try timing.finish(options)
    guard let commit = report.commit else {
      return Messages.say("the table is as it was at version \(report.version) already", options)
    }
    Messages.report(commit, options)
    Messages.say(
      "version \(commit.version) is as version \(report.version) was: \(report.restoredFileCount) files restored, "
        + "\(report.removedFileCount) removed", options)
  }
}
