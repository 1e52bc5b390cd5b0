import Columnar
import Testing

@testable import DeltaLog

@Suite("Commit history") struct HistoryTests {
  private func entry(_ info: String) throws -> CommitHistoryEntry {
    let commit = Array("{\"commitInfo\":\(info)}\n{\"add\":oops".utf8)
    let found = try CommitScanner.commitInfo(in: commit, file: "x", version: 3)
    return CommitHistoryEntry(3, found, fileTime: Timestamp(milliseconds: 9))
  }

  @Test("A commit's provenance is read without reading the rest of it")
  func provenance() throws {
    let entry = try entry(
      #"{"inCommitTimestamp":5,"operation":"MERGE","operationParameters":{"predicate":"[\"x\"]","n":1},"operationMetrics":{"numFiles":"2"},"engineInfo":"e","userMetadata":"m","readVersion":2,"isBlindAppend":false,"txnId":"t"}"#
    )
    #expect(entry.version == 3 && entry.timestamp?.milliseconds == 5 && entry.operation == "MERGE")
    #expect(entry.operationParameters == ["predicate": .string(#"["x"]"#), "n": .long(1)])
    #expect(entry.operationMetrics == ["numFiles": .string("2")])
    #expect(entry.engineInfo == "e" && entry.userMetadata == "m" && entry.readVersion == 2)
    #expect(entry.isBlindAppend == false && entry.txnId == "t")
  }

  @Test(
    "Odd types are no reason to fail",
    arguments: [
      #"{"timestamp":"x","operation":["a"],"operationParameters":"p","operationMetrics":[1],"readVersion":1.5,"isBlindAppend":"true"}"#,
      "[]", "5", #""text""#, "{}",
    ])
  func oddTypes(_ info: String) throws {
    let entry = try entry(info)
    #expect(entry.timestamp?.milliseconds == 9 && entry.operation == nil && entry.operationParameters.isEmpty)
  }

  @Test("A checksum is parsed, and one that isn't JSON says nothing")
  func checksum() throws {
    let text =
      #"{"tableSizeBytes":5,"numFiles":1,"numMetadata":1,"numProtocol":1,"setTransactions":[{"appId":"a","version":2},7],"protocol":{"minReaderVersion":1,"minWriterVersion":2},"allFiles":[]}"#
    let checksum = try #require(VersionChecksum(parsing: Array(text.utf8)))
    #expect(checksum.tableSizeBytes == 5 && checksum.numFiles == 1)
    #expect(checksum.setTransactions == [AppTransaction(appId: "a", version: 2)] && checksum.domainMetadata == nil)
    for garbage in ["", "{", "[]", "7"] { #expect(VersionChecksum(parsing: Array(garbage.utf8)) == nil) }
    let state = TableState(
      version: 0, protocolVersions: ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2),
      metadata: TableMetadata(id: "x", schemaString: "{}"))
    #expect(checksum.disagreements(with: state).count == 3)
  }
}
