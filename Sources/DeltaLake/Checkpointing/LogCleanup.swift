internal import DeltaLog
internal import ObjectStorage

/// Deletes the log files of versions that the table's retention no longer keeps, up to a checkpoint that was read and
/// found whole: without it the table would be lost with them.
///
/// Spec: Delta § Metadata Cleanup
struct LogCleanup {
  private let snapshot: Snapshot
  private let retention: LogRetention

  init(_ snapshot: Snapshot, now: Timestamp = .now()) {
    self.snapshot = snapshot
    retention = LogRetention(TableProperties(snapshot.metadata), now: now)
  }

  /// - Returns: how many files were deleted.
  func run() async throws -> Int {
    guard TableProperties(snapshot.metadata).cleansUpLog else { return 0 }
    let log = LogDirectory(location: snapshot.location)
    let listing = try await log.list()
    let plan = LogCleanupPlan(
      listing.files, before: retention.logCutoff,
      protected: LogCleanupPlan.protectedVersion(snapshot.metadata, snapshot.protocol))
    guard let plan else { return 0 }
    guard let checkpoint = try await wholeCheckpoint(listing, at: plan.firstVersion) else {
      throw DeltaError(
        .corruptCheckpoint,
        "The log before version \(plan.firstVersion) has expired, but the checkpoint there can't be read, so nothing was "
          + "deleted. Write a new checkpoint.", version: plan.firstVersion)
    }
    // It was read from what the system remembers of the disk. What is deleted may be gone from the disk first.
    try await makeDurable(checkpoint)
    for file in plan.files {
      try Task.checkCancellation()
      try await delete(file.name)
    }
    return plan.files.count + (try await deleteSidecars(listing, from: plan.firstVersion))
  }

  private func wholeCheckpoint(_ listing: LogListing, at version: Version) async throws -> LogCheckpoint? {
    guard let checkpoint = listing.checkpoints.first(where: { $0.version == version }) else { return nil }
    do {
      var replay = LogReplay()
      try await CheckpointReader(log: LogDirectory(location: snapshot.location)).read(checkpoint, into: &replay)
      _ = try replay.finish(version: version)
      return checkpoint
    } catch let error as DeltaError where error.code == .corruptCheckpoint || error.code == .corruptLog {
      return nil
    }
  }

  /// Waits until all of a checkpoint is on the disk, whoever wrote it.
  private func makeDurable(_ checkpoint: LogCheckpoint) async throws {
    let log = LogDirectory(location: snapshot.location)
    var files = try checkpoint.files.map { try log.file($0.name) }
    files += try await CheckpointReader(log: log).sidecars(of: checkpoint).map { try log.sidecar($0) }
    do {
      for file in files { try await file.store.synchronize(file.path) }
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
  }

  /// The sidecars that no checkpoint which stays names.
  private func deleteSidecars(_ listing: LogListing, from version: Version) async throws -> Int {
    let log = LogDirectory(location: snapshot.location)
    let directory = TableLocation.logDirectory + "/_sidecars"
    let found = try await snapshot.location.store.list(directory)
    guard !found.isEmpty else { return 0 }
    var named: Set<String> = []
    for checkpoint in listing.checkpoints where checkpoint.version >= version {
      named.formUnion(try await CheckpointReader(log: log).sidecars(of: checkpoint).map(\.path))
    }
    let expired = LogCleanupPlan.expiredSidecars(
      found.map { (String($0.name), Timestamp(milliseconds: $0.lastModified)) }, referenced: named,
      before: retention.sidecarCutoff)
    for name in expired { try await delete("_sidecars/" + name) }
    return expired.count
  }

  private func delete(_ name: String) async throws {
    do {
      try await snapshot.location.store.delete(TableLocation.logDirectory + "/" + name)
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
  }
}
