internal import Columnar
internal import DeltaLog
internal import ObjectStorage
internal import Parquet

/// Writes rows into new data files of a table: a file for each partition at a time, a next one when it is large enough.
///
/// Open files take memory for what they have not written yet. When all of them together take more than the budget, the
/// largest is closed; rows of its partition that come later go to another file. A class, since files are open in it.
final class DataFileWriter {
  private let location: TableLocation
  private let layout: DataFileLayout
  private let options: DataFileOptions
  private let splitter: PartitionSplitter
  private let statistics: DataFileStatistics
  private var open: [PartitionSplitter.Key: OpenDataFile] = [:]
  private var finished: [AddFile] = []
  private(set) var rowCount: Int64 = 0
  private(set) var byteCount: Int64 = 0

  /// What open files may hold in memory.
  private static let openBytes = 192 << 20

  init(
    location: TableLocation, metadata: TableMetadata, layout: DataFileLayout, options: DataFileOptions
  ) {
    self.location = location
    self.layout = layout
    self.options = options
    splitter = PartitionSplitter(schema: layout.schema, partitionColumns: layout.partitionColumns)
    statistics = DataFileStatistics(layout, metadata)
  }

  /// Adds rows of the table's schema.
  ///
  /// - Throws: ``DeltaError`` or `CancellationError`. What was written is to be ``abandon()``ed then.
  func write(_ batch: RecordBatch) async throws {
    guard batch.rowCount > 0 else { return }
    for (key, rows) in try splitter.split(batch) {
      let file = try open[key] ?? begin(key)
      try await file.write(try layout.fileRows(rows))
      if file.byteCount >= options.targetFileSize {
        open[key] = nil
        try await finish(file)
      }
    }
    rowCount += Int64(batch.rowCount)
    while open.count > 1, open.values.reduce(0, { $0 + $1.bufferedByteCount }) > Self.openBytes {
      guard let (key, largest) = open.max(by: { $0.value.bufferedByteCount < $1.value.bufferedByteCount }) else {
        break
      }
      open[key] = nil
      try await finish(largest)
    }
  }

  /// Closes all files.
  ///
  /// - Returns: a file for each that was written, as durable as the options say.
  func finish() async throws -> [AddFile] {
    for key in open.keys.sorted(by: { $0.map { $0 ?? "" }.lexicographicallyPrecedes($1.map { $0 ?? "" }) }) {
      guard let file = open.removeValue(forKey: key) else { continue }
      try await finish(file)
    }
    return finished
  }

  /// Removes what was written, as far as that is possible.
  func abandon() async {
    for file in open.values { await file.abandon() }
    open = [:]
    for file in finished { try? await location.store.delete(PercentEncoding.decoded(file.path)) }
    finished = []
  }

  private func begin(_ key: PartitionSplitter.Key) throws -> OpenDataFile {
    let file = try OpenDataFile(key: key, layout: layout, statistics: statistics, location: location, options: options)
    open[key] = file
    return file
  }

  private func finish(_ file: OpenDataFile) async throws {
    let add = try await file.finish()
    byteCount += add.sizeInBytes
    finished.append(add)
  }
}

/// How data files are written.
struct DataFileOptions: Sendable {
  var parquet = ParquetWriterOptions()
  /// Bytes; a file is closed once it is that large.
  var targetFileSize = 128 << 20
  var durability = Durability.full
}
extension DataFileOptions {
  /// What the caller wants, else what the table's properties say.
  init(_ metadata: TableMetadata, _ options: WriteOptions) throws(DeltaError) {
    let properties = TableProperties(metadata)
    self.init()
    if let compression = options.compression ?? properties.compressionCodec.flatMap { Compression(named: $0) } {
      parquet.compression = compression
    }
    if let size = options.targetFileSize ?? properties.targetFileSize { targetFileSize = Int(clamping: size) }
    durability = options.commit.durability
  }
}
