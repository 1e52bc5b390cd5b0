import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Refreshing a snapshot")
struct RefreshTests {
  /// What is to be the same of two snapshots.
  private struct Summary: Equatable {
    var version: Version
    var metadata: TableMetadata
    var protocolVersions: ProtocolVersions
    var rowCount: Int64?
    var commitInfo: CommitInfo?
    var transactions: [String: AppTransaction]
    var domains: [String: DomainMetadata]
    var files: Set<String>
    var warnings: [String]

    init(_ snapshot: Snapshot) async throws {
      version = snapshot.version
      metadata = snapshot.metadata
      protocolVersions = snapshot.protocol
      rowCount = try await snapshot.rowCount()
      commitInfo = snapshot.state.commitInfo
      transactions = snapshot.state.transactions
      domains = snapshot.state.domains
      warnings = snapshot.warnings
      let table = snapshot.state.files
      files = Set(
        (0..<table.count).map { row in
          let values = table.partitionValues(at: row).map { "\($0.key)=\($0.value ?? "null")" }.sorted()
          return "\(table.path(at: row)) \(table.sizes[row]) \(table.deletionVector(at: row)?.uniqueId ?? "") \(values)"
        })
    }
  }

  @Test("A refreshed snapshot is what a fresh one is, from any version on", arguments: Fixtures.tables)
  func equalsFresh(table: FixtureTable) async throws {
    let handle = try DeltaTable(table.path)
    var surroundings = Surroundings()
    surroundings.recentSnapshots = RecentSnapshots()
    let fresh = try await Surroundings.$current.withValue(surroundings) { try await handle.snapshot() }
    for version in table.versions {
      let old = try await handle.snapshot(asOf: .version(version))
      let refreshed = try await old.refreshed()
      #expect(try await Summary(refreshed) == Summary(fresh), "from \(version)")
      if version == table.versions.first {
        #expect(try await refreshed.scan().rows().count == table.expectedRows(version: fresh.version).count)
      }
    }
  }

  @Test("Refreshing step by step equals loading each version")
  func stepwise() async throws {
    let full = try TableCopy("checkpoint")
    let store = InMemoryObjectStore()
    for (path, bytes) in full.files where !path.hasPrefix("_delta_log") { store.put(bytes, at: path) }
    func publish(_ version: Int64) throws {
      store.put(
        try #require(full[log: TableCopy.name(version)]), at: "_delta_log/" + TableCopy.name(version),
        lastModified: 1000 - version)
    }
    let table = DeltaTable(store: store)
    try publish(0)
    var snapshot = try await table.snapshot()
    for version in Int64(1)...12 {
      try publish(version)
      snapshot = try await snapshot.refreshed()
      #expect(snapshot.version == version)
      let fresh = try await table.snapshot()
      #expect(try await Summary(snapshot) == Summary(fresh))
      #expect(snapshot.timestamp == fresh.timestamp)
    }
    #expect(try await snapshot.scan().rows().counted == Fixtures.table("checkpoint").rows())
  }

