import DeltaLog
import ObjectStorage
import Testing
import _TestSupport

@testable import DeltaLake

@Suite("Checkpoints")
struct CheckpointingTests {
  /// A table with commits of all kinds, and what is in it.
  private func table(_ properties: [String: String], commits: Int) async throws -> WrittenTable {
    let written = WrittenTable()
    var create = CreateTable(StructType([StructField("id", .long), StructField("day", .string)]))
    create.partitionColumns = ["day"]
    create.properties = properties
    _ = try await written.table.create(create)
    for id in 1...commits {
      var write = WriteOptions()
      write.mode = id % 4 == 0 ? .overwritePartitions : .append
      write.commit.appTransaction = AppTransaction(appId: "app\(id % 3)", version: Int64(id))
      _ = try await written.table.write(WrittenTable.rows([Int64(id)], day: "day \(id % 3)"), write)
    }
    return written
  }

  @Test(
    "A table read from its checkpoint is the table read from its commits",
    arguments: [
      [:], ["delta.checkpoint.writeStatsAsStruct": "true"],
      ["delta.checkpoint.writeStatsAsStruct": "true", "delta.checkpoint.writeStatsAsJson": "false"],
      ["delta.checkpointPolicy": "v2"],
      ["delta.checkpointPolicy": "v2", "delta.checkpoint.writeStatsAsStruct": "true"],
    ] as [[String: String]])
  func equality(properties: [String: String]) async throws {
    let written = try await table(properties, commits: 25)
    let fromCheckpoint = try await written.table.snapshot()
    #expect(fromCheckpoint.log.checkpointVersion == 20)
    // The same log without its checkpoints.
    let bare = InMemoryObjectStore()
    for file in try await written.store.list("", recursively: true, startingAt: nil)
    where !file.path.contains("checkpoint") && !file.path.contains("_sidecars") {
      bare.put(try await written.store.read(file.path), at: file.path)
    }
    let fromCommits = try await DeltaTable(store: bare).snapshot()
    #expect(fromCommits.log.checkpointVersion == nil)
    #expect(Set(fromCheckpoint.files.map(\.path)) == Set(fromCommits.files.map(\.path)))
    #expect(fromCheckpoint.metadata == fromCommits.metadata)
    #expect(fromCheckpoint.protocol == fromCommits.protocol)
    for app in ["app0", "app1", "app2"] { #expect(fromCheckpoint.transaction(app) == fromCommits.transaction(app)) }
    #expect(try await fromCheckpoint.rowCount() == fromCommits.rowCount())
    for id in [1, 13, 25] {
      let plans = [
        try await fromCheckpoint.scan().where(sql: "id = \(id)").plan(),
        try await fromCommits.scan().where(sql: "id = \(id)").plan(),
      ]
      #expect(plans[0].prunedByStatistics == plans[1].prunedByStatistics)
    }
    #expect(try await WrittenTable.ids(of: fromCheckpoint) == WrittenTable.ids(of: fromCommits))
  }

  @Test(
    "Statistics that an older checkpoint has as columns alone become text where the table wants that",
    arguments: ["classic", "v2"], [true, false])
  func textOfStatistics(policy: String, _ keepsColumns: Bool) async throws {
    let written = WrittenTable()
    let inner = StructType([StructField("x", .timestamp()), StructField("l", .array(ArrayType(.long)))])
    var create = CreateTable(
      StructType([
        StructField("id", .long), StructField("day", .string), StructField("s", .struct(inner)),
        StructField("n", .decimal(precision: 20, scale: 3)), StructField("f", .double), StructField("b", .binary),
      ]))
    create.partitionColumns = ["day"]
    create.properties = [
      "delta.checkpoint.writeStatsAsStruct": "true", "delta.checkpoint.writeStatsAsJson": "false",
      "delta.checkpointPolicy": policy, "delta.checkpointInterval": "100", "delta.enableDeletionVectors": "true",
    ]
    _ = try await written.table.create(create)
    for id: Int64 in 1...5 {
      let s = Column(
        fields: [
          ("x", Column(timestamps: [id * 1_000_000, nil])), ("l", Column(lists: [nil, 1], of: Column(longs: [id]))),
        ],
        count: 2)
      let columns = [
        Column(longs: [id, nil]), Column(strings: ["d", "d"]), s,
        Column(decimals: [Int128(id) * 1000 + 5, nil], precision: 20, scale: 3),
        Column(doubles: [Double(id) + 0.5, .nan]),
        Column(binaries: [[1], nil]),
      ]
      try await written.table.append(
        RowSource([RecordBatch(schema: create.schema, columns: columns, rowCount: 2)]))
    }
    let original = try await stats(written)
    #expect(original.count == 5 && !original.values.contains(nil))
    try await written.table.checkpoint()
    #expect(try await written.table.snapshot().log.commitCount == 0)
    let loaded = try await stats(written)
    #expect(loaded == original)
    try await written.table.alter([
      .setProperties([
        "delta.checkpoint.writeStatsAsStruct": keepsColumns ? "true" : "false",
        "delta.checkpoint.writeStatsAsJson": "true",
      ])
    ])
    try await written.table.checkpoint()
    #expect(try await written.table.snapshot().log.commitCount == 0)
    #expect(try await stats(written) == original)
    #expect(try await written.table.snapshot().scan().where(sql: "id > 3").plan().prunedByStatistics == 3)
    // A third checkpoint takes the text as it is.
    try await written.table.append(WrittenTable.rows([9], day: "e"))
    try await written.table.checkpoint()
    #expect(try await stats(written).filter { original.keys.contains($0.key) } == original)
  }

  /// The statistics' text of each file. As columns, a greatest time is as great as the text may have cut it off.
  private func stats(_ written: WrittenTable) async throws -> [String: String?] {
    let snapshot = try await written.table.snapshot()
    let files = try await AddFileLoader(snapshot: snapshot).files(Array(0..<snapshot.fileCount))
    return Dictionary(files.map { ($0.path, $0.stats?.replacing(".000999Z", with: ".000Z")) }) { first, _ in first }
  }

  @Test("A checkpoint that can't be written does not fail the commit")
  func failure() async throws {
    let written = try await table([:], commits: 9)
    let faulty = DeltaTable(
      store: FaultInjectingStore(written.store, faults: [.failure(path: ".checkpoint.parquet")]))
    let report = try await faulty.write(WrittenTable.rows([10], day: "x"))
    #expect(report.commit?.version == 10)
    #expect(report.commit?.warnings.isEmpty == false)
    #expect(try await written.table.snapshot().version == 10)
  }

  @Test(
    "Whichever call to the store fails, asking for a checkpoint gives a table's error or the checkpoint",
    arguments: [[:], ["delta.checkpointPolicy": "v2"]] as [[String: String]])
  func everyFailure(properties: [String: String]) async throws {
    let written = try await table(properties, commits: 3)
    let files = try await written.store.list("", recursively: true, startingAt: nil).map(\.path)
    func copy() async throws -> InMemoryObjectStore {
      let copy = InMemoryObjectStore()
      for path in files { copy.put(try await written.store.read(path), at: path) }
      return copy
    }
    let counting = FaultInjectingStore(try await copy())
    _ = try await DeltaTable(store: counting).checkpoint()
    #expect(counting.callCount > 3)
    for call in 1...counting.callCount {
      let base = try await copy()
      let faulty = FaultInjectingStore(base, faults: [.failure(at: call)])
      do {
        let report = try await DeltaTable(store: faulty).checkpoint()
        #expect(try await DeltaTable(store: base).snapshot().log.checkpointVersion == report.version, "call \(call)")
      } catch {
        #expect(error is DeltaError, "call \(call): \(error)")
      }
      #expect(faulty.struckCount == 1, "call \(call)")
      #expect(try await WrittenTable.ids(of: DeltaTable(store: base).snapshot()) == written.ids(), "call \(call)")
    }
  }

  @Test("A damaged checkpoint is replaced, and the table is read from the new one")
  func replacing() async throws {
    let written = try await table([:], commits: 12)
    let before = try await WrittenTable.ids(of: written.table.snapshot())
    try await written.table.checkpoint()
    written.store.put(Array("no checkpoint".utf8), at: "_delta_log/00000000000000000012.checkpoint.parquet")
    #expect(try await written.table.snapshot().warnings.isEmpty == false)
    try await written.table.checkpoint()
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.warnings.isEmpty)
    #expect(snapshot.log.checkpointVersion == 12)
    #expect(try await WrittenTable.ids(of: snapshot) == before)
  }

