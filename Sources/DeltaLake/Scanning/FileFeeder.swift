internal import Columnar

/// Opens data files a few ahead and enqueues their row groups in order.
enum FileFeeder {
  /// Files whose footers are read at the same time.
  private static let openAhead = 4

  /// - Parameter files: makes the `index`-th file's read; called in order, as late as possible.
  static func feed(
    fileCount: Int, batchRowCount: Int, read: @escaping @Sendable (Int) async throws -> DataFileRead,
    enqueue: (@escaping BatchPipeline<RecordBatch>.Work) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, [BatchPipeline<RecordBatch>.Work]).self) { group in
      var next = 0
      func openNext() {
        guard next < fileCount else { return }
        let index = next
        next += 1
        group.addTask(executorPreference: WorkerThreads.shared) {
          (index, try await read(index).rowGroups(batchRowCount: batchRowCount))
        }
      }
      for _ in 0..<openAhead { openNext() }
      var opened: [Int: [BatchPipeline<RecordBatch>.Work]] = [:]
      var turn = 0
      while let (index, rowGroups) = try await group.next() {
        opened[index] = rowGroups
        while let rowGroups = opened.removeValue(forKey: turn) {
          for work in rowGroups { try await enqueue(work) }
          turn += 1
          openNext()
        }
      }
    }
  }
}
