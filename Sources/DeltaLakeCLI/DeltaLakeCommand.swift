import ArgumentParser
import Columnar
import DeltaLake
import Parquet

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The command `deltalake`.
@main
struct DeltaLakeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deltalake",
    abstract: "Look into Delta Lake tables: what they are, their history, their rows now and at any earlier version.",
    discussion: """
      Data goes to stdout, words to stderr. Exit status: 0 done, 1 failed, 2 wrong usage, 3 lost to a concurrent \
      commit, 4 refused because the table needs a feature that is not supported.

      Examples:
        deltalake inspect events
        deltalake scan events --as-of 3 --where "city = 'Oslo'" --limit 5
        deltalake explain events --where "day = '2024-02-29'"
      """,
    version: "0.1.0",
    subcommands: [
      InspectCommand.self, SchemaCommand.self, FilesCommand.self, HistoryCommand.self, ShowCommand.self,
      ScanCommand.self, HeadCommand.self, QueryCommand.self, ChangesCommand.self, ExplainCommand.self,
      CreateCommand.self, WriteCommand.self,
      AlterCommand.self, RestoreCommand.self, CheckpointCommand.self, ParquetCommand.self,
    ])

  static func main() async {
    ByteSink.ignoreBrokenPipes()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(report(error))
    }
  }

  /// Says what went wrong, or prints the help that was asked for.
  ///
  /// - Returns: the exit status.
  private static func report(_ error: any Error) -> Int32 {
    switch error {
    case let error as DeltaError:
      Messages.complain("error: \(error.message)")
      switch error.code {
      case .unsupportedFeatures: return 4
      case .conflict: return 3
      case .invalidArgument: return 2
      default: return 1
      }
    case let error as ParquetError:
      Messages.complain("error: \(error)")
      return 1
    case let error as ExpressionError:
      Messages.complain("error: \(error.message)" + (error.picture.map { "\n" + $0 } ?? ""))
      return 2
    case is CancellationError:
      Messages.complain("error: stopped")
      return 1
    case let error as OutputError:
      Messages.complain("error: \(error.message)")
      return 1
    default:
      let status = exitCode(for: error)
      let message = fullMessage(for: error)
      if status == .success {
        print(message)
        return 0
      }
      if status == .validationFailure || status.rawValue == 64 {
        Messages.complain(unknownCommand() ?? (message.hasPrefix("Error:") ? "error:" + message.dropFirst(6) : message))
        return 2
      }
      Messages.complain(message.hasPrefix("Error:") ? message : "error: \(error)")
      return 1
    }
  }
}

extension DeltaLakeCommand {
  /// What to say when the first word is not a command.
  fileprivate static func unknownCommand() -> String? {
    guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), word != "help" else { return nil }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !names.contains(word) else { return nil }
    let advice = Suggestion.nearest(to: word, among: names).map { "Did you mean \($0)?" }
    return "error: There is no command \(word). " + (advice ?? "The commands are: \(names.joined(separator: ", ")).")
  }
}

/// Ends the process; inside a command `exit` would be the parser's.
private func end(_ status: Int32) -> Never { exit(status) }
