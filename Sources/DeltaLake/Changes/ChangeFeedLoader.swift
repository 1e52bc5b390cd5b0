internal import DeltaLog

/// Reads the commits of a range and plans their change feed.
struct ChangeFeedLoader {
  let location: TableLocation

  func plan(from first: Moment, to last: Moment) async throws -> ChangeFeedPlan {
    let log = LogDirectory(location: location)
    let listing = try await log.list()
    guard !listing.isEmpty, let newest = listing.latestVersion else { throw DeltaError.notATable(location) }
    let versions = VersionFinder(log: log, listing: listing)
    let start = try await versions.firstVersion(first)
    let end = try await versions.lastVersion(last)
    guard start <= end else {
      throw DeltaError.invalidArgument(
        "The range of changes from version \(start) to \(end) ends before it begins. The newest version is \(newest).")
    }
    // What is in force when the range begins; its own commits may change that.
    let snapshot = try await DeltaTable(location: location).inspectableSnapshot(asOf: .version(start))
    let hasCatalog = location.catalogCommits != nil
    try FeatureGate.checkReadable(snapshot.protocol, snapshot.metadata, hasCatalog: hasCatalog)
    // The range may be far longer than the log: its commits are walked, not its numbers.
    let files = listing.commits.filter { (start...end).contains($0.version) }
    for (index, expected) in zip(0...files.count, start...end) {
      guard index < files.count, files[index].version == expected else {
        throw DeltaError.versionNotFound(
          expected, available: listing.commits.first.map { $0.version...newest }, because: "its commit file is missing")
      }
    }
    let times = Dictionary(
      CommitTimestamps(listing.commits).commits.map { ($0.version, $0.timestamp) }, uniquingKeysWith: { $1 })
    var versionsInForce = snapshot.protocol
    var metadataInForce = snapshot.metadata
    var planner = ChangeFeedPlanner(snapshot.metadata, snapshot.protocol)
    try await LogFileReader(log: log).forEach(files) { file, bytes in
      let actions = try CommitScanner.actions(in: bytes, file: file.name, version: file.version)
      var timestamp = times[file.version] ?? file.modificationTime
      for action in actions {
        switch action {
        case .protocol(let newer):
          versionsInForce = newer
          try FeatureGate.checkReadable(newer, snapshot.metadata, hasCatalog: hasCatalog)
        case .metadata(let newer): metadataInForce = newer
        default: break
        }
      }
      let rule = InCommitTimestampRule(versionsInForce, metadataInForce)
      for case .commitInfo(let info) in actions where rule?.covers(file.version) == true {
        timestamp = info.inCommitTimestamp ?? timestamp
      }
      try planner.append(ChangeFeedPlan.Commit(version: file.version, timestamp: timestamp, actions: actions))
    }
    let earlier = planner.needsEarlierSchema && start > 0 ? try await era(of: start - 1) : nil
    return try planner.finish(earlier: earlier)
  }

  /// What was in force at a version; `nil` when the log no longer tells.
  private func era(of version: Version) async throws -> ChangeFeedPlanner.Era? {
    do {
      let snapshot = try await DeltaTable(location: location).inspectableSnapshot(asOf: .version(version))
      return ChangeFeedPlanner.Era(snapshot.metadata, snapshot.protocol)
    } catch let error as DeltaError where error.code == .versionNotFound || error.code == .gapInLog {
      return nil
    }
  }
}

extension VersionFinder {
  /// Where a range that ends at a moment ends.
  func lastVersion(_ moment: Moment) async throws -> Version {
    let newest = listing.latestVersion ?? 0
    switch moment {
    case .latest: return newest
    case .version(let version):
      guard version <= newest else {
        throw DeltaError.versionNotFound(
          version, available: listing.earliestVersion.map { $0...newest }, because: "the latest version is \(newest)")
      }
      return version
    case .timestamp(let timestamp): return try await version(atOrBefore: timestamp)
    }
  }

  /// Where a range that begins at a moment begins: at a time's first version at or after it.
  func firstVersion(_ moment: Moment) async throws -> Version {
    guard case .timestamp(let timestamp) = moment else { return try await lastVersion(moment) }
    let earlier = Timestamp(milliseconds: max(timestamp.milliseconds, .min + 1) - 1)
    do {
      return try await version(atOrBefore: earlier) + 1
    } catch let error as DeltaError where error.code == .versionNotFound {
      return listing.earliestVersion ?? 0
    }
  }
}
