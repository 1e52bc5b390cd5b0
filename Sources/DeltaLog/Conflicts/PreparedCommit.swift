/// A commit ready to be made as the version after the one it was prepared from, and what must be known of it when another
/// commit has that version already.
package struct PreparedCommit: Sendable {
  /// The version whose state it builds on.
  package var readVersion: Version
  /// Of that version, without the commit's own changes.
  package var protocolVersions: ProtocolVersions
  /// Of that version, without the commit's own changes.
  package var metadata: TableMetadata
  /// Of that version.
  package var rowIds: RowIdAssignment
  package var reads: TransactionReads
  /// Without `commitInfo`, and with new files lacking row ids: both are added for each attempt.
  package var actions: [Action]
  package var isolationLevel: IsolationLevel
  /// Whether what becomes of a row depends on that row alone, as in a `DELETE` or `UPDATE` without subqueries; `false`
  /// for a merge, which inserts what it does not find.
  package var isRowWise: Bool
  /// Whether rows that stay were put into other files.
  package var copiesRows = false
  /// Whether those keep their ids; a commit that turned row tracking on came too late for it.
  package var preservesRowIds = true

  package init(
    readVersion: Version, protocolVersions: ProtocolVersions, metadata: TableMetadata,
    rowIds: RowIdAssignment = RowIdAssignment(), reads: TransactionReads, actions: [Action],
    isolationLevel: IsolationLevel, isRowWise: Bool = false
  ) {
    self.readVersion = readVersion
    self.protocolVersions = protocolVersions
    self.metadata = metadata
    self.rowIds = rowIds
    self.reads = reads
    self.actions = actions
    self.isolationLevel = isolationLevel
    self.isRowWise = isRowWise
  }

  /// Whether it takes no file away and looked at none: what commits note as `isBlindAppend`.
  package var isBlindAppend: Bool { reads.isBlind && files.removes.isEmpty }

  package var changesDefinition: Bool {
    actions.contains { action in
      switch action {
      case .metadata, .protocol: true
      default: false
      }
    }
  }

  /// Whether it takes rows away and neither adds nor records any.
  var isPureDelete: Bool {
    let files = files
    return actions.allSatisfy { action in
      switch action {
      case .add(let file): files.removes[file.path] != nil
      case .change: false
      default: true
      }
    }
  }

  var files: (adds: [String: AddFile], removes: [String: RemoveFile]) {
    var adds: [String: AddFile] = [:]
    var removes: [String: RemoveFile] = [:]
    for action in actions {
      switch action {
      case .add(let file): adds[file.path] = file
      case .remove(let file): removes[file.path] = file
      default: break
      }
    }
    return (adds, removes)
  }
}
