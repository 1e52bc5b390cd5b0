import DeltaLog
import ObjectStorage
import Testing

@testable import DeltaLake

@Suite("Dropping features of tables")
struct FeatureDroppingTests {
  private func created(_ properties: [String: String]) async throws -> WrittenTable {
    let written = WrittenTable()
    var create = CreateTable(StructType([StructField("id", .long), StructField("day", .string)]))
    create.properties = properties
    _ = try await written.table.create(create)
    try await written.table.append(WrittenTable.rows([1, 2]))
    return written
  }

  private func hasCheckpoint(_ written: WrittenTable, _ version: Version) async throws -> Bool {
    try await written.store.list("_delta_log").contains { $0.name == LogFile.checkpointName(version) }
  }

  @Test("Deletion vectors go once no file has one, and checkpoints keep older versions from clients without them")
  func deletionVectors() async throws {
    let written = try await created(["delta.enableDeletionVectors": "true"])
    try await written.table.overwrite(WrittenTable.rows([]), where: ColumnPredicate(parsing: "id = 1"))
    let error = await #expect(throws: DeltaError.self) {
      try await written.table.alter([.dropFeature("deletionVectors")])
    }
    #expect(error?.code == .operationRefused)
    #expect(
      error?.message.contains(
        "set delta.enableDeletionVectors = false; rewrite the files with deletion vectors (there are 1)")
        == true, "\(error?.message ?? "")")
    try await written.table.overwrite(WrittenTable.rows([7]))
    // What turns it off may be in the same commit.
    let commit = try #require(
      try await written.table.alter([
        .setProperties(["delta.enableDeletionVectors": "false"]), .dropFeature("DELETIONVECTORS"),
      ]))
    #expect(commit.version == 4 && commit.warnings.isEmpty)
    #expect(commit.snapshot.protocol.readerFeatures == nil)
    #expect(commit.snapshot.protocol.writerFeatures?.contains("deletionVectors") == false)
    #expect(commit.snapshot.protocol.writerFeatures?.contains("checkpointProtection") == true)
    #expect(commit.snapshot.metadata.configuration["delta.requireCheckpointProtectionBeforeVersion"] == "4")
    #expect(try await hasCheckpoint(written, 3))
    #expect(try await hasCheckpoint(written, 4))
    let read = try await written.table.snapshot()
    #expect(read.warnings.isEmpty && read.log.checkpointVersion == 4)
    #expect(try await written.ids() == [7])
    try await written.table.append(WrittenTable.rows([8]))
    #expect(try await written.ids() == [7, 8])
    let again = await #expect(throws: DeltaError.self) {
      try await written.table.alter([.dropFeature("deletionVectors")])
    }
    #expect(again?.code == .invalidArgument)
  }

  @Test(
    "A feature that leaves no trace goes at once, with its properties",
    arguments: [
      ("inCommitTimestamp", ["delta.enableInCommitTimestamps": "true"], []),
      ("domainMetadata", ["delta.feature.domainMetadata": "supported"], []),
      ("vacuumProtocolCheck", ["delta.feature.vacuumProtocolCheck": "supported"], []),
      ("checkConstraints", ["delta.feature.checkConstraints": "supported"], []),
      ("v2Checkpoint", ["delta.checkpointPolicy": "v2"], [.setProperties(["delta.checkpointPolicy": "classic"])]),
      (
        "typeWidening", ["delta.enableTypeWidening": "true"],
        [.setProperties(["delta.enableTypeWidening": "false"])]
      ),
    ] as [(String, [String: String], [SchemaChange])])
  func plain(name: String, properties: [String: String], before: [SchemaChange]) async throws {
    let written = try await created(properties)
    #expect(try await written.table.snapshot().protocol.supports(name))
    if !before.isEmpty { try await written.table.alter(before) }
    let commit = try #require(try await written.table.alter([.dropFeature(name)]))
    #expect(!commit.snapshot.protocol.supports(name))
    #expect(commit.snapshot.metadata.configuration.keys.allSatisfy { !$0.hasPrefix("delta.enableInCommit") })
    let info = try await written.actions(of: commit.version).compactMap {
      if case .commitInfo(let info) = $0 { info } else { nil }
    }.first
    #expect(info?.operation == "DROP FEATURE" && info?.operationParameters["featureName"] == .string(name))
    try await written.table.append(WrittenTable.rows([3]))
    #expect(try await written.ids() == [1, 2, 3])
    #expect(try await written.table.snapshot().warnings.isEmpty)
  }

  @Test("A V2 checkpoint is replaced by a classic one before its feature goes")
  func v2Checkpoint() async throws {
    let written = try await created(["delta.checkpointPolicy": "v2"])
    try await written.table.checkpoint()
    let error = await #expect(throws: DeltaError.self) {
      try await written.table.alter([
        .setProperties(["delta.checkpointPolicy": "classic"]), .dropFeature("v2Checkpoint"),
      ])
    }
    #expect(error?.message.contains("write a classic checkpoint") == true, "\(error?.message ?? "")")
    try await written.table.alter([.setProperties(["delta.checkpointPolicy": "classic"])])
    let commit = try #require(try await written.table.alter([.dropFeature("v2Checkpoint")]))
    #expect(!commit.snapshot.protocol.supports("v2Checkpoint"))
    #expect(try await written.ids() == [1, 2])
  }

  @Test("What can't go is refused: unknown, not there, needed by another, or of rows for good")
  func refusals() async throws {
    let written = try await created(["delta.enableRowTracking": "true", "delta.appendOnly": "true"])
    for (name, code, words) in [
      ("deletionVector", DeltaError.Code.invalidArgument, "Did you mean deletionVectors?"),
      ("columnMapping", .invalidArgument, "does not have the feature 'columnMapping'"),
      ("domainMetadata", .operationRefused, "drop the feature 'rowTracking', which needs it"),
      ("rowTracking", .operationRefused, "commit the files with row ids again without them (there are 1)"),
      ("appendOnly", .operationRefused, "can't be dropped"),
    ] {
      let error = await #expect(throws: DeltaError.self) { try await written.table.alter([.dropFeature(name)]) }
      #expect(error?.code == code && error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
    #expect(try await written.table.snapshot().version == 1)
  }
}
