internal import Columnar
internal import DeltaLog

/// A commit on its way into the log: the changes, and the place where they are to stand, which moves on when others
/// come first.
struct CommitDraft: Sendable {
  private var changes: StagedChanges
  private let options: CommitOptions
  private var prepared: PreparedCommit
  /// Whether there was a table before.
  private var hasBase: Bool { prepared.readVersion >= 0 }
  /// When the version before was committed.
  private var previousTime: Timestamp?
  /// Unique to this commit.
  let id = UniqueID().description

  /// - Parameter base: the version that the changes build on; `nil`: they make the table, and say what it is.
  init(_ changes: StagedChanges, onto base: Snapshot?, options: CommitOptions) throws(DeltaError) {
    self.changes = changes
    self.options = options
    guard let versions = base?.protocol ?? changes.protocolVersions, let metadata = base?.metadata ?? changes.metadata
    else { preconditionFailure("a new table says what it is") }
    previousTime = base?.timestamp
    prepared = PreparedCommit(
      readVersion: base?.version ?? -1, protocolVersions: versions, metadata: metadata,
      rowIds: try RowIdAssignment(base?.domainMetadata(RowTracking.domain)), reads: changes.reads,
      actions: changes.actions, isolationLevel: Self.isolation(of: changes, in: metadata),
      isRowWise: changes.isRowWise)
    prepared.copiesRows = changes.copiesRows
    prepared.preservesRowIds = changes.preservesRowIds
  }

  private static func isolation(of changes: StagedChanges, in metadata: TableMetadata) -> IsolationLevel {
    IsolationLevel.needed(
      by: changes.actions, changesData: !changes.changesNoData, in: TableProperties(metadata).isolationLevel)
  }

  /// The version that the commit is to become.
  var version: Version { prepared.readVersion + 1 }

  /// The commit's lines.
  ///
  /// - Throws: ``DeltaError``: `.operationRefused` for what the table or the protocol forbids, such as taking rows out of a
  ///   table that is only appended to; when new files can't be given row ids.
  func actions(now: Timestamp) throws(DeltaError) -> [Action] {
    var actions = prepared.actions
    let versions = changes.protocolVersions ?? prepared.protocolVersions
    let metadata = changes.metadata ?? prepared.metadata
    if RowIdAssignment.isDone(in: metadata, versions) {
      var rowIds = prepared.rowIds
      try rowIds.assign(to: &actions, as: version)
    }
    var notes = CommitInfo.Notes(changes.operation, timestamp: now, txnId: id, engineInfo: EngineInfo.text)
    if RowTracking.isSupported(versions) {
      notes.tags[RowTracking.preservedTag] = String(prepared.preservesRowIds)
    }
    if InCommitTimestamps.areEnabled(metadata, versions) {
      let time = InCommitTimestamps.next(now: now, previous: previousTime)
      notes.inCommitTimestamp = time
      if let own = changes.metadata {
        let recorded = InCommitTimestamps.recordingEnablement(
          in: own, versions, before: hasBase ? (prepared.metadata, prepared.protocolVersions) : nil, version: version,
          timestamp: time)
        actions = actions.map { if case .metadata = $0 { .metadata(recorded) } else { $0 } }
      }
    }
    notes.readVersion = hasBase ? prepared.readVersion : nil
    notes.isolationLevel = prepared.isolationLevel
    notes.isBlindAppend = prepared.isBlindAppend
    notes.metrics = changes.metrics
    notes.userMetadata = options.userMetadata
    let all = [.commitInfo(CommitInfo(notes))] + actions
    let wasAppendOnly = hasBase && prepared.protocolVersions.hasActive("appendOnly", prepared.metadata)
    try CommitRules.check(all, versions, metadata, wasAppendOnly: wasAppendOnly)
    return all
  }

  /// Goes behind a commit that was made first.
  ///
  /// - Throws: ``DeltaError`` with `.conflict` when it makes this one impossible, naming it and the reason.
  mutating func move(behind winner: CommitFile, resolving resolver: ConflictResolver) async throws {
    let actions = try winner.actions()
    let commit = WinningCommit(winner.version, actions)
    if hasBase { try await rebase(behind: commit, resolver) } else { try join(actions, of: winner.version) }
    let time = commit.info?.inCommitTimestamp ?? winner.file.modificationTime
    previousTime = max(time, previousTime ?? time)
  }

  private mutating func rebase(behind commit: WinningCommit, _ resolver: ConflictResolver) async throws {
    switch try ConflictChecker.check(prepared, against: commit) {
    case .conflicts(let conflict): throw conflict.error()
    case .rebases(var rebased, let resolutions):
      for resolution in resolutions { try await resolver.resolve(resolution, in: &rebased) }
      prepared = rebased
    }
  }

  /// Goes into the table that another writer has created meanwhile, if it is the very one that this commit was to create.
  private mutating func join(_ actions: [Action], of version: Version) throws(DeltaError) {
    guard changes.joinsEqualTable, let own = changes.metadata, let ownVersions = changes.protocolVersions,
      let metadata = actions.firstMetadata, let versions = actions.firstProtocol,
      versions.isEquivalent(to: ownVersions), metadata.schemaString == own.schemaString,
      metadata.partitionColumns == own.partitionColumns, metadata.configuration == own.configuration
    else { throw .createdMeanwhile(version) }
    for field in try SchemaJSON.parse(own.schemaString).fields where try IdentityColumn(field) != nil {
      // Both have given out the same values.
      throw .createdMeanwhile(version)
    }
    for case .transaction(let theirs) in actions
    where changes.transactions.contains(where: { $0.appId == theirs.appId }) {
      throw .recordedMeanwhile(theirs, at: version)
    }
    changes.metadata = nil
    changes.protocolVersions = nil
    changes.operation = .write(.append, partitionBy: metadata.partitionColumns)
    var rowIds = RowIdAssignment()
    for case .domainMetadata(let domain) in actions where domain.domain == RowTracking.domain && !domain.removed {
      try rowIds.observe(domain)
    }
    prepared = PreparedCommit(
      readVersion: version, protocolVersions: versions, metadata: metadata, rowIds: rowIds, reads: changes.reads,
      actions: changes.actions, isolationLevel: Self.isolation(of: changes, in: metadata))
  }
}

/// How this library names itself in the log.
enum EngineInfo {
  static let text = "swift-deltalake/0.1.0"
}
