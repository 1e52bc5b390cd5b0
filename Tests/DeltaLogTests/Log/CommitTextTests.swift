import Columnar
import Testing

@testable import DeltaLog

@Suite("Commit text") struct CommitTextTests {
  private func text(_ actions: Action...) -> String { String(decoding: CommitText.bytes(of: actions), as: UTF8.self) }

  private func read(_ text: String) throws -> [Action] {
    try CommitScanner.actions(in: Array(text.utf8), file: "00000000000000000007.json", version: 7)
  }

  static let full: [(action: Action, line: String)] = [
    (
      .commitInfo(
        CommitInfo(fields: [
          "txnId": .string("t"), "operation": .string("WRITE"), "timestamp": .long(5),
          "zeta": .array([.null, .double(0.5)]),
          "inCommitTimestamp": .long(6), "alpha": .object(["b": .boolean(true), "a": .long(.max)]),
        ])),
      #"{"commitInfo":{"inCommitTimestamp":6,"timestamp":5,"operation":"WRITE","txnId":"t","alpha":{"a":9223372036854775807,"b":true},"zeta":[null,0.5]}}"#
    ),
    (
      .protocol(
        ProtocolVersions(minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [], writerFeatures: ["b", "a"])),
      #"{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":[],"writerFeatures":["b","a"]}}"#
    ),
    (
      .protocol(ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2)),
      #"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#
    ),
    (
      .metadata(
        TableMetadata(
          id: "x", name: "n", description: "d", format: .init(provider: "parquet", options: ["o": "1"]),
          schemaString: #"{"type":"struct","fields":[]}"#, partitionColumns: ["p", "a"],
          createdTime: Timestamp(milliseconds: 9), configuration: ["my.own": "v", "delta.appendOnly": "true"])),
      #"{"metaData":{"id":"x","name":"n","description":"d","format":{"provider":"parquet","options":{"o":"1"}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":["p","a"],"configuration":{"delta.appendOnly":"true","my.own":"v"},"createdTime":9}}"#
    ),
    (
      .metadata(TableMetadata(id: "x", schemaString: "{}")),
      #"{"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":"{}","partitionColumns":[],"configuration":{}}}"#
    ),
    (
      .add(
        AddFile(
          path: "p=a%2520b/f%201.parquet", partitionValues: ["p": "a b", "q": nil, "r": ""], sizeInBytes: 10,
          modificationTime: Timestamp(milliseconds: 11), dataChange: false, stats: #"{"numRecords":3}"#,
          tags: ["t": "u", "n": nil],
          deletionVector: DeletionVectorDescriptor(
            storageType: .relativePath, pathOrInlineDv: #"ab^-aqEH.-t@S}K{vb[*k^"#, offset: 4, sizeInBytes: 40,
            cardinality: 6),
          baseRowId: 7, defaultRowCommitVersion: 8, clusteringProvider: "liquid")),
      #"{"add":{"path":"p=a%2520b/f%201.parquet","partitionValues":{"p":"a b","q":null,"r":""},"size":10,"modificationTime":11,"dataChange":false,"stats":"{\"numRecords\":3}","tags":{"n":null,"t":"u"},"deletionVector":{"storageType":"u","pathOrInlineDv":"ab^-aqEH.-t@S}K{vb[*k^","offset":4,"sizeInBytes":40,"cardinality":6},"baseRowId":7,"defaultRowCommitVersion":8,"clusteringProvider":"liquid"}}"#
    ),
    (
      .add(AddFile(path: "f", sizeInBytes: 0, modificationTime: Timestamp(milliseconds: -1))),
      #"{"add":{"path":"f","partitionValues":{},"size":0,"modificationTime":-1,"dataChange":true}}"#
    ),
    (
      .remove(
        RemoveFile(
          path: "g", deletionTimestamp: Timestamp(milliseconds: 12), extendedFileMetadata: true,
          partitionValues: ["p": nil], sizeInBytes: 13, stats: "{}", tags: [:],
          deletionVector: DeletionVectorDescriptor(
            storageType: .inline, pathOrInlineDv: "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
            sizeInBytes: 40, cardinality: 6),
          baseRowId: 0, defaultRowCommitVersion: 0)),
      #"{"remove":{"path":"g","deletionTimestamp":12,"dataChange":true,"extendedFileMetadata":true,"partitionValues":{"p":null},"size":13,"tags":{},"deletionVector":{"storageType":"i","pathOrInlineDv":"wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L","sizeInBytes":40,"cardinality":6},"baseRowId":0,"defaultRowCommitVersion":0,"stats":"{}"}}"#
    ),
    (.remove(RemoveFile(path: "g")), #"{"remove":{"path":"g","dataChange":true}}"#),
    (
      .change(ChangeFile(path: "_change_data/h", partitionValues: ["p": "1"], sizeInBytes: 14, tags: ["a": "b"])),
      #"{"cdc":{"path":"_change_data/h","partitionValues":{"p":"1"},"size":14,"dataChange":false,"tags":{"a":"b"}}}"#
    ),
    (
      .transaction(AppTransaction(appId: "app", version: .min, lastUpdated: Timestamp(milliseconds: 16))),
      #"{"txn":{"appId":"app","version":-9223372036854775808,"lastUpdated":16}}"#
    ),
    (.transaction(AppTransaction(appId: "", version: 0)), #"{"txn":{"appId":"","version":0}}"#),
    (
      .domainMetadata(DomainMetadata(domain: "mine", configuration: #"{"k":"v"}"#, removed: true)),
      #"{"domainMetadata":{"domain":"mine","configuration":"{\"k\":\"v\"}","removed":true}}"#
    ),
    (
      .sidecar(
        SidecarFile(path: "s.parquet", sizeInBytes: 17, modificationTime: Timestamp(milliseconds: 18), tags: ["a": nil])
      ),
      #"{"sidecar":{"path":"s.parquet","sizeInBytes":17,"modificationTime":18,"tags":{"a":null}}}"#
    ),
    (
      .checkpointMetadata(CheckpointMetadata(version: 19, tags: ["a": "b"])),
      #"{"checkpointMetadata":{"version":19,"tags":{"a":"b"}}}"#
    ),
    (.checkpointMetadata(CheckpointMetadata(version: 0)), #"{"checkpointMetadata":{"version":0}}"#),
  ]

  @Test("Each action is spelt as the protocol has it, and read back as it was", arguments: full)
  func literal(_ action: Action, _ line: String) throws {
    #expect(text(action) == line + "\n")
    #expect(try read(line) == [action])
  }

  @Test("A commit is one line an action, in the order given")
  func lines() throws {
    let actions = Self.full.map(\.action)
    let text = String(decoding: CommitText.bytes(of: actions), as: UTF8.self)
    #expect(text == Self.full.map { $0.line + "\n" }.joined())
    #expect(try read(text) == actions)
    #expect(CommitText.bytes(of: [Action]()).isEmpty)
  }

  @Test(
    "Texts survive whatever they are made of",
    arguments: [
      ("\"\\/\u{8}\u{C}\n\r\t", #""\"\\/\b\f\n\r\t""#), ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""),
      ("åß∂ 日本 👩‍👩‍👧", "\"åß∂ 日本 👩‍👩‍👧\""), ("\u{2028}\u{FEFF}\u{FFFD}", "\"\u{2028}\u{FEFF}\u{FFFD}\""),
      ("\\u0041", #""\\u0041""#), ("", #""""#), ("\"", #""\"""#), ("a\"", #""a\"""#), ("\"a", #""\"a""#),
    ])
  func escaping(_ value: String, _ spelt: String) throws {
    let action = Action.domainMetadata(DomainMetadata(domain: value, configuration: value))
    #expect(text(action) == "{\"domainMetadata\":{\"domain\":\(spelt),\"configuration\":\(spelt),\"removed\":false}}\n")
    #expect(try read(text(action)) == [action])
  }

  @Test("A commit that another writer made is written again with nothing lost but the order of fields")
  func foreign() throws {
    let line =
      #"{"commitInfo":{"timestamp":1,"notebook":{"notebookId":"4","depth":[1,{"x":null}]},"operationMetrics":{"n":"1"},"big":1e300,"neg":-0.25,"flag":false}}"#
    let actions = try read(line)
    let again = CommitText.bytes(of: actions)
    #expect(try CommitScanner.actions(in: again, file: "x") == actions)
    #expect(
      String(decoding: again, as: UTF8.self)
        == #"{"commitInfo":{"timestamp":1,"notebook":{"depth":[1,{"x":null}],"notebookId":"4"},"operationMetrics":{"n":"1"},"big":1e+300,"flag":false,"neg":-0.25}}"#
        + "\n")
  }

  @Test(
    "Commits of other implementations' tables come back the same",
    .enabled(if: SharedTables.root != nil, "needs DELTALAKE_SHARED"))
  func sharedTables() throws {
    var count = 0
    for name in SharedTables.caseNames {
      let table = try SharedTables.Case(name)
      for file in table.listing() where file.kind == .commit {
        guard let actions = try? CommitScanner.actions(in: try table.bytes(file.name), file: file.name) else {
          continue
        }
        let again = try CommitScanner.actions(in: CommitText.bytes(of: actions), file: "again")
        #expect(again == actions, "\(name) \(file.name)")
        count += 1
      }
    }
    #expect(count > 1000)
  }
}
