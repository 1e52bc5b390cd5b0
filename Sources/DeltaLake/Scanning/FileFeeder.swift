internal import Columnar
internal import Parquet

/// The data files that a reading goes through, in order.
protocol DataFileReads: Sendable {
  var count: Int { get }
  /// By the log; 0 where it doesn't say.
  func sizeInBytes(_ index: Int) -> Int64
  /// Called in order, as late as possible.
  func read(_ index: Int) async throws -> DataFileRead
}

/// Opens data files a few ahead and enqueues their row groups in order, in parts where workers would run out of work. A
/// file that can't be opened is an error when its turn comes, so that the rows before it are still read.
enum FileFeeder {
  /// Files whose footers are read at the same time.
  private static let openAhead = 4

  static func feed(
    _ reads: some DataFileReads, workerCount: Int, batchRowCount: Int,
    enqueue: (@escaping BatchPipeline<RecordBatch>.Work) async throws -> Void
  ) async throws {
    try await feed(reads, workerCount: workerCount, batchRowCount: batchRowCount) { _, file, part in
      try await enqueue(file.work(part))
    }
  }

  /// - Parameter enqueue: is given the number of a read, its file, and a row group or a part of one.
  static func feed(
    _ reads: some DataFileReads, workerCount: Int, batchRowCount: Int,
    enqueue: (Int, OpenedDataFile, RowGroupTask) async throws -> Void
  ) async throws {
    var total = 0.0
    for index in 0..<reads.count { total += Double(max(0, reads.sizeInBytes(index))) }
    var shares = WorkShares(total: total, workerCount: workerCount)
    try await (0..<reads.count).forEach(workingAhead: openAhead, on: Surroundings.current.workers) { index in
      try await reads.read(index).opened(batchRowCount: batchRowCount)
    } then: { index, file in
      let size = Double(max(0, reads.sizeInBytes(index)))
      for rowGroup in file.rowGroups {
        let parts = shares.parts(of: size * file.share(of: rowGroup))
        for part in rowGroup.split(into: parts) { try await enqueue(index, file, part) }
      }
      if file.rowGroups.isEmpty { _ = shares.parts(of: size) }
    }
  }
}

/// A data file whose footer was read.
struct OpenedDataFile: Sendable {
  let read: DataFileRead
  /// Those that may hold rows.
  let rowGroups: [RowGroupTask]
  /// Rows of all row groups, deleted ones included.
  let fileRowCount: Int64
  private let rowCount: Int

  init(read: DataFileRead, rowGroups: [RowGroupTask], fileRowCount: Int64) {
    self.read = read
    self.rowGroups = rowGroups
    self.fileRowCount = fileRowCount
    rowCount = rowGroups.reduce(0) { $0 &+ $1.rowCount }
  }

  /// How much of the file's work a row group is, of 1.
  func share(of rowGroup: RowGroupTask) -> Double { Double(rowGroup.rowCount) / Double(max(1, rowCount)) }

  /// Decodes a row group, or a part of it.
  func work(_ task: RowGroupTask) -> BatchPipeline<RecordBatch>.Work {
    let read = read
    return { emit in
      try await read.describingFailure { () async throws -> Void in
        var reader = try task.reader()
        while let batch = try await reader.next() {
          try Task.checkCancellation()
          try await emit(try read.assemble(batch))
        }
      }
    }
  }
}
