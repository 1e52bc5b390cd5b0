/// What a version of a table is: the outcome of replaying its log. An immutable value; copies share their arrays.
///
/// Spec: Delta § Action Reconciliation
package struct TableState: Sendable {
  package let version: Version
  package let protocolVersions: ProtocolVersions
  package let metadata: TableMetadata
  /// By `appId`.
  package let transactions: [String: AppTransaction]
  /// By domain, without the removed ones.
  package let domains: [String: DomainMetadata]
  /// The live files.
  package let files: FileTable
  /// Files that left the table and wait to be vacuumed; `nil` unless asked for.
  package let tombstones: FileTable?
  /// Of the commit of `version`; `nil` when it has none, or only a checkpoint is left of it.
  package var commitInfo: CommitInfo?
  /// The commit of `version` itself, to tell it from others; `nil` when it was not read, or is long.
  package var commitBytes: [UInt8]?

  /// The bytes of a commit that is kept, at the most.
  package static let longestKeptCommit = 1 << 18

  package init(
    version: Version, protocolVersions: ProtocolVersions, metadata: TableMetadata,
    transactions: [String: AppTransaction] = [:], domains: [String: DomainMetadata] = [:],
    files: FileTable = FileTable(), tombstones: FileTable? = nil, commitInfo: CommitInfo? = nil,
    commitBytes: [UInt8]? = nil
  ) {
    self.version = version
    self.protocolVersions = protocolVersions
    self.metadata = metadata
    self.transactions = transactions
    self.domains = domains
    self.files = files
    self.tombstones = tombstones
    self.commitInfo = commitInfo
    self.commitBytes = commitBytes
  }

  /// What the state takes of memory, about.
  package var byteCount: Int {
    let definition =
      metadata.schemaString.utf8.count * 8 + domains.values.reduce(0) { $0 + $1.configuration.utf8.count }
    let records = (transactions.count + domains.count) * 400 + (commitBytes?.count ?? 0)
    return files.byteCount + (tombstones?.byteCount ?? 0) + definition + records
  }
}
