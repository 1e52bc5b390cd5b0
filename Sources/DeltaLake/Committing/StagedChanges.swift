internal import Columnar
internal import DeltaLog

/// What a commit is to say, without what depends on the version it will get.
struct StagedChanges: Sendable {
  var adds: [AddFile] = []
  var removes: [RemoveFile] = []
  var changeFiles: [ChangeFile] = []
  /// `nil`: as they are.
  var metadata: TableMetadata?
  /// `nil`: as they are.
  var protocolVersions: ProtocolVersions?
  var transactions: [AppTransaction] = []
  var domains: [DomainMetadata] = []
  /// What the commit is called in the history.
  var operation = CommitOperation.manualUpdate
  var metrics: [OperationMetric: Int64] = [:]
  /// What was looked at, so that it must not have changed.
  var reads = TransactionReads()
  /// Whether rows for a table that is being created go into one that another writer has just created alike.
  var joinsEqualTable = false
  /// Whether what becomes of a row depends on that row alone.
  var isRowWise = false
  /// Whether rows that stay are put into other files.
  var copiesRows = false
  /// Whether those keep their ids, where the table tracks them.
  var preservesRowIds = true

  /// Whether there is nothing to commit.
  var isEmpty: Bool { actions.isEmpty }

  /// Without the commit's own notes.
  var actions: [Action] {
    var actions: [Action] = []
    actions.reserveCapacity(adds.count + removes.count + changeFiles.count + transactions.count + domains.count + 2)
    if let protocolVersions { actions.append(.protocol(protocolVersions)) }
    if let metadata { actions.append(.metadata(metadata)) }
    actions += transactions.map(Action.transaction)
    actions += domains.map(Action.domainMetadata)
    actions += removes.map(Action.remove)
    actions += adds.map(Action.add)
    actions += changeFiles.map(Action.change)
    return actions
  }

  /// Whether rows that the table holds are only put elsewhere.
  var changesNoData: Bool {
    (!adds.isEmpty || !removes.isEmpty) && adds.allSatisfy { !$0.dataChange } && removes.allSatisfy { !$0.dataChange }
  }
}
