import Testing

@testable import DeltaLog

@Suite("Log compaction") struct LogCompactionTests {
  private func text(_ commits: String...) throws -> String {
    var compaction = LogCompaction()
    for commit in commits { compaction.apply(try CommitScanner.actions(in: Array(commit.utf8), file: "x")) }
    return String(decoding: CommitText.bytes(of: compaction.actions), as: UTF8.self)
  }

  @Test("The protocol's example comes out as it says")
  func example() throws {
    func add(_ path: String) -> String {
      #"{"add":{"path":"\#(path)","partitionValues":{},"size":1,"modificationTime":2,"dataChange":true}}"# + "\n"
    }
    func remove(_ path: String) -> String {
      #"{"remove":{"path":"\#(path)","deletionTimestamp":3,"dataChange":true}}"# + "\n"
    }
    let app = "3ae45b72-24e1-865a-a211-34987ae02f2a"
    let compacted = try text(
      #"{"commitInfo":{"timestamp":1}}"# + "\n" + add("f2") + remove("f1"),
      #"{"commitInfo":{"timestamp":2}}"# + "\n" + add("f3") + add("f4")
        + #"{"txn":{"appId":"\#(app)","version":4389}}"#,
      #"{"commitInfo":{"timestamp":3}}"# + "\n" + remove("f3") + #"{"txn":{"appId":"\#(app)","version":4390}}"#)
    func quiet(_ line: String) -> String { line.replacing(#""dataChange":true"#, with: #""dataChange":false"#) }
    #expect(
      compacted == #"{"txn":{"appId":"\#(app)","version":4390}}"# + "\n"
        + quiet(add("f2") + remove("f1") + add("f4") + remove("f3")))
  }

  @Test("The latest word counts; deletion vectors tell files apart; removed domains hide older ones")
  func latest() throws {
    let vector = #""deletionVector":{"storageType":"i","pathOrInlineDv":"ab","sizeInBytes":1,"cardinality":1}"#
    let compacted = try text(
      #"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"# + "\n"
        + #"{"metaData":{"id":"a","schemaString":"{}"}}"#
        + "\n" + #"{"add":{"path":"f","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}"# + "\n"
        + #"{"domainMetadata":{"domain":"d","configuration":"1","removed":false}}"#,
      #"{"remove":{"path":"f","dataChange":true}}"# + "\n"
        + #"{"add":{"path":"f","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,\#(vector)}}"#
        + "\n"
        + #"{"cdc":{"path":"c","partitionValues":{},"size":1,"dataChange":false}}"# + "\n"
        + #"{"metaData":{"id":"b","schemaString":"{}"}}"# + "\n"
        + #"{"domainMetadata":{"domain":"d","configuration":"1","removed":true}}"#)
    #expect(
      compacted == """
        {"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
        {"metaData":{"id":"b","format":{"provider":"parquet","options":{}},"schemaString":"{}","partitionColumns":[],"configuration":{}}}
        {"domainMetadata":{"domain":"d","configuration":"1","removed":true}}
        {"remove":{"path":"f","dataChange":false}}
        {"add":{"path":"f","partitionValues":{},"size":1,"modificationTime":1,"dataChange":false,\(vector)}}

        """)
    #expect(try text(#"{"commitInfo":{}}"#) == "")
  }

  @Test("Names are those that readers look for")
  func name() {
    let name = LogFile.compactionName(4...6)
    #expect(name == "00000000000000000004.00000000000000000006.compacted.json")
    #expect(LogFile(parsing: name)?.kind == .compaction(through: 6))
    let id = UniqueID()
    #expect(LogFile(parsing: LogFile.checkpointName(7, id, isJSON: true))?.kind == .uuidCheckpoint(isJSON: true))
    #expect(LogFile(parsing: LogFile.checkpointName(7, id, isJSON: false))?.kind == .uuidCheckpoint(isJSON: false))
  }

  @Test(
    "Other implementations' commits yield the same tables when they are compacted",
    .enabled(if: SharedTables.root != nil, "needs DELTALAKE_SHARED"))
  func sharedTables() throws {
    var compared = 0
    for name in SharedTables.caseNames {
      let table = try SharedTables.Case(name)
      let listing = LogListing(table.listing().filter { $0.kind == .commit })
      guard let latest = listing.latestVersion, latest > 1,
        let segment = try? LogSegment.choose(listing, usesCompactions: false), segment.checkpoint == nil,
        let expected = try? table.state(segment).0
      else { continue }
      // All but the first and the last commit in one.
      var compaction = LogCompaction()
      for file in segment.deltas.dropFirst().dropLast() {
        compaction.apply(try CommitScanner.actions(in: table.bytes(file.name), file: file.name))
      }
      var replay = LogReplay()
      let last = segment.deltas[segment.deltas.count - 1]
      try replay.apply(commit: table.bytes(last.name), last)
      let bytes = CommitText.bytes(of: compaction.actions)
      if !bytes.isEmpty {
        try replay.apply(
          commit: bytes, name: LogFile.compactionName(1...latest), version: latest - 1, isCompaction: true)
      }
      try replay.apply(commit: table.bytes(segment.deltas[0].name), segment.deltas[0])
      let state = try replay.finish(version: latest)
      func files(_ state: TableState) -> [String] {
        (0..<state.files.count).map {
          "\(state.files.path(at: $0)) \(state.files.sizes[$0]) \(state.files.deletionVector(at: $0)?.uniqueId ?? "")"
        }.sorted()
      }
      #expect(files(state) == files(expected), "\(name)")
      #expect(state.metadata == expected.metadata && state.transactions == expected.transactions, "\(name)")
      #expect(state.domains == expected.domains, "\(name)")
      #expect(state.protocolVersions == expected.protocolVersions, "\(name)")
      compared += 1
    }
    print("compared", compared, "tables")
    #expect(compared > 30)
  }
}
