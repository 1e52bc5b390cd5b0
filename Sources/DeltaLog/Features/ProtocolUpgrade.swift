package import Columnar

/// The protocol that a table needs: as low as its features allow, and never less than it had.
///
/// Spec: Delta § Table Features for New and Existing Tables
package enum ProtocolUpgrade {
  /// The protocol of a new table.
  ///
  /// Reader version 1 and writer version 2 is where tables start, since every client knows these; a table that needs no
  /// more than what some version before features has gets that version, any other lists its features.
  ///
  /// - Parameters:
  ///   - metadata: without what ``FeatureRequest`` takes out.
  ///   - implemented: the features that this writer honours; a table it can't write is not made.
  /// - Throws: `unsupportedFeatures` naming features that this library does not write.
  package static func forNewTable(
    _ metadata: TableMetadata, _ schema: StructType, _ request: FeatureRequest = FeatureRequest(),
    implementing implemented: Set<String> = WriterFeatures.implemented
  ) throws(DeltaError) -> ProtocolVersions {
    let start = FeatureSet(legacyReader: 1, writer: request.ignoresDefaults ? 1 : 2)
    var features = start.union(needed(by: metadata, schema, request, supported: start))
    features.close()
    try features.check(added: features.names, implemented)
    return features.versions(atLeast: nil)
  }

  /// The protocol of a table whose metadata changes or who is asked for features, or `nil` when the present one is enough.
  ///
  /// A table that goes from versions to features lists all that its version implied.
  ///
  /// - Throws: `unsupportedFeatures` naming features to add that this library does not write.
  package static func upgraded(
    _ current: ProtocolVersions, for metadata: TableMetadata, _ schema: StructType,
    _ request: FeatureRequest = FeatureRequest(), implementing implemented: Set<String> = WriterFeatures.implemented
  ) throws(DeltaError) -> ProtocolVersions? {
    let present = FeatureSet(current)
    var features = present.union(needed(by: metadata, schema, request, supported: present))
    features.close()
    let added = features.names.subtracting(present.names)
    if added.isEmpty { return nil }
    try features.check(added: added, implemented)
    return features.versions(atLeast: current)
  }

  /// The features that the metadata turns on by itself, and that the protocol must list.
  static func needed(by metadata: TableMetadata, _ schema: StructType) -> Set<String> {
    let traits = SchemaTraits(schema)
    var names: Set<String> = []
    for rule in FeatureRules.all where rule.condition != nil && rule.isActive(metadata) {
      // The conditions on schemas are of their text, which may have a word somewhere else.
      switch rule.name {
      case "invariants" where !traits.hasInvariants: continue
      case "generatedColumns" where !traits.hasGeneratedColumns: continue
      case "identityColumns" where !traits.hasIdentityColumns: continue
      case "allowColumnDefaults" where !traits.hasDefaults: continue
      case "timestampNtz" where !traits.hasTimestampNtz: continue
      case "variantType" where !traits.hasVariant: continue
      case "collations" where !traits.hasCollations: continue
      default: names.insert(rule.name)
      }
    }
    return names
  }

  private static func needed(
    by metadata: TableMetadata, _ schema: StructType, _ request: FeatureRequest, supported: FeatureSet
  ) -> FeatureSet {
    var names = needed(by: metadata, schema).union(request.features)
    if request.minReaderVersion != nil || request.minWriterVersion != nil {
      // A reader's version alone never means a feature of writers, and none goes with writers that don't know it.
      let writer = request.minWriterVersion ?? 2
      let reader = min(request.minReaderVersion ?? 1, 2)
      names.formUnion(FeatureSet(legacyReader: reader, writer: writer).names)
    }
    // A feature listed under an earlier name is there.
    return FeatureSet(names: names.filter { !supported.supports($0) })
  }
}

