internal import DeltaLog
internal import ObjectStorage

/// What follows a commit: the version's checksum, a checkpoint when one is due, and the clean-up of what has expired. The
/// commit stands whatever becomes of these.
struct LogMaintenance {
  private let snapshot: Snapshot
  private let options: CommitOptions

  init(_ snapshot: Snapshot, _ options: CommitOptions) {
    self.snapshot = snapshot
    self.options = options
  }

  /// - Returns: what did not work out, in words.
  func run() async -> [String] {
    var warnings: [String] = []
    await attempt("The checksum", &warnings) { try await writeChecksum() }
    let retention = LogRetention(TableProperties(snapshot.metadata), now: .now())
    if retention.isCheckpointDue(at: snapshot.version) {
      await attempt("The checkpoint", &warnings) {
        _ = try await Checkpointing(snapshot, durability: options.durability).run()
      }
      // Looking through a long log takes longer than the commit. What expires does so at midnight: the day's first
      // checkpoint does it, and now and then another, since who wrote that one may not clean up.
      let isFirstOfDay = !(snapshot.checkpointTime.map(retention.isSameDay) ?? false)
      if isFirstOfDay || retention.isCleanUpDue(at: snapshot.version) {
        await attempt("The clean-up of the log", &warnings) { _ = try await LogCleanup(snapshot).run() }
      }
    }
    return warnings
  }

  /// Spec: Delta § Version Checksum File
  private func writeChecksum() async throws {
    guard let bytes = snapshot.checksum?.encoded() else { return }
    // A checksum that is lost with the power is none: nobody waits for it.
    _ = try await snapshot.location.store.write(
      bytes, to: TableLocation.logDirectory + "/" + LogFile.checksumName(snapshot.version), .ifAbsent,
      durability: .relaxed)
  }

  private func attempt(_ what: String, _ warnings: inout [String], _ body: () async throws -> Void) async {
    do {
      try await body()
    } catch {
      warnings.append(
        "\(what) of version \(snapshot.version) was not made: \((error as? DeltaError)?.message ?? "\(error)")")
    }
  }
}
