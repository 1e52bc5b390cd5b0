package import Parquet

extension RecordBatches {
  /// The rows of one Parquet file that is not part of a table.
  package init(of file: ParquetFile, read: ParquetRead = ParquetRead(), threadCount: Int? = nil, isOrdered: Bool = true)
  {
    schema = read.schema ?? file.rowSchema
    let workers = threadCount ?? WorkerThreads.coreCount
    workerCount = workers
    self.isOrdered = isOrdered
    limit = nil
    feeder = { enqueue in
      let rowGroups = try await file.rowGroups(read)
      var shares = WorkShares(total: rowGroups.reduce(0) { $0 + Double($1.rowCount) }, workerCount: workers)
      for rowGroup in rowGroups {
        for task in rowGroup.split(into: shares.parts(of: Double(rowGroup.rowCount))) {
          try await enqueue { emit in
            var reader = try task.reader()
            while let batch = try await reader.next() {
              try Task.checkCancellation()
              try await emit(batch.batch)
            }
          }
        }
      }
    }
  }
}
