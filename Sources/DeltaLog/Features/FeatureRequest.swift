internal import Columnar

/// What table properties ask of the protocol rather than of the metadata: `delta.feature.NAME = supported`,
/// `delta.minReaderVersion`, `delta.minWriterVersion`. They never go into the log as properties.
///
/// Spec: Delta § Table Features for New and Existing Tables
package struct FeatureRequest: Hashable, Sendable {
  /// By their present names.
  package var features: Set<String> = []
  package var minReaderVersion: Int32?
  package var minWriterVersion: Int32?
  /// Whether a new table has no features but those it needs.
  package var ignoresDefaults = false

  package init(features: Set<String> = []) {
    self.features = features
  }

  package static let featurePrefix = "delta.feature."

  /// Takes the requests out of the properties that a user sets, whatever the case of their names.
  ///
  /// - Throws: `invalidArgument` for unknown features, versions that don't exist and values that make no sense.
  package init(takingFrom properties: inout [String: String]) throws(DeltaError) {
    for (key, value) in properties {
      let lower = key.lowercased()
      switch lower {
      case "delta.minreaderversion":
        minReaderVersion = try Self.version(value, key, upTo: FeatureGate.maximumReaderVersion)
      case "delta.minwriterversion":
        minWriterVersion = try Self.version(value, key, upTo: FeatureGate.maximumWriterVersion)
      case "delta.ignoreprotocoldefaults":
        guard let flag = Bool(value.lowercased()) else {
          throw .invalidArgument("\(key) needs to be true or false, not '\(value)'.")
        }
        ignoresDefaults = flag
      case _ where lower.hasPrefix(Self.featurePrefix):
        let name = String(key.dropFirst(Self.featurePrefix.count))
        guard ["supported", "enabled"].contains(value.lowercased()) else {
          throw .invalidArgument(
            "\(key) can be 'supported', not '\(value)'. To take a feature away, drop it.")
        }
        features.insert(try Self.rule(name).name)
      default: continue
      }
      properties[key] = nil
    }
  }

  /// The row of a feature by its name in any case.
  ///
  /// - Throws: `invalidArgument` with what was probably meant.
  package static func rule(_ name: String) throws(DeltaError) -> FeatureRule {
    let lower = name.lowercased()
    let found = FeatureRules.all.first { ([$0.name] + $0.aliases).contains { $0.lowercased() == lower } }
    if let found { return found }
    let near = Suggestion.nearest(to: name, among: FeatureRules.all.map(\.name))
    throw .invalidArgument("There is no table feature \(name)." + (near.map { " Did you mean \($0)?" } ?? ""))
  }

  private static func version(_ value: String, _ key: String, upTo limit: Int32) throws(DeltaError) -> Int32 {
    guard let version = Int32(value), 1...limit ~= version else {
      throw .invalidArgument("\(key) needs to be a version from 1 to \(limit), not '\(value)'.")
    }
    return version
  }
}
