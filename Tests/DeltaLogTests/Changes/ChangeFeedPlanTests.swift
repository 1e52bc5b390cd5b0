import Columnar
import DeltaLog
import Testing

@Suite("Change feed plan")
struct ChangeFeedPlanTests {
  static let versions = ProtocolVersions(minReaderVersion: 1, minWriterVersion: 4)

  static func metadata(
    _ columns: String = "a:long", enabled: Bool = true, partitions: [String] = [], mode: String? = nil
  ) -> Action {
    .metadata(table(columns, enabled: enabled, partitions: partitions, mode: mode))
  }

  /// Columns as `name:type` or `name:type:physical name`; a type with `!` takes no nulls.
  static func table(
    _ columns: String = "a:long", enabled: Bool = true, partitions: [String] = [], mode: String? = nil
  ) -> TableMetadata {
    let fields = columns.split(separator: " ").map { column in
      let parts = column.split(separator: ":")
      let metadata = parts.count > 2 ? #""delta.columnMapping.physicalName":"\#(parts[2])""# : ""
      let type = parts[1].prefix { $0 != "!" }
      let isNullable = type == parts[1]
      return #"{"name":"\#(parts[0])","type":"\#(type)","nullable":\#(isNullable),"metadata":{\#(metadata)}}"#
    }
    var configuration = ["delta.enableChangeDataFeed": enabled ? "true" : "false"]
    configuration["delta.columnMapping.mode"] = mode
    return TableMetadata(
      id: "x", schemaString: #"{"type":"struct","fields":[\#(fields.joined(separator: ","))]}"#,
      partitionColumns: partitions, configuration: configuration)
  }

  static func commit(_ version: Version, _ actions: [Action]) -> ChangeFeedPlan.Commit {
    ChangeFeedPlan.Commit(version: version, timestamp: Timestamp(milliseconds: version * 10), actions: actions)
  }

  static func add(_ path: String, _ vector: DeletionVectorDescriptor? = nil, dataChange: Bool = true) -> Action {
    .add(
      AddFile(
        path: path, partitionValues: ["p": path], sizeInBytes: 1, modificationTime: Timestamp(milliseconds: 0),
        dataChange: dataChange, deletionVector: vector))
  }

  static func remove(
    _ path: String, _ vector: DeletionVectorDescriptor? = nil, dataChange: Bool = true, values: Bool = true
  ) -> Action {
    .remove(
      RemoveFile(
        path: path, dataChange: dataChange, partitionValues: values ? ["p": path] : nil, deletionVector: vector))
  }

  static let first = DeletionVectorDescriptor(inline: RoaringBitmapArray([1]))
  static let second = DeletionVectorDescriptor(inline: RoaringBitmapArray([1, 2]))

  func plan(
    _ commits: [ChangeFeedPlan.Commit], _ table: TableMetadata = table(), _ versions: ProtocolVersions = versions,
    earlier: TableMetadata? = nil
  ) throws -> ChangeFeedPlan {
    var planner = ChangeFeedPlanner(table, versions)
    for commit in commits { try planner.append(commit) }
    return try planner.finish(earlier: earlier.map { ChangeFeedPlanner.Era($0, versions) })
  }

