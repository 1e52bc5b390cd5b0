package import Columnar

/// How a feature is taken away from a table, so that clients which don't know it can use the table again.
///
/// A feature can go once nothing in the table's latest version uses it. Older versions may still use it; so for a feature
/// of readers (and for others whose traces matter) the table either gets `checkpointProtection`, whose rule is that
/// nobody may read the log before a checkpoint of the version without the feature, or loses its history first.
package struct FeatureRemoval: Hashable, Sendable {
  /// What the commit holds.
  package var protocolVersions: ProtocolVersions
  package var metadata: TableMetadata
  /// Domains to be removed with it.
  package var removedDomains: [DomainMetadata]
  /// Whether the versions before the commit use the feature, so that ``FeatureRemoval`` protects them: checkpoints of the
  /// versions around the commit must be written before and after it.
  package var protectsHistory: Bool

  /// What must be known of the table's latest version.
  package struct State: Sendable {
    package var protocolVersions: ProtocolVersions
    package var metadata: TableMetadata
    package var schema: StructType
    /// The version of the commit that drops the feature.
    package var version: Version
    package var domains: [DomainMetadata] = []
    package var deletionVectorCount = 0
    /// Files with a base row id or a default row commit version.
    package var trackedFileCount = 0
    /// Whether the newest checkpoint is one of the V2 spec.
    package var hasV2Checkpoint = false
    /// Whether some data file has a column in another type than the schema.
    package var hasFilesOfOldTypes = false

    package init(
      protocolVersions: ProtocolVersions, metadata: TableMetadata, schema: StructType, version: Version
    ) {
      self.protocolVersions = protocolVersions
      self.metadata = metadata
      self.schema = schema
      self.version = version
    }
  }

  /// - Parameter truncatesHistory: whether the log before the commit is deleted, rather than protected.
  /// - Throws: `invalidArgument` when the table has no such feature, `operationRefused` when it can't go (yet), with all
  ///   that must be done before.
  package init(of name: String, from state: State, truncatesHistory: Bool = false) throws(DeltaError) {
    let rule = try FeatureRequest.rule(name)
    guard state.protocolVersions.supports(rule.name) else {
      throw .invalidArgument("The table does not have the feature '\(rule.name)'.")
    }
    guard let removable = Self.removable[rule.name] else {
      throw DeltaError(
        .operationRefused,
        "The feature '\(rule.name)' can't be dropped: once a table has it, its files may depend on it.")
    }
    var features = FeatureSet(state.protocolVersions)
    let dependents = features.names.filter { other in
      FeatureRules.rule(other)?.requires.contains(rule.name) ?? false
    }
    var obstacles = dependents.sorted().map { "drop the feature '\($0)', which needs it" }
    obstacles += removable.obstacles(state)
    guard obstacles.isEmpty else {
      throw DeltaError(
        .operationRefused,
        "The feature '\(rule.name)' is still in use. Before it can be dropped: " + obstacles.joined(separator: "; ")
          + ".")
    }
    for listed in [rule.name] + rule.aliases { features.remove(listed) }
    metadata = state.metadata
    for property in removable.properties { metadata.configuration[property] = nil }
    removedDomains = state.domains.filter { removable.domains.contains($0.domain) }.map {
      DomainMetadata(domain: $0.domain, configuration: $0.configuration, removed: true)
    }
    protectsHistory = removable.protectsHistory && !truncatesHistory
    if protectsHistory {
      features.insert("checkpointProtection")
      let current = TableProperties(metadata).checkpointProtectionVersion
      metadata.configuration["delta.requireCheckpointProtectionBeforeVersion"] = String(max(current, state.version))
    }
    protocolVersions = features.versions(atLeast: nil)
  }

  private struct Removable: Sendable {
    /// Whether older versions may hold what only clients with the feature understand.
    var protectsHistory = true
    /// Properties that go with it.
    var properties: [String] = []
    var domains: [String] = []
    /// What must be done first, in words.
    var obstacles: @Sendable (State) -> [String]
  }

  private static let removable: [String: Removable] = [
    "checkConstraints": Removable(protectsHistory: false) { state in
      TableProperties(state.metadata).constraints.keys.sorted().map { "drop the constraint '\($0)'" }
    },
    "columnMapping": Removable { state in
      var obstacles: [String] = []
      if TableProperties(state.metadata).value(ColumnMapping.modeProperty) != "none" {
        obstacles.append("rewrite all files under their columns' names and set \(ColumnMapping.modeProperty) = none")
      }
      if SchemaTraits(state.schema).hasColumnMapping {
        obstacles.append("take the physical names and ids out of the schema")
      }
      return obstacles
    },
    "deletionVectors": Removable { state in
      var obstacles: [String] = []
      if TableProperties(state.metadata).enablesDeletionVectors {
        obstacles.append("set delta.enableDeletionVectors = false")
      }
      if state.deletionVectorCount > 0 {
        obstacles.append("rewrite the files with deletion vectors (there are \(state.deletionVectorCount))")
      }
      return obstacles
    },
    "rowTracking": Removable(
      protectsHistory: false,
      properties: [
        "delta.enableRowTracking", "delta.rowTrackingSuspended", RowTracking.rowIdProperty,
        RowTracking.rowCommitVersionProperty,
      ], domains: [RowTracking.domain]
    ) { state in
      let properties = TableProperties(state.metadata)
      var obstacles: [String] = []
      if properties.enablesRowTracking { obstacles.append("set delta.enableRowTracking = false") }
      if !properties.suspendsRowTracking { obstacles.append("set delta.rowTrackingSuspended = true") }
      if state.trackedFileCount > 0 {
        obstacles.append("commit the files with row ids again without them (there are \(state.trackedFileCount))")
      }
      return obstacles
    },
    "domainMetadata": Removable(protectsHistory: false) { state in
      state.domains.map(\.domain).sorted().map { "remove the domain '\($0)'" }
    },
    "v2Checkpoint": Removable { state in
      var obstacles: [String] = []
      if TableProperties(state.metadata).usesV2Checkpoints {
        obstacles.append("set delta.checkpointPolicy = classic")
      }
      if state.hasV2Checkpoint { obstacles.append("write a classic checkpoint") }
      return obstacles
    },
    "inCommitTimestamp": Removable(
      protectsHistory: false,
      properties: [
        "delta.enableInCommitTimestamps", "delta.inCommitTimestampEnablementVersion",
        "delta.inCommitTimestampEnablementTimestamp",
      ]
    ) { _ in [] },
    "typeWidening": Removable { state in
      var obstacles: [String] = []
      if TableProperties(state.metadata).enablesTypeWidening {
        obstacles.append("set delta.enableTypeWidening = false")
      }
      if state.hasFilesOfOldTypes { obstacles.append("rewrite the files that have columns in their old types") }
      if SchemaTraits(state.schema).hasTypeChanges {
        obstacles.append("take \(TypeWidening.changesKey) out of the schema")
      }
      return obstacles
    },
    "vacuumProtocolCheck": Removable { _ in [] },
    "checkpointProtection": Removable(protectsHistory: false) { state in
      guard TableProperties(state.metadata).checkpointProtectionVersion > 0 else { return [] }
      return [
        "delete the log before version \(TableProperties(state.metadata).checkpointProtectionVersion) and remove "
          + "delta.requireCheckpointProtectionBeforeVersion"
      ]
    },
    "materializePartitionColumns": Removable(
      protectsHistory: false, properties: ["delta.enableMaterializePartitionColumnsFeature"]
    ) { _ in [] },
    "icebergCompatV1": ofIceberg(version: 1),
    "icebergCompatV2": ofIceberg(version: 2),
    "icebergCompatV3": ofIceberg(version: 3),
  ]

  /// Files stay as they are: ids and partition columns in them are in nobody's way.
  private static func ofIceberg(version: Int) -> Removable {
    let property = IcebergCompat(version: version).property
    return Removable(protectsHistory: false, properties: [property]) { state in
      state.metadata.isTrue(property) ? ["set \(property) = false"] : []
    }
  }

  /// The features that can be dropped.
  package static let removableFeatures: Set<String> = Set(removable.keys)
}
