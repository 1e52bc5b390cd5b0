import Columnar

@testable import DeltaLog

/// A small table and operations on it, each as a commit that loses a race and as one that wins it.
///
/// The table has ids 0 to 9 in the file `f1` and 10 to 19 in `f2`, both of partition 1, and 20 to 29 in `f3` of partition 2.
enum ConflictOperations {
  static let schema = StructType([
    StructField("id", .long, metadata: ["delta.identity.start": .long(1)]), StructField("p", .integer),
  ])

  static func metadata(_ configuration: [String: String] = [:], _ schema: StructType = schema) -> TableMetadata {
    TableMetadata(
      id: "t", schemaString: (try? SchemaJSON.string(for: schema)) ?? "", partitionColumns: ["p"],
      configuration: configuration)
  }

  static let features = ["appendOnly", "deletionVectors", "domainMetadata", "identityColumns", "invariants"]

  static func protocolVersions(_ more: [String] = []) -> ProtocolVersions {
    ProtocolVersions(
      minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["deletionVectors"], writerFeatures: features + more)
  }

  static func file(
    _ path: String, _ partition: Int, _ ids: ClosedRange<Int>, dataChange: Bool = true, deleting vector: String? = nil,
    _ cardinality: Int64 = 1
  ) -> AddFile {
    let vector = vector.map {
      DeletionVectorDescriptor(storageType: .inline, pathOrInlineDv: $0, sizeInBytes: 4, cardinality: cardinality)
    }
    return AddFile(
      path: path, partitionValues: ["p": String(partition)], sizeInBytes: 100,
      modificationTime: Timestamp(milliseconds: 1), dataChange: dataChange,
      stats:
        #"{"numRecords":\#(ids.count),"minValues":{"id":\#(ids.lowerBound)},"maxValues":{"id":\#(ids.upperBound)}}"#,
      deletionVector: vector)
  }

  static let f1 = file("f1", 1, 0...9)
  static let f2 = file("f2", 1, 10...19)
  static let f3 = file("f3", 2, 20...29)

  static func remove(_ file: AddFile, dataChange: Bool = true) -> Action {
    .remove(file.removed(at: Timestamp(milliseconds: 2), dataChange: dataChange))
  }

  static func predicate(_ text: String) -> ColumnPredicate {
    (try? ColumnPredicate(parsing: text).resolved(against: schema)) ?? ColumnPredicate(.literal(.null))
  }

  struct Operation {
    var name: String
    var operation: CommitOperation
    var reads = TransactionReads()
    var actions: [Action]
    var isRowWise = false

    init(
      _ name: String, _ operation: CommitOperation, reads: TransactionReads = TransactionReads(),
      isRowWise: Bool = false,
      _ actions: [Action]
    ) {
      self.name = name
      self.operation = operation
      self.reads = reads
      self.isRowWise = isRowWise
      self.actions = actions
    }

    func losing(_ level: IsolationLevel) -> PreparedCommit {
      PreparedCommit(
        readVersion: 4, protocolVersions: protocolVersions(), metadata: metadata(), reads: reads, actions: actions,
        isolationLevel: IsolationLevel.needed(by: actions, changesData: operation.name != "OPTIMIZE", in: level),
        isRowWise: isRowWise)
    }

    func winning(version: Version = 5) -> WinningCommit {
      var notes = CommitInfo.Notes(
        operation, timestamp: Timestamp(milliseconds: 3), txnId: "other", engineInfo: "other")
      notes.isBlindAppend = losing(.serializable).isBlindAppend
      // New files have names of their own.
      let actions = actions.map { action -> Action in
        guard case .add(var file) = action, file.path.hasPrefix("n") else { return action }
        file.path = "w" + file.path
        return .add(file)
      }
      return WinningCommit(version, [.commitInfo(CommitInfo(notes))] + actions)
    }
  }

  static let counted = StructType([
    StructField(
      "id", .long, metadata: ["delta.identity.start": .long(1), "delta.identity.highWaterMark": .long(31)]),
    StructField("p", .integer),
  ])
  static let wider = StructType(schema.fields + [StructField("x", .string)])

