import Columnar
import Synchronization
import Testing

@testable import DeltaLake

@Suite("The window of a scan")
struct RecordBatchesTests {
  /// A batch of one string.
  private func batch(ofBytes count: Int) -> RecordBatch {
    let storage = ColumnStorage.bytes(offsets: Buffer(copying: [0, Int32(count)]), data: Buffer(zeroed: count))
    return RecordBatch(
      schema: StructType([StructField("text", .string)]), columns: [Column(.string, count: 1, storage: storage)],
      rowCount: 1)
  }

  @Test("is bounded in bytes, however few the rows", arguments: [true, false])
  func bytes(isOrdered: Bool) async throws {
    let emitted = Mutex(0)
    let large = batch(ofBytes: 8 << 20)
    let batches = RecordBatches(schema: large.schema, workerCount: 2, isOrdered: isOrdered, limit: nil) { enqueue in
      for _ in 0..<40 {
        try await enqueue { emit in
          try await emit(large)
          emitted.withLock { $0 += 1 }
        }
      }
    }
    var iterator = batches.makeAsyncIterator()
    #expect(try await iterator.next()?.rowCount == 1)
    try await Task.sleep(for: .milliseconds(50))
    // 64 MiB, what was taken, and a batch a worker that was let in just below the bound.
    #expect(emitted.withLock { $0 } <= 11)
    var count = 1
    while try await iterator.next() != nil { count += 1 }
    #expect(count == 40)
  }

  @Test("A batch's bytes are those of all its buffers")
  func byteCount() {
    #expect(batch(ofBytes: 1000).byteCount == 1008)
    let longs = Column(longs: [1, 2, 3])
    #expect(longs.byteCount == 24)
    let codes = ColumnStorage.dictionary(codes: Buffer(copying: [0, 0] as [Int32]), values: longs)
    #expect(Column(.long, count: 2, storage: codes).byteCount == 32)
    let pair = Column(.struct(StructType([])), count: 3, storage: .structure([longs, longs]))
    #expect(pair.byteCount == 48)
    #expect(Column(nulls: 64, of: .long).byteCount == 64 * 8 + 8)
  }
}
