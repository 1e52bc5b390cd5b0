public import DeltaLog
internal import ObjectStorage

/// Changes of a table on their way to become one version of it. It is used once: committing consumes it.
///
/// ```swift
/// var transaction = try await table.transaction()
/// transaction.record(AppTransaction(appId: "loader", version: 7))
/// try transaction.set(DomainMetadata(domain: "acme.lineage", configuration: lineage))
/// let commit = try await transaction.commit()
/// ```
///
/// Dropping a transaction leaves the table as it is; data files that were written for it belong to nobody and go with
/// the next vacuum.
public struct Transaction: ~Copyable, Sendable {
  /// What the changes are based on; `nil` for a table that is being created.
  public let base: Snapshot?
  public var options: CommitOptions
  let location: TableLocation
  var changes = StagedChanges()

  init(location: TableLocation, base: Snapshot?, options: CommitOptions) {
    self.location = location
    self.base = base
    self.options = options
    if let own = options.appTransaction { changes.transactions = [own] }
  }

  /// The version that the transaction reads; -1 for a table that is being created.
  public var readVersion: Version { base?.version ?? -1 }

  /// Notes how far an application has come, in the same commit as its rows.
  ///
  /// Spec: Delta § Transaction Identifiers
  public mutating func record(_ transaction: AppTransaction) {
    changes.transactions.removeAll { $0.appId == transaction.appId }
    changes.transactions.append(transaction)
  }

  /// Keeps a configuration with the table, or takes one away.
  ///
  /// - Throws: ``DeltaError`` with `.operationRefused` for a domain that belongs to the protocol.
  ///
  /// Spec: Delta § Domain Metadata
  public mutating func set(_ domain: DomainMetadata) throws(DeltaError) {
    guard !domain.isSystemControlled else {
      throw DeltaError(
        .operationRefused, "The domain \(domain.domain) belongs to the protocol: only the feature it is of writes it.")
    }
    changes.domains.removeAll { $0.domain == domain.domain }
    changes.domains.append(domain)
  }

  /// Makes the changes a version of the table, after whatever others committed meanwhile.
  ///
  /// - Throws: ``DeltaError``: `.conflict` when another commit makes the changes impossible (the message names it and the
  ///   reason), `.outcomeUnknown` when the store gave no answer and does not tell, `.storageFailed`;
  ///   `CancellationError` before anything is visible.
  public consuming func commit() async throws -> Commit {
    try await Committer(location: location, options: options).commit(changes, onto: base)
  }
}

extension DeltaTable {
  /// Begins changes of the table as it is now.
  ///
  /// - Throws: ``DeltaError`` as ``snapshot(asOf:)``; `.unsupportedFeatures` when the table must not be written.
  public func transaction(options: CommitOptions = CommitOptions()) async throws -> Transaction {
    let snapshot = try await snapshot()
    try snapshot.checkWritable()
    return Transaction(location: location, base: snapshot, options: options)
  }
}

extension Snapshot {
  /// Whether an application has committed what it is about to commit.
  func hasSeen(_ own: AppTransaction?) -> Bool {
    guard let own, let seen = transaction(own.appId) else { return false }
    return seen.version >= own.version
  }
}
