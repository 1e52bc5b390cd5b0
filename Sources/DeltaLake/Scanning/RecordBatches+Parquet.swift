package import Parquet

extension RecordBatches {
  /// The rows of one Parquet file that is not part of a table.
  package init(of file: ParquetFile, read: ParquetRead = ParquetRead(), threadCount: Int? = nil, isOrdered: Bool = true)
  {
    schema = read.schema ?? file.rowSchema
    workerCount = threadCount ?? WorkerThreads.coreCount
    self.isOrdered = isOrdered
    limit = nil
    feeder = { enqueue in
      for task in try await file.rowGroups(read) {
        try await enqueue { emit in
          var reader = try await task.reader()
          while let batch = try await reader.next() {
            try Task.checkCancellation()
            try await emit(batch.batch)
          }
        }
      }
    }
  }
}
