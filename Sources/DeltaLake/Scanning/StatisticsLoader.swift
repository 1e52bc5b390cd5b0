internal import Columnar
internal import DeltaLog
internal import Parquet

/// Reads the statistics of a snapshot's files from where the log has them: the bytes of commits, and the columns of
/// checkpoints, which are read again for just the rows and columns that are wanted.
struct StatisticsLoader {
  let snapshot: Snapshot

  /// The statistics of some files, in the same order.
  struct Chunk: Sendable {
    /// Rows of the snapshot's file table.
    let files: [Int]
    let table: StatisticsTable
  }

  private static let chunkSize = 16_384

  /// Files of one log file.
  private struct SourceFiles: Sendable {
    let source: LogSource
    var files: [Int] = []
  }

  /// Calls `body` with chunks in some order that together hold each of `files` once.
  ///
  /// - Throws: ``DeltaError`` naming the log file whose statistics can't be read.
  func forEachChunk(
    of files: [Int], columns: [StatisticsColumn], _ body: (Chunk) throws -> Void
  ) async throws {
    let table = snapshot.state.files
    var bySource = table.sources.map { SourceFiles(source: $0) }
    for file in files { bySource[Int(table.sourceIndices[file])].files.append(file) }
    let log = LogDirectory(location: snapshot.location)
    let pipeline = BatchPipeline<Chunk>(
      workerCount: snapshot.location.threadCount, window: 1 << 18, isOrdered: false
    ) { $0.files.count }
    // Several tables sources may be parts of one Parquet file: it is opened once.
    let json = bySource.filter { !$0.files.isEmpty && $0.source.kind == .json }
    var parquet: [String: [Int]] = [:]
    var names: [String] = []
    for group in bySource where !group.files.isEmpty && group.source.kind == .parquet {
      if parquet[group.source.name] == nil { names.append(group.source.name) }
      parquet[group.source.name, default: []] += group.files
    }
    let checkpoints = names.map { ($0, parquet[$0] ?? []) }
    pipeline.start { enqueue in
      for group in json {
        try await enqueue { emit in
          var bytes = group.source.bytes
          if bytes == nil { bytes = try await log.read(group.source.name) }
          try await emit(Self.chunk(of: group.files, in: table, bytes ?? [], columns))
        }
      }
      for (name, files) in checkpoints {
        do {
          try await Self.enqueueCheckpoint(name, files, table, log, columns, enqueue)
        } catch {
          throw DeltaError.checkpointFile(name, version: nil, failure: error)
        }
      }
    }
    defer { pipeline.cancel() }
    while let chunk = try await pipeline.next() { try body(chunk) }
  }

  private static func chunk(
    of files: [Int], in table: FileTable, _ bytes: [UInt8], _ columns: [StatisticsColumn]
  ) -> Chunk {
    var statistics = StatisticsTable(columns: columns, count: files.count)
    var scratch: [UInt8] = []
    bytes.withUnsafeBytes { bytes in
      for (row, file) in files.enumerated() {
        let start = Int(table.sourcePositions[file])
        let count = Int(table.statsCounts[file])
        guard count > 0, start + count <= bytes.count else { continue }
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
        statistics.read(escaped: text, into: row, scratch: &scratch)
      }
    }
    return Chunk(files: files, table: statistics)
  }

  private static func enqueueCheckpoint(
    _ name: String, _ files: [Int], _ table: FileTable, _ log: LogDirectory, _ columns: [StatisticsColumn],
    _ enqueue: (@escaping BatchPipeline<Chunk>.Work) async throws -> Void
  ) async throws {
    let reference = try log.file(name)
    let parquet = try await ParquetFile.open(ObjectByteSource(file: reference, knownSize: nil))
    let wanted = WantedRows(files.map { (Int64(table.sourcePositions[$0]), $0) })
    let hasParsed = StatisticsSchema.holdsParsedStatistics(parquet.rowSchema)
    var read = ParquetRead()
    read.schema = CheckpointSchema.statistics(
      json: !hasParsed, parsed: hasParsed ? StatisticsSchema.parsed(columns) : nil)
    read.batchRowCount = chunkSize
    read.includesRowPositions = true
    read.excludedRows = { wanted.excluded(in: $0) }
    for task in try await parquet.rowGroups(read) {
      try await enqueue { emit in
        do {
          var reader = try await task.reader()
          while let batch = try await reader.next() {
            let files = wanted.files(at: batch.rowPositions)
            // A checkpoint may have been written anew since, with its rows in another order.
            guard files.count == batch.batch.rowCount, let add = batch.batch["add"],
              try StatisticsSchema.names(add, files, of: table)
            else {
              throw DeltaError.corruptCheckpoint("The checkpoint \(name) changed while it was read.", path: name)
            }
            var statistics = StatisticsTable(columns: columns, count: files.count)
            StatisticsSchema.read(add, into: &statistics)
            try await emit(Chunk(files: files, table: statistics))
          }
        } catch {
          throw DeltaError.checkpointFile(name, version: nil, failure: error)
        }
      }
    }
  }
}

/// Rows of a checkpoint, and the files that they stand for.
private struct WantedRows: Sendable {
  private let positions: [Int64]
  private let files: [Int]

  init(_ rows: [(position: Int64, file: Int)]) {
    let sorted = rows.sorted { $0.position < $1.position }
    positions = sorted.map(\.position)
    files = sorted.map(\.file)
  }

  /// A set bit for each row of the range that isn't wanted.
  func excluded(in range: Range<Int64>) -> Bitmap? {
    var index = firstIndex(from: range.lowerBound)
    var isExcluded = [Bool](repeating: true, count: range.count)
    var count = 0
    while index < positions.count, positions[index] < range.upperBound {
      isExcluded[Int(positions[index] - range.lowerBound)] = false
      index += 1
      count += 1
    }
    return count == range.count ? nil : Bitmap(isExcluded)
  }

  /// The files of rows; fewer when a row is none that was wanted.
  func files(at rows: Column?) -> [Int] {
    guard let rows, case .fixed(let buffer) = rows.storage else { return [] }
    return buffer.withValues(of: Int64.self) { rows in
      guard let first = rows.first else { return [] }
      var index = firstIndex(from: first)
      var found: [Int] = []
      found.reserveCapacity(rows.count)
      for row in rows {
        while index < positions.count, positions[index] < row { index += 1 }
        guard index < positions.count, positions[index] == row else { return [] }
        found.append(files[index])
        index += 1
      }
      return found
    }
  }

  private func firstIndex(from position: Int64) -> Int {
    var low = 0
    var high = positions.count
    while low < high {
      let middle = (low + high) / 2
      if positions[middle] < position { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
