import DeltaLake
import Testing
import _TestSupport

@Suite("The change feed")
struct ChangeFeedTests {
  private let fixture = Fixtures.table("changes")

  private func rows(_ table: DeltaTable, _ first: Moment, _ last: Moment = .latest) async throws -> [JSONValue] {
    var feed = try await table.changes(from: first, to: last)
    feed.includesCommitTimestamp = false
    return try await feed.batches().rows()
  }

  @Test("has the changes that another reader found, in any range of versions")
  func ranges() async throws {
    let table = try DeltaTable(fixture.path)
    let expected = try fixture.expectedChanges()
    for first in Int64(0)...4 {
      for last in first...4 {
        let rows = try await rows(table, .version(first), .version(last))
        let wanted = expected.filter { (first...last).contains($0["_commit_version"].number ?? -1) }
        #expect(rows.counted == wanted.counted, "\(first) to \(last)")
      }
    }
    #expect(try await rows(table, .version(0)).counted == expected.counted)
  }

  @Test("A range that makes no sense is an error that says so")
  func wrongRange() async throws {
    let table = try DeltaTable(fixture.path)
    let backwards = await #expect(throws: DeltaError.self) { try await rows(table, .version(3), .version(2)) }
    #expect(backwards?.code == .invalidArgument)
    let beyond = await #expect(throws: DeltaError.self) { try await rows(table, .version(3), .version(9)) }
    #expect(beyond?.code == .versionNotFound)
  }

  @Test("A range that begins with a rewrite under another schema is refused, naming the version")
  func firstCommitChangesSchema() async throws {
    var copy = try TableCopy("changes")
    let metadata = try #require(copy.lines(0, "metaData").first)
    let text = try #require(copy[commit: 2])
    // Version 2 calls a column otherwise, and says by removed and added files what it did.
    copy[commit: 2] =
      text.split(separator: "\n").filter { !$0.hasPrefix(#"{"cdc""#) }.joined(separator: "\n") + "\n"
      + metadata.replacing(#"\"name\":\"id\""#, with: #"\"name\":\"key\""#) + "\n"
    for first in [Int64(0), 2] {
      let error = await #expect(throws: DeltaError.self) {
        _ = try await rows(copy.table, .version(first), .version(2))
      }
      #expect(error?.code == .schemaMismatch && error?.version == 2, "\(error?.message ?? "no error")")
    }
    #expect(try await rows(copy.table, .version(0), .version(1)).count == 15)
  }

  @Test("A missing change file or commit is named")
  func damaged() async throws {
    var copy = try TableCopy("changes")
    let path = try #require(copy.files.keys.filter { $0.hasPrefix("_change_data") }.sorted().first)
    copy.files[path] = nil
    let error = await #expect(throws: DeltaError.self) {
      _ = try await rows(copy.table, .version(0))
    }
    #expect(error?.code == .missingDataFile)
    #expect(error?.path == path)
  }
}