  @Test("Change files stand for their whole version, and only for it")
  func changeFiles() throws {
    let change = Action.change(ChangeFile(path: "c", partitionValues: [:], sizeInBytes: 3))
    let plan = try plan([
      Self.commit(1, [Self.add("x"), change, Self.remove("y")]), Self.commit(2, [Self.add("z")]),
    ])
    #expect(plan.reads.map(\.path) == ["c", "z"])
    #expect(plan.reads.map(\.changeType) == [nil, .insert])
    #expect(plan.reads.map(\.version) == [1, 2] && plan.reads.map(\.timestamp.milliseconds) == [10, 20])
    #expect(
      plan.outputSchema.fields.map(\.name) == ["a", "_change_type", "_commit_version", "_commit_timestamp"])
  }

  @Test("Adds insert and removes delete, unless they only rearrange")
  func addsAndRemoves() throws {
    let plan = try plan([
      Self.commit(
        3,
        [
          Self.add("x", Self.first), Self.remove("y", Self.second), Self.add("n", dataChange: false),
          Self.remove("m", dataChange: false),
        ])
    ])
    #expect(plan.reads.map(\.path) == ["x", "y"])
    #expect(plan.reads.map(\.changeType) == [.insert, .delete])
    #expect(plan.reads.map(\.rows) == [.all(except: Self.first), .all(except: Self.second)])
    #expect(plan.reads[1].partitionValues == ["p": "y"])
  }

  @Test("A file with another deletion vector than before changes by the difference")
  func deletionVectors() throws {
    func rows(_ before: DeletionVectorDescriptor?, _ after: DeletionVectorDescriptor?) throws -> [ChangeRead.Rows] {
      try plan([Self.commit(1, [Self.remove("x", before), Self.add("x", after)])]).reads.map(\.rows)
    }
    #expect(try rows(nil, Self.first) == [.deleted(by: Self.first, butNotBy: nil)])
    #expect(
      try rows(Self.first, Self.second)
        == [.deleted(by: Self.second, butNotBy: Self.first), .deleted(by: Self.first, butNotBy: Self.second)])
    #expect(try rows(Self.first, nil) == [.deleted(by: Self.first, butNotBy: nil)])
    #expect(try rows(Self.first, Self.first) == [])
    let reads = try plan([Self.commit(1, [Self.add("x", Self.second), Self.remove("x", Self.first)])]).reads
    #expect(reads.map(\.changeType) == [.delete, .insert])
  }

  @Test("A version at which the feed was off is named")
  func disabled() throws {
    func fails(_ commits: [ChangeFeedPlan.Commit], _ table: TableMetadata, at version: Version) {
      let error = #expect(throws: DeltaError.self) { try plan(commits, table) }
      #expect(error?.code == .changeFeedUnavailable && error?.version == version)
    }
    let commits = [
      Self.commit(5, []), Self.commit(6, [Self.metadata(enabled: false)]), Self.commit(7, [Self.metadata()]),
    ]
    fails(commits, Self.table(), at: 6)
    fails(commits, Self.table(enabled: false), at: 5)
    #expect(try plan(Array(commits.suffix(1)), Self.table(enabled: false)).reads.isEmpty)
    #expect(
      !ChangeFeedPlan.isEnabled(
        Self.table(), ProtocolVersions(minReaderVersion: 1, minWriterVersion: 7, writerFeatures: [])))
    #expect(
      ChangeFeedPlan.isEnabled(
        Self.table(), ProtocolVersions(minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["changeDataFeed"])))
    #expect(!ChangeFeedPlan.isEnabled(Self.table(), ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2)))
  }

  static let mappingVersions = ProtocolVersions(minReaderVersion: 2, minWriterVersion: 5)

  @Test(
    "Schemas may grow and widen within a range; a version that drops, renames or narrows is named",
    arguments: [
      ("a:long", "a:long b:string", nil as String?, true), ("a:integer", "a:long", nil, true),
      ("a:long", "a:integer", nil, false),
      ("a:long b:string", "a:long", nil, false), ("a:long", "b:long", nil, false),
      ("a:long", "a:long!", nil, true), ("a:long!", "a:long", nil, true),
      ("a:long:x", "a:long:x b:string:y", "name", true), ("a:long:x", "b:long:x", "name", false),
      ("a:long:x c:long:y", "a:long:x", "name", false), ("a:long:x", "a:long:y", "name", false),
      ("a:string:x", "b:long:x", "name", false),
    ])
  func schemas(older: String, newer: String, mode: String?, isCompatible: Bool) throws {
    let commits = [
      Self.commit(1, []), Self.commit(2, [Self.metadata(newer, mode: mode)]),
      Self.commit(3, [Self.metadata(newer + " z:long:z", mode: mode)]),
    ]
    let table = Self.table(older, mode: mode)
    if isCompatible {
      let plan = try plan(commits, table, Self.mappingVersions)
      #expect(plan.mapping.logicalSchema == (try SchemaJSON.parse(Self.table(newer + " z:long:z").schemaString)))
    } else {
      let error = #expect(throws: DeltaError.self) { try plan(commits, table, Self.mappingVersions) }
      #expect(error?.code == .schemaMismatch && error?.version == 2)
    }
  }

  @Test("A column that may be null in some version of the range may be null in its rows")
  func nullability() throws {
    let commits = [Self.commit(1, []), Self.commit(2, [Self.metadata("a:long! b:long! c:long!")])]
    let columns = try plan(commits, Self.table("a:long b:long!")).outputSchema.fields.prefix(3)
    // What came in within the range is null in older rows.
    #expect(columns.map(\.isNullable) == [true, false, true])
  }

  @Test("Columns may get their mapping within a range, under the names that they had")
  func mappingSwitchedOn() throws {
    let commits = [
      Self.commit(1, []), Self.commit(2, [Self.metadata("a:long:a p:string:p", partitions: ["p"], mode: "name")]),
    ]
    #expect(throws: Never.self) {
      try plan(commits, Self.table("a:long p:string", partitions: ["p"]), Self.mappingVersions)
    }
  }

  @Test(
    "A version that partitions the table by other columns is named, by physical names",
    arguments: [
      (["p"], ["q"], nil as String?, false), (["p"], [], nil, false), (["p"], ["p", "q"], nil, false),
      (["p", "q"], ["q", "p"], nil, true), (["p"], ["q"], "name", false), (["p"], ["p"], "name", true),
    ])
  func partitions(older: [String], newer: [String], mode: String?, isCompatible: Bool) throws {
    let columns = "p:string:x q:string:y"
    let commits = [Self.commit(4, []), Self.commit(5, [Self.metadata(columns, partitions: newer, mode: mode)])]
    let table = Self.table(columns, partitions: older, mode: mode)
    guard !isCompatible else {
      #expect(throws: Never.self) { try plan(commits, table, Self.mappingVersions) }
      return
    }
    let error = #expect(throws: DeltaError.self) { try plan(commits, table, Self.mappingVersions) }
    #expect(error?.code == .schemaMismatch && error?.version == 5)
  }

  @Test("Files that the first commit removes were written under the schema before it")
  func firstCommit() throws {
    let older = Self.table("a:long p:string", partitions: ["p"])
    let change = Self.metadata("a:long p:string q:string", partitions: ["q"])
    let table = Self.table("a:long p:string q:string", partitions: ["q"])
    let error = #expect(throws: DeltaError.self) {
      try plan([Self.commit(7, [change, Self.remove("x"), Self.add("y")])], table, earlier: older)
    }
    #expect(error?.code == .schemaMismatch && error?.version == 7)
    let unknown = #expect(throws: DeltaError.self) { try plan([Self.commit(7, [change, Self.remove("x")])], table) }
    #expect(unknown?.code == .schemaMismatch && unknown?.version == 7)
    // Nothing that is read is older than the first commit.
    #expect(try plan([Self.commit(7, [change, Self.add("y")])], table).reads.count == 1)
    #expect(try plan([Self.commit(7, [Self.remove("x")])], table).reads.count == 1)
  }

  @Test("A removed file without partition values can't be shown in a partitioned table")
  func partitionValues() throws {
    let commits = [Self.commit(1, [Self.remove("x", values: false)])]
    #expect(throws: DeltaError.self) { try plan(commits, Self.table("a:long p:string", partitions: ["p"])) }
    #expect(try plan(commits).reads.map(\.partitionValues) == [[:]])
  }

  @Test("Files keep their partition values, also where those differ in their bytes alone")
  func partitionBytes() throws {
    let names = ["\u{E9}", "e\u{301}", "\u{E9}"]
    let plan = try plan([Self.commit(1, names.map { Self.add($0) })], Self.table("a:long p:string", partitions: ["p"]))
    let values = plan.reads.map { Array((($0.partitionValues["p"] ?? nil) ?? "").utf8) }
    #expect(values == names.map { Array($0.utf8) })
  }
}
