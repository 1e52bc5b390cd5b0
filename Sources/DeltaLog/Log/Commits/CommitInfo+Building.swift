package import Columnar

extension CommitInfo {
  /// Everything that a commit notes about itself, spelt as Spark does.
  package struct Notes: Sendable {
    package var operation: CommitOperation
    /// By the writer's clock.
    package var timestamp: Timestamp
    /// Only where the table has in-commit timestamps.
    package var inCommitTimestamp: Timestamp?
    /// The version that the commit was prepared from; `nil` for a new table.
    package var readVersion: Version?
    package var isolationLevel: IsolationLevel?
    package var isBlindAppend: Bool?
    package var metrics: [OperationMetric: Int64] = [:]
    /// What the user attaches to the commit.
    package var userMetadata: String?
    package var userName: String?
    package var tags: [String: String] = [:]
    /// Unique to the attempt to commit: by it a writer that got no answer recognises its own commit.
    package var txnId: String
    /// Which program wrote.
    package var engineInfo: String
    /// Further fields by the user's own names. Those above win.
    package var custom: [String: MetadataValue] = [:]

    package init(_ operation: CommitOperation, timestamp: Timestamp, txnId: String, engineInfo: String) {
      self.operation = operation
      self.timestamp = timestamp
      self.txnId = txnId
      self.engineInfo = engineInfo
    }
  }

  package init(_ notes: Notes) {
    var fields = notes.custom
    fields["timestamp"] = .long(notes.timestamp.milliseconds)
    fields["inCommitTimestamp"] = notes.inCommitTimestamp.map { .long($0.milliseconds) }
    fields["operation"] = .string(notes.operation.name)
    fields["operationParameters"] = .object(notes.operation.parameters)
    fields["readVersion"] = notes.readVersion.map(MetadataValue.long)
    fields["isolationLevel"] = notes.isolationLevel.map { .string($0.rawValue) }
    fields["isBlindAppend"] = notes.isBlindAppend.map(MetadataValue.boolean)
    // Numbers in strings: the schema that other clients read this with has nothing else.
    fields["operationMetrics"] =
      notes.metrics.isEmpty
      ? nil
      : .object(
        Dictionary(notes.metrics.map { ($0.key.name, .string(String($0.value))) }) { _, last in last })
    if let text = notes.userMetadata { fields["userMetadata"] = .string(text) }
    if let name = notes.userName { fields["userName"] = .string(name) }
    if !notes.tags.isEmpty { fields["tags"] = .object(notes.tags.mapValues(MetadataValue.string)) }
    fields["engineInfo"] = .string(notes.engineInfo)
    fields["txnId"] = .string(notes.txnId)
    self.init(fields: fields)
  }

  /// The same with another in-commit timestamp, for an attempt after the first one lost.
  package func with(inCommitTimestamp: Timestamp?) -> CommitInfo {
    var copy = self
    copy.fields["inCommitTimestamp"] = inCommitTimestamp.map { .long($0.milliseconds) }
    return copy
  }
}
