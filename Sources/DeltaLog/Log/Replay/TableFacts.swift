/// The part of a table's state that is not files: for each the newest word counts, and the first one taken is the newest.
package struct TableFacts: Sendable {
  package var protocolVersions: ProtocolVersions?
  package var metadata: TableMetadata?
  package var transactions: [String: AppTransaction] = [:]
  /// Removed domains included, since they hide older words.
  package var domains: [String: DomainMetadata] = [:]

  package init() {}

  /// Takes an action of the same commit: of two the later counts.
  mutating func record(_ action: Action) {
    switch action {
    case .protocol(let value): protocolVersions = value
    case .metadata(let value): metadata = value
    case .transaction(let value): transactions[value.appId] = value
    case .domainMetadata(let value): domains[value.domain] = value
    default: break
    }
  }

  /// Fills in what only an older commit or checkpoint says.
  mutating func fill(from older: TableFacts) {
    if protocolVersions == nil { protocolVersions = older.protocolVersions }
    if metadata == nil { metadata = older.metadata }
    transactions.merge(older.transactions) { newer, _ in newer }
    domains.merge(older.domains) { newer, _ in newer }
  }
}
