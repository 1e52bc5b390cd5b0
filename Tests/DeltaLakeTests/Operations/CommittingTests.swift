import DeltaLog
import ObjectStorage
import Synchronization
import Testing

@testable import DeltaLake
import _TestSupport

@Suite("Committing")
struct CommittingTests {
  @Test("Many appends at once all land, each as a version of its own")
  func concurrentAppends() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([0]))
    let versions = try await withThrowingTaskGroup(of: Version.self) { group in
      for id in 1...24 {
        group.addTask {
          let report = try await written.table.append(WrittenTable.rows([Int64(id)]))
          return try #require(report.commit).version
        }
      }
      var versions: [Version] = []
      for try await version in group { versions.append(version) }
      return versions
    }
    #expect(versions.sorted() == Array(1...24))
    #expect(try await written.ids() == Array(0...24))
  }

  @Test("An overwrite that missed another's rows is refused, naming the version")
  func overwriteConflict() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    let stale = try await written.table.snapshot()
    try await written.table.append(WrittenTable.rows([2]))
    var options = WriteOptions()
    options.mode = .overwrite
    await #expect {
      try await WriteExecution(
        location: written.table.location, base: stale, source: WrittenTable.rows([3]), options: options
      ).run()
    } throws: {
      guard let error = $0 as? DeltaError else { return false }
      return error.code == .conflict && error.version == 1 && error.message.contains("version 1")
    }
    #expect(try await written.ids() == [1, 2])
  }

  @Test("A commit whose answer was lost is recognised by its id, and made once")
  func lostAnswer() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    let store = FaultInjectingStore(
      written.store, faults: [.lostAnswer(at: 1, path: "_delta_log/00000000000000000001.json")])
    let report = try await DeltaTable(store: store).append(WrittenTable.rows([2]))
    #expect(report.commit?.version == 1)
    #expect(try await written.ids() == [1, 2])
  }

  @Test("What fails once a commit is made does not take its data files away")
  func failureAfterwards() async throws {
    let written = WrittenTable()
    try await written.table.append(WrittenTable.rows([1]))
    let path = "_delta_log/00000000000000000001.json"
    let store = FaultInjectingStore(
      written.store, faults: [.lostAnswer(at: 1, path: path), .failure(of: .metadata, path: path)])
    let report = try await DeltaTable(store: store).append(WrittenTable.rows([2]))
    #expect(store.struckCount == 2)
    #expect(report.commit?.version == 1)
    #expect(try await written.ids() == [1, 2])
  }

  @Test("An application that finds its rows written waits until they are there for good")
  func exactlyOnce() async throws {
    let written = WrittenTable()
    var options = CommitOptions()
    options.appTransaction = AppTransaction(appId: "loader", version: 1)
    try await written.table.append(WrittenTable.rows([1]), options: options)
    let counting = CountingStore(written.store)
    let table = DeltaTable(store: counting)
    #expect(try await table.append(WrittenTable.rows([1]), options: options).commit == nil)
    #expect(
      counting.requests.filter { $0.call == .synchronize }.map(\.path) == ["_delta_log/00000000000000000000.json"])
    options.durability = .relaxed
    #expect(try await table.append(WrittenTable.rows([1]), options: options).commit == nil)
    #expect(counting.count(.synchronize) == 1)
    let failing = FaultInjectingStore(written.store, faults: [.failure(of: .synchronize)])
    options.durability = .full
    let error = await #expect(throws: DeltaError.self) {
      try await DeltaTable(store: failing).append(WrittenTable.rows([1]), options: options)
    }
    #expect(error?.code == .outcomeUnknown)
    #expect(try await written.ids() == [1])
  }

  @Test("A store that fails at any call leaves the table as it was, or with the rows that it says")
  func failures() async throws {
    let counted = FaultInjectingStore(InMemoryObjectStore())
    try await DeltaTable(store: counted).append(WrittenTable.rows([1]))
    try await DeltaTable(store: counted).append(WrittenTable.rows([2]))
    for call in 1...counted.callCount {
      let written = WrittenTable()
      let table = DeltaTable(store: FaultInjectingStore(written.store, faults: [.failure(at: call)]))
      var acknowledged: [Int64] = []
      for id: Int64 in [1, 2] {
        if (try? await table.append(WrittenTable.rows([id]))) != nil { acknowledged.append(id) }
      }
      let found = acknowledged.isEmpty ? (try? await written.ids()) ?? [] : try await written.ids()
      #expect(found == acknowledged, "call \(call)")
    }
  }

  @Test("Commits in quick succession share a checksum, and each checkpoint has one")
  func burst() async throws {
    let time = Mutex<Int64>(1_000_000)
    var surroundings = Surroundings()
    surroundings.now = { Timestamp(milliseconds: time.withLock { $0 }) }
    let written = WrittenTable()
    let log = LogDirectory(location: written.table.location)
    var withChecksum: [Version] = []
    try await Surroundings.$current.withValue(surroundings) {
      var held: Snapshot?
      // The clock is turned back before the last one.
      for (version, pause) in ([0, 10, 30, 20] + Array(repeating: 1, count: 7) + [49, 40, -30]).enumerated() {
        time.withLock { $0 += Int64(pause) }
        let report = try await written.table.write(WrittenTable.rows([Int64(version)]), WriteOptions(), onto: held)
        held = report.commit?.snapshot
        if try await log.metadata(of: LogFile.checksumName(Version(version))) != nil {
          withChecksum.append(Version(version))
        }
      }
    }
    #expect(withChecksum == [0, 3, 10, 12, 13])
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.warnings.isEmpty)
    #expect(snapshot.checksum?.numFiles == 14)
  }

  @Test("A checksum that could not be written is written by the next commit")
  func failedChecksum() async throws {
    let written = WrittenTable()
    let first = try await written.table.append(WrittenTable.rows([1]))
    var held = first.commit?.snapshot
    held = held.map { $0.withChecksum(at: Timestamp(milliseconds: 0)) }
    let store = FaultInjectingStore(
      written.store, faults: [.failure(of: .write, path: "_delta_log/00000000000000000001.crc")])
    let table = DeltaTable(store: store)
    let second = try await table.write(WrittenTable.rows([2]), WriteOptions(), onto: held)
    #expect(second.commit?.warnings.count == 1)
    _ = try await table.write(WrittenTable.rows([3]), WriteOptions(), onto: second.commit?.snapshot)
    let log = LogDirectory(location: written.table.location)
    #expect(try await log.metadata(of: LogFile.checksumName(1)) == nil)
    #expect(try await log.metadata(of: LogFile.checksumName(2)) != nil)
  }

  @Test("A transaction keeps an application's progress and a domain with its rows")
  func transaction() async throws {
    let written = WrittenTable()
    _ = try await written.table.create(
      {
        var create = CreateTable(StructType([StructField("id", .long)]))
        create.properties = ["delta.feature.domainMetadata": "supported"]
        return create
      }())
    var transaction = try await written.table.transaction()
    transaction.record(AppTransaction(appId: "a", version: 3))
    try transaction.set(DomainMetadata(domain: "mine", configuration: "{}"))
    let commit = try await transaction.commit()
    #expect(commit.snapshot.transaction("a")?.version == 3)
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.domainMetadata("mine")?.configuration == "{}")
    #expect(snapshot.version == commit.version)
    var other = try await written.table.transaction()
    #expect(throws: DeltaError.self) {
      try other.set(DomainMetadata(domain: "delta.clustering", configuration: "{}"))
    }
  }

  @Test("What a commit leaves is what the log says when it is read again", arguments: [1, 5, 10, 11, 23])
  func snapshots(commits: Int) async throws {
    let written = WrittenTable()
    var last: Snapshot?
    for id in 0..<commits {
      var write = WriteOptions()
      write.mode = id % 7 == 6 ? .overwrite : .append
      let base = last
      last = try await written.table.write(WrittenTable.rows([Int64(id)]), write, onto: base).commit?.snapshot
    }
    let held = try #require(last)
    let read = try await written.table.snapshot()
    #expect(held.version == read.version)
    #expect(held.metadata == read.metadata)
    #expect(Set(held.files.map(\.path)) == Set(read.files.map(\.path)))
    #expect(read.warnings.isEmpty, "the checksum agrees")
    #expect(try await WrittenTable.ids(of: held) == WrittenTable.ids(of: read))
  }

  @Test("A checksum that is counted on from the one before says what one says that is counted anew")
  func checksums() async throws {
    let location = WrittenTable().table.location
    let paths = (0..<10_000).map { "part-\($0)" }
    func add(_ path: String) -> Action {
      .add(AddFile(path: path, partitionValues: [:], sizeInBytes: 100, modificationTime: Timestamp(milliseconds: 1)))
    }
    func file(_ version: Version, _ actions: [Action]) -> CommitFile {
      CommitFile(
        file: LogFile(name: LogFile.commitName(version), kind: .commit, version: version),
        bytes: CommitText.bytes(of: actions))
    }
    let first = file(
      0,
      [
        .protocol(ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2)),
        .metadata(TableMetadata(id: "t", schemaString: #"{"type":"struct","fields":[]}"#)),
      ] + paths.map(add))
    let base = try Snapshot(of: [first], onto: nil, at: location)
    let later: [[Action]] = [
      [add("new")], [.remove(RemoveFile(path: "part-1", dataChange: true, sizeInBytes: 100)), add("newer")],
      [.transaction(AppTransaction(appId: "a", version: 1))], [add("part-2")],
    ]
    for actions in later {
      let next = try Snapshot(of: [file(1, actions)], onto: base, at: location)
      let anew = try Snapshot(of: [first, file(1, actions)], onto: nil, at: location)
      #expect(next.checksum == VersionChecksum(anew.state), "\(actions)")
    }
  }
}
