import Columnar
import Testing

@testable import DeltaLog

private let header = #"""
  {"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
  {"metaData":{"id":"x","schemaString":"{}","partitionColumns":["p"]}}

  """#

@Suite("Log replay of commits") struct LogReplayTests {
  /// Commits from version 0.
  private func state(_ commits: String..., options: LogReplay.Options = .init()) throws -> TableState {
    var replay = LogReplay(options: options)
    for (version, commit) in commits.enumerated().reversed() {
      let text = version == 0 ? header + commit : commit
      try replay.apply(commit: Array(text.utf8), name: LogFile.commitName(Version(version)), version: Version(version))
    }
    return try replay.finish(version: Version(commits.count - 1))
  }

  private func add(_ path: String, size: Int = 1, vector: String = "", more: String = "") -> String {
    "{\"add\":{\"path\":\"\(path)\",\"partitionValues\":{},\"size\":\(size),\"modificationTime\":5,\"dataChange\":true"
      + (vector.isEmpty ? "" : ",\"deletionVector\":\(vector)") + more + "}}\n"
  }

  private func remove(_ path: String, vector: String = "") -> String {
    "{\"remove\":{\"path\":\"\(path)\",\"deletionTimestamp\":7,\"dataChange\":true"
      + (vector.isEmpty ? "" : ",\"deletionVector\":\(vector)") + "}}\n"
  }

  private func vector(_ text: String, offset: Int? = 1) -> String {
    "{\"storageType\":\"u\",\"pathOrInlineDv\":\"\(text)\",\"sizeInBytes\":3,\"cardinality\":2"
      + (offset.map { ",\"offset\":\($0)" } ?? "") + "}"
  }

  private func paths(_ files: FileTable?) -> [String] { (0..<(files?.count ?? 0)).compactMap { files?.path(at: $0) } }

  @Test("Files come in the order of commits and lines")
  func order() throws {
    let state = try state(add("a") + add("b"), add("c") + add("d"), remove("b") + add("e"))
    #expect(paths(state.files) == ["a", "c", "d", "e"])
  }

  @Test("The newest word on a file counts: removed, added again, added twice")
  func newest() throws {
    let state = try state(
      add("a", size: 1) + add("b") + add("c"), remove("a") + remove("b"), add("a", size: 9) + add("c", size: 8))
    #expect(paths(state.files) == ["a", "c"])
    #expect(state.files.sizes == [9, 8])
    #expect(state.files.totalSizeInBytes == 17)
  }

  @Test("In one commit the later line counts, and a file that stands twice counts once")
  func sameCommit() throws {
    let state = try state(add("a", size: 1) + add("a", size: 2) + remove("b") + add("b") + add("c") + remove("c"))
    #expect(paths(state.files) == ["a", "b"])
    #expect(state.files.sizes == [2, 1])
  }

  @Test("A file with another deletion vector is another file")
  func deletionVectors() throws {
    let state = try state(
      add("a") + add("b", vector: vector("v")), remove("a") + add("a", vector: vector("v")),
      remove("a", vector: vector("v")) + add("a", vector: vector("v", offset: 2)) + remove("b"))
    #expect(paths(state.files) == ["b", "a"])
    #expect(state.files.deletionVector(at: 0)?.uniqueId == "uv@1")
    #expect(state.files.deletionVector(at: 1)?.uniqueId == "uv@2")
    #expect(state.files.deletedRowCount(at: 1) == 2)
    let inline = try self.state(add("a", vector: vector("v", offset: nil)))
    #expect(inline.files.deletionVector(at: 0)?.offset == nil)
  }

  @Test("Partition values keep null, the empty string and absence apart")
  func partitions() throws {
    func file(_ path: String, _ values: String) -> String {
      "{\"add\":{\"path\":\"\(path)\",\"partitionValues\":\(values),\"size\":1}}\n"
    }
    let state = try state(
      file("a", #"{"p":"1"}"#) + file("b", #"{"p":null}"#) + file("c", #"{"p":""}"#) + file("d", "{}")
        + file("e", #"{"q":"\u00e9","p":"1"}"#) + file("f", #"{"p":12}"#))
    #expect(
      (0..<6).map(state.files.partitionValues) == [
        ["p": "1"], ["p": nil], ["p": ""], [:], ["q": "é", "p": "1"], ["p": "12"],
      ])
    let column = try #require(state.files.partitionColumn(named: "p"))
    #expect(column.codes == [0, PartitionColumn.null, 1, PartitionColumn.absent, 0, 2])
  }

  @Test("More partition columns than any table has are an error, not memory")
  func hostilePartitions() {
    let values = (0..<300).map { "\"c\($0)\":\"x\"" }.joined(separator: ",")
    #expect(throws: DeltaError.self) {
      try state("{\"add\":{\"path\":\"a\",\"size\":1,\"partitionValues\":{\(values)}}}")
    }
  }

  @Test("Statistics are found again in the commit, and their row count is kept")
  func stats() throws {
    let quoted = #"{\"numRecords\":12,\"minValues\":{\"numRecords\":3}}"#
    let state = try state(
      add("a", more: ",\"stats\":\"\(quoted)\"") + add("b", more: #","stats":"{ \"x\":[], \"numRecords\": 4}""#)
        + add("c") + add("d", more: #","stats":"broken""#) + add("e", more: #","stats":{"numRecords":6}"#))
    #expect(state.files.recordCounts == [12, 4, -1, -1, 6])
    #expect(state.files.stats(at: 0) == #"{"numRecords":12,"minValues":{"numRecords":3}}"#)
    #expect(state.files.stats(at: 2) == nil)
    #expect(state.files.stats(at: 4) == #"{"numRecords":6}"#)
    #expect(state.files.totalRecordCount == nil)
    var options = LogReplay.Options()
    options.keptCommitBytes = 0
    let lean = try self.state(add("a", more: ",\"stats\":\"\(quoted)\""), options: options)
    #expect(lean.files.stats(at: 0) == nil && lean.files.recordCounts == [12])
    let commit = Array((header + add("a", more: ",\"stats\":\"\(quoted)\"")).utf8)
    #expect(lean.files.stats(at: 0, in: commit) == state.files.stats(at: 0))
    #expect(lean.files.stats(at: 0, in: []) == nil)
  }

  @Test("Paths stay encoded, and are decoded on demand")
  func paths() throws {
    let state = try state(add(#"p=a%20b\/\u0025C3%A9%zz"#))
    #expect(state.files.path(at: 0) == "p=a%20b/%C3%A9%zz")
    #expect(state.files.decodedPath(at: 0) == "p=a b/é%zz")
  }

  @Test("Protocol, metadata, transactions and domains: the newest counts, removed domains are gone")
  func facts() throws {
    let state = try state(
      #"{"txn":{"appId":"a","version":5}}"# + "\n" + #"{"domainMetadata":{"domain":"d","configuration":"1"}}"#,
      #"{"txn":{"appId":"a","version":4}}"# + "\n" + #"{"domainMetadata":{"domain":"e","configuration":"2"}}"#,
      #"{"domainMetadata":{"domain":"d","configuration":"1","removed":true}}"# + "\n"
        + #"{"commitInfo":{"operation":"X"}}"#)
    #expect(state.transactions["a"]?.version == 4)
    #expect(state.domains.keys.sorted() == ["e"])
    #expect(state.commitInfo?.operation == "X")
    #expect(state.version == 2 && state.metadata.partitionColumns == ["p"])
  }

  @Test(
    "A log without protocol or metadata is corrupt, and says which is missing",
    arguments: [
      (#"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#, "metaData"),
      (#"{"metaData":{"id":"x","schemaString":"{}"}}"#, "protocol"),
    ])
  func missing(_ commit: String, _ action: String) throws {
    var replay = LogReplay()
    try replay.apply(commit: Array(commit.utf8), name: "0", version: 0)
    let error = #expect(throws: DeltaError.self) { try replay.finish(version: 0) }
    #expect(error?.code == .corruptLog && error?.message.contains("no \(action) action") == true)
  }

  @Test("Tombstones, tags and providers come when asked for")
  func extras() throws {
    var options = LogReplay.Options()
    options.keepsTombstones = true
    options.keepsExtras = true
    let state = try state(
      add("a", more: #","tags":{"t":"u","n":null},"clusteringProvider":"liquid","baseRowId":3"#) + add("b"),
      remove("b") + remove("c"), options: options)
    #expect(state.files.addFile(at: 0).tags == ["t": "u", "n": nil])
    #expect(state.files.addFile(at: 0).clusteringProvider == "liquid")
    #expect(state.files.baseRowId(at: 0) == 3)
    #expect(paths(state.tombstones) == ["b", "c"])
    #expect(state.tombstones?.removeFile(at: 0) == RemoveFile(path: "b", deletionTimestamp: Timestamp(milliseconds: 7)))
    #expect(try self.state(add("a")).tombstones == nil)
  }

  @Test("An older state and newer commits make the same as all commits")
  func incremental() throws {
    let commits = [
      add("a") + add("b", vector: vector("v")) + add("c"), remove("a") + add("d"),
      remove("b", vector: vector("v")) + add("b", vector: vector("w")) + add("c", size: 7), remove("x"),
    ]
    let whole = try state(commits[0], commits[1], commits[2], commits[3])
    let older = try state(commits[0], commits[1])
    var replay = LogReplay()
    for version in [3, 2] {
      try replay.apply(commit: Array(commits[version].utf8), name: "\(version)", version: Version(version))
    }
    let newer = try replay.finish(version: 3, onto: older)
    #expect(paths(newer.files) == paths(whole.files) && paths(whole.files) == ["d", "b", "c"])
    #expect(newer.files.addFile(at: 1) == whole.files.addFile(at: 1))
    #expect(newer.files.addFile(at: 2).sizeInBytes == 7)
    #expect(paths(older.files) == ["b", "c", "d"])
  }

  @Test("Ten thousand files, added and partly removed, are reconciled as a dictionary would")
  func many() throws {
    let state = try state(
      (0..<10_000).map { add("part-\($0)-and-a-name-of-some-length.parquet", size: $0) }.joined(),
      (0..<10_000).filter { $0 % 3 == 0 }.map { remove("part-\($0)-and-a-name-of-some-length.parquet") }.joined(),
      (0..<10_000).filter { $0 % 9 == 0 }.map { add("part-\($0)-and-a-name-of-some-length.parquet") }.joined())
    let expected = (0..<10_000).filter { $0 % 3 != 0 } + (0..<10_000).filter { $0 % 9 == 0 }
    #expect(paths(state.files) == expected.map { "part-\($0)-and-a-name-of-some-length.parquet" })
  }
}

@Suite("Log replay of checkpoints") struct CheckpointReplayTests {
  private static let schema: Schema = {
    var schema = CheckpointSchema()
    schema.includesRemoves = true
    schema.includesExtras = true
    schema.statistics = .json
    return schema.schema
  }()

  private static let rows: [CheckpointBatch.Value] = [
    [
      "protocol": [
        "minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["f"], "writerFeatures": ["f", "g"],
      ]
    ],
    [
      "metaData": [
        "id": "x", "format": ["provider": "parquet", "options": [:]], "schemaString": "{}", "partitionColumns": ["p"],
        "configuration": ["k": "v"], "createdTime": 4,
      ]
    ],
    ["txn": ["appId": "a", "version": 1]], ["txn": ["appId": "b", "version": 2, "lastUpdated": 3]],
    ["domainMetadata": ["domain": "d", "configuration": "c", "removed": false]],
    [
      "add": [
        "path": "one", "partitionValues": ["p": "1"], "size": 10, "modificationTime": 11, "dataChange": false,
        "stats": #"{"numRecords":5}"#, "tags": ["t": "u"],
      ]
    ],
    [
      "add": [
        "path": "two", "partitionValues": ["p": nil], "size": 20, "modificationTime": 21, "dataChange": false,
        "baseRowId": 7, "defaultRowCommitVersion": 8, "clusteringProvider": "liquid",
        "deletionVector": [
          "storageType": "u", "pathOrInlineDv": "vv", "offset": 4, "sizeInBytes": 5, "cardinality": 6,
        ],
      ]
    ],
    ["add": ["path": "one", "partitionValues": ["p": "1"], "size": 10, "modificationTime": 11]],
    ["add": ["path": "two", "partitionValues": ["p": "2"], "size": 30, "modificationTime": 21]],
    ["remove": ["path": "three", "deletionTimestamp": 9, "dataChange": true]],
    ["sidecar": ["path": "s.parquet", "sizeInBytes": 1, "modificationTime": 2]],
    ["checkpointMetadata": ["version": 5]],
    [:],
  ]

  private func options() -> LogReplay.Options {
    var options = LogReplay.Options()
    options.keepsTombstones = true
    options.keepsExtras = true
    return options
  }

  private func decode(
    _ rows: [CheckpointBatch.Value], _ replay: LogReplay, coded: Bool = false, firstRow: Int64 = 0
  ) throws -> CheckpointPart {
    let batch = CheckpointBatch.batch(rows, Self.schema, usesDictionaries: coded)
    return try replay.checkpointDecoder().decode(batch, file: "5.checkpoint.parquet", version: 5, firstRow: firstRow)
  }

  @Test("Every column of a checkpoint is understood, plain or dictionary-coded", arguments: [false, true])
  func everything(_ coded: Bool) throws {
    var replay = LogReplay(options: options())
    let part = try decode(Self.rows, replay, coded: coded)
    #expect(part.sidecars.map(\.path) == ["s.parquet"] && part.checkpointMetadata?.version == 5)
    replay.append(part)
    let state = try replay.finish(version: 5)
    #expect(
      state.protocolVersions
        == ProtocolVersions(
          minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["f"], writerFeatures: ["f", "g"]))
    #expect(
      state.metadata
        == TableMetadata(
          id: "x", schemaString: "{}", partitionColumns: ["p"], createdTime: Timestamp(milliseconds: 4),
          configuration: ["k": "v"]))
    #expect(state.transactions["a"]?.version == 1 && state.transactions["b"]?.lastUpdated?.milliseconds == 3)
    #expect(state.domains["d"]?.configuration == "c")
    #expect(state.files.count == 3)
    #expect(
      state.files.addFile(at: 0)
        == AddFile(
          path: "one", partitionValues: ["p": "1"], sizeInBytes: 10, modificationTime: Timestamp(milliseconds: 11),
          dataChange: false, tags: ["t": "u"]))
    #expect(
      state.files.addFile(at: 1)
        == AddFile(
          path: "two", partitionValues: ["p": nil], sizeInBytes: 20, modificationTime: Timestamp(milliseconds: 21),
          dataChange: false,
          deletionVector: DeletionVectorDescriptor(
            storageType: .relativePath, pathOrInlineDv: "vv", offset: 4, sizeInBytes: 5, cardinality: 6),
          baseRowId: 7, defaultRowCommitVersion: 8, clusteringProvider: "liquid"))
    #expect(state.files.deletionVector(at: 2) == nil && state.files.sizes[2] == 30)
    #expect(state.files.recordCounts == [5, -1, -1])
    #expect(state.files.sourcePositions == [5, 6, 8])
    #expect(
      state.tombstones?.removeFile(at: 0) == RemoveFile(path: "three", deletionTimestamp: Timestamp(milliseconds: 9)))
  }

  @Test("Newer commits hide a checkpoint's files, facts and tombstones", arguments: [false, true])
  func newer(_ coded: Bool) throws {
    let commit = #"""
      {"remove":{"path":"two","deletionTimestamp":1,"deletionVector":{"storageType":"u","pathOrInlineDv":"vv","offset":4,"sizeInBytes":5,"cardinality":6}}}
      {"add":{"path":"one","size":99,"partitionValues":{"p":"3"}}}
      {"add":{"path":"three","size":98,"partitionValues":{"p":"2"}}}
      {"txn":{"appId":"a","version":50}}
      {"domainMetadata":{"domain":"d","configuration":"c","removed":true}}
      """#
    var replay = LogReplay(options: options())
    try replay.apply(commit: Array(commit.utf8), name: "6.json", version: 6)
    // Two parts, decoded by the same decoder as two threads would.
    let first = try decode(Array(Self.rows[..<7]), replay, coded: coded)
    let second = try decode(Array(Self.rows[7...]), replay, coded: coded, firstRow: 7)
    replay.append(first)
    replay.append(second)
    let state = try replay.finish(version: 6)
    #expect((0..<state.files.count).map(state.files.path) == ["two", "one", "three"])
    #expect(state.files.sizes == [30, 99, 98])
    #expect(state.files.partitionValues(at: 0) == ["p": "2"] && state.files.partitionValues(at: 1) == ["p": "3"])
    #expect(state.files.sources[Int(state.files.sourceIndices[0])].kind == .parquet)
    #expect(state.files.sources[Int(state.files.sourceIndices[1])].name == "6.json")
    #expect(state.files.sourcePositions[0] == 8)
    #expect(state.files.sources.count { $0.kind == .parquet } == 1)
    #expect(state.transactions["a"]?.version == 50 && state.domains.isEmpty)
    #expect((0..<(state.tombstones?.count ?? 0)).compactMap { state.tombstones?.path(at: $0) } == ["two"])
  }

  @Test("A checkpoint in JSON gives its files and names its sidecars")
  func json() throws {
    let checkpoint =
      header + #"""
        {"checkpointMetadata":{"version":5}}
        {"add":{"path":"one","size":1}}
        {"add":{"path":"two","size":2}}
        {"sidecar":{"path":"s.parquet","sizeInBytes":1,"modificationTime":2}}
        """#
    let file = try #require(LogFile(parsing: "00000000000000000005.checkpoint.abc.json"))
    var replay = LogReplay()
    try replay.apply(commit: Array(#"{"remove":{"path":"one"}}"#.utf8), name: "6.json", version: 6)
    let sidecars = try replay.apply(jsonCheckpoint: Array(checkpoint.utf8), file)
    #expect(sidecars.map(\.path) == ["s.parquet"])
    replay.append(try decode([["add": ["path": "three", "size": 3]], ["add": ["path": "one", "size": 3]]], replay))
    let state = try replay.finish(version: 6)
    #expect(Set((0..<state.files.count).map(state.files.path)) == ["two", "three"])
    let damage = #expect(throws: DeltaError.self) {
      var replay = LogReplay()
      return try replay.apply(jsonCheckpoint: Array("{".utf8), file)
    }
    #expect(damage?.code == .corruptCheckpoint)
  }

  @Test(
    "Rows that can't be are a damaged checkpoint",
    arguments: [
      ["add": ["size": 1]], ["add": ["path": "a"]],
      ["add": ["path": "a", "size": 1, "deletionVector": ["storageType": "u"]]],
      ["add": ["path": "a", "size": 1, "deletionVector": ["storageType": "u", "pathOrInlineDv": "x"]]],
      ["protocol": ["minReaderVersion": 1]], ["metaData": ["id": "x"]], ["txn": ["appId": "a"]],
      ["sidecar": ["sizeInBytes": 1]],
    ] as [CheckpointBatch.Value])
  func damaged(_ row: CheckpointBatch.Value) {
    let error = #expect(throws: DeltaError.self) { try decode([row], LogReplay()) }
    #expect(error?.code == .corruptCheckpoint && error?.path == "5.checkpoint.parquet")
  }
}
