import ArgumentParser
import Foundation
import Testing
import _TestSupport

@testable import DeltaLakeCLI

/// What the help of a command shows as an example.
struct HelpExample: Sendable, CustomStringConvertible {
  var line: String
  var description: String { line }

  static let all = all(in: DeltaLakeCommand.self)

  private static func all(in command: any ParsableCommand.Type) -> [HelpExample] {
    let lines = command.configuration.discussion.split(separator: "\n").map { $0.drop { $0 == " " } }
    let own = lines.filter { $0.hasPrefix("deltalake ") }.map { HelpExample(line: String($0)) }
    return own + command.configuration.subcommands.flatMap { all(in: $0) }
  }
}

@Suite("Help", .enabled(if: CommandProcess.isAvailable, .init(rawValue: CommandProcess.reason)))
struct HelpTests {
  private static func commands(
    _ command: any ParsableCommand.Type, _ path: [String] = []
  ) -> [(path: [String], command: any ParsableCommand.Type)] {
    let nested = command.configuration.subcommands.flatMap {
      commands($0, path + [$0.configuration.commandName ?? ""])
    }
    return [(path, command)] + nested
  }

  @Test("Every command's help has an example of that very command")
  func everyCommand() {
    for (path, command) in Self.commands(DeltaLakeCommand.self) {
      let start = (["deltalake"] + path).joined(separator: " ") + " "
      #expect(command.configuration.discussion.contains("  " + start), "\(start)")
    }
  }

  @Test("An example fits a line of a terminal of 80 characters", arguments: HelpExample.all)
  func width(example: HelpExample) {
    #expect(example.line.count <= 78)
  }

  @Test("An example in the help works as it stands", arguments: HelpExample.all)
  func examples(example: HelpExample) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try layOut(in: scratch.path)
    let result = try CommandProcess.run(Array(words(of: example.line).dropFirst()), in: scratch.path)
    #expect(result.status == 0, "\(result.complaint)")
    // What changes a table says so on stderr; rows that go to a file leave nothing to say.
    let isSilent = result.output.isEmpty && result.complaint.isEmpty
    #expect(!isSilent || example.line.contains(" --output ") || example.line.contains(" copy "))
    #expect(!result.output.hasSuffix("(0 rows)\n"))
  }

  @Test("What the README says that a command prints is what it prints")
  func readme() throws {
    var line = ""
    var shown: [String: [String]] = [:]
    var order: [String] = []
    for text in try Files.text(Files.root + "/README.md").split(separator: "\n", omittingEmptySubsequences: false) {
      if text.hasPrefix("    $ deltalake ") {
        line = String(text.dropFirst("    $ deltalake ".count))
        order.append(line)
      } else if !text.isEmpty, !text.hasPrefix("    ") {
        line = ""
      } else if !line.isEmpty {
        shown[line, default: []].append(String(text.dropFirst(4)))
      }
    }
    #expect(!order.isEmpty)
    for line in order {
      let printed = try CommandProcess.run(words(of: line), width: 116).output.split(
        separator: "\n", omittingEmptySubsequences: true)
      let expected = (shown[line] ?? []).filter { !$0.isEmpty }
      #expect(printed.map { String($0.reversed().drop { $0 == " " }.reversed()) } == expected)
    }
  }

  /// The tables and files that the examples name; the commits of `events` at noon of the days before 2024-03-01.
  private func layOut(in folder: String) throws {
    let files = FileManager.default
    try files.copyItem(atPath: Fixtures.table("events").path, toPath: folder + "/events")
    try files.copyItem(atPath: Fixtures.file("bloom.parquet").path, toPath: folder + "/part-00000.parquet")
    for version in 0...4 {
      let commit = folder + "/events/_delta_log/0000000000000000000\(version).json"
      // 2024-02-26T12:00:00Z and the days after.
      let date = Date(timeIntervalSince1970: 1_708_948_800 + Double(version) * 86_400)
      try files.setAttributes([.modificationDate: date], ofItemAtPath: commit)
    }
    let columns = "id BIGINT NOT NULL, city STRING, km DOUBLE, day DATE, note STRING"
    let create = ["create", "rides", "--columns", columns, "--property", "delta.columnMapping.mode=name"]
    let made = try CommandProcess.run(create, in: folder)
    #expect(made.status == 0, "\(made.complaint)")
    try files.createDirectory(atPath: folder + "/more", withIntermediateDirectories: false)
    try Data("id,city,km,day\n1,Oslo,12.5,2024-02-29\n2,,3,2024-03-01\n".utf8).write(
      to: URL(fileURLWithPath: folder + "/monday.csv"))
    for (name, id) in [("a", "3"), ("b", "null")] {
      try Data("{\"id\":\(id),\"city\":\"Bern\",\"day\":\"2024-03-02\"}\n".utf8).write(
        to: URL(fileURLWithPath: folder + "/more/\(name).jsonl"))
    }
  }
}
