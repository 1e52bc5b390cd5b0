internal import Columnar

/// Opens data files a few ahead and enqueues their row groups in order. A file that can't be opened is an error when
/// its turn comes, so that the rows before it are still read.
enum FileFeeder {
  /// Files whose footers are read at the same time.
  private static let openAhead = 4

  /// - Parameter files: makes the `index`-th file's read; called in order, as late as possible.
  static func feed(
    fileCount: Int, batchRowCount: Int, read: @escaping @Sendable (Int) async throws -> DataFileRead,
    enqueue: (@escaping BatchPipeline<RecordBatch>.Work) async throws -> Void
  ) async throws {
    typealias Opened = Result<[BatchPipeline<RecordBatch>.Work], any Error>
    try await withThrowingTaskGroup(of: (Int, Opened).self) { group in
      var next = 0
      func openNext() {
        guard next < fileCount else { return }
        let index = next
        next += 1
        group.addTask(executorPreference: WorkerThreads.shared) {
          do {
            return (index, .success(try await read(index).rowGroups(batchRowCount: batchRowCount)))
          } catch {
            return (index, .failure(error))
          }
        }
      }
      for _ in 0..<openAhead { openNext() }
      var opened: [Int: Opened] = [:]
      var turn = 0
      while let (index, rowGroups) = try await group.next() {
        opened[index] = rowGroups
        while let rowGroups = opened.removeValue(forKey: turn) {
          for work in try rowGroups.get() { try await enqueue(work) }
          turn += 1
          openNext()
        }
      }
    }
  }
}
