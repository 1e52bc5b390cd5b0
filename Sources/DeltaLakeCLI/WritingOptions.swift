import ArgumentParser
import DeltaLake

/// The options of every command that commits.
struct CommittingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "full waits until data and commit are on the disk; relaxed leaves that to the system. Default: DELTALAKE_DURABILITY, or full.",
      valueName: "full|relaxed"))
  var durability: DurabilityArgument?

  @Option(help: ArgumentHelp("A word of yours, kept with the commit.", valueName: "text"))
  var message: String?

  func commitOptions() throws -> CommitOptions {
    var options = CommitOptions()
    options.durability = try (durability ?? Self.durabilityOfEnvironment() ?? .full).durability
    options.userMetadata = message
    return options
  }

  private static func durabilityOfEnvironment() throws -> DurabilityArgument? {
    guard let text = Environment["DELTALAKE_DURABILITY"] else { return nil }
    guard let durability = DurabilityArgument(argument: text) else {
      throw ValidationError("DELTALAKE_DURABILITY is '\(text)', neither full nor relaxed.")
    }
    return durability
  }
}

enum DurabilityArgument: String, ExpressibleByArgument, CaseIterable {
  case full, relaxed

  var durability: Durability {
    switch self {
    case .full: .full
    case .relaxed: .relaxed
    }
  }
}

/// `NAME=VALUE` on the command line.
struct Assignment: ExpressibleByArgument {
  let name: String
  let value: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    name = String(parts[0])
    value = String(parts[1])
  }
}

extension [Assignment] {
  /// The last of one name counts.
  var dictionary: [String: String] { Dictionary(map { ($0.name, $0.value) }) { _, last in last } }
}