/// The features of a table, whether its version implies them or its protocol lists them.
package struct FeatureSet: Hashable, Sendable {
  /// As listed; unknown ones and earlier names stay what they are.
  package private(set) var names: Set<String>

  package init(names: Set<String>) {
    self.names = names
  }

  package init(_ versions: ProtocolVersions) {
    if versions.minWriterVersion >= 7 {
      self.init(names: Set(versions.writerFeatures ?? []).union(versions.readerFeatures ?? []))
    } else {
      self.init(legacyReader: versions.minReaderVersion, writer: versions.minWriterVersion)
    }
  }

  /// What versions before features imply. A feature of readers takes both versions.
  package init(legacyReader reader: Int32, writer: Int32) {
    let implied = FeatureRules.all.filter { rule in
      guard let needed = rule.legacy.writer, writer < 7, writer >= needed else { return false }
      return reader >= rule.legacy.reader ?? 1
    }
    self.init(names: Set(implied.map(\.name)))
  }

  package func union(_ other: FeatureSet) -> FeatureSet { FeatureSet(names: names.union(other.names)) }

  package mutating func remove(_ name: String) { names.remove(name) }
  package mutating func insert(_ name: String) { names.insert(name) }

  /// Whether the feature is there under any of its names.
  package func supports(_ feature: String) -> Bool {
    guard let rule = FeatureRules.rule(feature) else { return names.contains(feature) }
    return names.contains(rule.name) || rule.aliases.contains(where: names.contains)
  }

  /// Adds what the features require.
  mutating func close() {
    var open = Array(names)
    while let name = open.popLast() {
      for required in FeatureRules.rule(name)?.requires ?? [] where !supports(required) {
        names.insert(required)
        open.append(required)
      }
    }
  }

  func check(added: Set<String>, _ implemented: Set<String>) throws(DeltaError) {
    let missing = added.filter { !implemented.contains(FeatureRules.rule($0)?.name ?? $0) }.sorted()
    guard missing.isEmpty else { throw .cannotWriteFeatures(missing) }
  }

  /// The lowest versions that have these features and no others, or else the features listed.
  ///
  /// - Parameter current: what the table has now: neither version becomes less.
  package func versions(atLeast current: ProtocolVersions?) -> ProtocolVersions {
    let rules = names.map { FeatureRules.rule($0) }
    let isListed = current.map { $0.minWriterVersion >= 7 } ?? false
    if !isListed, rules.allSatisfy({ $0?.isLegacy ?? false }) {
      let reader = max(rules.compactMap { $0?.legacy.reader }.max() ?? 1, current?.minReaderVersion ?? 1)
      let writer = max(rules.compactMap { $0?.legacy.writer }.max() ?? 1, current?.minWriterVersion ?? 1)
      if reader < 3, FeatureSet(legacyReader: reader, writer: writer) == self {
        return ProtocolVersions(minReaderVersion: reader, minWriterVersion: writer)
      }
    }
    let ofReaders = names.filter { FeatureRules.rule($0)?.kind == .readerWriter || isReaderFeature($0, of: current) }
    let needsList = ofReaders.contains { FeatureRules.rule($0)?.legacy.reader == nil }
    let reader = max(needsList ? 3 : ofReaders.isEmpty ? 1 : 2, current?.minReaderVersion ?? 1)
    return ProtocolVersions(
      minReaderVersion: reader, minWriterVersion: 7, readerFeatures: reader >= 3 ? ofReaders.sorted() : nil,
      writerFeatures: names.sorted())
  }

  /// What kind a feature is that nobody here knows is seen from where it is listed.
  private func isReaderFeature(_ name: String, of current: ProtocolVersions?) -> Bool {
    FeatureRules.rule(name) == nil && current?.readerFeatures?.contains(name) == true
  }
}

extension DeltaError {
  fileprivate static func cannotWriteFeatures(
    _ names: [String], fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    return DeltaError(
      .unsupportedFeatures,
      "The table would need the feature\(names.count > 1 ? "s" : "") \(list), which this library can't write.",
      fileID: fileID, line: line)
  }
}
