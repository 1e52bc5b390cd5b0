import Foundation
import Testing
import _TestSupport

@testable import DeltaLakeCLI

@Suite("Exit status and messages", .enabled(if: CommandProcess.isAvailable, .init(rawValue: CommandProcess.reason)))
struct ExitStatusTests {
  private static let events = Fixtures.table("events").path

  struct Case: Sendable, CustomStringConvertible {
    var status: Int32
    /// `EVENTS` stands for the table.
    var line: String
    /// What stderr must say.
    var words: String
    var description: String { line }
  }

  private func run(_ line: String) throws -> CommandProcess {
    try CommandProcess.run(words(of: line).map { $0 == "EVENTS" ? Self.events : $0 })
  }

  @Test(
    "The status says how it ended, and a failure says what to do on stderr alone",
    arguments: [
      Case(status: 0, line: "inspect EVENTS", words: ""),
      Case(status: 0, line: "scan EVENTS --limit 0", words: ""),
      Case(status: 1, line: "scan no-such-table", words: "no Delta table at no-such-table"),
      Case(status: 1, line: "scan EVENTS --as-of 99", words: "Versions 0 to 4 are available"),
      Case(status: 1, line: "show EVENTS 99", words: "Versions 0 to 4 are available"),
      Case(status: 1, line: "parquet meta README.md", words: "Not a Parquet file"),
      Case(status: 1, line: "parquet cat no-such.parquet", words: "no-such.parquet"),
      Case(status: 2, line: "scn EVENTS", words: "Did you mean scan?"),
      Case(status: 2, line: "scan", words: "<table>"),
      Case(status: 2, line: "scan EVENTS --format jsn", words: "jsonl"),
      Case(status: 2, line: "scan EVENTS --as-of yesterday", words: "neither a version"),
      Case(status: 2, line: "scan EVENTS --as-of -1", words: "versions count from 0"),
      Case(status: 2, line: "scan EVENTS --as-of 2024-13-45", words: "neither a version"),
      Case(status: 2, line: "scan EVENTS --columns cty", words: "Did you mean city?"),
      Case(status: 2, line: "scan EVENTS --where 'kn > 5'", words: "Did you mean km?"),
      Case(status: 2, line: "explain EVENTS --where 'km >'", words: "km >"),
      Case(status: 2, line: "scan EVENTS --limit -3", words: "--limit takes a number from 0 on"),
      Case(status: 2, line: "scan EVENTS --threads 0", words: "--threads takes a number from 1 on"),
      Case(status: 2, line: "scan EVENTS --log-level loud", words: "warning"),
      Case(status: 2, line: "changes EVENTS --from 3 --to 1", words: "ends before it begins"),
    ])
  func statuses(example: Case) throws {
    let result = try run(example.line)
    #expect(result.status == example.status, "\(result.complaint)")
    if example.status == 0 {
      #expect(result.complaint.isEmpty && !result.output.isEmpty)
    } else {
      #expect(result.output.isEmpty)
      #expect(result.complaint.contains(example.words), "\(result.complaint)")
      #expect(result.complaint.hasPrefix("error: "))
    }
  }

  @Test("A table that needs an unknown feature is refused with 4, and can still be inspected")
  func refused() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let log = scratch.path + "/table/_delta_log"
    try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: true)
    let commit = """
      {"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["crystalBall"],"writerFeatures":["crystalBall"]}}
      {"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":"{\\"type\\":\\"struct\\",\\"fields\\":[]}","partitionColumns":[],"configuration":{}}}

      """
    try commit.write(toFile: log + "/00000000000000000000.json", atomically: true, encoding: .utf8)
    let scan = try CommandProcess.run(["scan", scratch.path + "/table"])
    #expect(scan.status == 4)
    #expect(scan.complaint.contains("crystalBall"))
    #expect(try CommandProcess.run(["inspect", scratch.path + "/table"]).status == 0)
  }

  @Test(
    "Every command writes its measures where --timing says, with any number of threads",
    arguments: [
      "inspect EVENTS", "schema EVENTS", "files EVENTS", "files EVENTS --where 'id > 5'", "history EVENTS",
      "show EVENTS 1", "scan EVENTS", "head EVENTS 3", "changes EVENTS --from 0", "explain EVENTS --run",
      "parquet cat FILE", "parquet meta FILE", "parquet schema FILE", "parquet pages FILE",
    ])
  func timing(line: String) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = scratch.path + "/timing.json"
    let line = line.replacingOccurrences(of: "FILE", with: Fixtures.file("pages.parquet").path)
    let result = try run(line + " --threads 2 --log-level error --timing " + file)
    #expect(result.status == 0, "\(result.complaint)")
    let timing = try JSONValue(Files.text(file))
    #expect(timing["wall_s"] != .null && timing["open_s"] != .null && timing["rows"].number != nil)
  }

  @Test(
    "Output to a file has no colours and no box characters",
    arguments: ["scan EVENTS", "history EVENTS", "inspect EVENTS"])
  func undecorated(line: String) throws {
    let output = try run(line).output
    #expect(!output.contains("\u{1B}") && !output.contains("│"))
  }

  @Test("An interrupt ends a command at once, by the signal (130 to a shell) and without a word")
  func interrupt() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandProcess.path ?? "")
    process.arguments = ["parquet", "cat", Fixtures.file("pages.parquet").path, "--format", "jsonl"]
    // Nobody reads the pipe, which holds less than the rows: the command waits.
    let output = Pipe()
    process.standardOutput = output
    _ = FileManager.default.createFile(atPath: scratch.path + "/err", contents: nil)
    process.standardError = FileHandle(forWritingAtPath: scratch.path + "/err")
    try process.run()
    Thread.sleep(forTimeInterval: 0.5)
    #expect(process.isRunning)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGINT)
    #expect(try Files.text(scratch.path + "/err").isEmpty)
    try output.fileHandleForReading.close()
  }
}
