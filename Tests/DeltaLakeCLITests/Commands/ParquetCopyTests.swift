import Testing
import _TestSupport

@testable import DeltaLakeCLI

@Suite("Written Parquet files", .enabled(if: CommandProcess.isAvailable, .init(rawValue: CommandProcess.reason)))
struct ParquetCopyTests {
  private func run(_ line: String, in scratch: Scratch) throws -> CommandProcess {
    try CommandProcess.run(words(of: line), in: scratch.path)
  }

  @Test(
    "A copied file has the same rows, however it is written",
    arguments: [
      "", "--profile compact", "--compression snappy --row-group-rows 7", "--compression gzip:9 --page-rows 3",
      "--compression brotli:1 --profile compact", "--compression lz4", "--compression none", "--threads 1",
    ], ["nested.parquet", "types.parquet"])
  func copies(_ options: String, _ name: String) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = Fixtures.file(name).path
    let result = try run("parquet copy '\(file)' out.parquet \(options)", in: scratch)
    #expect(result.status == 0 && result.complaint.isEmpty, "\(result.complaint)")
    #expect(result.output.hasPrefix("out.parquet: "))
    let rows = try run("parquet cat out.parquet --format canonical", in: scratch)
    let expected = try run("parquet cat '\(file)' --format canonical", in: scratch)
    #expect(rows.output == expected.output && !rows.output.isEmpty)
  }

  @Test("A table's rows become a Parquet file")
  func scan() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let events = Fixtures.table("events").path
    let line = "scan '\(events)' --where 'km > 5' --format parquet --output far.parquet --bloom-filter city"
    #expect(try run(line, in: scratch).status == 0)
    let rows = try run("parquet cat far.parquet --format jsonl", in: scratch)
    #expect(try run("scan '\(events)' --where 'km > 5' --format jsonl", in: scratch).output == rows.output)
    #expect(try run("parquet meta far.parquet", in: scratch).output.contains("bloom"))
  }

  @Test(
    "What cannot be written is said, and leaves no file",
    arguments: [
      (1, "parquet copy FILE FILE", "is the file to be read"),
      (1, "parquet copy FILE no/such/folder.parquet", "Cannot create the file"),
      (1, "parquet copy FILE out.parquet --bloom-filter nowhere", "nowhere"),
      (2, "parquet copy FILE out.parquet --compression zip", "There is no compression 'zip'"),
      (2, "parquet copy FILE out.parquet --compression snappy:3", "There is no compression 'snappy:3'"),
      (2, "parquet copy FILE out.parquet --profile small", "portable"),
      (2, "parquet copy FILE out.parquet --page-rows 0", "--page-rows takes a number from 1 on"),
      (2, "scan EVENTS --format parquet", "--output"),
    ])
  func failures(_ status: Int32, _ line: String, _ words: String) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = Fixtures.file("types.parquet").path
    let line = line.replacing("FILE", with: "'\(file)'").replacing("EVENTS", with: "'\(Fixtures.table("events").path)'")
    let result = try run(line, in: scratch)
    #expect(result.status == status && result.complaint.contains(words), "\(result.complaint)")
    #expect(try run("parquet cat out.parquet", in: scratch).status == 1)
    #expect(try run("parquet cat '\(file)' --format null", in: scratch).status == 0)
  }
}
