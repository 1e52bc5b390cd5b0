package import Columnar

// Batches that a layer above makes, for which the same holds: made as they are asked for, a window of them in memory.
extension RecordBatches {
  /// One batch, made when it is asked for.
  package init(_ schema: Schema, limit: Int?, making body: @escaping @Sendable () async throws -> RecordBatch) {
    self.init(schema: schema, workerCount: 1, isOrdered: true, limit: limit) { enqueue in
      try await enqueue { emit in try await emit(try await body()) }
    }
  }

  /// A batch made of each of these, with as many rows, by the thread that decoded it.
  package func mapping(
    to schema: Schema, _ transform: @escaping @Sendable (RecordBatch) throws -> RecordBatch
  ) -> RecordBatches {
    let feeder = feeder
    return RecordBatches(schema: schema, workerCount: workerCount, isOrdered: isOrdered, limit: limit) { enqueue in
      try await feeder { work in
        try await enqueue { emit in try await work { try await emit(try transform($0)) } }
      }
    }
  }
}
