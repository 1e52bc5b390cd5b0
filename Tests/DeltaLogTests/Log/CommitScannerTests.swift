import Columnar
import Testing

@testable import DeltaLog

@Suite("Commit scanner") struct CommitScannerTests {
  private func actions(_ text: String) throws -> [Action] {
    try CommitScanner.actions(in: Array(text.utf8), file: "00000000000000000007.json", version: 7)
  }

  @Test("All actions of the protocol are understood")
  func everyAction() throws {
    let text = #"""
      {"commitInfo":{"timestamp":5,"operation":"WRITE","inCommitTimestamp":6,"isBlindAppend":true,"readVersion":3}}
      {"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["a"],"writerFeatures":["a","b"]}}
      {"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":"{}","partitionColumns":["p"],"configuration":{"k":"v"},"createdTime":9}}
      {"add":{"path":"p=1/f%201","partitionValues":{"p":"1","q":null},"size":10,"modificationTime":11,"dataChange":false,"stats":"{\"numRecords\":3}","tags":{"t":"u"},"deletionVector":{"storageType":"u","pathOrInlineDv":"ab","offset":4,"sizeInBytes":5,"cardinality":6},"baseRowId":7,"defaultRowCommitVersion":8,"clusteringProvider":"liquid"}}
      {"remove":{"path":"g","deletionTimestamp":12,"dataChange":true,"extendedFileMetadata":true,"partitionValues":{},"size":13}}
      {"cdc":{"path":"_change_data/h","partitionValues":{},"size":14,"dataChange":false}}
      {"txn":{"appId":"app","version":15,"lastUpdated":16}}
      {"domainMetadata":{"domain":"delta.x","configuration":"{}","removed":false}}
      {"sidecar":{"path":"s.parquet","sizeInBytes":17,"modificationTime":18}}
      {"checkpointMetadata":{"version":19,"tags":{"a":"b"}}}
      """#
    let actions = try actions(text)
    #expect(actions.count == 10)
    guard case .commitInfo(let info) = actions[0] else { throw Missing() }
    #expect(info.operation == "WRITE" && info.inCommitTimestamp?.milliseconds == 6 && info.isBlindAppend == true)
    #expect(
      actions[1]
        == .protocol(
          ProtocolVersions(minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["a"], writerFeatures: ["a", "b"]))
    )
    #expect(
      actions[2]
        == .metadata(
          TableMetadata(
            id: "x", schemaString: "{}", partitionColumns: ["p"], createdTime: Timestamp(milliseconds: 9),
            configuration: ["k": "v"])))
    let vector = DeletionVectorDescriptor(
      storageType: .relativePath, pathOrInlineDv: "ab", offset: 4, sizeInBytes: 5, cardinality: 6)
    #expect(vector.uniqueId == "uab@4")
    #expect(
      actions[3]
        == .add(
          AddFile(
            path: "p=1/f%201", partitionValues: ["p": "1", "q": nil], sizeInBytes: 10,
            modificationTime: Timestamp(milliseconds: 11), dataChange: false, stats: #"{"numRecords":3}"#,
            tags: ["t": "u"], deletionVector: vector, baseRowId: 7, defaultRowCommitVersion: 8,
            clusteringProvider: "liquid")))
    #expect(
      actions[4]
        == .remove(
          RemoveFile(
            path: "g", deletionTimestamp: Timestamp(milliseconds: 12), extendedFileMetadata: true, partitionValues: [:],
            sizeInBytes: 13)))
    #expect(actions[5] == .change(ChangeFile(path: "_change_data/h", sizeInBytes: 14)))
    #expect(
      actions[6] == .transaction(AppTransaction(appId: "app", version: 15, lastUpdated: Timestamp(milliseconds: 16))))
    #expect(actions[7] == .domainMetadata(DomainMetadata(domain: "delta.x", configuration: "{}")))
    #expect(
      actions[8]
        == .sidecar(SidecarFile(path: "s.parquet", sizeInBytes: 17, modificationTime: Timestamp(milliseconds: 18))))
    #expect(actions[9] == .checkpointMetadata(CheckpointMetadata(version: 19, tags: ["a": "b"])))
  }

  @Test("Unknown actions and fields, nulls, blank lines and CRLF are passed over")
  func tolerance() throws {
    let text =
      "\r\n{\"quantum\":{\"path\":1}}\r\n\n{\"add\":null,\"remove\":{\"odd\":[{}],\"path\":\"a\\u002fb\",\"size\":null}}\r\n"
    #expect(try actions(text) == [.remove(RemoveFile(path: "a/b"))])
  }

  @Test("The last line needs no newline, and of a key that stands twice the last counts")
  func lastLine() throws {
    let text = #"{"add":{"path":"a","path":"b","size":1,"partitionValues":{}}}"#
    #expect(
      try actions(text) == [.add(AddFile(path: "b", sizeInBytes: 1, modificationTime: Timestamp(milliseconds: 0)))])
  }

  @Test(
    "A damaged commit is an error that names file, line and byte",
    arguments: [
      "", "not json", "{\"add\":{\"path\":\"a\",\"size\":1}}\n{\"add\":{\"path\":\"b\"",
      "{\"add\":{\"size\":1}}", "{\"add\":{\"path\":\"a\",\"size\":\"1\"}}", "{\"metaData\":{\"id\":\"x\"}}",
      "{\"protocol\":{\"minReaderVersion\":\"1\"}}", "[]",
      "{\"add\":{\"path\":\"a\",\"size\":1,\"deletionVector\":{}}}",
      "{\"add\":{\"path\":\"a\",\"size\":1}} x",
      "{\"add\":{\"path\":\"a\",\"size\":1},\"remove\":{\"path\":\"b\"}}",
    ])
  func damage(_ text: String) {
    let error = #expect(throws: DeltaError.self) { try actions(text) }
    #expect(error?.code == .corruptLog)
    #expect(error?.message.contains("00000000000000000007.json") == true)
    #expect(error?.version == 7)
    #expect(error?.byteOffset != nil)
  }
}

@Suite("Hostile commits") struct HostileCommitTests {
  private static let commit = #"""
    {"commitInfo":{"timestamp":5,"operation":"WRITE","operationMetrics":{"n":"1"}}}
    {"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["a"],"writerFeatures":["a"]}}
    {"metaData":{"id":"x","format":{"provider":"parquet"},"schemaString":"{\"a\":\"\\u00e9\"}","partitionColumns":["p"]}}
    {"add":{"path":"p=1\/f\u00e9","partitionValues":{"p":"1","q":null},"size":10,"modificationTime":11,"stats":"{\"numRecords\":3}","tags":{"t":"u"},"deletionVector":{"storageType":"u","pathOrInlineDv":"ab\ud83d\ude00","offset":4,"sizeInBytes":5,"cardinality":6}}}
    {"remove":{"path":"g","deletionTimestamp":12,"dataChange":true,"deletionVector":null}}
    {"txn":{"appId":"app","version":15}}
    """#

  @Test("Whatever bytes change, a commit is read or refused, never trapped on")
  func mutations() {
    var random = Random(state: 7)
    let original = Array(Self.commit.utf8)
    let tokens = [
      "\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\\ud8", "null", "-", "9", "1e999", "\n", "\u{0}", "\u{FF}",
    ]
    var read = 0
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0...random.next(4) {
        let place = random.next(bytes.count)
        switch random.next(4) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next(256))
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.next(40)))
        case 2: bytes.insert(contentsOf: tokens[random.next(tokens.count)].utf8, at: place)
        default: bytes = Array(bytes[..<place]) + bytes[random.next(bytes.count)...]
        }
        if bytes.isEmpty { bytes = [0x7B] }
      }
      var options = LogReplay.Options()
      options.keepsExtras = true
      options.keepsTombstones = true
      var replay = LogReplay(options: options)
      _ = try? CommitScanner.actions(in: bytes, file: "x")
      do {
        try replay.apply(commit: bytes, name: "x", version: 0)
        let state = try replay.finish(version: 0)
        for row in 0..<state.files.count {
          _ = state.files.addFile(at: row)
          _ = state.files.stats(at: row, in: original)
        }
        read += 1
      } catch { continue }
    }
    #expect(read > 10)
  }

  private struct Random {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
  }
}

struct Missing: Error {}
