import Columnar
import Testing

@testable import DeltaLog

@Suite("Commit rules") struct CommitRulesTests {
  private func file(_ path: String, stats: String? = nil, vector: Bool = false, base: Int64? = nil) -> AddFile {
    AddFile(
      path: path, sizeInBytes: 1, modificationTime: Timestamp(milliseconds: 0), stats: stats,
      deletionVector: vector
        ? DeletionVectorDescriptor(storageType: .inline, pathOrInlineDv: "x", sizeInBytes: 1, cardinality: 1) : nil,
      baseRowId: base, defaultRowCommitVersion: base)
  }

  private func violations(
    _ actions: [Action], _ features: [String] = [], _ configuration: [String: String] = [:], partitions: [String] = []
  ) -> [String] {
    CommitRules.violations(
      actions,
      ProtocolVersions(minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [], writerFeatures: features),
      TableMetadata(id: "", schemaString: "{}", partitionColumns: partitions, configuration: configuration))
  }

  @Test("What operations make is let through")
  func right() {
    let rows = #"{"numRecords":3}"#
    #expect(violations([]) == [])
    #expect(
      violations(
        [
          .commitInfo(CommitInfo(fields: ["inCommitTimestamp": .long(5)])),
          .metadata(TableMetadata(id: "", schemaString: "")),
          .remove(RemoveFile(path: "a")), .add(file("a", stats: rows, vector: true, base: 0)),
          .add(file("b", base: 3)), .domainMetadata(DomainMetadata(domain: "delta.rowTracking", configuration: "")),
          .transaction(AppTransaction(appId: "x", version: 1)), .change(ChangeFile(path: "c", sizeInBytes: 1)),
        ], ["deletionVectors", "rowTracking", "domainMetadata", "inCommitTimestamp"],
        ["delta.enableInCommitTimestamps": "true"]) == [])
    // Rows are only rearranged.
    #expect(
      violations(
        [.remove(RemoveFile(path: "a", dataChange: false)), .add(file("b"))], ["appendOnly"],
        ["delta.appendOnly": "true"])
        == [])
  }

  @Test("What must not be in one commit is named")
  func wrong() {
    let metadata = Action.metadata(TableMetadata(id: "", schemaString: ""))
    let versions = Action.protocol(ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2))
    #expect(violations([.add(file("a")), .add(file("a", vector: true))]).contains("the file a is added twice"))
    #expect(
      violations([.remove(RemoveFile(path: "a")), .remove(RemoveFile(path: "a"))]) == ["the file a is removed twice"])
    #expect(violations([metadata, metadata]) == ["there are 2 metaData actions"])
    #expect(violations([versions, versions]) == ["there are 2 protocol actions"])
    let transaction = Action.transaction(AppTransaction(appId: "x", version: 1))
    #expect(violations([transaction, transaction]) == ["there are two transactions of the application 'x'"])
    let domain = Action.domainMetadata(DomainMetadata(domain: "d", configuration: ""))
    #expect(violations([domain]) == ["the domain 'd' needs the feature 'domainMetadata'"])
    #expect(violations([domain, domain], ["domainMetadata"]) == ["the domain 'd' is set twice"])
    #expect(violations([.checkpointMetadata(CheckpointMetadata(version: 1))]).count == 1)
    #expect(violations([.change(ChangeFile(path: "c", sizeInBytes: 1, dataChange: true))]).count == 1)
    #expect(violations([.add(file(""))]) == ["a file has no path"])
  }

  @Test("Features in force are kept")
  func features() {
    #expect(violations([.add(file("a", vector: true))]).count == 2)
    #expect(violations([.add(file("a", vector: true))], ["deletionVectors"]).count == 1)
    #expect(violations([.add(file("a"))], ["rowTracking"]) == ["the file a has no row ids"])
    #expect(violations([.add(file("a"))], ["rowTracking"], ["delta.rowTrackingSuspended": "true"]) == [])
    #expect(
      violations([.remove(RemoveFile(path: "a"))], ["appendOnly"], ["delta.appendOnly": "true"]).first?
        .contains("delta.appendOnly") == true)
    #expect(violations([.remove(RemoveFile(path: "a"))], [], ["delta.appendOnly": "true"]) == [])
    #expect(violations([.add(file("a"))], partitions: ["p"]) == ["the file a lacks values of partition columns"])
    let timed = ["delta.enableInCommitTimestamps": "true"]
    #expect(violations([], ["inCommitTimestamp"], timed) == ["in-commit timestamps need commitInfo"])
    #expect(
      violations([.add(file("a")), .commitInfo(CommitInfo())], ["inCommitTimestamp"], timed) == [
        "in-commit timestamps need commitInfo to be the first action",
        "in-commit timestamps are enabled and commitInfo has none",
      ])
  }

  @Test("A long list of faults is cut short, and refusing tells them")
  func refusal() {
    let twice = (0..<50).flatMap { [Action.add(file("f\($0)")), .add(file("f\($0)"))] }
    #expect(violations(twice).count == 20)
    let error = #expect(throws: DeltaError.self) {
      try CommitRules.check(
        twice, ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2), TableMetadata(id: "", schemaString: ""))
    }
    #expect(error?.code == .operationRefused && error?.message.contains("the file f0 is added twice; ") == true)
  }

  @Test("A file is taken away with all that readers of the change want to know")
  func removal() {
    var added = file("a", stats: #"{"numRecords":3}"#, vector: true, base: 7)
    added.partitionValues = ["p": nil]
    added.tags = ["t": "u"]
    let removed = added.removed(at: Timestamp(milliseconds: 9), dataChange: false)
    #expect(
      removed
        == RemoveFile(
          path: "a", deletionTimestamp: Timestamp(milliseconds: 9), dataChange: false, extendedFileMetadata: true,
          partitionValues: ["p": nil], sizeInBytes: 1, stats: #"{"numRecords":3}"#, tags: ["t": "u"],
          deletionVector: added.deletionVector, baseRowId: 7, defaultRowCommitVersion: 7))
    let vector = DeletionVectorDescriptor(storageType: .inline, pathOrInlineDv: "y", sizeInBytes: 1, cardinality: 2)
    let again = added.with(deletionVector: vector, rowCount: 3)
    #expect(
      again.deletionVector == vector && again.baseRowId == 7 && again.stats == #"{"numRecords":3,"tightBounds":false}"#)
  }
}
