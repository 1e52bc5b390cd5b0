import ArgumentParser
import DeltaLake

/// The options of every command.
struct GlobalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write a JSON object with wall_s, open_s and rows to this file.", valueName: "file"))
  var timing: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decode with this many threads (default: one a core).", valueName: "n"))
  var threads: Int?

  @Option(name: .customLong("log-level"), help: "What to say on stderr: error, warning or info.")
  var logLevel: LogLevel = .warning

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1 on.") }
    if let timing { try OutputFile.check(timing) }
  }

  /// A table, to be read with as many threads as asked for.
  func table(_ location: String) throws -> DeltaTable {
    var table = try DeltaTable(location)
    if let threads { table.threadCount = threads }
    return table
  }
}

enum LogLevel: String, ExpressibleByArgument, CaseIterable, Comparable {
  case error, warning, info

  static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
  private var rank: Int { LogLevel.allCases.firstIndex(of: self) ?? 0 }
}

/// The table, and the state of it to read.
struct TableOptions: ParsableArguments {
  @Argument(help: "The table: a path or file: URL.")
  var table: String

  @Option(
    name: .customLong("as-of"), parsing: .unconditional,
    help: ArgumentHelp(
      "Read the table as of a version, or of a time such as 2024-02-29T12:00:00Z (default: the newest version).",
      valueName: "version|time"),
    transform: Moment.init(text:))
  var asOf: Moment?

  /// The state to read, with its warnings said and the time taken.
  ///
  /// - Parameter isInspected: whether its rows need not be readable.
  func snapshot(_ options: GlobalOptions, _ timing: inout Timing, isInspected: Bool = false) async throws -> Snapshot {
    let table = try options.table(table)
    let moment = asOf ?? .latest
    let snapshot =
      isInspected ? try await table.inspectableSnapshot(asOf: moment) : try await table.snapshot(asOf: moment)
    Messages.report(snapshot, options)
    timing.markOpen()
    return snapshot
  }
}

extension Moment {
  /// A version's number, or a time.
  init(text: String) throws {
    if let version = Version(text) {
      guard version >= 0 else { throw ValidationError("There is no version \(version): versions count from 0.") }
      self = .version(version)
    } else if let timestamp = Timestamp(text) {
      self = .timestamp(timestamp)
    } else if text == "latest" {
      self = .latest
    } else {
      throw ValidationError(
        "'\(text)' is neither a version, such as 3, nor a time, such as 2024-02-29 or 2024-02-29T12:00:00Z.")
    }
  }
}

extension RowFormat: ExpressibleByArgument {}
