import Columnar
import Synchronization

@testable import Parquet

/// Keeps the bytes of a file in memory; counts the writes, and fails from the n-th on if told so.
final class MemorySink: ByteSink {
  struct Failure: Error {}

  private let state = Mutex<(bytes: [UInt8], writes: Int)>(([], 0))
  private let failingWrite: Int?

  init(failingAt write: Int? = nil) { failingWrite = write }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var writeCount: Int { state.withLock { $0.writes } }

  func write(_ bytes: UnsafeRawBufferPointer) async throws {
    try state.withLock { state in
      if let failingWrite, state.writes >= failingWrite { throw Failure() }
      state.bytes += bytes
      state.writes += 1
    }
  }
}

/// A file that was written to memory and opened again.
struct WrittenFile {
  let written: WrittenParquetFile
  let bytes: [UInt8]
  let file: ParquetFile

  init(
    _ schema: Schema, _ batches: [RecordBatch], _ options: ParquetWriterOptions = ParquetWriterOptions(),
    workers: (any TaskExecutor)? = nil
  ) async throws {
    let sink = MemorySink()
    let writer = try ParquetWriter(schema: schema, options: options, to: sink, workers: workers)
    for batch in batches { try await writer.write(batch) }
    written = try await writer.finish()
    bytes = sink.bytes
    file = try await ParquetFile.open(MemorySource(bytes))
  }

  /// One column, named `a`.
  init(_ column: Column, isNullable: Bool = true, _ options: ParquetWriterOptions = ParquetWriterOptions()) async throws
  {
    let schema = StructType([StructField("a", column.type, isNullable: isNullable)])
    try await self.init(schema, [RecordBatch(schema: schema, columns: [column], rowCount: column.count)], options)
  }

  /// All rows, read again.
  func rows() async throws -> RecordBatch {
    var batches: [RecordBatch] = []
    for task in try await file.rowGroups(ParquetRead()) {
      var reader = try task.reader()
      while let batch = try await reader.next() { batches.append(batch.batch) }
    }
    let schema = file.rowSchema
    return batches.isEmpty
      ? RecordBatch(schema: schema, columns: schema.fields.map { Column(nulls: 0, of: $0.type) }, rowCount: 0)
      : try RecordBatch.concatenating(batches)
  }

  /// The page index of a leaf in the first row group.
  func pageIndex(_ leaf: Int = 0, rowGroup: Int = 0) async throws -> ChunkPageIndex? {
    try await file.pageIndexes(rowGroup: rowGroup, leaves: [leaf])[leaf]
  }

  func metadata(_ leaf: Int = 0, rowGroup: Int = 0) throws -> ColumnMetadata {
    try file.metadata.rowGroups[rowGroup].columns[leaf].readableMetadata()
  }
}

extension ParquetWriterOptions {
  static func with(_ change: (inout ParquetWriterOptions) -> Void) -> ParquetWriterOptions {
    var options = ParquetWriterOptions()
    change(&options)
    return options
  }
}