  @Test("A checkpoint is made without older ones that are damaged, as long as the commits are there")
  func olderDamage() async throws {
    let written = try await table([:], commits: 22)
    let before = try await WrittenTable.ids(of: written.table.snapshot())
    for version in [10, 20] {
      written.store.put(Array("no checkpoint".utf8), at: "_delta_log/000000000000000000\(version).checkpoint.parquet")
    }
    #expect(try await written.table.checkpoint().version == 22)
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.log.checkpointVersion == 22)
    #expect(snapshot.warnings.isEmpty)
    #expect(try await WrittenTable.ids(of: snapshot) == before)
  }

  @Test(
    "A clean-up waits until the checkpoint that stays is on the disk, with its sidecars, and stops where it can't tell")
  func durableCleanup() async throws {
    for properties in [[:], ["delta.checkpointPolicy": "v2"]] {
      let written = try await table(properties, commits: 12)
      let now = Timestamp(milliseconds: Timestamp.now().milliseconds + 40 * 86_400_000)
      let failing = FaultInjectingStore(written.store, faults: [.failure(of: .synchronize)])
      let stuck = LogCleanup(try await DeltaTable(store: failing).snapshot(), now: now)
      await #expect(throws: DeltaError.self) { try await stuck.run() }
      #expect(failing.struckCount == 1)
      #expect(try await written.table.snapshot(asOf: .version(3)).version == 3)
      let counting = CountingStore(written.store)
      #expect(try await LogCleanup(try await DeltaTable(store: counting).snapshot(), now: now).run() > 0)
      let calls = counting.requests.filter { $0.call == .synchronize || $0.call == .delete }
      #expect(calls.first?.call == .synchronize && calls.last?.call == .delete)
      #expect(calls.count { $0.call == .synchronize } == (properties.isEmpty ? 1 : 2))
    }
  }

  @Test("Commits of a range in one file give the same table")
  func compaction() async throws {
    let written = try await table([:], commits: 9)
    let before = try await written.table.snapshot()
    #expect(try await written.table.compactLog(2...7))
    #expect(try await written.table.compactLog(2...7) == false)
    let after = try await written.table.snapshot()
    #expect(after.log.commitCount < before.log.commitCount)
    #expect(Set(after.files.map(\.path)) == Set(before.files.map(\.path)))
    await #expect(throws: DeltaError.self) { try await written.table.compactLog(3...3) }
  }

  @Test("What has expired of the log is deleted up to a checkpoint, and the table is the same")
  func cleanup() async throws {
    let written = try await table(["delta.logRetentionDuration": "interval 10 days"], commits: 14)
    let now: Int64 = 1_800_000_000_000
    for file in try await written.store.list("_delta_log") {
      let version = Int64(file.name.prefix(20)) ?? 99
      written.store.put(
        try await written.store.read(file.path), at: file.path, lastModified: now - (20 - version) * 86_400_000)
    }
    let before = try await written.table.snapshot()
    #expect(try await LogCleanup(before, now: Timestamp(milliseconds: now)).run() == 0, "version 10 is needed")
    let later = Timestamp(milliseconds: now + 5 * 86_400_000)
    #expect(try await LogCleanup(before, now: later).run() > 0)
    let names = try await written.store.list("_delta_log").map { String($0.name) }
    #expect(!names.contains("00000000000000000009.json"))
    #expect(names.contains("00000000000000000010.json"))
    let after = try await written.table.snapshot()
    #expect(Set(after.files.map(\.path)) == Set(before.files.map(\.path)))
    await #expect(throws: DeltaError.self) { try await written.table.snapshot(asOf: .version(5)) }
  }

  @Test("An older checkpoint that is damaged does not stand in the way of the next one")
  func damagedOlder() async throws {
    let written = try await table([:], commits: 15)
    let ids = try await written.ids()
    written.store.put(Array("no checkpoint".utf8), at: "_delta_log/00000000000000000010.checkpoint.parquet")
    #expect(try await written.table.checkpoint().version == 15)
    let snapshot = try await written.table.snapshot()
    #expect(snapshot.log.checkpointVersion == 15 && snapshot.warnings.isEmpty)
    #expect(try await WrittenTable.ids(of: snapshot) == ids)
  }
}
