internal import Columnar
internal import Parquet

/// Parquet files: opened, pruned, and read to the end, or as far as a second's worth of rows.
struct ParquetTarget: FuzzTarget {
  let name = "parquet"
  let maximumSize = 64 << 10
  /// A few bytes can stand for any number of rows.
  static let rowLimit = 50_000

  func run(_ bytes: UnsafeRawBufferPointer) {
    let source = BytesSource(bytes: Array(bytes))
    // How to read follows from the bytes, so that an input crashes again.
    let choice = Digest.fnv(bytes.suffix(64))
    Waiting.run {
      guard let file = try? await ParquetFile.open(source) else { return }
      let samples = await Self.readAll(file, choice)
      for predicate in samples { await Self.prune(file, predicate) }
    }
  }

  /// Reads rows and returns predicates that some of them satisfy.
  private static func readAll(_ file: ParquetFile, _ choice: UInt64) async -> [ColumnPredicate] {
    var read = ParquetRead()
    read.batchRowCount = [32_768, 1_000, 7][Int(choice % 3)]
    read.includesRowPositions = choice & 8 != 0
    if choice & 16 != 0 {
      read.excludedRows = { range in
        Bitmap((0..<range.count).map { ($0 &* 2_654_435_761) >> 7 & 3 != 0 })
      }
    }
    // Small batches cost per batch.
    let rowLimit = min(Self.rowLimit, 1_000 * read.batchRowCount)
    var rows = 0
    var samples: [ColumnPredicate] = []
    for task in (try? await file.rowGroups(read)) ?? [] {
      guard rows < rowLimit, var reader = try? task.reader() else { break }
      // The reader makes buffers for a batch before it sees that the rows aren't there.
      while rows < rowLimit, let batch = try? await reader.next() {
        ColumnChecks.check(batch.batch)
        if samples.isEmpty { samples = predicates(batch.batch) }
        if let positions = batch.rowPositions { ColumnChecks.check(positions, "positions") }
        rows += batch.batch.rowCount
      }
    }
    return samples
  }

  private static func predicates(_ batch: RecordBatch) -> [ColumnPredicate] {
    guard batch.rowCount > 0 else { return [] }
    return zip(batch.schema.fields, batch.columns).prefix(8).map { field, column in
      ColumnPredicate(.comparison(.equal, .column(ColumnPath(field.name)), .literal(column.scalar(at: 0))))
    }
  }

  private static func prune(_ file: ParquetFile, _ predicate: ColumnPredicate) async {
    _ = try? await file.prunedRowGroups(for: predicate)
    for rowGroup in file.metadata.rowGroups.indices.prefix(3) {
      let rows = file.metadata.rowGroups[rowGroup].rowCount
      guard let ranges = try? await file.rowRanges(rowGroup: rowGroup, for: predicate).ranges else { continue }
      claim(ranges.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= rows }, "row ranges \(ranges) of \(rows) rows")
    }
  }

  func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8]? { ParquetMutator.mutated(bytes, &random) }

  func seeds(from file: SeedFile) -> [[UInt8]] {
    guard file.isParquet, !file.isCheckpoint, let bytes = file.bytes(upTo: 24 << 10) else { return [] }
    return [bytes, ParquetMutator.uncompressed(bytes)].compactMap { $0 }
  }
}
