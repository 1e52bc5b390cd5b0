import DeltaSQL
import Foundation
import Testing
import _TestSupport

/// The example of the catalogue's page and of ``SQLQuery``, word for word: that it compiles and runs is its test.
private enum DocumentationExample {
  static func overview() async throws {
    let events = try DeltaTable("Fixtures/tables/events")
    let query = try SQLQuery("SELECT city, km FROM events VERSION AS OF 3 WHERE km > 170", tables: ["events": events])
    for try await batch in try await query.batches() {
      print(batch.rowCount)
    }
  }
}

@Suite("Examples in the documentation of queries")
struct DocumentationTests {
  @Test(
    "An example is compiled: it stands word for word in this file",
    arguments: ["DeltaSQL.docc/DeltaSQL.md", "SQLQuery.swift"])
  func compiled(page: String) throws {
    func lines(_ text: some StringProtocol, without prefix: String) -> [String] {
      text.split(separator: "\n").map {
        ($0.hasPrefix(prefix) ? $0.dropFirst(prefix.count) : $0[...]).trimmingCharacters(in: .whitespaces)
      }
    }
    let source = lines(try Files.text(#filePath), without: "").joined(separator: "\n")
    let text = try Files.text(Files.root + "/Sources/DeltaSQL/" + page)
    let parts = lines(text, without: "///").split(whereSeparator: { $0.hasPrefix("```") })
    #expect(parts.count == 3, "one example")
    #expect(source.contains(parts[1].joined(separator: "\n")))
  }

  @Test(
    "The example runs from the package's root",
    .enabled(if: FileManager.default.currentDirectoryPath == Files.root, "runs in the package's root only"))
  func run() async throws { try await DocumentationExample.overview() }
}
