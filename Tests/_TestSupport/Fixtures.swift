/// Tables and files in `Fixtures`, written by other implementations, with the rows that those read from them.
///
/// `tools/fixtures` makes them and the catalogue.
package enum Fixtures {
  package static let path = Files.root + "/Fixtures"

  /// All tables in the catalogue.
  package static let tables: [FixtureTable] = catalogue("tables").map(FixtureTable.init)

  /// All Parquet files in the catalogue.
  package static let files: [FixtureFile] = catalogue("files").map(FixtureFile.init)

  /// The tables that have all of these tags.
  package static func tables(with tags: String...) -> [FixtureTable] {
    tables.filter { table in tags.allSatisfy(table.tags.contains) }
  }

  /// The table of that name. Traps when the catalogue has none: that is a mistake in the test.
  package static func table(_ name: String) -> FixtureTable {
    guard let table = tables.first(where: { $0.name == name }) else { preconditionFailure("no fixture table \(name)") }
    return table
  }

  package static func file(_ name: String) -> FixtureFile {
    guard let file = files.first(where: { $0.name == name }) else { preconditionFailure("no fixture file \(name)") }
    return file
  }

  private static func catalogue(_ kind: String) -> [JSONValue] {
    guard let text = try? Files.text(path + "/catalogue.json"), let json = try? JSONValue(text),
      case .array(let entries) = json[kind]
    else { preconditionFailure("Fixtures/catalogue.json is missing or damaged; tools/fixtures makes it") }
    return entries
  }
}

/// A Delta table.
package struct FixtureTable: Sendable, CustomStringConvertible {
  package let name: String
  /// What it exercises, for example `checkpoint`.
  package let tags: [String]
  /// The library that wrote it, with its version.
  package let writer: String
  /// The versions with expected rows, ascending; the last is the newest.
  package let versions: [Int64]
  /// Whether there are expected rows of the change data feed.
  package let hasChanges: Bool

  package var path: String { Fixtures.path + "/tables/" + name }
  package var description: String { name }

  /// The rows of a version in canonical form, in no particular order.
  package func expectedRows(version: Int64) throws -> [JSONValue] {
    try JSONValue.lines(Files.text(path + ".v\(version).jsonl"))
  }

  /// The change data feed from version 0, or from where it was switched on.
  package func expectedChanges() throws -> [JSONValue] {
    try JSONValue.lines(Files.text(path + ".changes.jsonl"))
  }

  init(_ entry: JSONValue) {
    name = entry["name"].text
    tags = entry["tags"].elements.map(\.text)
    writer = entry["writer"].text
    versions = entry["versions"].elements.compactMap(\.number)
    hasChanges = entry["hasChanges"] == .boolean(true)
  }
}

/// A Parquet file.
package struct FixtureFile: Sendable, CustomStringConvertible {
  package let name: String
  package let tags: [String]
  package let writer: String

  package var path: String { Fixtures.path + "/files/" + name }
  package var description: String { name }

  /// The rows in canonical form, in file order.
  package func expectedRows() throws -> [JSONValue] {
    try JSONValue.lines(Files.text(path + ".jsonl"))
  }

  init(_ entry: JSONValue) {
    name = entry["name"].text
    tags = entry["tags"].elements.map(\.text)
    writer = entry["writer"].text
  }
}

extension JSONValue {
  /// The member of that name; null when there is none.
  package subscript(name: String) -> JSONValue {
    guard case .object(let members) = self else { return .null }
    return members.first { $0.name == name }?.value ?? .null
  }

  package var elements: [JSONValue] {
    if case .array(let values) = self { values } else { [] }
  }

  package var text: String {
    if case .string(let text) = self { text } else { "" }
  }

  package var number: Int64? {
    if case .integer(let digits) = self { Int64(digits) } else { nil }
  }
}
