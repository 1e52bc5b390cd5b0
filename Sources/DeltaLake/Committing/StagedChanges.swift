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

  /// Whether only files are added.
  var isAppend: Bool { removes.isEmpty && metadata == nil && protocolVersions == nil }
}
