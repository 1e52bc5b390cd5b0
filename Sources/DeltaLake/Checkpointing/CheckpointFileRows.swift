internal import Columnar
internal import DeltaLog
internal import Parquet

/// The rows of a new checkpoint that are files: those of the older checkpoint that still count, then the commits' own.
struct CheckpointFileRows {
  private let log: LogDirectory
  private let layout: CheckpointLayout
  private let replay: LogReplay
  private let expiry: Timestamp
  /// Parquet files of the older checkpoint, with its sidecars.
  private let sources: [(name: String, file: FileReference)]
  private let version: Version
  private let snapshot: Snapshot

  private static let batchRowCount = 16_384

  /// - Parameters:
  ///   - snapshot: what the checkpoint is of.
  ///   - replay: of all commits after `older`.
  init(
    of snapshot: Snapshot, layout: CheckpointLayout, older: LogCheckpoint?, replay: LogReplay,
    tombstonesExpireBefore expiry: Timestamp
  ) async throws {
    self.snapshot = snapshot
    log = LogDirectory(location: snapshot.location)
    self.layout = layout
    self.expiry = expiry
    version = older?.version ?? 0
    var replay = replay
    var sources: [(String, FileReference)] = []
    if let older {
      let sidecars: [SidecarFile]
      if older.isJSON, let file = older.files.first {
        sidecars = try replay.apply(jsonCheckpoint: try await log.read(file.name), file)
      } else {
        for file in older.files { sources.append((file.name, try log.file(file.name))) }
        sidecars = try await CheckpointReader(log: log).sidecars(of: older)
      }
      for sidecar in sidecars { sources.append(("_sidecars/" + sidecar.path, try log.sidecar(sidecar))) }
    }
    self.sources = sources
    self.replay = replay
  }

  /// Calls `body` with all rows, in the layout's schema.
  func forEach(_ body: (RecordBatch) async throws -> Void) async throws {
    try await forEachOlder(body)
    let newer = replay.newerFiles()
    let rows = CheckpointRows(layout)
    for start in stride(from: 0, to: newer.files.count, by: Self.batchRowCount) {
      let end = min(start + Self.batchRowCount, newer.files.count)
      try await body(try rows.batch(of: (start..<end).map { .add(newer.files.addFile(at: $0)) }))
    }
    let kept = (0..<newer.tombstones.count).filter {
      newer.tombstones.modificationTimes[$0] >= expiry.milliseconds
    }
    for start in stride(from: 0, to: kept.count, by: Self.batchRowCount) {
      let chunk = kept[start..<min(start + Self.batchRowCount, kept.count)]
      try await body(try rows.batch(of: chunk.map { .remove(newer.tombstones.removeFile(at: $0)) }))
    }
  }

  private func forEachOlder(_ body: (RecordBatch) async throws -> Void) async throws {
    guard !sources.isEmpty else { return }
    let survivors = CheckpointSurvivors(replay.newer, tombstonesExpireBefore: expiry)
    let layout = layout
    let snapshot = snapshot
    let version = version
    let pipeline = BatchPipeline<RecordBatch>(
      workerCount: WorkerThreads.coreCount, window: 8 * Self.batchRowCount, isOrdered: true
    ) { $0.rowCount + 1 }
    pipeline.start { enqueue in
      for (name, file) in sources {
        let (tasks, completion) = try await Self.describingDamage(of: name, version) {
          () async throws -> ([RowGroupTask], CheckpointCompletion) in
          let parquet = try await ParquetFile.open(ObjectByteSource(file: file, knownSize: nil))
          let completion = CheckpointCompletion(
            layout, making: try StatisticsSchema.text(for: snapshot, missingIn: parquet))
          var read = ParquetRead()
          read.schema = completion.schemaToRead
          read.batchRowCount = Self.batchRowCount
          return (try await parquet.rowGroups(read), completion)
        }
        for task in tasks {
          try await enqueue { emit in
            try await Self.describingDamage(of: name, version) { () async throws -> Void in
              var reader = try await task.reader()
              while let batch = try await reader.next() {
                try Task.checkCancellation()
                let rows = try survivors.rows(of: batch.batch, file: name, version: version)
                let kept = rows.setCount == batch.batch.rowCount ? batch.batch : batch.batch.filtered(by: rows)
                if kept.rowCount > 0 { try await emit(try completion.complete(kept)) }
              }
            }
          }
        }
      }
    }
    defer { pipeline.cancel() }
    while let batch = try await pipeline.next() { try await body(batch) }
  }

  private static func describingDamage<Value>(
    of name: String, _ version: Version, _ body: () async throws -> Value
  ) async throws -> Value {
    do {
      return try await body()
    } catch {
      throw DeltaError.checkpointFile(name, version: version, failure: error)
    }
  }
}
