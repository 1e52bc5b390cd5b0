/// One line of a commit: a change of the table's state, or a word about the commit.
///
/// Spec: Delta § Actions
public enum Action: Hashable, Sendable {
  case add(AddFile)
  case remove(RemoveFile)
  /// The `cdc` action.
  case change(ChangeFile)
  case metadata(TableMetadata)
  case `protocol`(ProtocolVersions)
  /// The `txn` action.
  case transaction(AppTransaction)
  case domainMetadata(DomainMetadata)
  case commitInfo(CommitInfo)
  /// In checkpoints only.
  case sidecar(SidecarFile)
  /// In checkpoints only.
  case checkpointMetadata(CheckpointMetadata)
}
