public import Columnar

/// Who did what in a commit. Writers store what they like, so every field is optional and none is trusted.
///
/// Spec: Delta § Commit Provenance Information
public struct CommitInfo: Hashable, Sendable {
  /// Every key of the action with its JSON value.
  public var fields: [String: MetadataValue]

  public init(fields: [String: MetadataValue] = [:]) {
    self.fields = fields
  }

  /// When the writer says it committed.
  public var timestamp: Timestamp? { self[milliseconds: "timestamp"] }
  /// When the commit counts as made, in tables with in-commit timestamps.
  ///
  /// Spec: Delta § In-Commit Timestamps
  public var inCommitTimestamp: Timestamp? { self[milliseconds: "inCommitTimestamp"] }
  /// For instance `WRITE` or `MERGE`.
  public var operation: String? { self[text: "operation"] }
  public var operationParameters: [String: MetadataValue] { self[object: "operationParameters"] }
  public var operationMetrics: [String: MetadataValue] { self[object: "operationMetrics"] }
  public var engineInfo: String? { self[text: "engineInfo"] }
  public var userId: String? { self[text: "userId"] }
  public var userName: String? { self[text: "userName"] }
  /// What the user attached to the commit.
  public var userMetadata: String? { self[text: "userMetadata"] }
  public var clusterId: String? { self[text: "clusterId"] }
  public var isolationLevel: String? { self[text: "isolationLevel"] }
  /// Unique to the attempt to commit, so that a writer can recognise its own commit.
  public var txnId: String? { self[text: "txnId"] }
  /// The version that the writer had read.
  public var readVersion: Version? { self[number: "readVersion"] }
  /// Whether the commit only added files without looking at the table.
  public var isBlindAppend: Bool? {
    switch fields["isBlindAppend"] {
    case .boolean(let value): value
    case .string("true"): true
    case .string("false"): false
    default: nil
    }
  }

  private subscript(text key: String) -> String? {
    switch fields[key] {
    case .string(let value): value
    case .long(let value): String(value)
    case .double(let value): String(value)
    case .boolean(let value): String(value)
    default: nil
    }
  }

  private subscript(number key: String) -> Int64? {
    switch fields[key] {
    case .long(let value): value
    case .string(let value): Int64(value)
    case .double(let value): Int64(exactly: value.rounded(.towardZero))
    default: nil
    }
  }

  private subscript(milliseconds key: String) -> Timestamp? { self[number: key].map(Timestamp.init(milliseconds:)) }

  private subscript(object key: String) -> [String: MetadataValue] {
    if case .object(let value) = fields[key] { value } else { [:] }
  }
}
