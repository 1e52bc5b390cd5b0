internal import DeltaLog
internal import ObjectStorage

/// What follows a commit: the version's checksum, a checkpoint when one is due, and the clean-up of what has expired. The
/// commit stands whatever becomes of these.
struct LogMaintenance {
  private let options: CommitOptions

  init(_ options: CommitOptions) {
    self.options = options
  }

  /// - Parameter snapshot: as the commit left the table; learns of its checkpoint.
  /// - Returns: what did not work out, in words.
  func run(after snapshot: inout Snapshot) async -> [String] {
    var warnings: [String] = []
    let retention = LogRetention(TableProperties(snapshot.metadata), now: .now())
    let isCheckpointDue = retention.isCheckpointDue(at: snapshot.version)
    if let checksum = snapshot.checksum, isCheckpointDue || isChecksumDue(snapshot) {
      let made = snapshot
      if await attempt("The checksum", of: made, &warnings, { try await write(checksum, of: made) }) {
        snapshot = made.withChecksum(at: .now())
      }
    }
    guard isCheckpointDue else { return warnings }
    let made = snapshot
    var checkpoint: LogFile?
    await attempt("The checkpoint", of: made, &warnings) {
      checkpoint = try await Checkpointing(made, durability: options.durability).runAfterCommit()
    }
    // Looking through a long log takes longer than the commit. What expires does so at midnight: the day's first
    // checkpoint does it, and now and then another, since who wrote that one may not clean up.
    let isFirstOfDay = !(made.checkpointTime.map(retention.isSameDay) ?? false)
    var isCleaned = true
    if isFirstOfDay || retention.isCleanUpDue(at: made.version) {
      isCleaned = await attempt("The clean-up of the log", of: made, &warnings) { _ = try await LogCleanup(made).run() }
    }
    // Where it failed, the next checkpoint is the day's first again.
    if let checkpoint { snapshot = made.checkpointed(by: checkpoint, keepingTime: !isCleaned) }
    return warnings
  }

  /// Commits that follow each other faster have one checksum together, and one where a checkpoint is due: making a file
  /// takes as long as the rest of a small commit. Readers do without, and the next one is counted all the same.
  private static let checksumInterval: Int64 = 50

  private func isChecksumDue(_ snapshot: Snapshot) -> Bool {
    guard let last = snapshot.checksumTime else { return true }
    let age = Timestamp.now().milliseconds &- last.milliseconds
    return age < 0 || age >= Self.checksumInterval
  }

  /// Spec: Delta § Version Checksum File
  private func write(_ checksum: VersionChecksum, of snapshot: Snapshot) async throws {
    // A checksum that is lost with the power is none: nobody waits for it.
    _ = try await snapshot.location.store.write(
      checksum.encoded(), to: TableLocation.logDirectory + "/" + LogFile.checksumName(snapshot.version), .ifAbsent,
      durability: .relaxed)
  }

  /// - Returns: whether it worked out.
  @discardableResult
  private func attempt(
    _ what: String, of snapshot: Snapshot, _ warnings: inout [String], _ body: () async throws -> Void
  ) async -> Bool {
    do {
      try await body()
      return true
    } catch {
      warnings.append(
        "\(what) of version \(snapshot.version) was not made: \((error as? DeltaError)?.message ?? "\(error)")")
      return false
    }
  }
}