  @Test("Only newer commits are read, and no data")
  func readsLittle() async throws {
    let store = CountingStore(try TableCopy("checkpoint").store)
    let old = try await DeltaTable(store: store).snapshot(asOf: .version(10))
    store.reset()
    let refreshed = try await old.refreshed()
    #expect(refreshed.version == 12)
    #expect(store.count(.list) == 1)
    #expect(
      store.requests.filter { $0.call != .list }.map(\.path).sorted()
        == [11, 12].map { "_delta_log/" + TableCopy.name($0) })
  }

  @Test("Nothing new costs a listing and gives the same state")
  func nothingNew() async throws {
    let store = CountingStore(try TableCopy("checkpoint").store)
    let old = try await DeltaTable(store: store).snapshot()
    store.reset()
    let refreshed = try await old.refreshed()
    #expect(refreshed.version == 12)
    #expect(store.requests.map(\.call) == [.list])
  }

  @Test("All is loaded anew once the commits since were cleaned up")
  func cleaned() async throws {
    var copy = try TableCopy("checkpoint")
    let store = copy.store
    let old = try await DeltaTable(store: store).snapshot(asOf: .version(5))
    for version in Int64(0)...8 { copy[commit: version] = nil }
    let later = Snapshot(
      location: TableLocation(store: copy.store), state: old.state, log: old.log, lastCommit: old.lastCommit,
      commitTime: old.commitTime, warnings: [])
    let refreshed = try await later.refreshed()
    #expect(refreshed.log.checkpointVersion == 9)
    #expect(try await refreshed.scan().rows().counted == Fixtures.table("checkpoint").rows())
  }

  @Test("Once in a while all is loaded anew, to let go of what is no longer needed")
  func bounded() async throws {
    let old = try await TableCopy("checkpoint").table.snapshot(asOf: .version(10))
    let limit = SnapshotRefresher.maximumCommitCount
    for (count, isFresh) in [(limit - 2, false), (limit - 1, true)] {
      let worn = Snapshot(
        location: old.location, state: old.state, log: LogSummary(checkpointVersion: nil, commitCount: 11),
        lastCommit: old.lastCommit, commitTime: old.commitTime, refreshedCommitCount: count, warnings: [])
      let refreshed = try await worn.refreshed()
      #expect(refreshed.version == 12)
      #expect(refreshed.log == LogSummary(checkpointVersion: isFresh ? 9 : nil, commitCount: isFresh ? 3 : 13))
      #expect(refreshed.refreshedCommitCount == (isFresh ? 0 : limit))
    }
  }

  @Test("A table that was replaced by another is loaded anew")
  func replaced() async throws {
    let store = try TableCopy("orders").store
    let old = try await DeltaTable(store: store).snapshot(asOf: .version(2))
    for (path, bytes) in try TableCopy("appends").files { store.put(bytes, at: path, lastModified: 77) }
    let refreshed = try await old.refreshed()
    #expect(try await refreshed.scan().rows().counted == Fixtures.table("appends").rows())
  }

  @Test("A table that was replaced at the same version is checked before it is read")
  func replacedUnreadable() async throws {
    var copy = try TableCopy("appends")
    let old = try await copy.table.snapshot()
    copy[commit: 4]? +=
      #"{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["magic"],"writerFeatures":["magic"]}}"#
      + "\n"
    let store = copy.store
    let error = await #expect(throws: DeltaError.self) { try await old.at(TableLocation(store: store)).refreshed() }
    #expect(error?.code == .unsupportedFeatures)
  }

  @Test("The time that the newest commit keeps is known also by way of a compaction")
  func compactedTimes() async throws {
    var copy = try TableCopy("appends").written(at: 100)
    copy[commit: 4] = try #require(copy[commit: 4]).replacing(
      #"{"commitInfo":{"#, with: #"{"commitInfo":{"inCommitTimestamp":7000,"#)
    let metadata = try #require(copy.lines(0, "metaData").first).replacing(
      #""configuration":{}"#, with: #""configuration":{"delta.enableInCommitTimestamps":"true"}"#)
    copy[commit: 3]? +=
      metadata + "\n"
      + #"{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["inCommitTimestamp"]}}"# + "\n"
    let fresh = try await copy.table.snapshot()
    #expect(fresh.timestamp == Timestamp(milliseconds: 7000))
    let old = try await copy.table.snapshot(asOf: .version(1))
    copy[log: "00000000000000000002.00000000000000000004.compacted.json"] = Array(
      (copy.lines(3, "protocol") + copy.lines(3, "metaData") + [2, 3, 4].flatMap { copy.lines($0, "add") })
        .joined(separator: "\n").utf8)
    let refreshed = try await old.at(TableLocation(store: copy.store)).refreshed()
    #expect(refreshed.log.commitCount == 3)
    #expect(refreshed.timestamp == fresh.timestamp)
    #expect(try await Summary(refreshed).files == Summary(fresh).files)
  }

  @Test("What is said of a version's checksum is not said of the next version")
  func checksumWarnings() async throws {
    var copy = try TableCopy("appends")
    copy[log: TableCopy.name(3, ".crc")] = Array(
      #"{"tableSizeBytes":1,"numFiles":77,"numMetadata":1,"numProtocol":1}"#.utf8)
    let store = copy.store
    let old = try await DeltaTable(store: store).snapshot(asOf: .version(3))
    #expect(old.warnings.count > 0)
    #expect(try await old.refreshed().warnings == [])
    let older = try await DeltaTable(store: store).snapshot(asOf: .version(1))
    #expect(older.warnings == [])
  }

  @Test("A newer commit that is damaged, missing or beyond this library is an error, not a silent stop")
  func damaged() async throws {
    let copy = try TableCopy("orders")
    let old = try await copy.table.snapshot(asOf: .version(2))
    func refresh(_ change: (inout TableCopy) -> Void) async throws -> Snapshot {
      var changed = copy
      change(&changed)
      return try await Snapshot(
        location: TableLocation(store: changed.store), state: old.state, log: old.log, lastCommit: old.lastCommit,
        commitTime: old.commitTime, warnings: []
      ).refreshed()
    }
    let empty = await #expect(throws: DeltaError.self) { try await refresh { $0[commit: 4] = "" } }
    #expect(empty?.code == .corruptLog)
    let gap = await #expect(throws: DeltaError.self) { try await refresh { $0[commit: 3] = nil } }
    #expect(gap?.code == .gapInLog)
    let unknown = await #expect(throws: DeltaError.self) {
      try await refresh {
        $0[commit: 5] =
          #"{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["magic"],"writerFeatures":["magic"]}}"#
      }
    }
    #expect(unknown?.code == .unsupportedFeatures)
  }

  @Test("A damaged compaction among the newer files does no harm")
  func compaction() async throws {
    var copy = try TableCopy("appends")
    copy[log: "00000000000000000001.00000000000000000003.compacted.json"] = [0x7B]
    let old = try await copy.table.snapshot(asOf: .version(0))
    let refreshed = try await old.refreshed()
    #expect(refreshed.version == 4)
    #expect(try await refreshed.scan().rows().counted == Fixtures.table("appends").rows())
  }
}
