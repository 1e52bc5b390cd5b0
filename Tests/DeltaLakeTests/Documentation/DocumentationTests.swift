import Foundation
import Testing
import _TestSupport

@Suite("Examples in the documentation")
struct DocumentationTests {
  private static let pages = [
    "README.md", "Sources/DeltaLake/DeltaLake.docc/DeltaLake.md", "Sources/DeltaLake/DeltaLake.docc/ReadingTables.md",
  ]

  /// The lines of each Swift example of a page; imports and comments aside, without indentation.
  private func examples(of page: String) throws -> [[String]] {
    var examples: [[String]] = []
    var isInside = false
    for line in try Files.text(Files.root + "/" + page).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = line == "```swift"
        if isInside { examples.append([]) }
      } else if isInside, let line = significant(line) {
        examples[examples.count - 1].append(line)
      }
    }
    return examples.filter { !$0.isEmpty }
  }

  private func significant(_ line: Substring) -> String? {
    let line = line.trimmingCharacters(in: .whitespaces)
    return line.isEmpty || line.hasPrefix("import ") || line.hasPrefix("//") ? nil : line
  }

  @Test("An example is compiled: it stands word for word in DocumentationExamples.swift", arguments: pages)
  func compiled(page: String) throws {
    let source = try Files.text(Files.root + "/Tests/DeltaLakeTests/Documentation/DocumentationExamples.swift")
    let lines = source.split(separator: "\n").compactMap(significant).joined(separator: "\n")
    let examples = try examples(of: page)
    #expect(!examples.isEmpty)
    for example in examples {
      #expect(lines.contains(example.joined(separator: "\n")), "\(page)")
    }
  }

  @Test(
    "The examples run from the package's root",
    .enabled(if: FileManager.default.currentDirectoryPath == Files.root, "runs in the package's root only"))
  func run() async throws {
    try await DocumentationExamples.readme()
    try await DocumentationExamples.overview()
    try await DocumentationExamples.guide()
  }
}
