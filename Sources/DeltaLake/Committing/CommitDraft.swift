internal import DeltaLog

/// Changes that are to be committed, wherever in the log they will stand.
struct CommitDraft: Sendable {
  let changes: StagedChanges
  let reads: TransactionReads
  let base: Snapshot?
  let options: CommitOptions
  /// Unique to this commit.
  let id = UniqueID().description

  /// The commit's lines at a place of the log.
  func actions(at place: CommitPlace) throws(DeltaError) -> [Action] {
    var notes = CommitInfo.Notes(
      changes.operation, timestamp: .now(), txnId: id, engineInfo: EngineInfo.text)
    notes.readVersion = base?.version
    notes.metrics = changes.metrics
    notes.userMetadata = options.userMetadata
    var actions: [Action] = [.commitInfo(CommitInfo(notes))]
    if let versions = changes.protocolVersions { actions.append(.protocol(versions)) }
    if let metadata = changes.metadata { actions.append(.metadata(metadata)) }
    actions += changes.transactions.map(Action.transaction)
    actions += changes.domains.map(Action.domainMetadata)
    actions += changes.removes.map(Action.remove)
    actions += changes.adds.map(Action.add)
    actions += changes.changeFiles.map(Action.change)
    return actions
  }

  func check(against winner: CommitFile) throws(DeltaError) {}
}

/// Where in the log a commit is to stand.
struct CommitPlace: Sendable {
  private(set) var version: Version

  init(after base: Snapshot?) {
    version = (base?.version ?? -1) + 1
  }

  mutating func move(behind winner: CommitFile) throws(DeltaError) {
    version = winner.version + 1
  }
}

/// How this library names itself in the log.
enum EngineInfo {
  static let text = "swift-deltalake/0.1.0"
}
