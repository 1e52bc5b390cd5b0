package import Columnar

/// What features demand of each other and of the metadata before a commit may bring them together.
///
/// Spec: Delta § Active Features
package enum FeatureConditions {
  /// Everything that is wrong, in words; empty when the table may be committed so.
  package static func violations(
    _ versions: ProtocolVersions, _ metadata: TableMetadata, _ schema: StructType
  ) -> [String] {
    let properties = TableProperties(metadata)
    var found: [String] = []
    if versions.minReaderVersion >= 3, versions.minWriterVersion < 7 {
      found.append("reader version 3 needs writer version 7")
    }
    for name in versions.readerFeatures ?? [] where versions.writerFeatures?.contains(name) != true {
      found.append("the feature '\(name)' is listed for readers and not for writers")
    }
    for name in versions.writerFeatures ?? [] {
      for required in FeatureRules.rule(name)?.requires ?? [] where !versions.supports(required) {
        found.append("the feature '\(name)' needs the feature '\(required)'")
      }
    }
    for name in metadata.configuration.keys.sorted() where isOfProtocol(name) {
      found.append("\(name) belongs into the protocol, not among the table's properties")
    }
    for name in ProtocolUpgrade.needed(by: metadata, schema).sorted() where !versions.supports(name) {
      found.append("the feature '\(name)' is in use and the protocol does not list it")
    }
    let names = Set(schema.fields.map(\.name))
    for column in metadata.partitionColumns where !names.contains(column) {
      found.append("the partition column '\(column)' is not in the schema")
    }
    if versions.supports("rowTracking") { checkRowTracking(properties, schema, &found) }
    found += icebergViolations(versions, metadata, schema)
    return found
  }

  /// - Throws: `operationRefused` with everything that is wrong.
  package static func check(
    _ versions: ProtocolVersions, _ metadata: TableMetadata, _ schema: StructType
  ) throws(DeltaError) {
    try refuse(violations(versions, metadata, schema))
  }

  /// - Throws: `operationRefused` with what is wrong, if anything is.
  package static func refuse(_ found: [String]) throws(DeltaError) {
    if found.isEmpty { return }
    throw DeltaError(.operationRefused, "The table can't be made so: " + found.joined(separator: "; ") + ".")
  }

  /// What of it is against the compatibility with Iceberg that the table has turned on.
  package static func icebergViolations(
    _ versions: ProtocolVersions, _ metadata: TableMetadata, _ schema: StructType
  ) -> [String] {
    let active = IcebergCompat.active(versions, metadata)
    guard let compat = active.last else { return [] }
    let contradiction = active.count > 1 ? ["only one version of Iceberg compatibility can be enabled"] : []
    return contradiction + compat.violations(versions, metadata, schema)
  }

  private static func isOfProtocol(_ name: String) -> Bool {
    let lower = name.lowercased()
    return lower.hasPrefix(FeatureRequest.featurePrefix) || lower == "delta.minreaderversion"
      || lower == "delta.minwriterversion" || lower == "delta.ignoreprotocoldefaults"
  }

  /// Spec: Delta § Writer Requirements for Row Tracking
  private static func checkRowTracking(
    _ properties: TableProperties, _ schema: StructType, _ found: inout [String]
  ) {
    guard properties.enablesRowTracking else { return }
    if properties.suspendsRowTracking {
      found.append("delta.enableRowTracking and delta.rowTrackingSuspended can't both be true")
    }
    for key in [RowTracking.rowIdProperty, RowTracking.rowCommitVersionProperty] {
      guard let name = properties.configuration[key] else {
        found.append("row tracking needs \(key)")
        continue
      }
      let isTaken = schema.fields.contains {
        $0.name.lowercased() == name.lowercased() || $0.metadata[ColumnMapping.nameKey]?.stringValue == name
      }
      if isTaken { found.append("the column '\(name)' has the name that row tracking uses in data files") }
    }
  }
}
