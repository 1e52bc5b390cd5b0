package import Columnar

/// What a commit says it did: an operation and its parameters, both spelt as Spark spells them, so that every client's
/// history reads alike. Lists and maps among the parameters are JSON text in a string.
///
/// Spec: Delta § Commit Provenance Information
package struct CommitOperation: Hashable, Sendable {
  /// For instance `WRITE`.
  package var name: String
  package var parameters: [String: MetadataValue]

  package init(_ name: String, _ parameters: [String: MetadataValue] = [:]) {
    self.name = name
    self.parameters = parameters
  }
}

// Rows.

extension CommitOperation {
  /// What a write does when there are rows already.
  package enum WriteMode: String, Hashable, Sendable {
    case append = "Append"
    case overwrite = "Overwrite"
    case errorIfExists = "ErrorIfExists"
    case ignore = "Ignore"
  }

  /// - Parameters:
  ///   - predicate: which rows are overwritten.
  ///   - isDynamicPartitionOverwrite: whether just the partitions written to are overwritten. Noted where it is `true`,
  ///     as are the last two.
  package static func write(
    _ mode: WriteMode, partitionBy: [String]? = nil, predicate: String? = nil,
    isDynamicPartitionOverwrite: Bool = false,
    canOverwriteSchema: Bool = false, canMergeSchema: Bool = false
  ) -> CommitOperation {
    var parameters: [String: MetadataValue] = ["mode": .string(mode.rawValue)]
    parameters["partitionBy"] = partitionBy.map(list)
    parameters["predicate"] = predicate.map(MetadataValue.string)
    if isDynamicPartitionOverwrite { parameters["isDynamicPartitionOverwrite"] = .boolean(true) }
    if canOverwriteSchema { parameters["canOverwriteSchema"] = .boolean(true) }
    if canMergeSchema { parameters["canMergeSchema"] = .boolean(true) }
    return CommitOperation("WRITE", parameters)
  }

  /// A batch of a stream. `outputMode` is `Append` or `Complete`.
  package static func streamingUpdate(outputMode: String, queryId: String, epochId: Int64) -> CommitOperation {
    CommitOperation(
      "STREAMING UPDATE",
      ["outputMode": .string(outputMode), "queryId": .string(queryId), "epochId": .string(String(epochId))])
  }

  package static func delete(where predicate: String?) -> CommitOperation {
    CommitOperation("DELETE", ["predicate": list(predicate.map { [$0] } ?? [])])
  }

  package static func update(where predicate: String?) -> CommitOperation {
    CommitOperation("UPDATE", ["predicate": list(predicate.map { [$0] } ?? [])])
  }

  package static let truncate = CommitOperation("TRUNCATE")

  /// One `WHEN` clause of a merge; `action` is `insert`, `update` or `delete`.
  package struct MergeClause: Hashable, Sendable {
    package var predicate: String?
    package var action: String

    package init(_ action: String, if predicate: String? = nil) {
      self.action = action
      self.predicate = predicate
    }

    fileprivate var value: MetadataValue {
      var members: [String: MetadataValue] = ["actionType": .string(action)]
      members["predicate"] = predicate.map(MetadataValue.string)
      return .object(members)
    }
  }

  package static func merge(
    on predicate: String, matched: [MergeClause] = [], notMatched: [MergeClause] = [],
    notMatchedBySource: [MergeClause] = []
  ) -> CommitOperation {
    CommitOperation(
      "MERGE",
      [
        "predicate": list([predicate]), "matchedPredicates": json(.array(matched.map(\.value))),
        "notMatchedPredicates": json(.array(notMatched.map(\.value))),
        "notMatchedBySourcePredicates": json(.array(notMatchedBySource.map(\.value))),
      ])
  }
}

// Files.

extension CommitOperation {
  package static func optimize(
    where predicate: String? = nil, zOrderBy: [String] = [], clusterBy: [String] = [], isAutomatic: Bool = false,
    isFull: Bool = false
  ) -> CommitOperation {
    var parameters: [String: MetadataValue] = [
      "predicate": list(predicate.map { [$0] } ?? []), "zOrderBy": list(clusterBy.isEmpty ? zOrderBy : []),
      "clusterBy": list(clusterBy), "auto": .boolean(isAutomatic),
    ]
    if !clusterBy.isEmpty { parameters["isFull"] = .boolean(isFull) }
    return CommitOperation("OPTIMIZE", parameters)
  }

  /// Rewrites files without the rows that deletion vectors delete.
  package static func reorganize(where predicate: String? = nil) -> CommitOperation {
    CommitOperation(
      "REORG", ["predicate": list(predicate.map { [$0] } ?? []), "applyPurge": .boolean(true)])
  }

  package static func restore(to version: Version?, at timestamp: String? = nil) -> CommitOperation {
    CommitOperation(
      "RESTORE",
      [
        "version": version.map(MetadataValue.long) ?? .null,
        "timestamp": timestamp.map(MetadataValue.string) ?? .null,
      ])
  }

  package static func clone(of source: String, at version: Version) -> CommitOperation {
    CommitOperation("CLONE", ["source": .string(source), "sourceVersion": .long(version)])
  }

  package static func convert(
    fileCount: Int64, partitionBy: [String], collectsStatistics: Bool, sourceFormat: String = "parquet"
  ) -> CommitOperation {
    CommitOperation(
      "CONVERT",
      [
        "numFiles": .long(fileCount), "partitionedBy": list(partitionBy), "collectStats": .boolean(collectsStatistics),
        "sourceFormat": .string(sourceFormat),
      ])
  }

  /// - Parameter retention: as asked for, `nil` when the table's counts; in milliseconds, as is the table's.
  package static func vacuumStart(
    checksRetention: Bool, retention: Int64?, defaultRetention: Int64
  ) -> CommitOperation {
    var parameters: [String: MetadataValue] = [
      "retentionCheckEnabled": .boolean(checksRetention), "defaultRetentionMillis": .long(defaultRetention),
    ]
    parameters["specifiedRetentionMillis"] = retention.map(MetadataValue.long)
    return CommitOperation("VACUUM START", parameters)
  }

  package static func vacuumEnd(succeeded: Bool) -> CommitOperation {
    CommitOperation("VACUUM END", ["status": .string(succeeded ? "COMPLETED" : "FAILED")])
  }

  package static func computeStatistics(where predicate: String? = nil) -> CommitOperation {
    CommitOperation("COMPUTE STATS", ["predicate": list(predicate.map { [$0] } ?? [])])
  }

  package static func rowTrackingBackfill(batch: Int64 = 0) -> CommitOperation {
    CommitOperation("ROW TRACKING BACKFILL", ["batchId": .string(String(batch))])
  }

  package static func rowTrackingUnbackfill(batch: Int64 = 0) -> CommitOperation {
    CommitOperation("ROW TRACKING UNBACKFILL", ["batchId": .string(String(batch))])
  }

  /// A commit of anything by hand.
  package static let manualUpdate = CommitOperation("Manual Update")
  package static let emptyCommit = CommitOperation("Empty Commit")
}

extension CommitOperation {
  /// A list of texts, as JSON in a string.
  static func list(_ texts: [String]) -> MetadataValue { json(.array(texts.map(MetadataValue.string))) }

  /// A tree, as JSON in a string.
  static func json(_ value: MetadataValue) -> MetadataValue { .string(MetadataJSON.string(value)) }

  static func json(_ texts: [String: String]) -> MetadataValue {
    json(.object(texts.mapValues(MetadataValue.string)))
  }
}
