import DeltaLake
import Testing
import _TestSupport

@Suite("Tables that a catalog manages")
struct CatalogCommitsTests {
  private static let staged = "00000000000000000003.7d17ac10-5cc3-401b-bd1a-9c82dd2ea032.json"

  /// The table `appends` with commits 0 to 2 published, 3 staged, another attempt at 3 rejected, and 4 given back: it
  /// is the catalog's alone.
  private func managed() throws -> (copy: TableCopy, inline: [UInt8]) {
    var copy = try TableCopy("appends")
    copy[commit: 0] = try #require(copy[commit: 0]).replacing(
      #"{"minReaderVersion":1,"minWriterVersion":2}"#,
      with: #"{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["catalogManaged"],"#
        + #""writerFeatures":["catalogManaged","inCommitTimestamp"]}"#
    ).replacing(#""configuration":{}"#, with: #""configuration":{"delta.enableInCommitTimestamps":"true"}"#)
    for version in Int64(0)...4 {
      copy[commit: version] = copy[commit: version]?.replacing(
        #"{"commitInfo":{"#, with: #"{"commitInfo":{"inCommitTimestamp":\#(1000 + version * 10),"#)
    }
    let inline = try #require(copy[log: TableCopy.name(4)])
    copy[log: "_staged_commits/" + Self.staged] = copy[log: TableCopy.name(3)]
    copy[log: "_staged_commits/00000000000000000003.b91807ba-fe18-488c-a15e-c4807dbd2174.json"] = Array("{".utf8)
    copy[commit: 3] = nil
    copy[commit: 4] = nil
    return (copy, inline)
  }

  private func commits(_ inline: [UInt8]) throws -> CatalogCommits {
    var commits = CatalogCommits(latestVersion: 4)
    try commits.addStaged(Self.staged)
    commits.addInline(inline, version: 4)
    return commits
  }

  @Test("Without the catalog such a table is refused with the reason, and can be inspected")
  func refused() async throws {
    let table = try managed().copy.table
    let error = await #expect(throws: DeltaError.self) { try await table.snapshot() }
    #expect(error?.code == .unsupportedFeatures)
    #expect(error?.message.contains("catalog") == true)
    #expect(try await table.inspectableSnapshot().version == 2)
  }

  @Test("Staged and inline commits count as the log's own")
  func ratified() async throws {
    let (copy, inline) = try managed()
    let snapshot = try await copy.table.snapshot(ratified: commits(inline))
    #expect(snapshot.version == 4)
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("appends").rows())
    let plan = try await snapshot.scan().where { $0.id >= 160 }.plan()
    #expect(plan.prunedByStatistics == 4)
    #expect(snapshot.timestamp == Timestamp(milliseconds: 1040))
  }

  @Test("Versions and times are found among the catalog's commits")
  func travels() async throws {
    let (copy, inline) = try managed()
    for version in Int64(0)...4 {
      let byVersion = try await copy.table.snapshot(asOf: .version(version), ratified: commits(inline))
      #expect(try await byVersion.scan().rows().counted == Fixtures.table("appends").rows(version))
      let time = Timestamp(milliseconds: 1005 + version * 10)
      #expect(try await copy.table.snapshot(asOf: .timestamp(time), ratified: commits(inline)).version == version)
    }
  }

  @Test("The catalog's word counts before a published commit's, and nothing newer than its latest version")
  func authority() async throws {
    let (original, inline) = try managed()
    var copy = original
    copy[commit: 3] = "not what was ratified"
    copy[commit: 4] = "not what was ratified"
    copy[commit: 5] = "newer than the catalog's latest"
    copy[log: TableCopy.name(5, ".checkpoint.parquet")] = [1]
    let snapshot = try await copy.table.snapshot(ratified: commits(inline))
    #expect(snapshot.version == 4)
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("appends").rows())
  }

  @Test("A commit that neither the catalog nor the log has is an error")
  func incomplete() async throws {
    let (copy, inline) = try managed()
    let short = await #expect(throws: DeltaError.self) {
      try await copy.table.snapshot(ratified: CatalogCommits(latestVersion: 4))
    }
    #expect(short?.code == .versionNotFound)
    let gap = {
      var commits = CatalogCommits(latestVersion: 4)
      commits.addInline(inline, version: 4)
      return commits
    }()
    let error = await #expect(throws: DeltaError.self) { try await copy.table.snapshot(ratified: gap) }
    #expect(error?.code == .gapInLog)
  }

  @Test(
    "What isn't a staged commit's name is refused",
    arguments: ["3.json", "../x.json", "a/" + staged, TableCopy.name(3)])
  func wrongName(name: String) {
    var commits = CatalogCommits(latestVersion: 4)
    #expect(throws: DeltaError.self) { try commits.addStaged(name) }
  }

  @Test("A snapshot through a catalog is not refreshed behind its back")
  func refreshing() async throws {
    let (copy, inline) = try managed()
    let snapshot = try await copy.table.snapshot(ratified: commits(inline))
    let error = await #expect(throws: DeltaError.self) { try await snapshot.refreshed() }
    #expect(error?.code == .operationRefused)
  }
}
