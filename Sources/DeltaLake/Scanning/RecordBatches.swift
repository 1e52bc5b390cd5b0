public import Columnar

/// The batches of a scan, made in parallel as they are asked for.
///
/// At most a window of rows and bytes is in memory, however large the table or long its strings. Dropping the iterator,
/// or cancelling the task that iterates, stops reading.
public struct RecordBatches: AsyncSequence, Sendable {
  public typealias Element = RecordBatch

  /// What each batch's columns are.
  public let schema: Schema

  let workerCount: Int
  let isOrdered: Bool
  /// Rows in all, at the most.
  let limit: Int?
  let feeder: BatchPipeline<RecordBatch>.Feeder

  public func makeAsyncIterator() -> Iterator {
    let pipeline = BatchPipeline<RecordBatch>(
      workerCount: workerCount, window: workerCount * Self.windowBytesPerWorker, isOrdered: isOrdered
    ) { Swift.max($0.byteCount, $0.rowCount * Self.leastRowBytes) }
    return Iterator(pipeline: pipeline, feeder: feeder, limit: limit)
  }

  static let batchRowCount = 32_768
  /// Batches that are ready and wait.
  private static let windowBytesPerWorker = 32 << 20
  /// Small rows count as this many bytes: two batches of them are enough to keep a worker busy.
  private static let leastRowBytes = windowBytesPerWorker / (2 * batchRowCount)

  /// Starts reading at the first `next()`.
  public struct Iterator: AsyncIteratorProtocol {
    private let run: Run
    private var rest: Int?

    fileprivate init(
      pipeline: BatchPipeline<RecordBatch>, feeder: @escaping BatchPipeline<RecordBatch>.Feeder, limit: Int?
    ) {
      run = Run(pipeline: pipeline, feeder: feeder)
      rest = limit
    }

    /// - Throws: ``DeltaError`` or `CancellationError`.
    public mutating func next() async throws -> RecordBatch? {
      if let rest, rest <= 0 {
        run.pipeline.cancel()
        return nil
      }
      run.startOnce()
      guard let batch = try await run.pipeline.next() else { return nil }
      guard let rest else { return batch }
      self.rest = rest - batch.rowCount
      return batch.rowCount <= rest ? batch : batch.slice(0..<rest)
    }
  }

  /// One iteration's pipeline. A class, so that the end of its life ends the work.
  private final class Run: @unchecked Sendable {
    let pipeline: BatchPipeline<RecordBatch>
    private var feeder: BatchPipeline<RecordBatch>.Feeder?

    init(pipeline: BatchPipeline<RecordBatch>, feeder: @escaping BatchPipeline<RecordBatch>.Feeder) {
      self.pipeline = pipeline
      self.feeder = feeder
    }

    func startOnce() {
      guard let feeder else { return }
      self.feeder = nil
      pipeline.start(feeder)
    }

    deinit { pipeline.cancel() }
  }
}
