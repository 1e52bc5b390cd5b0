internal import DeltaLog
internal import ObjectStorage

/// What a table's latest version is to ``FeatureRemoval``, and the checkpoints that keep clients without the feature from
/// reading what is older.
struct FeatureDropping {
  let base: Snapshot
  let durability: Durability

  /// - Parameters:
  ///   - names: of features, in the order they go.
  ///   - table: as it is without the features' own properties, once the commit's other changes are made.
  /// - Returns: what the commit is to hold.
  /// - Throws: ``DeltaError``: `.invalidArgument` for a feature that the table hasn't, `.operationRefused` with all that must
  ///   be done before, `.storageFailed`.
  func removals(
    of names: [String], from table: TableDefinition, _ versions: ProtocolVersions
  ) async throws -> [FeatureRemoval] {
    if names.isEmpty { return [] }
    var state = try state(of: table, versions)
    var removals: [FeatureRemoval] = []
    for name in names {
      if try FeatureRequest.rule(name).name == "v2Checkpoint" { state.hasV2Checkpoint = try await hasV2Checkpoint() }
      let removal = try FeatureRemoval(of: name, from: state)
      removals.append(removal)
      state.protocolVersions = removal.protocolVersions
      state.metadata = removal.metadata
      let removed = Set(removal.removedDomains.map(\.domain))
      state.domains.removeAll { removed.contains($0.domain) }
    }
    // The version before has nothing of the feature but its name. Who starts from a checkpoint of it sees no more.
    if removals.contains(where: \.protectsHistory) {
      _ = try await Checkpointing(base, durability: durability).run()
    }
    return removals
  }

  /// After the commit: its own version gets a checkpoint, too.
  ///
  /// - Returns: the commit, and what did not work out.
  func finish(_ commit: Commit, _ removals: [FeatureRemoval]) async -> Commit {
    guard removals.contains(where: \.protectsHistory) else { return commit }
    do {
      _ = try await Checkpointing(commit.snapshot, durability: durability).run()
      return commit
    } catch {
      return Commit(
        version: commit.version, snapshot: commit.snapshot, attemptCount: commit.attemptCount,
        warnings: commit.warnings + ["The checkpoint of version \(commit.version) was not made: \(error)"])
    }
  }

  private func state(of table: TableDefinition, _ versions: ProtocolVersions) throws -> FeatureRemoval.State {
    let files = base.state.files
    var state = FeatureRemoval.State(
      protocolVersions: versions, metadata: try table.writtenMetadata(), schema: table.schema, version: base.version + 1
    )
    state.domains = base.state.domains.values.filter { !$0.removed }
    state.deletionVectorCount = (0..<files.count).count { files.deletionVector(at: $0) != nil }
    state.trackedFileCount = (0..<files.count).count {
      files.baseRowId(at: $0) != nil || files.defaultRowCommitVersion(at: $0) != nil
    }
    // Files don't say when they were written; where no column changed its type, none is of another one.
    state.hasFilesOfOldTypes = try !TypeWidening.changes(in: table.schema).isEmpty
    return state
  }

  /// Whether clients that know only classic checkpoints would start from one that they can't read. A table that keeps V2
  /// checkpoints no more gets a classic one here.
  private func hasV2Checkpoint() async throws -> Bool {
    guard !base.protocol.hasActive("v2Checkpoint", base.metadata) else { return true }
    _ = try await Checkpointing(base, durability: durability).run()
    let log = LogDirectory(location: base.location)
    guard let checkpoint = try await log.list().checkpoints.first(where: { $0.version <= base.version }) else {
      return false
    }
    if checkpoint.isV2 { return true }
    return try await !CheckpointReader(log: log).sidecars(of: checkpoint).isEmpty
  }
}
