/// What a range of commits comes to, in one file that readers may take in place of them.
///
/// Removals stay: they take back what older commits added.
///
/// Spec: Delta § Log Compaction Files
/// Spec: Delta § Action Reconciliation
package struct LogCompaction: Sendable {
  private var protocolVersions: ProtocolVersions?
  private var metadata: TableMetadata?
  private var transactions: [String: AppTransaction] = [:]
  private var domains: [String: DomainMetadata] = [:]
  private var files: [Key: (order: Int, action: Action)] = [:]
  private var count = 0

  package init() {}

  /// Takes the next commit; oldest first.
  package mutating func apply(_ actions: some Sequence<Action>) {
    for action in actions {
      switch action {
      case .add(var file):
        file.dataChange = false
        record(.add(file), Key(path: file.path, vector: file.deletionVector?.uniqueId))
      case .remove(var file):
        file.dataChange = false
        record(.remove(file), Key(path: file.path, vector: file.deletionVector?.uniqueId))
      case .metadata(let value): metadata = value
      case .protocol(let value): protocolVersions = value
      case .transaction(let value): transactions[value.appId] = value
      case .domainMetadata(let value): domains[value.domain] = value
      case .change, .commitInfo, .sidecar, .checkpointMetadata: break
      }
    }
  }

  private mutating func record(_ action: Action, _ key: Key) {
    files[key] = (count, action)
    count += 1
  }

  /// The reconciled actions, each file once, in the order of the last word on it.
  package var actions: [Action] {
    var actions: [Action] = []
    actions.reserveCapacity(files.count + transactions.count + domains.count + 2)
    if let protocolVersions { actions.append(.protocol(protocolVersions)) }
    if let metadata { actions.append(.metadata(metadata)) }
    for (_, transaction) in transactions.sorted(by: { $0.key < $1.key }) { actions.append(.transaction(transaction)) }
    for (_, domain) in domains.sorted(by: { $0.key < $1.key }) { actions.append(.domainMetadata(domain)) }
    actions += files.values.sorted { $0.order < $1.order }.map(\.action)
    return actions
  }

  private struct Key: Hashable {
    var path: String
    var vector: String?
  }
}
