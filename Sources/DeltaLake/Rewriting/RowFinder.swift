internal import Columnar
internal import DeltaLog
internal import Parquet

/// Finds the rows of data files for which a condition is true, reading no columns but the condition's.
struct RowFinder: Sendable {
  let snapshot: Snapshot
  /// Resolved against the snapshot's schema.
  let predicate: ColumnPredicate

  /// Sets that wait to be taken hold at most about as many positions.
  private static let window = 1 << 22

  private struct Found: Sendable {
    /// Of the files that were given.
    var number: Int
    var rowCount: Int64
    var rows: RoaringBitmapArray
  }

  /// The files with such rows, in the order given. Memory: the positions, compressed.
  ///
  /// - Parameter files: in the file table.
  /// - Throws: ``DeltaError`` naming a file that can't be read.
  func matches(in files: [Int]) async throws -> [MatchedFile] {
    var reads = try SnapshotFileReads(try snapshot.scan().select([]), files: files, predicate: predicate)
    reads.includesRowPositions = true
    var found: [Int: MatchedFile] = [:]
    let pipeline = pipeline(reads)
    defer { pipeline.cancel() }
    while let next = try await pipeline.next() {
      let index = files[next.number]
      var file =
        found[next.number]
        ?? MatchedFile(
          index: index, rows: RoaringBitmapArray(), rowCount: next.rowCount,
          deletedCount: snapshot.state.files.deletedRowCount(at: index))
      file.rows = file.rows.union(next.rows)
      found[next.number] = file
    }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }

  private func pipeline(_ reads: SnapshotFileReads) -> BatchPipeline<Found> {
    let workerCount = snapshot.location.threadCount
    let pipeline = BatchPipeline<Found>(workerCount: workerCount, window: Self.window, isOrdered: false) {
      Int($0.rows.cardinality)
    }
    pipeline.start { enqueue in
      try await FileFeeder.feed(
        reads, workerCount: workerCount, batchRowCount: RecordBatches.batchRowCount
      ) { number, file, part in
        try await enqueue { emit in
          try await file.read.describingFailure { () async throws -> Void in
            var reader = try part.reader()
            while let batch = try await reader.next() {
              try Task.checkCancellation()
              guard batch.batch.rowCount > 0, let positions = batch.rowPositions else { continue }
              try await emit(
                Found(
                  number: number, rowCount: file.fileRowCount, rows: RoaringBitmapArray(ascending: positions)))
            }
          }
        }
      }
    }
    return pipeline
  }
}
