/// The features that this library honours when it writes, for ``FeatureGate``.
///
/// Spec: Delta § Supported Features
package enum WriterFeatures {
  package static let implemented: Set<String> = [
    "appendOnly", "invariants", "checkConstraints", "generatedColumns", "allowColumnDefaults", "changeDataFeed",
    "columnMapping", "identityColumns", "deletionVectors", "rowTracking", "timestampNtz", "domainMetadata",
    "v2Checkpoint", "icebergCompatV1", "icebergCompatV2", "icebergCompatV3", "clustering", "vacuumProtocolCheck",
    "inCommitTimestamp",
    "typeWidening", "variantType", "variantShredding", "checkpointProtection", "materializePartitionColumns",
  ]
}
