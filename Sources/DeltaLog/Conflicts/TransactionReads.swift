package import Columnar

/// What a transaction looked at before it decided what to commit. A commit that others made in between must not have
/// changed any of it.
package struct TransactionReads: Sendable {
  /// Whether every row was read.
  package var wholeTable: Bool
  /// The conditions of the rows that were read: columns by their logical names, resolved against the schema.
  package var predicates: [ColumnPredicate]
  /// The partitions that were read whole.
  package var partitions: Set<PartitionKey>
  /// The paths of the files that were read, as the log spells them.
  package var files: Set<String>
  /// The applications whose transactions were looked up.
  package var appIds: Set<String>
  package var domains: Set<String>
  /// Whether schema and properties must stay as they are, since the commit is to leave them as it found them.
  package var definition = false
  /// Whether the table's files must stay the ones that there were, since the commit says something of every one.
  package var everyFile = false

  package init(
    wholeTable: Bool = false, predicates: [ColumnPredicate] = [], partitions: Set<PartitionKey> = [],
    files: Set<String> = [], appIds: Set<String> = [], domains: Set<String> = []
  ) {
    self.wholeTable = wholeTable
    self.predicates = predicates
    self.partitions = partitions
    self.files = files
    self.appIds = appIds
    self.domains = domains
  }

  /// Whether nothing was read but the table's definition.
  package var isBlind: Bool { !wholeTable && predicates.isEmpty && partitions.isEmpty && files.isEmpty }
}
