internal import Columnar

/// Plans a change feed commit by commit, keeping of each only the files to read.
///
/// ```swift
/// var planner = ChangeFeedPlanner(metadata, versions)          // as they are in force at the range's first version
/// for commit in range { try planner.append(commit) }
/// let plan = try planner.finish(earlier: planner.needsEarlierSchema ? schema(before: range) : nil)
/// ```
///
/// Spec: Delta § Reader Requirements for AddCDCFile
package struct ChangeFeedPlanner {
  /// What was in force from a version of the range on, or before the range.
  package struct Era: Sendable {
    package var metadata: TableMetadata
    package var versions: ProtocolVersions

    package init(_ metadata: TableMetadata, _ versions: ProtocolVersions) {
      self.metadata = metadata
      self.versions = versions
    }
  }

  private var current: Era
  private var eras: [(first: Version, era: Era)] = []
  private var reads: [ChangeRead] = []
  /// Files of a partition share its values.
  private var partitions: [[String: ExactText?]: [String: String?]] = [:]
  /// Whether the first commit changed the table's columns and removed files that were written before it did.
  package private(set) var needsEarlierSchema = false

  /// - Parameters:
  ///   - metadata: what was in force before the first commit, or is since it.
  ///   - versions: likewise.
  package init(_ metadata: TableMetadata, _ versions: ProtocolVersions) {
    current = Era(metadata, versions)
  }

  /// Takes the next commit of the range.
  ///
  /// - Throws: ``DeltaError`` `changeFeedUnavailable` when the feed was off, `corruptLog`.
  package mutating func append(_ commit: ChangeFeedPlan.Commit) throws(DeltaError) {
    let isFirst = eras.isEmpty
    var isNew = false
    for action in commit.actions {
      switch action {
      case .metadata(let newer):
        current.metadata = newer
        isNew = true
      case .protocol(let newer): current.versions = newer
      default: break
      }
    }
    guard ChangeFeedPlan.isEnabled(current.metadata, current.versions) else {
      throw .changeFeedUnavailable(at: commit.version)
    }
    if isFirst || isNew { eras.append((commit.version, current)) }
    let found = try ChangeFeedPlan.reads(of: commit, isPartitioned: !current.metadata.partitionColumns.isEmpty)
    if isFirst { needsEarlierSchema = isNew && found.contains { $0.changeType == .delete } }
    for var read in found {
      let values = read.partitionValues
      let key = values.mapValues { $0.map(ExactText.init) }
      read.partitionValues = partitions[key] ?? values
      partitions[key] = read.partitionValues
      reads.append(read)
    }
  }

  /// The plan for the commits so far.
  ///
  /// - Parameter earlier: what was in force before the first commit; asked for when ``needsEarlierSchema``.
  /// - Throws: ``DeltaError`` `schemaMismatch` naming the version since which older rows can't be shown as the last
  ///   version has them, `corruptLog`.
  package consuming func finish(earlier: Era?) throws(DeltaError) -> ChangeFeedPlan {
    var plan = try ChangeFeedPlan(current.metadata, current.versions, reads: reads)
    let compatibility = ChangeFeedCompatibility(
      showingUnder: plan.mapping, partitionColumns: plan.partitionColumns)
    // From the last change back: the first that fails is the one that broke it.
    for (older, newer) in zip(eras, eras.dropFirst()).reversed() {
      plan.nullableColumns.formUnion(try compatibility.check(older.era, endedBy: newer.first))
    }
    if needsEarlierSchema, let first = eras.first?.first {
      guard let earlier else { throw .unknownOlderSchema(at: first) }
      plan.nullableColumns.formUnion(try compatibility.check(earlier, endedBy: first))
    }
    return plan
  }
}
