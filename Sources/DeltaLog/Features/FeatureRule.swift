/// A table feature: its name, who must understand it, and what it takes to be in force.
///
/// Spec: Delta § Table Features
package struct FeatureRule: Sendable {
  /// Whom an unknown feature of this kind locks out.
  package enum Kind: Hashable, Sendable {
    case writer
    case readerWriter
  }

  /// Whether this library reads tables that list the feature.
  package enum Reading: Hashable, Sendable {
    case supported
    /// In words: why not, and what to do instead.
    case refused(String)
    /// Only with what the catalog says of the table's latest commits.
    case needsCatalog(String)
  }

  /// As `readerFeatures` and `writerFeatures` have it.
  package let name: String
  /// Other names of the same feature, from before it was final.
  package let aliases: [String]
  package let kind: Kind
  /// The versions from which on tables without feature lists have the feature.
  package let legacy: (reader: Int32?, writer: Int32?)
  package let reading: Reading
  /// The features that must be listed with it.
  package let requires: [String]
  /// What metadata asks for the feature; `nil`: it is asked for by name alone.
  package let condition: (@Sendable (TableMetadata) -> Bool)?

  init(
    _ name: String, _ kind: Kind, aliases: [String] = [], legacy: (reader: Int32?, writer: Int32?) = (nil, nil),
    requires: [String] = [], reading: Reading = .supported,
    isActive condition: (@Sendable (TableMetadata) -> Bool)? = nil
  ) {
    self.name = name
    self.aliases = aliases
    self.kind = kind
    self.legacy = legacy
    self.requires = requires
    self.reading = reading
    self.condition = condition
  }

  /// Whether the metadata's conditions are met; that the feature is listed is asked elsewhere.
  package func isActive(_ metadata: TableMetadata) -> Bool { condition?(metadata) ?? true }

  package var isLegacy: Bool { legacy.writer != nil }
}
