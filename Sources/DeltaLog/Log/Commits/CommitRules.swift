/// What every commit must keep, whatever made it: asked for last, before the commit's file is written.
///
/// Spec: Delta § Delta Log Entries
package enum CommitRules {
  /// Everything that is wrong, in words. O(actions).
  ///
  /// - Parameters:
  ///   - versions: the protocol as it is with the commit.
  ///   - metadata: as it is with the commit.
  ///   - wasAppendOnly: whether the version before allows no change of rows: a commit can't lift that for itself.
  package static func violations(
    _ actions: some Collection<Action>, _ versions: ProtocolVersions, _ metadata: TableMetadata,
    wasAppendOnly: Bool = false
  ) -> [String] {
    var check = Check(versions, metadata, wasAppendOnly)
    for (index, action) in actions.enumerated() { check.visit(action, isFirst: index == 0) }
    check.finish()
    return check.found
  }

  /// - Throws: `operationRefused` with everything that is wrong.
  package static func check(
    _ actions: some Collection<Action>, _ versions: ProtocolVersions, _ metadata: TableMetadata,
    wasAppendOnly: Bool = false
  ) throws(DeltaError) {
    let found = violations(actions, versions, metadata, wasAppendOnly: wasAppendOnly)
    guard found.isEmpty else {
      throw DeltaError(.operationRefused, "The commit can't be made: " + found.joined(separator: "; ") + ".")
    }
  }

  private struct Check {
    let versions: ProtocolVersions
    let metadata: TableMetadata
    let isAppendOnly: Bool
    let hasInCommitTimestamps: Bool
    let hasRowIds: Bool
    let hasVectors: Bool
    var found: [String] = []
    var adds: Set<String> = []
    var removes: Set<String> = []
    var appIds: Set<String> = []
    var domains: Set<String> = []
    var counts = (metadata: 0, protocol: 0, commitInfo: 0)

    init(_ versions: ProtocolVersions, _ metadata: TableMetadata, _ wasAppendOnly: Bool) {
      self.versions = versions
      self.metadata = metadata
      isAppendOnly = wasAppendOnly || versions.hasActive("appendOnly", metadata)
      hasInCommitTimestamps = InCommitTimestamps.areEnabled(metadata, versions)
      hasRowIds = RowIdAssignment.isDone(in: metadata, versions)
      hasVectors = versions.supports("deletionVectors")
    }

    mutating func visit(_ action: Action, isFirst: Bool) {
      switch action {
      case .add(let file): visit(file)
      case .remove(let file):
        if !removes.insert(file.path).inserted { report("the file \(file.path) is removed twice") }
        if isAppendOnly, file.dataChange {
          report("the file \(file.path) is removed, and delta.appendOnly = true allows no change of rows")
        }
      case .change(let file):
        if file.dataChange { report("the change file \(file.path) says that it changes the table") }
      case .metadata: counts.metadata += 1
      case .protocol: counts.protocol += 1
      case .transaction(let transaction):
        if !appIds.insert(transaction.appId).inserted {
          report("there are two transactions of the application '\(transaction.appId)'")
        }
      case .domainMetadata(let domain):
        if !domains.insert(domain.domain).inserted { report("the domain '\(domain.domain)' is set twice") }
        if !versions.supports("domainMetadata") {
          report("the domain '\(domain.domain)' needs the feature 'domainMetadata'")
        }
      case .commitInfo(let info):
        counts.commitInfo += 1
        guard hasInCommitTimestamps else { return }
        if !isFirst { report("in-commit timestamps need commitInfo to be the first action") }
        if info.inCommitTimestamp == nil { report("in-commit timestamps are enabled and commitInfo has none") }
      case .sidecar, .checkpointMetadata: report("an action of checkpoints is in it")
      }
    }

    private mutating func visit(_ file: AddFile) {
      if !adds.insert(file.path).inserted { report("the file \(file.path) is added twice") }
      if file.path.isEmpty { report("a file has no path") }
      if file.sizeInBytes < 0 { report("the file \(file.path) has a negative size") }
      if file.deletionVector != nil {
        if !hasVectors { report("the file \(file.path) has a deletion vector without the feature 'deletionVectors'") }
        if file.stats.flatMap({ FileStatistics(json: $0, columns: []) })?.numRecords == nil {
          report("the file \(file.path) has a deletion vector and no number of records")
        }
      }
      if hasRowIds, file.baseRowId == nil || file.defaultRowCommitVersion == nil {
        report("the file \(file.path) has no row ids")
      }
      if file.partitionValues.count < metadata.partitionColumns.count {
        report("the file \(file.path) lacks values of partition columns")
      }
    }

    mutating func finish() {
      if counts.metadata > 1 { report("there are \(counts.metadata) metaData actions") }
      if counts.protocol > 1 { report("there are \(counts.protocol) protocol actions") }
      if counts.commitInfo > 1 { report("there are \(counts.commitInfo) commitInfo actions") }
      if hasInCommitTimestamps, counts.commitInfo == 0 { report("in-commit timestamps need commitInfo") }
    }

    private mutating func report(_ what: String) {
      // A thousand files with the same fault are not told of one by one.
      if found.count < 20 { found.append(what) }
    }
  }
}
