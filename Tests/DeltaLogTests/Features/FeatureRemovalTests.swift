import Columnar
import Testing

@testable import DeltaLog

@Suite("Dropping features") struct FeatureRemovalTests {
  typealias Upgrade = ProtocolUpgradeTests

  private func state(
    _ versions: ProtocolVersions, _ configuration: [String: String] = [:], _ schema: StructType = Upgrade.plain
  ) -> FeatureRemoval.State {
    FeatureRemoval.State(
      protocolVersions: versions, metadata: Upgrade.metadata(configuration, schema), schema: schema, version: 7)
  }

  @Test("A reader's feature that is used no more goes, and its history is protected")
  func deletionVectors() throws {
    let before = state(
      Upgrade.versions(3, 7, ["deletionVectors"], ["appendOnly", "deletionVectors", "invariants"]),
      ["delta.enableDeletionVectors": "false", "mine": "1"])
    let removal = try FeatureRemoval(of: "DELETIONVECTORS", from: before)
    #expect(removal.protectsHistory)
    #expect(
      removal.protocolVersions == Upgrade.versions(1, 7, nil, ["appendOnly", "checkpointProtection", "invariants"]))
    #expect(removal.metadata.configuration["delta.requireCheckpointProtectionBeforeVersion"] == "7")
    #expect(removal.metadata.configuration["mine"] == "1")
    let truncating = try FeatureRemoval(of: "deletionVectors", from: before, truncatesHistory: true)
    #expect(!truncating.protectsHistory && truncating.metadata == before.metadata)
    #expect(truncating.protocolVersions == Upgrade.versions(1, 2))
  }

  @Test("A protection that reaches further stays")
  func laterProtection() throws {
    let before = state(
      Upgrade.versions(3, 7, ["v2Checkpoint"], ["checkpointProtection", "v2Checkpoint"]),
      ["delta.requireCheckpointProtectionBeforeVersion": "9"])
    let removal = try FeatureRemoval(of: "v2Checkpoint", from: before)
    #expect(removal.metadata.configuration["delta.requireCheckpointProtectionBeforeVersion"] == "9")
    #expect(removal.protocolVersions == Upgrade.versions(1, 7, nil, ["checkpointProtection"]))
  }

  @Test("A writer's feature goes without protection, with its properties and domain")
  func rowTracking() throws {
    var before = state(
      Upgrade.versions(1, 7, nil, ["domainMetadata", "rowTracking"]),
      ["delta.rowTrackingSuspended": "true", RowTracking.rowIdProperty: "r", "mine": "1"])
    before.domains = [
      DomainMetadata(domain: "delta.rowTracking", configuration: #"{"rowIdHighWaterMark":5}"#),
      DomainMetadata(domain: "mine", configuration: "{}"),
    ]
    let removal = try FeatureRemoval(of: "rowTracking", from: before)
    #expect(!removal.protectsHistory && removal.metadata.configuration == ["mine": "1"])
    #expect(
      removal.removedDomains == [
        DomainMetadata(domain: "delta.rowTracking", configuration: #"{"rowIdHighWaterMark":5}"#, removed: true)
      ])
    #expect(removal.protocolVersions == Upgrade.versions(1, 7, nil, ["domainMetadata"]))
  }

  @Test("A version before features becomes a lower one where that is enough")
  func legacy() throws {
    #expect(
      try FeatureRemoval(of: "checkConstraints", from: state(Upgrade.versions(1, 3))).protocolVersions
        == Upgrade.versions(1, 2))
    #expect(
      try FeatureRemoval(
        of: "inCommitTimestamp",
        from: state(
          Upgrade.versions(1, 7, nil, ["inCommitTimestamp-preview"]),
          ["delta.enableInCommitTimestamps": "true", "delta.inCommitTimestampEnablementVersion": "3"])
      ).metadata
        .configuration == [:])
  }

  @Test("What stands in the way is named, all of it")
  func obstacles() throws {
    var before = state(
      Upgrade.versions(3, 7, ["deletionVectors"], ["deletionVectors"]), ["delta.enableDeletionVectors": "true"])
    before.deletionVectorCount = 3
    let error = #expect(throws: DeltaError.self) { try FeatureRemoval(of: "deletionVectors", from: before) }
    #expect(error?.code == .operationRefused)
    #expect(error?.message.contains("set delta.enableDeletionVectors = false") == true)
    #expect(error?.message.contains("there are 3") == true)

    var domains = state(Upgrade.versions(1, 7, nil, ["domainMetadata", "clustering"]))
    domains.domains = [DomainMetadata(domain: "mine", configuration: "")]
    let needed = #expect(throws: DeltaError.self) { try FeatureRemoval(of: "domainMetadata", from: domains) }
    #expect(needed?.message.contains("drop the feature 'clustering'") == true)
    #expect(needed?.message.contains("remove the domain 'mine'") == true)

    let widened = state(
      Upgrade.versions(3, 7, ["typeWidening"], ["typeWidening"]), [:],
      Upgrade.field([TypeWidening.changesKey: .array([])]))
    #expect(throws: DeltaError.self) { try FeatureRemoval(of: "typeWidening", from: widened) }
    let mapped = state(
      Upgrade.versions(2, 5), ["delta.columnMapping.mode": "name"], Upgrade.field([ColumnMapping.idKey: .long(1)]))
    #expect(throws: DeltaError.self) { try FeatureRemoval(of: "columnMapping", from: mapped) }
  }

  @Test("Features that files may depend on stay; ones that are not there can't go")
  func impossible() {
    let lasting = #expect(throws: DeltaError.self) {
      try FeatureRemoval(of: "generatedColumns", from: state(Upgrade.versions(1, 4)))
    }
    #expect(lasting?.code == .operationRefused)
    let absent = #expect(throws: DeltaError.self) {
      try FeatureRemoval(of: "deletionVectors", from: state(Upgrade.versions(1, 2)))
    }
    #expect(absent?.code == .invalidArgument)
    #expect(throws: DeltaError.self) { try FeatureRemoval(of: "nonsense", from: state(Upgrade.versions(1, 2))) }
  }
}
