public import Columnar

/// One commit of a table's history: what was done, by whom and when.
///
/// Only `version` is certain; the rest is what the writer chose to note.
///
/// Spec: Delta § Commit Provenance Information
public struct CommitHistoryEntry: Hashable, Sendable {
  public let version: Version
  /// The in-commit timestamp where the commit has one, else the time of its file; `nil` when neither is known.
  public let timestamp: Timestamp?
  /// For instance `WRITE`, `MERGE` or `OPTIMIZE`.
  public let operation: String?
  public let operationParameters: [String: MetadataValue]
  /// Counts and times by name; writers spell them as strings or numbers.
  public let operationMetrics: [String: MetadataValue]
  public let engineInfo: String?
  public let userId: String?
  public let userName: String?
  public let userMetadata: String?
  public let clusterId: String?
  public let isolationLevel: String?
  /// The version that the writer had read.
  public let readVersion: Version?
  public let isBlindAppend: Bool?
  public let txnId: String?

  /// - Parameters:
  ///   - info: `nil` for a commit without `commitInfo`.
  ///   - fileTime: the commit's file time, adjusted to ascend (see ``CommitTimestamps``).
  package init(_ version: Version, _ info: CommitInfo?, fileTime: Timestamp?) {
    self.version = version
    timestamp = info?.inCommitTimestamp ?? fileTime
    operation = info?.operation
    operationParameters = info?.operationParameters ?? [:]
    operationMetrics = info?.operationMetrics ?? [:]
    engineInfo = info?.engineInfo
    userId = info?.userId
    userName = info?.userName
    userMetadata = info?.userMetadata
    clusterId = info?.clusterId
    isolationLevel = info?.isolationLevel
    readVersion = info?.readVersion
    isBlindAppend = info?.isBlindAppend
    txnId = info?.txnId
  }
}
