import Columnar
import Testing

@testable import DeltaLog

@Suite("Commit operations") struct CommitOperationTests {
  static let metadata = TableMetadata(
    id: "x", description: nil, schemaString: "{}", partitionColumns: ["a", "b"],
    configuration: ["delta.appendOnly": "true"])
  static let field = StructField("x.y", .decimal(precision: 5, scale: 2), metadata: ["comment": .string("c")])

  static let spelt: [(operation: CommitOperation, name: String, parameters: String)] = [
    (.write(.append), "WRITE", #"{"mode":"Append"}"#),
    (.write(.append, partitionBy: []), "WRITE", #"{"mode":"Append","partitionBy":"[]"}"#),
    (
      .write(.overwrite, partitionBy: ["a", "b\""], predicate: "a = 1", canOverwriteSchema: true), "WRITE",
      #"{"canOverwriteSchema":true,"mode":"Overwrite","partitionBy":"[\"a\",\"b\\\"\"]","predicate":"a = 1"}"#
    ),
    (
      .write(.errorIfExists, isDynamicPartitionOverwrite: true, canMergeSchema: true), "WRITE",
      #"{"canMergeSchema":true,"isDynamicPartitionOverwrite":true,"mode":"ErrorIfExists"}"#
    ),
    (
      .streamingUpdate(outputMode: "Append", queryId: "q", epochId: 3), "STREAMING UPDATE",
      #"{"epochId":"3","outputMode":"Append","queryId":"q"}"#
    ),
    (.delete(where: "(id = 3)"), "DELETE", #"{"predicate":"[\"(id = 3)\"]"}"#),
    (.delete(where: nil), "DELETE", #"{"predicate":"[]"}"#),
    (.update(where: "(id = 3)"), "UPDATE", #"{"predicate":"[\"(id = 3)\"]"}"#),
    (.truncate, "TRUNCATE", "{}"),
    (
      .merge(
        on: "(s.id = t.id)", matched: [.init("delete", if: "(s.x > 1)"), .init("update")], notMatched: [.init("insert")]
      ),
      "MERGE",
      #"{"matchedPredicates":"[{\"actionType\":\"delete\",\"predicate\":\"(s.x > 1)\"},{\"actionType\":\"update\"}]","notMatchedBySourcePredicates":"[]","notMatchedPredicates":"[{\"actionType\":\"insert\"}]","predicate":"[\"(s.id = t.id)\"]"}"#
    ),
    (
      .createTable(metadata), "CREATE TABLE",
      #"{"clusterBy":"[]","description":null,"isManaged":"false","partitionBy":"[\"a\",\"b\"]","properties":"{\"delta.appendOnly\":\"true\"}"}"#
    ),
    (
      .replaceTable(metadata, orCreate: true, asSelect: true, clusterBy: ["c"]), "CREATE OR REPLACE TABLE AS SELECT",
      #"{"clusterBy":"[\"c\"]","description":null,"isManaged":"false","partitionBy":"[\"a\",\"b\"]","properties":"{\"delta.appendOnly\":\"true\"}"}"#
    ),
    (.setProperties(["k": "v"]), "SET TBLPROPERTIES", #"{"properties":"{\"k\":\"v\"}"}"#),
    (.unsetProperties(["k"]), "UNSET TBLPROPERTIES", #"{"ifExists":false,"properties":"[\"k\"]"}"#),
    (
      .upgradeProtocol(
        to: ProtocolVersions(minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["appendOnly"])),
      "UPGRADE PROTOCOL",
      #"{"newProtocol":"{\"minReaderVersion\":1,\"minWriterVersion\":7,\"writerFeatures\":[\"appendOnly\"]}"}"#
    ),
    (.dropFeature("deletionVectors"), "DROP FEATURE", #"{"featureName":"deletionVectors","truncateHistory":false}"#),
    (
      .addColumns([.init(field, position: "FIRST")]), "ADD COLUMNS",
      #"{"columns":"[{\"column\":{\"metadata\":{\"comment\":\"c\"},\"name\":\"`x.y`\",\"nullable\":true,\"type\":\"decimal(5,2)\"},\"position\":\"FIRST\"}]"}"#
    ),
    (.dropColumns([["a", "b`c"], ["d"]]), "DROP COLUMNS", #"{"columns":"[\"a.`b``c`\",\"d\"]"}"#),
    (.renameColumn(["a", "b"], to: ["a", "c"]), "RENAME COLUMN", #"{"newColumnPath":"a.c","oldColumnPath":"a.b"}"#),
    (
      .changeColumn(.init(StructField("b", .struct(StructType([])), isNullable: false), in: ["a"])), "CHANGE COLUMN",
      #"{"column":"{\"metadata\":{},\"name\":\"a.b\",\"nullable\":false,\"type\":\"struct\"}"}"#
    ),
    (.addConstraint("n", "x > 0"), "ADD CONSTRAINT", #"{"expr":"x > 0","name":"n"}"#),
    (.dropConstraint("n", nil), "DROP CONSTRAINT", #"{"existed":"false","name":"n"}"#),
    (.dropConstraint("n", "x > 0"), "DROP CONSTRAINT", #"{"existed":"true","expr":"x > 0","name":"n"}"#),
    (
      .optimize(zOrderBy: ["a"]), "OPTIMIZE", #"{"auto":false,"clusterBy":"[]","predicate":"[]","zOrderBy":"[\"a\"]"}"#
    ),
    (
      .optimize(where: "(a = 1)", clusterBy: ["b"], isFull: true), "OPTIMIZE",
      #"{"auto":false,"clusterBy":"[\"b\"]","isFull":true,"predicate":"[\"(a = 1)\"]","zOrderBy":"[]"}"#
    ),
    (.reorganize(), "REORG", #"{"applyPurge":true,"predicate":"[]"}"#),
    (.restore(to: 3), "RESTORE", #"{"timestamp":null,"version":3}"#),
    (.restore(to: nil, at: "2024-01-01"), "RESTORE", #"{"timestamp":"2024-01-01","version":null}"#),
    (.clone(of: "file:/t", at: 4), "CLONE", #"{"source":"file:/t","sourceVersion":4}"#),
    (
      .vacuumStart(checksRetention: true, retention: nil, defaultRetention: 5), "VACUUM START",
      #"{"defaultRetentionMillis":5,"retentionCheckEnabled":true}"#
    ),
    (.vacuumEnd(succeeded: true), "VACUUM END", #"{"status":"COMPLETED"}"#),
  ]

  @Test("Operations and parameters are spelt as Spark spells them", arguments: spelt)
  func parameters(_ operation: CommitOperation, _ name: String, _ parameters: String) {
    #expect(operation.name == name)
    #expect(MetadataJSON.string(.object(operation.parameters)) == parameters)
  }

  private func notes() -> CommitInfo.Notes {
    CommitInfo.Notes(.write(.append), timestamp: Timestamp(milliseconds: 5), txnId: "t", engineInfo: "e")
  }

  @Test("What a commit must note is there, and nothing that has no value")
  func least() {
    let text = String(decoding: CommitText.bytes(of: [.commitInfo(CommitInfo(notes()))]), as: UTF8.self)
    #expect(
      text == """
        {"commitInfo":{"timestamp":5,"operation":"WRITE","operationParameters":{"mode":"Append"},"engineInfo":"e","txnId":"t"}}\n
        """)
  }

  @Test("The in-commit timestamp comes first; metrics are strings; the user's own fields come last and replace nothing")
  func most() {
    var notes = notes()
    notes.inCommitTimestamp = Timestamp(milliseconds: 6)
    notes.readVersion = 3
    notes.isolationLevel = .writeSerializable
    notes.isBlindAppend = true
    notes.metrics = [.outputRows: .max, .files: 1]
    notes.userMetadata = "u"
    notes.tags = ["a": "b"]
    notes.custom = ["zz": .long(1), "operation": .string("no"), "isBlindAppend": .null]
    let info = CommitInfo(notes)
    let text = String(decoding: CommitText.bytes(of: [.commitInfo(info)]), as: UTF8.self)
    #expect(
      text == """
        {"commitInfo":{"inCommitTimestamp":6,"timestamp":5,"operation":"WRITE","operationParameters":{"mode":"Append"},\
        "readVersion":3,"isolationLevel":"WriteSerializable","isBlindAppend":true,\
        "operationMetrics":{"numFiles":"1","numOutputRows":"9223372036854775807"},"userMetadata":"u","tags":{"a":"b"},\
        "engineInfo":"e","txnId":"t","zz":1}}\n
        """)
    #expect(info.readVersion == 3 && info.isBlindAppend == true && info.txnId == "t")
    #expect(info.with(inCommitTimestamp: Timestamp(milliseconds: 9)).inCommitTimestamp?.milliseconds == 9)
    #expect(info.with(inCommitTimestamp: nil).inCommitTimestamp == nil)
  }

  @Test("Unique ids are random UUIDs of version 4")
  func uniqueIDs() {
    struct Ones: RandomNumberGenerator { mutating func next() -> UInt64 { .max } }
    struct Zeros: RandomNumberGenerator { mutating func next() -> UInt64 { 0 } }
    var (ones, zeros) = (Ones(), Zeros())
    #expect(UniqueID(using: &ones).description == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    #expect(UniqueID(using: &zeros).description == "00000000-0000-4000-8000-000000000000")
    #expect(UniqueID(using: &zeros).bytes == [0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 0])
    #expect(Set((0..<1000).map { _ in UniqueID() }).count == 1000)
  }
}
