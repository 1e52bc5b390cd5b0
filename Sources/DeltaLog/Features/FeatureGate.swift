/// Says whether this library may read, or write, a table, before anything else is done with it.
///
/// A table that is refused can still be inspected: the gate is asked by those who want rows.
///
/// Spec: Delta § Reader Version Requirements
/// Spec: Delta § Writer Version Requirements
package enum FeatureGate {
  package static let maximumReaderVersion: Int32 = 3
  package static let maximumWriterVersion: Int32 = 7

  /// - Parameters:
  ///   - metadata: the file format is checked, too; `nil` leaves that out.
  ///   - hasCatalog: whether the log was completed with the commits that a catalog knows.
  /// - Throws: `unsupportedFeatures` naming every obstacle.
  package static func checkReadable(
    _ protocolVersions: ProtocolVersions, _ metadata: TableMetadata? = nil, hasCatalog: Bool = false
  ) throws(DeltaError) {
    let version = protocolVersions.minReaderVersion
    if version > maximumReaderVersion || version < 0 {
      throw .unsupportedVersion("minReaderVersion", version, upTo: maximumReaderVersion)
    }
    var unknown: [String] = []
    var reasons: [String] = []
    var refused: [String] = []
    for name in version >= 3 ? protocolVersions.readerFeatures ?? [] : [] {
      switch FeatureRules.rule(name)?.reading {
      case .supported: break
      case .needsCatalog where hasCatalog: break
      case .needsCatalog(let reason), .refused(let reason):
        refused.append(name)
        reasons.append("'\(name)': \(reason)")
      case nil: unknown.append(name)
      }
    }
    if !unknown.isEmpty || !refused.isEmpty { throw .unsupportedFeatures(unknown, reasons, to: "read") }
    if let provider = metadata?.format.provider, provider.lowercased() != "parquet" {
      throw DeltaError(
        .unsupportedFeatures, "The table's data files are in the format '\(provider)'; only parquet can be read.")
    }
  }

  /// - Parameter implemented: the names of the features that the caller honours when it writes.
  /// - Throws: `unsupportedFeatures` naming every obstacle. A feature of versions before 7 counts only where it is in
  ///   force; a listed one always.
  package static func checkWritable(
    _ protocolVersions: ProtocolVersions, _ metadata: TableMetadata, implementing implemented: Set<String>
  ) throws(DeltaError) {
    try checkReadable(protocolVersions, metadata, hasCatalog: implemented.contains("catalogManaged"))
    let version = protocolVersions.minWriterVersion
    if version > maximumWriterVersion || version < 0 {
      throw .unsupportedVersion("minWriterVersion", version, upTo: maximumWriterVersion)
    }
    let missing: [String]
    if version >= 7 {
      missing = (protocolVersions.writerFeatures ?? []).filter { name in
        guard let rule = FeatureRules.rule(name) else { return true }
        return !implemented.contains(rule.name)
      }
    } else {
      missing = FeatureRules.all.filter {
        protocolVersions.supports($0.name) && $0.isActive(metadata) && !implemented.contains($0.name)
      }.map(\.name)
    }
    if !missing.isEmpty { throw .unsupportedFeatures(missing, [], to: "write") }
  }
}

extension DeltaError {
  fileprivate static func unsupportedVersion(
    _ name: String, _ version: Int32, upTo supported: Int32, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .unsupportedFeatures,
      "The table needs protocol \(name) \(version); this library knows versions up to \(supported). Use a newer version "
        + "of the library.", fileID: fileID, line: line)
  }

  fileprivate static func unsupportedFeatures(
    _ names: [String], _ reasons: [String], to verb: String, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    var reasons = reasons
    if !names.isEmpty {
      let list = names.map { "'\($0)'" }.joined(separator: ", ")
      reasons.append("\(list): unknown to this version of the library")
    }
    return DeltaError(
      .unsupportedFeatures,
      "The table can't be \(verb == "read" ? "read" : "written"): it needs the feature\(reasons.count > 1 || names.count > 1 ? "s" : "") "
        + reasons.joined(separator: "; ") + ".", fileID: fileID, line: line)
  }
}
