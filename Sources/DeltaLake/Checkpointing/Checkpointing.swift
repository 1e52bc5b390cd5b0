public import DeltaLog
public import ObjectStorage

/// Makes a checkpoint and says so in `_last_checkpoint`.
struct Checkpointing {
  private let snapshot: Snapshot
  private let durability: Durability

  init(_ snapshot: Snapshot, durability: Durability) {
    self.snapshot = snapshot
    self.durability = durability
  }

  func run() async throws -> LastCheckpointHint {
    var writer = CheckpointWriter(snapshot, durability: durability)
    return try await announce(try await writer.write())
  }

  /// The checkpoint of a version that was just committed, by the files that it is known to be of.
  ///
  /// - Returns: its file, unless somebody else has written one meanwhile.
  func runAfterCommit() async throws -> LogFile? {
    var writer = CheckpointWriter(snapshot, durability: durability)
    let made = try await writer.write(along: snapshot.trail)
    _ = try await announce(made)
    return made.file
  }

  private func announce(_ made: WrittenCheckpoint) async throws -> LastCheckpointHint {
    let log = LogDirectory(location: snapshot.location)
    // Someone else may have gone further meanwhile.
    if let other = try await log.hint(), other.version > made.hint.version { return made.hint }
    do {
      _ = try await snapshot.location.store.write(
        made.hint.bytes, to: TableLocation.logDirectory + "/" + LastCheckpointHint.fileName, .always,
        durability: durability)
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
    return made.hint
  }
}

/// A checkpoint of a version that is there.
struct WrittenCheckpoint: Sendable {
  let hint: LastCheckpointHint
  /// `nil` when another writer's was there.
  var file: LogFile?
}

extension DeltaTable {
  /// Writes a checkpoint of the newest version, from which reading the table starts quickly.
  ///
  /// Memory: the checkpoint's own bytes, compressed; with V2 checkpoints a row group of a sidecar.
  ///
  /// - Returns: the version.
  /// - Throws: ``DeltaError`` as ``snapshot(asOf:)``, `.storageFailed`, `.corruptCheckpoint` when what was made could not
  ///   be read back.
  ///
  /// Spec: Delta § Checkpoints
  @discardableResult
  public func checkpoint(durability: Durability = .full) async throws -> CheckpointReport {
    let snapshot = try await snapshot()
    try snapshot.checkWritable()
    let hint = try await Checkpointing(snapshot, durability: durability).run()
    return CheckpointReport(version: hint.version, actionCount: hint.size, fileCount: hint.numOfAddFiles)
  }
}

/// A checkpoint that was made, or was there.
public struct CheckpointReport: Sendable {
  public let version: Version
  /// `nil` for a checkpoint that was there.
  public let actionCount: Int64?
  /// The table's files; `nil` for a checkpoint that was there.
  public let fileCount: Int64?
}
