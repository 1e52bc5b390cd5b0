/// All features that this library knows, one row each, in the order of the protocol's appendix; then those that writers in
/// the field use and the appendix has not (yet).
///
/// Spec: Delta § Valid Feature Names in Table Features
package enum FeatureRules {
  package static let all: [FeatureRule] = [
    FeatureRule("appendOnly", .writer, legacy: (nil, 2)) { $0.isTrue("delta.appendOnly") },
    FeatureRule("invariants", .writer, legacy: (nil, 2)) { $0.schemaString.contains("delta.invariants") },
    FeatureRule("checkConstraints", .writer, legacy: (nil, 3)) {
      $0.configuration.keys.contains { $0.hasPrefix("delta.constraints.") }
    },
    FeatureRule("generatedColumns", .writer, legacy: (nil, 4)) {
      $0.schemaString.contains("delta.generationExpression")
    },
    FeatureRule("allowColumnDefaults", .writer) { $0.schemaString.contains("CURRENT_DEFAULT") },
    FeatureRule("changeDataFeed", .writer, legacy: (nil, 4)) { $0.isTrue("delta.enableChangeDataFeed") },
    FeatureRule("columnMapping", .readerWriter, legacy: (2, 5)) {
      ["id", "name"].contains($0.configuration["delta.columnMapping.mode"]?.lowercased())
    },
    FeatureRule("identityColumns", .writer, legacy: (nil, 6)) { $0.schemaString.contains("delta.identity.start") },
    FeatureRule("deletionVectors", .readerWriter) { $0.isTrue("delta.enableDeletionVectors") },
    FeatureRule("rowTracking", .writer, requires: ["domainMetadata"]) { $0.isTrue("delta.enableRowTracking") },
    FeatureRule("timestampNtz", .readerWriter) { $0.schemaString.contains("timestamp_ntz") },
    FeatureRule("domainMetadata", .writer),
    FeatureRule("v2Checkpoint", .readerWriter) { $0.configuration["delta.checkpointPolicy"]?.lowercased() == "v2" },
    FeatureRule(
      "catalogManaged", .readerWriter, aliases: ["catalogOwned", "catalogOwned-preview", "catalogManaged-preview"],
      requires: ["inCommitTimestamp", "vacuumProtocolCheck"],
      reading: .needsCatalog(
        "a catalog manages the table, and its newest commits are known to the catalog alone: open it through the "
          + "catalog")),
    FeatureRule("icebergCompatV1", .writer, requires: ["columnMapping"]) { $0.isTrue("delta.enableIcebergCompatV1") },
    FeatureRule("icebergCompatV2", .writer, requires: ["columnMapping"]) { $0.isTrue("delta.enableIcebergCompatV2") },
    FeatureRule("clustering", .writer, requires: ["domainMetadata"]),
    FeatureRule("vacuumProtocolCheck", .readerWriter),
    FeatureRule("inCommitTimestamp", .writer, aliases: ["inCommitTimestamp-preview"]) {
      $0.isTrue("delta.enableInCommitTimestamps")
    },
    FeatureRule("typeWidening", .readerWriter, aliases: ["typeWidening-preview"]) {
      $0.isTrue("delta.enableTypeWidening")
    },
    FeatureRule("variantType", .readerWriter, aliases: ["variantType-preview"]) {
      $0.schemaString.contains("\"variant\"")
    },
    FeatureRule(
      "variantShredding", .readerWriter, aliases: ["variantShredding-preview"], requires: ["variantType"]
    ) {
      $0.isTrue("delta.enableVariantShredding")
    },

    FeatureRule("icebergCompatV3", .writer, requires: ["columnMapping", "rowTracking"]) {
      $0.isTrue("delta.enableIcebergCompatV3")
    },
    FeatureRule("checkpointProtection", .writer),
    FeatureRule("materializePartitionColumns", .writer) {
      $0.isTrue("delta.enableMaterializePartitionColumnsFeature")
    },
    FeatureRule("collations", .writer, aliases: ["collations-preview"]) { $0.schemaString.contains("__COLLATIONS") },
    FeatureRule(
      "geospatial", .readerWriter, aliases: ["geospatial-preview"],
      reading: .refused("columns of geometry and geography can't be read")),
  ]

  /// The row of a feature, by its name or an earlier one.
  package static func rule(_ name: String) -> FeatureRule? { byName[name] }

  private static let byName: [String: FeatureRule] = {
    var rules: [String: FeatureRule] = [:]
    for rule in all {
      for name in [rule.name] + rule.aliases { rules[name] = rule }
    }
    return rules
  }()
}

extension ProtocolVersions {
  /// Whether the table supports the feature: lists it, under any of its names, or has it by its version.
  ///
  /// Spec: Delta § Supported Features
  package func supports(_ feature: String) -> Bool {
    guard let rule = FeatureRules.rule(feature) else { return writerFeatures?.contains(feature) ?? false }
    let names = [rule.name] + rule.aliases
    if minWriterVersion >= 7 { return writerFeatures?.contains(where: names.contains) ?? false }
    return rule.legacy.writer.map { minWriterVersion >= $0 } ?? false
  }

  /// Whether readers must reckon with the feature.
  package func supportsForReading(_ feature: String) -> Bool {
    guard let rule = FeatureRules.rule(feature) else { return readerFeatures?.contains(feature) ?? false }
    let names = [rule.name] + rule.aliases
    if minReaderVersion >= 3 { return readerFeatures?.contains(where: names.contains) ?? false }
    return rule.legacy.reader.map { minReaderVersion >= $0 } ?? false
  }

  /// Whether the feature is supported and the metadata asks for it.
  ///
  /// Spec: Delta § Active Features
  package func hasActive(_ feature: String, _ metadata: TableMetadata) -> Bool {
    supports(feature) && FeatureRules.rule(feature)?.isActive(metadata) ?? false
  }
}

extension TableMetadata {
  /// Whether a boolean property is set. Writers spell `true` in any case.
  package func isTrue(_ property: String) -> Bool { configuration[property]?.lowercased() == "true" }
}
