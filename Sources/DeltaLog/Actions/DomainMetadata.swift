/// The configuration of one named domain, such as `delta.clustering`.
///
/// Spec: Delta § Domain Metadata
public struct DomainMetadata: Hashable, Sendable {
  public var domain: String
  /// In the domain's own format, often JSON.
  public var configuration: String
  /// Whether the action takes the domain away.
  public var removed: Bool

  public init(domain: String, configuration: String, removed: Bool = false) {
    self.domain = domain
    self.configuration = configuration
    self.removed = removed
  }

  /// Whether the name belongs to the protocol rather than to users.
  public var isSystemControlled: Bool { domain.hasPrefix("delta.") }
}
