import Testing

import _TestSupport

@Suite("What tests stand on")
struct FixturesTests {
  @Test("Every table has rows to expect for each version", arguments: Fixtures.tables)
  func tables(table: FixtureTable) throws {
    #expect(!table.versions.isEmpty && !table.tags.isEmpty)
    for version in [table.versions.first, table.versions.last] {
      _ = try table.expectedRows(version: #require(version))
    }
    if table.hasChanges { #expect(try !table.expectedChanges().isEmpty) }
  }

  @Test("Every file has rows to expect, and starts and ends as Parquet does", arguments: Fixtures.files)
  func files(file: FixtureFile) throws {
    _ = try file.expectedRows()
    let bytes = try Files.bytes(file.path)
    #expect(bytes.starts(with: Array("PAR1".utf8)) && bytes.suffix(4).elementsEqual("PAR1".utf8))
  }

  @Test("Spelling does not tell JSON values apart, order and kind do")
  func json() throws {
    #expect(try JSONValue(#" {"a" : 1e2, "b":"\u00e9\ud83d\ude00"}"#) == JSONValue(#"{"a":100.0,"b":"é😀"}"#))
    #expect(try JSONValue("1") != JSONValue("1.0"))
    #expect(try JSONValue("-0.0") != JSONValue("0.0"))
    #expect(try JSONValue(#"{"a":1,"b":2}"#) != JSONValue(#"{"b":2,"a":1}"#))
    #expect(try JSONValue("123456789012345678901") == .integer("123456789012345678901"))
  }

  @Test(
    "What is not JSON is refused", arguments: ["", "{", "[1,]", "nul", "\"a", "1 2", #""\x""#, "{\"a\"}", "\"\u{1}\""])
  func notJSON(text: String) {
    #expect(throws: JSONValue.Failure.self) { try JSONValue(text) }
  }
}
