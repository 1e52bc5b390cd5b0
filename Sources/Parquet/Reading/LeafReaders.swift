internal import Columnar

/// The column chunks of a row group being read, and the fetching for all of them together. A class, since it is shared
/// by the copies of the reader that owns it.
final class LeafReaders {
  private let source: any ByteSource
  private let readers: [ColumnChunkReader]
  private let sizes: FetchSizes
  /// Strings of one leaf for a batch of several rows.
  private let stringLimit: Int

  /// What the chunks of a row group may hold in memory as stored.
  private static let budget = 48 << 20

  init(_ task: RowGroupTask) throws(ParquetError) {
    source = task.file.source
    stringLimit = task.read.batchByteCount
    sizes = FetchSizes(requestOverhead: source.requestOverhead)
    var window = sizes.length
    if task.byteCount > Self.budget {
      window = min(window, max(256 << 10, Self.budget / max(1, task.plan.leaves.count)))
    }
    let context = DecodingContext(
      file: task.file.source.name, fileSize: task.file.size, sizes: sizes, window: window)
    let group = task.file.metadata.rowGroups[task.rowGroup]
    var readers: [ColumnChunkReader] = []
    for (leaf, range) in zip(task.plan.leaves, task.byteRanges) {
      let chunk = try group.columns[leaf.index].readableMetadata(column: leaf.name)
      readers.append(
        try ColumnChunkReader(leaf, chunk: chunk, range: range, rows: task.rowCount, context: context))
    }
    self.readers = readers
  }

  /// Takes each leaf through the runs: wanted rows into its batch, the others passed over.
  ///
  /// - Parameter capacity: the wanted rows.
  func read(_ leaves: [Int], _ runs: [RowRun], capacity: Int) async throws {
    var pending: [(leaf: Int, run: Int)] = []
    var isIn = Set<Int>()
    for leaf in leaves where isIn.insert(leaf).inserted {
      readers[leaf].beginBatch(capacity: capacity, stringLimit: capacity > 1 ? stringLimit : .max)
      if let run = runs.first { readers[leaf].request(rows: run.count, skipping: !run.isWanted) }
      pending.append((leaf, 0))
    }
    while !pending.isEmpty {
      var waiting: [(leaf: Int, run: Int)] = []
      var needs: [Need] = []
      for (leaf, first) in pending {
        var run = first
        let reader = readers[leaf]
        while run < runs.count {
          if let range = try reader.resume() {
            needs.append(Need(leaf: leaf, range: range))
            waiting.append((leaf, run))
            break
          }
          run += 1
          if run < runs.count { reader.request(rows: runs[run].count, skipping: !runs[run].isWanted) }
        }
      }
      try await fetch(needs)
      pending = waiting
    }
  }

  /// Bytes of strings that the last batch of each leaf took.
  var stringByteCount: Int { readers.reduce(0) { $0 + $1.stringByteCount } }

  /// By position in the plan.
  func finishBatch(_ leaves: [Int]) -> [LeafBatch?] {
    var result: [LeafBatch?] = readers.map { _ in nil }
    for leaf in leaves where result[leaf] == nil { result[leaf] = readers[leaf].finishBatch() }
    return result
  }

  /// After the last row: no chunk may have values left.
  func finish() throws(ParquetError) {
    for reader in readers { try reader.finish() }
  }

  private struct Need {
    let leaf: Int
    let range: Range<Int>
  }

  /// Fetches what the leaves need with as few reads as make sense, and hands it in. When it is much, only the first of
  /// it: those leaves are decoded and let go of their bytes, and the others ask again.
  private func fetch(_ needs: [Need]) async throws {
    guard !needs.isEmpty else { return }
    let sorted = needs.sorted { $0.range.lowerBound < $1.range.lowerBound }
    var reads: [Range<Int>] = []
    var readOf: [Int] = []
    var byteCount = 0
    for need in sorted {
      byteCount += need.range.count
      guard reads.isEmpty || byteCount <= sizes.atOnce else { break }
      if let last = reads.last, need.range.lowerBound <= last.upperBound + sizes.gap,
        max(last.upperBound, need.range.upperBound) - last.lowerBound <= sizes.length
      {
        reads[reads.count - 1] = last.lowerBound..<max(last.upperBound, need.range.upperBound)
      } else {
        reads.append(need.range)
      }
      readOf.append(reads.count - 1)
    }
    let buffers = try await source.read(reads)
    for (need, read) in zip(sorted, readOf) {
      guard buffers.count == reads.count, buffers[read].count == reads[read].count else {
        throw ParquetError.cannotRead(source.name, reads[read], reason: "the source gave another number of bytes")
      }
      let offset = need.range.lowerBound - reads[read].lowerBound
      readers[need.leaf].supply(
        buffers[read].slice(offset..<offset + need.range.count), at: need.range.lowerBound)
    }
  }
}
