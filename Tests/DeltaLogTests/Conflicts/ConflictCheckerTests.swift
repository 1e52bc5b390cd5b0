import Columnar
import Testing

@testable import DeltaLog

@Suite("Conflict checker") struct ConflictCheckerTests {
  typealias Operations = ConflictOperations

  private func operation(_ name: String) throws -> Operations.Operation {
    try #require(Operations.all.first { $0.name == name })
  }

  private func rebased(
    _ mine: PreparedCommit, _ winner: WinningCommit
  ) throws -> (commit: PreparedCommit, resolutions: [ConflictResolution]) {
    switch try ConflictChecker.check(mine, against: winner) {
    case .rebases(let commit, let resolutions): return (commit, resolutions)
    case .conflicts(let conflict): throw conflict.error()
    }
  }

  private func conflict(_ mine: PreparedCommit, _ winner: WinningCommit) throws -> CommitConflict {
    guard case .conflicts(let conflict) = try ConflictChecker.check(mine, against: winner) else {
      throw DeltaError.invalidArgument("no conflict")
    }
    return conflict
  }

  @Test("A verdict names the commit that came first and the rule, file and condition that stand against both")
  func clauses() throws {
    let delete = try operation("delete").losing(.serializable)
    #expect(
      try conflict(delete, operation("append").winning(version: 9)).clause
        == "Meanwhile version 9 (WRITE) added the file wn1, which may have rows for this commit's condition id < 3L")
    #expect(
      try conflict(delete, operation("drop").winning()).clause
        == "Meanwhile version 5 (DELETE) removed the file f1, which this commit read")
    #expect(
      try conflict(delete, operation("freeze").winning()).clause
        == "Meanwhile version 5 (SET TBLPROPERTIES) changed the table's property delta.appendOnly")
    #expect(
      try conflict(operation("stream").losing(.serializable), operation("stream").winning()).error().message
        == "Meanwhile version 5 (STREAMING UPDATE) recorded a transaction of the application 'q', whose last one this "
        + "commit goes on from. Nothing was committed: start again from the latest version.")
    let nameless = WinningCommit(6, [Operations.remove(Operations.f1)])
    #expect(
      try conflict(delete, nameless).clause == "Meanwhile version 6 removed the file f1, which this commit read")
  }

  @Test("A commit that goes on is one prepared from the winner's version")
  func rebasing() throws {
    let (commit, _) = try rebased(operation("append").losing(.serializable), operation("tune").winning(version: 8))
    #expect(commit.readVersion == 8 && commit.metadata.configuration["delta.checkpointInterval"] == "5")
    let upgraded = try rebased(operation("append").losing(.serializable), operation("upgrade").winning()).commit
    #expect(upgraded.protocolVersions.supports("rowTracking"))
  }

  // MARK: What was read

  private func reading(_ condition: String, in metadata: TableMetadata = Operations.metadata()) throws -> PreparedCommit
  {
    PreparedCommit(
      readVersion: 4, protocolVersions: Operations.protocolVersions(), metadata: metadata,
      reads: TransactionReads(predicates: [Operations.predicate(condition)]),
      actions: [.add(Operations.file("n", 1, 0...0))],
      isolationLevel: .serializable)
  }

  @Test(
    "Files are read or not by their partition and statistics",
    arguments: [
      ("p = 1", true), ("p = 2", false), ("p is null", false), ("id = 5", true), ("id = 50", false),
      ("id = 50 or p = 1", true), ("id = 50 and p = 1", false), ("p = 2 or id > 9", false), ("id is null", true),
    ])
  func matching(_ condition: String, _ isRead: Bool) throws {
    let winner = WinningCommit(5, [.add(Operations.file("w", 1, 0...9))])
    let verdict = try ConflictChecker.check(reading(condition), against: winner)
    if case .conflicts(let conflict) = verdict {
      #expect(isRead && conflict.kind == .concurrentAppend)
    } else {
      #expect(!isRead)
    }
  }

  @Test("A file without statistics, or in a partition that can't be told, may have anything")
  func unknown() throws {
    var file = Operations.file("w", 1, 0...9)
    file.stats = nil
    #expect(try conflict(reading("id = 50"), WinningCommit(5, [.add(file)])).kind == .concurrentAppend)
    file.stats = "{damaged"
    #expect(try conflict(reading("id = 50"), WinningCommit(5, [.add(file)])).kind == .concurrentAppend)
    file.partitionValues = ["p": "x"]
    #expect(try conflict(reading("p = 7"), WinningCommit(5, [.add(file)])).kind == .concurrentAppend)
    file.partitionValues = [:]
    #expect(try conflict(reading("p is null"), WinningCommit(5, [.add(file)])).kind == .concurrentAppend)
    var unreadable = try reading("id = 50")
    unreadable.metadata.schemaString = "nonsense"
    #expect(
      try conflict(unreadable, WinningCommit(5, [.add(Operations.file("w", 1, 0...9))])).kind == .concurrentAppend)
    // And one without rows has nothing.
    file.stats = #"{"numRecords":0}"#
    _ = try rebased(reading("id = 50"), WinningCommit(5, [.add(file)]))
  }

  @Test("Under column mapping files are judged by physical names")
  func mapped() throws {
    func field(_ name: String, _ physical: String, _ type: DataType) -> StructField {
      StructField(name, type, metadata: [ColumnMapping.nameKey: .string(physical), ColumnMapping.idKey: .long(1)])
    }
    let schema = StructType([field("id", "col-1", .long), field("p", "col-2", .integer)])
    var mine = try reading("p = 2 and id > 5", in: Operations.metadata(["delta.columnMapping.mode": "name"], schema))
    mine.protocolVersions = ProtocolVersions(
      minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["columnMapping"], writerFeatures: ["columnMapping"])
    var file = Operations.file("w", 1, 0...9)
    file.partitionValues = ["col-2": "2"]
    file.stats = #"{"numRecords":1,"minValues":{"col-1":1},"maxValues":{"col-1":5}}"#
    _ = try rebased(mine, WinningCommit(5, [.add(file)]))
    file.stats = #"{"numRecords":1,"minValues":{"col-1":1},"maxValues":{"col-1":6}}"#
    #expect(try conflict(mine, WinningCommit(5, [.add(file)])).kind == .concurrentAppend)
    file.partitionValues = ["col-2": "1"]
    _ = try rebased(mine, WinningCommit(5, [.add(file)]))
  }

  @Test("A blind append passes by write-serializable commits only when it says that it is one")
  func blindness() throws {
    var mine = try reading("p = 1")
    mine.isolationLevel = .writeSerializable
    let file = Action.add(Operations.file("w", 1, 0...9))
    func info(_ fields: [String: MetadataValue]) -> Action { .commitInfo(CommitInfo(fields: fields)) }
    _ = try rebased(mine, WinningCommit(5, [info(["isBlindAppend": .boolean(true)]), file]))
    #expect(
      try conflict(mine, WinningCommit(5, [info(["isBlindAppend": .boolean(false)]), file])).kind == .concurrentAppend)
    #expect(try conflict(mine, WinningCommit(5, [file])).kind == .concurrentAppend)
    #expect(try conflict(mine, WinningCommit(5, [info([:]), file])).kind == .concurrentAppend)
  }

  // MARK: Isolation

  @Test("A commit that changes no rows needs no more than its files")
  func isolation() throws {
    func level(_ name: String, _ table: IsolationLevel) throws -> IsolationLevel {
      try operation(name).losing(table).isolationLevel
    }
    for table in [IsolationLevel.serializable, .writeSerializable] {
      #expect(try level("compact", table) == .snapshotIsolation)
      #expect(try level("append", table) == table)
      #expect(try level("tune", table) == table)
      #expect(try level("domain", table) == table)
    }
    #expect(IsolationLevel.needed(by: [], changesData: true, in: .writeSerializable) == .writeSerializable)
    #expect(IsolationLevel.needed(by: [], changesData: true, in: .serializable) == .snapshotIsolation)
    let ids = Action.domainMetadata(RowIdAssignment(highWaterMark: 3).domain)
    #expect(IsolationLevel.needed(by: [ids], changesData: false, in: .writeSerializable) == .snapshotIsolation)
  }

  // MARK: Rows of one file

  @Test("Deletions of other rows of a file are merged, with what must be read to do it")
  func merging() throws {
    let (commit, resolutions) = try rebased(
      operation("update").losing(.serializable), operation("delete").winning())
    guard case .mergeDeletionVectors(let merge)? = resolutions.first?.kind, resolutions.count == 1 else {
      throw DeltaError.invalidArgument("no merge")
    }
    #expect(merge.path == "f1" && merge.base == nil && !merge.allowsOverlap)
    #expect(merge.mine.deletionVector?.pathOrInlineDv == "c" && merge.winner.deletionVector?.pathOrInlineDv == "a")
    #expect(resolutions[0].conflict.kind == .concurrentDeleteRead && resolutions[0].conflict.version == 5)

    let union = merge.merged(base: nil, mine: RoaringBitmapArray([4]), winner: RoaringBitmapArray([0, 1, 2]))
    #expect(union?.positions == [0, 1, 2, 4])
    #expect(merge.merged(base: nil, mine: RoaringBitmapArray([2]), winner: RoaringBitmapArray([1, 2])) == nil)
    // What was deleted before both is no overlap.
    let before = RoaringBitmapArray([9])
    #expect(
      merge.merged(base: before, mine: RoaringBitmapArray([4, 9]), winner: RoaringBitmapArray([1, 9]))?.positions
        == [1, 4, 9])

    var merged = commit
    let vector = DeletionVectorDescriptor(storageType: .inline, pathOrInlineDv: "u", sizeInBytes: 4, cardinality: 4)
    merged.apply(merge, vector, rowCount: 10, at: Timestamp(milliseconds: 77))
    let files = merged.files
    #expect(files.removes["f1"]?.deletionVector?.pathOrInlineDv == "a")
    #expect(files.removes["f1"]?.deletionTimestamp?.milliseconds == 77)
    #expect(files.adds["f1"]?.deletionVector == vector)
    #expect(
      files.adds["f1"]?.stats == #"{"numRecords":10,"minValues":{"id":0},"maxValues":{"id":9},"tightBounds":false}"#)
    #expect(files.adds["n4"] != nil)
    var emptied = commit
    emptied.apply(merge, nil, rowCount: 10, at: Timestamp(milliseconds: 77))
    #expect(emptied.files.adds["f1"] == nil && emptied.files.removes["f1"]?.deletionVector?.pathOrInlineDv == "a")
  }

  @Test("Rows that are only deleted may be deleted by both")
  func overlapping() throws {
    let (_, resolutions) = try rebased(operation("delete").losing(.serializable), operation("delete").winning())
    guard case .mergeDeletionVectors(let merge)? = resolutions.first?.kind else {
      throw DeltaError.invalidArgument("no merge")
    }
    #expect(merge.merged(base: nil, mine: RoaringBitmapArray([1]), winner: RoaringBitmapArray([1]))?.positions == [1])
    // But not where the change feed would have the row twice.
    var recorded = try operation("delete").losing(.serializable)
    recorded.actions.append(.change(ChangeFile(path: "_change_data/c", sizeInBytes: 1)))
    guard
      case .mergeDeletionVectors(let strict)? = try rebased(recorded, operation("delete").winning()).resolutions.first?
        .kind
    else { throw DeltaError.invalidArgument("no merge") }
    #expect(strict.merged(base: nil, mine: RoaringBitmapArray([1]), winner: RoaringBitmapArray([1])) == nil)
  }

  @Test("A file removed as a whole is removed as the winner left it")
  func retargeting() throws {
    let (commit, resolutions) = try rebased(operation("drop").losing(.serializable), operation("delete").winning())
    #expect(resolutions.isEmpty)
    #expect(commit.files.removes["f1"]?.deletionVector?.pathOrInlineDv == "a")
    #expect(commit.files.removes["f1"]?.deletionTimestamp?.milliseconds == 2)
    #expect(commit.files.removes["f2"]?.deletionVector == nil && commit.actions.count == 2)
  }

  @Test("Deletions follow rows into the files that an OPTIMIZE put them into")
  func remapping() throws {
    let (commit, resolutions) = try rebased(operation("drop").losing(.serializable), operation("compact").winning())
    guard case .deleteFrom(let files, let paths)? = resolutions.first?.kind, resolutions.count == 1 else {
      throw DeltaError.invalidArgument("no remapping")
    }
    #expect(files.map(\.path) == ["wn8"] && paths == ["f1", "f2"])
    #expect(commit.actions.isEmpty)
    #expect(resolutions[0].conflict.clause.contains("put the rows of the file f1"))

    let compaction = try rebased(operation("compact").losing(.serializable), operation("delete").winning())
    guard case .deleteFromRearranged(let path, let before, let after)? = compaction.resolutions.first?.kind else {
      throw DeltaError.invalidArgument("no remapping")
    }
    #expect(path == "f1" && before == nil && after.pathOrInlineDv == "a")
    #expect(compaction.commit.files.removes["f1"]?.deletionVector == after)
    #expect(compaction.commit.files.removes["f1"]?.dataChange == false)
  }

  @Test("A table that was set back has rows again, which is no deletion")
  func restored() throws {
    var winner = try operation("delete")
    winner.operation = .restore(to: 1)
    #expect(try conflict(operation("delete2").losing(.serializable), winner.winning()).kind == .concurrentAppend)
    // The same when a vector got smaller.
    let smaller = WinningCommit(
      5,
      [
        Operations.remove(Operations.file("f1", 1, 0...9, deleting: "x", 5)),
        .add(Operations.file("f1", 1, 0...9, deleting: "y", 4)),
      ])
    #expect(try conflict(operation("delete2").losing(.serializable), smaller).kind == .concurrentAppend)
  }

  @Test("What is said anew of a file that is gone or was changed is not said any more")
  func recommitted() throws {
    for winner in ["delete", "drop", "compact", "stats"] {
      let commit = try rebased(operation("stats").losing(.serializable), operation(winner).winning()).commit
      #expect(commit.actions.isEmpty, "\(winner)")
    }
    let commit = try rebased(operation("stats").losing(.serializable), operation("append").winning()).commit
    #expect(commit.actions.count == 1)
  }

  @Test("Ids that a file got meanwhile are those of this commit's actions on it")
  func backfilled() throws {
    var file = Operations.f1
    (file.dataChange, file.baseRowId, file.defaultRowCommitVersion) = (false, 40, 5)
    let commit = try rebased(operation("update").losing(.serializable), WinningCommit(5, [.add(file)])).commit
    #expect(commit.files.removes["f1"]?.baseRowId == 40 && commit.files.removes["f1"]?.defaultRowCommitVersion == 5)
    #expect(commit.files.adds["f1"]?.baseRowId == 40 && commit.files.adds["n4"]?.baseRowId == nil)
  }

  @Test("Two commits can't add one path")
  func addedTwice() throws {
    var winner = try operation("append")
    winner.actions = [.add(Operations.file("x", 1, 0...0))]
    var mine = try operation("append").losing(.serializable)
    mine.actions = winner.actions
    #expect(try conflict(mine, winner.winning()).kind == .concurrentAppend)
  }

  @Test("A commit about all files loses to one that adds, changes or removes any, by the name of what that did")
  func everyFile() throws {
    var mine = try operation("tune").losing(.serializable)
    mine.reads.everyFile = true
    let append = try conflict(mine, operation("append").winning())
    #expect(append.kind == .concurrentAppend)
    #expect(append.clause.hasSuffix("changed the file wn1, and this commit is about all files"))
    #expect(try conflict(mine, operation("delete").winning()).kind == .concurrentAppend)
    let drop = try conflict(mine, operation("drop").winning())
    #expect(drop.kind == .concurrentDeleteRead)
    #expect(drop.clause.hasSuffix("removed the file f1, and this commit is about all files"))
    _ = try rebased(mine, operation("domain").winning())
  }

  // MARK: The definition

  static let metadataChanges: [(configuration: [String: String], features: [String], isHarmless: Bool)] = [
    (["mine": "1"], [], true), (["delta.logRetentionDuration": "interval 1 day"], [], true),
    (["delta.enableDeletionVectors": "true"], [], true),
    (["delta.enableChangeDataFeed": "true"], ["changeDataFeed"], false),
    (["delta.enableRowTracking": "true", RowTracking.rowIdProperty: "r"], ["rowTracking"], true),
    (["delta.enableRowTracking": "true"], [], false),
    (
      ["delta.enableInCommitTimestamps": "true", "delta.inCommitTimestampEnablementVersion": "5"],
      ["inCommitTimestamp"], true
    ),
    (["delta.checkpointPolicy": "v2"], ["v2Checkpoint"], true),
    (["delta.isolationLevel": "WriteSerializable"], [], false),
    (["delta.constraints.x": "id > 0"], [], false), (["delta.unheardOf": "1"], [], false),
    (["delta.dataSkippingNumIndexedCols": "1"], [], false),
  ]

  @Test("A commit that leaves the definition as it was loses to any change of it")
  func definition() throws {
    var mine = try operation("append").losing(.serializable)
    let winner = WinningCommit(5, [.metadata(Operations.metadata(["user.note": "x"]))])
    _ = try rebased(mine, winner)
    mine.reads.definition = true
    let conflict = try conflict(mine, winner)
    #expect(conflict.kind == .metadataChanged)
    #expect(conflict.clause.contains("user.note"))
    _ = try rebased(mine, operation("append").winning())
  }

  @Test("Properties that leave prepared rows right may change meanwhile", arguments: metadataChanges)
  func properties(_ configuration: [String: String], _ features: [String], _ isHarmless: Bool) throws {
    var mine = try operation("append").losing(.serializable)
    mine.copiesRows = true
    let winner = WinningCommit(
      5, [.metadata(Operations.metadata(configuration)), .protocol(Operations.protocolVersions(features))])
    let verdict = try ConflictChecker.check(mine, against: winner)
    switch verdict {
    case .rebases(let commit, _):
      #expect(isHarmless && commit.metadata.configuration == configuration)
      #expect(commit.preservesRowIds == (configuration["delta.enableRowTracking"] == nil))
    case .conflicts(let conflict): #expect(!isHarmless && conflict.kind == .metadataChanged, "\(conflict.clause)")
    }
  }

  @Test("Column mapping may be turned on meanwhile when columns keep the names that files have")
  func columnMapping() throws {
    func schema(_ physical: String) -> StructType {
      var fields = Operations.schema.fields
      for index in fields.indices {
        fields[index].metadata[ColumnMapping.idKey] = .long(Int64(index + 1))
        fields[index].metadata[ColumnMapping.nameKey] = .string(index == 0 ? physical : fields[index].name)
      }
      return StructType(fields)
    }
    let mapping = ["delta.columnMapping.mode": "name", "delta.columnMapping.maxColumnId": "2"]
    func winner(_ physical: String) -> WinningCommit {
      var versions = Operations.protocolVersions(["columnMapping"])
      versions.readerFeatures = ["columnMapping", "deletionVectors"]
      return WinningCommit(5, [.metadata(Operations.metadata(mapping, schema(physical))), .protocol(versions)])
    }
    let mine = try operation("append").losing(.serializable)
    #expect(try rebased(mine, winner("id")).commit.metadata.configuration == mapping)
    #expect(try conflict(mine, winner("col-1")).clause.hasSuffix("changed the table's schema"))
  }

  @Test("A winner that makes the table one that can't be written is an error that says so")
  func unwritable() throws {
    var versions = Operations.protocolVersions(["quantum"])
    versions.readerFeatures = ["deletionVectors"]
    let error = #expect(throws: DeltaError.self) {
      try ConflictChecker.check(
        operation("append").losing(.serializable), against: WinningCommit(5, [.protocol(versions)]))
    }
    #expect(error?.code == .unsupportedFeatures && error?.message.contains("quantum") == true)
  }

  @Test("Dropping a feature and other commits don't go together, whichever is first")
  func droppedFeatures() throws {
    var dropped = Operations.protocolVersions()
    dropped.readerFeatures = []
    dropped.writerFeatures?.removeAll { $0 == "deletionVectors" }
    let append = try operation("append")
    #expect(
      try conflict(append.losing(.serializable), WinningCommit(5, [.protocol(dropped)])).clause
        == "Meanwhile version 5 dropped the feature 'deletionVectors', which this commit may make use of")
    var dropping = append
    dropping.actions = [.protocol(dropped)]
    #expect(try conflict(dropping.losing(.serializable), append.winning()).kind == .protocolChanged)
    _ = try rebased(dropping.losing(.serializable), operation("vacuum").winning())
  }

  @Test("Row ids that the winner took are taken")
  func rowIds() throws {
    var mine = try operation("append").losing(.serializable)
    mine.rowIds = RowIdAssignment(highWaterMark: 9)
    let winner = WinningCommit(5, [.domainMetadata(RowIdAssignment(highWaterMark: 29).domain)])
    #expect(try rebased(mine, winner).commit.rowIds.highWaterMark == 29)
    let damaged = WinningCommit(5, [.domainMetadata(DomainMetadata(domain: RowTracking.domain, configuration: "{}"))])
    #expect(throws: DeltaError.self) { try ConflictChecker.check(mine, against: damaged) }
  }

  @Test("Several winners are judged one after the other")
  func chain() throws {
    var commit = try operation("update").losing(.writeSerializable)
    for (version, name) in [(5, "append"), (6, "stats"), (7, "tune"), (8, "vacuum"), (9, "domain")]
      as [(Version, String)]
    {
      commit = try rebased(commit, operation(name).winning(version: version)).commit
    }
    #expect(commit.readVersion == 9 && commit.metadata.configuration["delta.checkpointInterval"] == "5")
    #expect(try conflict(commit, operation("drop").winning(version: 10)).version == 10)
  }
}
