import Foundation
import Testing
import _TestSupport

@testable import DeltaLakeCLI

@Suite("deltalake write", .enabled(if: CommandProcess.isAvailable, .init(rawValue: CommandProcess.reason)))
struct WriteCommandTests {
  /// A folder with files, and what is asked of the command there.
  private struct Session {
    let scratch: Scratch

    init(_ files: [String: String]) throws {
      scratch = try Scratch()
      for (name, text) in files {
        try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path + "/" + name))
      }
    }

    func run(_ line: String) throws -> CommandProcess { try CommandProcess.run(words(of: line), in: scratch.path) }

    func rows(_ table: String) throws -> [String] {
      try run("scan \(table) --format csv").output.split(separator: "\n").dropFirst().map(String.init).sorted()
    }
  }

  @Test("A table's schema types the text, under a name of one letter too")
  func tableTypes() throws {
    let session = try Session(["a.csv": "ID,d\n007,2024-02-29\n", "b.jsonl": "{\"id\":8,\"d\":\"2024-03-01\"}\n"])
    defer { session.scratch.remove() }
    for line in ["create t --columns \"id STRING, d DATE\"", "write t --from a.csv", "write t --from b.jsonl"] {
      let result = try session.run(line)
      #expect(result.status == 0, "\(line): \(result.complaint)")
    }
    #expect(try session.rows("t") == ["007,2024-02-29", "8,2024-03-01"])
  }

  @Test("A text that is no value of the table's type breaks a rule: it fails, is skipped, or is put aside once")
  func violations() throws {
    let session = try Session(["a.csv": "id\n1\n", "b.csv": "id\n2\nx\n"])
    defer { session.scratch.remove() }
    #expect(try session.run("write t --from a.csv").status == 0)
    let refused = try session.run("write t --from b.csv")
    #expect(refused.status == 1)
    #expect(refused.complaint.contains("b.csv") && refused.complaint.contains("'x'"), "\(refused.complaint)")
    #expect(try session.run("write t --from b.csv --on-violation skip").status == 0)
    for _ in 0..<2 { #expect(try session.run("write t --from b.csv --on-violation quarantine=q").status == 0) }
    #expect(try session.rows("t") == ["1", "2", "2", "2"])
    let aside = try session.run("scan q --columns reason,file,row_number --format csv").output.split(separator: "\n")
    #expect(aside.count == 2)
    #expect(aside.last?.hasSuffix("b.csv,2") == true, "\(aside)")
  }

  @Test("Patterns stand for files; options spell CSV")
  func patterns() throws {
    let session = try Session(["x1.tsv": "1\t-\n", "x2.tsv": "2\tb\n", "s.sql": "id INT, name STRING"])
    defer { session.scratch.remove() }
    let result = try session.run("write t --from 'x?.tsv' --no-header --null - --schema-file s.sql")
    #expect(result.status == 0, "\(result.complaint)")
    #expect(try session.rows("t") == ["1,", "2,b"])
    #expect(try session.run("schema t").output.contains("integer"))
  }

  @Test(
    "What can't be read is refused by name",
    arguments: [
      ("--from a.csv.gz", "is compressed"), ("--from 'none*.csv'", "No file is called like"),
      ("--from a.csv b.jsonl", "more than one format"), ("--from a.txt", "--input-format"),
      ("--from -", "--input-format"),
      ("--from a.csv --delimiter ab", "--delimiter"), ("--from b.jsonl --null x", "go with CSV"),
      ("--from gone.csv", "gone.csv can't be opened"),
    ])
  func refusals(arguments: String, words: String) throws {
    let session = try Session(["a.csv": "id\n1\n", "b.jsonl": "{}\n"])
    defer { session.scratch.remove() }
    let result = try session.run("write t " + arguments)
    #expect(result.status == 2 && result.complaint.contains(words), "\(result.complaint)")
  }

  @Test("What scan writes to a file is read again as it was", arguments: ["csv", "jsonl", "parquet"])
  func roundTrip(format: String) throws {
    let session = try Session(["a.csv": "id,km,name,ok,day\n1,2.5,\"a,\"\"b\"\"\",true,2024-02-29\n2,,\"\",,\n"])
    defer { session.scratch.remove() }
    #expect(try session.run("write t --from a.csv").status == 0)
    #expect(try session.run("scan t --output out.\(format)").status == 0)
    // Text has no dates of its own.
    let types = format == "parquet" ? "" : " --columns \"day DATE\""
    let result = try session.run("write u --from out.\(format)" + types)
    #expect(result.status == 0, "\(result.complaint)")
    #expect(try session.rows("u").sorted() == session.rows("t").sorted())
  }
}
