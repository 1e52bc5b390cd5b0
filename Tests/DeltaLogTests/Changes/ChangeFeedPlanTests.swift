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

  /// Columns as `name:type` or `name:type:physical name`.
  static func table(
    _ columns: String = "a:long", enabled: Bool = true, partitions: [String] = [], mode: String? = nil
  ) -> TableMetadata {
    let fields = columns.split(separator: " ").map { column in
      let parts = column.split(separator: ":")
      let metadata = parts.count > 2 ? #""delta.columnMapping.physicalName":"\#(parts[2])""# : ""
      return #"{"name":"\#(parts[0])","type":"\#(parts[1])","nullable":true,"metadata":{\#(metadata)}}"#
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

  func plan(_ commits: [ChangeFeedPlan.Commit], _ table: TableMetadata = table()) throws -> ChangeFeedPlan {
    try ChangeFeedPlan(commits: commits, metadata: table, protocol: Self.versions)
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

  @Test(
    "Schemas may grow and widen within a range, and with column mapping rename and drop",
    arguments: [
      ("a:long", "a:long b:string", nil as String?, true), ("a:integer", "a:long", nil, true),
      ("a:long", "a:integer", nil, false),
      ("a:long b:string", "a:long", nil, false), ("a:long", "b:long", nil, false),
      ("a:long:x", "b:long:x", "name", true), ("a:long:x c:long:y", "a:long:x", "name", true),
      ("a:string:x", "b:long:x", "name", false),
    ])
  func schemas(older: String, newer: String, mode: String?, isCompatible: Bool) throws {
    let versions = ProtocolVersions(minReaderVersion: 2, minWriterVersion: 5)
    let commits = [Self.commit(1, []), Self.commit(2, [Self.metadata(newer, mode: mode)])]
    let table = Self.table(older, mode: mode)
    if isCompatible {
      let plan = try ChangeFeedPlan(commits: commits, metadata: table, protocol: versions)
      #expect(plan.mapping.logicalSchema == (try SchemaJSON.parse(Self.table(newer).schemaString)))
    } else {
      let error = #expect(throws: DeltaError.self) {
        try ChangeFeedPlan(commits: commits, metadata: table, protocol: versions)
      }
      #expect(error?.code == .schemaMismatch && error?.version == 1)
    }
  }

  @Test("A removed file without partition values can't be shown in a partitioned table")
  func partitionValues() throws {
    let commits = [Self.commit(1, [Self.remove("x", values: false)])]
    #expect(throws: DeltaError.self) { try plan(commits, Self.table("a:long p:string", partitions: ["p"])) }
    #expect(try plan(commits).reads.map(\.partitionValues) == [[:]])
  }
}