  static let all: [Operation] = [
    Operation("append", .write(.append), [.add(file("n1", 1, 2...6))]),
    Operation("append2", .write(.append), [.add(file("n2", 2, 100...101))]),
    Operation(
      "insert", .write(.append), reads: TransactionReads(predicates: [predicate("p = 2")], files: ["f3"]),
      [.add(file("n3", 1, 3...3))]),
    Operation(
      "delete", .delete(where: "id < 3"), reads: TransactionReads(predicates: [predicate("id < 3")], files: ["f1"]),
      isRowWise: true, [remove(f1), .add(file("f1", 1, 0...9, deleting: "a", 3))]),
    Operation(
      "delete2", .delete(where: "id in (7, 8)"),
      reads: TransactionReads(predicates: [predicate("id in (7, 8)")], files: ["f1"]), isRowWise: true,
      [remove(f1), .add(file("f1", 1, 0...9, deleting: "b", 2))]),
    Operation(
      "update", .update(where: "id = 4"),
      reads: TransactionReads(predicates: [predicate("id = 4")], files: ["f1"]), isRowWise: true,
      [remove(f1), .add(file("f1", 1, 0...9, deleting: "c")), .add(file("n4", 1, 4...4))]),
    Operation(
      "rewrite", .delete(where: "id = 1"),
      reads: TransactionReads(predicates: [predicate("id = 1")], files: ["f1"]), isRowWise: true,
      [remove(f1), .add(file("n5", 1, 0...9))]),
    Operation(
      "drop", .delete(where: "p = 1"),
      reads: TransactionReads(predicates: [predicate("p = 1")], files: ["f1", "f2"]), isRowWise: true,
      [remove(f1), remove(f2)]),
    Operation(
      "merge", .merge(on: "t.id = s.id"),
      reads: TransactionReads(predicates: [predicate("p = 1")], files: ["f1", "f2"]),
      [remove(f2), .add(file("f2", 1, 10...19, deleting: "d")), .add(file("n6", 1, 15...15))]),
    Operation(
      "replace", .write(.overwrite), reads: TransactionReads(wholeTable: true, files: ["f1", "f2", "f3"]),
      [remove(f1), remove(f2), remove(f3), .add(file("n7", 1, 0...0))]),
    Operation(
      "compact", .optimize(where: "p = 1"),
      reads: TransactionReads(predicates: [predicate("p = 1")], files: ["f1", "f2"]),
      [
        remove(f1, dataChange: false), remove(f2, dataChange: false), .add(file("n8", 1, 0...19, dataChange: false)),
      ]),
    Operation("tune", .setProperties([:]), [.metadata(metadata(["delta.checkpointInterval": "5"]))]),
    Operation("freeze", .setProperties([:]), [.metadata(metadata(["delta.appendOnly": "true"]))]),
    Operation("widen", .addColumns([]), [.metadata(metadata([:], wider))]),
    Operation("upgrade", .upgradeProtocol(to: protocolVersions()), [.protocol(protocolVersions(["rowTracking"]))]),
    Operation(
      "check", .addConstraint("c", "id > 0"), reads: TransactionReads(wholeTable: true, files: ["f1", "f2", "f3"]),
      [
        .metadata(metadata(["delta.constraints.c": "id > 0"])), .protocol(protocolVersions(["checkConstraints"])),
      ]),
    Operation(
      "stream", .streamingUpdate(outputMode: "Append", queryId: "q", epochId: 1),
      [.transaction(AppTransaction(appId: "q", version: 1)), .add(file("n9", 2, 40...41))]),
    Operation("domain", .manualUpdate, [.domainMetadata(DomainMetadata(domain: "mine", configuration: "{}"))]),
    Operation("count", .write(.append), [.metadata(metadata([:], counted)), .add(file("n10", 2, 30...31))]),
    Operation(
      "stats", .computeStatistics(), reads: TransactionReads(files: ["f1"]),
      [.add(file("f1", 1, 0...9, dataChange: false))]),
    Operation("vacuum", .vacuumEnd(succeeded: true), []),
  ]
}
