internal import Columnar
internal import DeltaLog
internal import ObjectStorage
internal import Parquet

/// Reads a checkpoint's files into a replay, row groups in parallel.
struct CheckpointReader {
  let log: LogDirectory

  /// Rows decoded at a time. Larger than a scan's, since a batch's overhead is a table of its own.
  private static let batchRowCount = 65_536

  /// - Throws: `corruptCheckpoint` whatever is wrong with a file, so that the caller can do without.
  func read(_ checkpoint: LogCheckpoint, into replay: inout LogReplay) async throws {
    var sidecars: [SidecarFile] = []
    if checkpoint.isJSON, let file = checkpoint.files.first {
      sidecars = try replay.apply(jsonCheckpoint: try await read(file), file)
    } else {
      let files = try checkpoint.files.map { Source(name: $0.name, file: try log.file($0.name)) }
      sidecars = try await decode(files, of: checkpoint, CheckpointSchema().schema, into: &replay)
    }
    guard !sidecars.isEmpty else { return }
    var schema = CheckpointSchema()
    schema.includesTableActions = false
    let files = try sidecars.map { sidecar in
      do throws(DeltaError) {
        return Source(name: "_sidecars/" + sidecar.path, file: try log.sidecar(sidecar))
      } catch {
        throw DeltaError(
          .corruptCheckpoint, "A sidecar of the checkpoint can't be read: \(error.message)", path: sidecar.path,
          version: checkpoint.version, cause: error)
      }
    }
    let nested = try await decode(files, of: checkpoint, schema.schema, into: &replay)
    guard nested.isEmpty else {
      throw DeltaError(.corruptCheckpoint, "A sidecar of checkpoint \(checkpoint.version) names further sidecars.")
    }
  }

  /// The sidecars that a checkpoint names.
  func sidecars(of checkpoint: LogCheckpoint) async throws -> [SidecarFile] {
    var replay = LogReplay()
    if checkpoint.isJSON, let file = checkpoint.files.first {
      return try replay.apply(jsonCheckpoint: try await read(file), file)
    }
    let files = try checkpoint.files.map { Source(name: $0.name, file: try log.file($0.name)) }
    let schema = Schema(CheckpointSchema().schema.fields.filter { $0.name == "sidecar" })
    return try await decode(files, of: checkpoint, schema, into: &replay)
  }

  private func read(_ file: LogFile) async throws -> [UInt8] {
    do {
      return try await log.read(file.name)
    } catch let error as DeltaError {
      throw DeltaError(
        .corruptCheckpoint, "The checkpoint file \(file.name) can't be read: \(error.message)", path: file.name,
        version: file.version, cause: error)
    }
  }

  private struct Source: Sendable {
    let name: String
    let file: FileReference
  }

  /// Decodes Parquet files in order.
  ///
  /// - Returns: the sidecars that they name.
  private func decode(
    _ sources: [Source], of checkpoint: LogCheckpoint, _ schema: Schema, into replay: inout LogReplay
  ) async throws -> [SidecarFile] {
    let decoder = replay.checkpointDecoder()
    let version = checkpoint.version
    let pipeline = BatchPipeline<CheckpointPart>(
      workerCount: log.location.threadCount, window: 1 << 20, isOrdered: true
    ) { $0.files.count + 1 }
    pipeline.start { enqueue in
      for source in sources {
        let rowGroups = try await Self.describingDamage(of: source.name, version) { () async throws -> [RowGroupTask] in
          let parquet = try await ParquetFile.open(ObjectByteSource(file: source.file, knownSize: nil))
          var read = ParquetRead()
          read.schema = schema
          read.batchRowCount = Self.batchRowCount
          return try await parquet.rowGroups(read)
        }
        for task in rowGroups {
          try await enqueue { emit in
            try await Self.describingDamage(of: source.name, version) { () async throws -> Void in
              var reader = try await task.reader()
              var firstRow = task.firstRow
              while let batch = try await reader.next() {
                try Task.checkCancellation()
                let part = try decoder.decode(batch.batch, file: source.name, version: version, firstRow: firstRow)
                firstRow += Int64(batch.batch.rowCount)
                try await emit(part)
              }
            }
          }
        }
      }
    }
    var sidecars: [SidecarFile] = []
    while let part = try await pipeline.next() {
      sidecars += part.sidecars
      replay.append(part)
    }
    return sidecars
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
