import Foundation
import Testing
import _TestSupport

@testable import DeltaLakeCLI

@Suite("Files for rows", .enabled(if: CommandProcess.isAvailable, .init(rawValue: CommandProcess.reason)))
struct OutputFileTests {
  private func run(_ line: String, in scratch: Scratch) throws -> CommandProcess {
    try CommandProcess.run(words(of: line), in: scratch.path)
  }

  /// A folder with the table `events` and a link into it.
  private func layOut() throws -> Scratch {
    let scratch = try Scratch()
    try FileManager.default.copyItem(atPath: Fixtures.table("events").path, toPath: scratch.path + "/events")
    try FileManager.default.createDirectory(atPath: scratch.path + "/events/sub", withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: "events/sub")
    return scratch
  }

  private func names(_ scratch: Scratch) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
  }

  private func files(_ folder: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      files[name] = (try? Files.bytes(folder + "/" + name)) ?? []
    }
    return files
  }

  private func dataFiles(_ table: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: table).filter { $0.hasSuffix(".parquet") }.sorted()
  }

  @Test(
    "No file is written into a table",
    arguments: [
      "scan events --output FILE --format csv", "scan events --output FILE", "scan events --output events/new.csv",
      "scan events --output events/sub/new.parquet", "scan events --output link/new.csv",
      "scan events --output ./link/../sub/new.jsonl",
      "query 'SELECT * FROM \"events\"' --output events/new.csv",
      "scan events --output events/_delta_log/00000000000000000005.json --format jsonl",
      "changes events --from 0 --output events/new.csv", "parquet copy FILE events/new.parquet",
      "scan events --timing events/timing.json", "inspect events --timing FILE",
    ])
  func refused(line: String) throws {
    let scratch = try layOut()
    defer { scratch.remove() }
    let before = try files(scratch.path)
    let file = "events/" + (try #require(try dataFiles(scratch.path + "/events").first))
    let result = try run(line.replacingOccurrences(of: "FILE", with: file), in: scratch)
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.complaint.contains("would be a file in the table"), "\(result.complaint)")
    #expect(try files(scratch.path) == before)
  }

  @Test("Beside a table, and over a file that is there, rows are written", arguments: ["csv", "jsonl", "parquet"])
  func replaced(format: String) throws {
    let scratch = try layOut()
    defer { scratch.remove() }
    let out = scratch.path + "/out.\(format)"
    try Data("before".utf8).write(to: URL(fileURLWithPath: out))
    let line = "scan events --output out.\(format) --timing timing.json"
    for _ in 0..<2 { #expect(try run(line, in: scratch).status == 0) }
    #expect(try Files.bytes(out).count > 100)
    #expect(try names(scratch) == ["events", "link", "out.\(format)", "timing.json"])
  }

  @Test("When rows can't be read, the file that was there is there still", arguments: ["csv", "parquet"])
  func failed(format: String) throws {
    let scratch = try layOut()
    defer { scratch.remove() }
    for file in try dataFiles(scratch.path + "/events") {
      try FileManager.default.removeItem(atPath: scratch.path + "/events/" + file)
    }
    try Data("before".utf8).write(to: URL(fileURLWithPath: scratch.path + "/out.\(format)"))
    for name in ["out", "other"] {
      #expect(try run("scan events --output \(name).\(format)", in: scratch).status == 1)
    }
    #expect(try Files.text(scratch.path + "/out.\(format)") == "before")
    #expect(try names(scratch) == ["events", "link", "out.\(format)"])
  }

  @Test("Rows go on to where standard output goes, also where that is a file", arguments: ["/dev/stdout", "/dev/fd/1"])
  func standardOutput(path: String) throws {
    let scratch = try layOut()
    defer { scratch.remove() }
    let rows = try run("scan events --format csv", in: scratch)
    #expect(try run("scan events --format csv --output \(path)", in: scratch).output == rows.output)
    #expect(!rows.output.isEmpty)
  }
}
