internal import Columnar
internal import DeltaLog
internal import Parquet

/// Checkpoints: Parquet files read with the checkpoint's schema and decoded into a table's state.
struct CheckpointTarget: FuzzTarget {
  let name = "checkpoint"
  let maximumSize = 64 << 10

  func run(_ bytes: UnsafeRawBufferPointer) {
    let source = BytesSource(bytes: Array(bytes))
    Waiting.run {
      var schema = CheckpointSchema()
      schema.statistics = .json
      schema.includesRemoves = true
      schema.includesExtras = true
      // Buffers of a batch are made anew for each input.
      var read = ParquetRead(schema: schema.schema)
      read.batchRowCount = 1_000
      guard let file = try? await ParquetFile.open(source), let tasks = try? await file.rowGroups(read) else { return }
      var options = LogReplay.Options()
      options.keepsTombstones = true
      options.keepsExtras = true
      var replay = LogReplay(options: options)
      let decoder = replay.checkpointDecoder()
      var row: Int64 = 0
      for task in tasks {
        guard row < ParquetTarget.rowLimit, var reader = try? task.reader() else { break }
        while row < ParquetTarget.rowLimit, let batch = try? await reader.next()?.batch {
          guard let part = try? decoder.decode(batch, file: "checkpoint", version: 1, firstRow: row) else { return }
          replay.append(part)
          row += Int64(batch.rowCount)
        }
      }
      guard let state = try? replay.finish(version: 1) else { return }
      for index in 0..<min(1_000, state.files.count) {
        _ = state.files.addFile(at: index)
        _ = state.files.partitionValues(at: index)
        _ = try? state.files.deletionVector(at: index)?.place()
      }
    }
  }

  func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8]? { ParquetMutator.mutated(bytes, &random) }

  func seeds(from file: SeedFile) -> [[UInt8]] {
    guard file.isParquet, file.isCheckpoint, let bytes = file.bytes(upTo: 48 << 10) else { return [] }
    return [bytes, ParquetMutator.uncompressed(bytes)].compactMap { $0 }
  }
}
