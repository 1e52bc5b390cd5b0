internal import Columnar
internal import DeltaLog
internal import ObjectStorage
internal import Parquet

/// A data file of one partition that rows are being added to. A class, since it is changed in place.
final class OpenDataFile {
  private let key: PartitionSplitter.Key
  private let layout: DataFileLayout
  private let path: String
  private let sink: ObjectSink
  private let parquet: ParquetWriter
  private let statistics: DataFileStatistics
  private var containers: DataFileStatistics.ContainerCounts

  /// Nothing is written until there are bytes to write.
  init(
    key: PartitionSplitter.Key, layout: DataFileLayout, statistics: DataFileStatistics, location: TableLocation,
    options: DataFileOptions
  ) throws {
    self.key = key
    self.statistics = statistics
    containers = statistics.containerCounts
    self.layout = layout
    let name = PartitionPath.fileName(prefix: options.namePrefix, codec: options.parquet.compression.fileNamePart)
    let folders = PartitionPath.folders(zip(layout.partitionNames, key).map { ($0, $1?.string) })
    path = [options.folder, folders, name].filter { !$0.isEmpty }.joined(separator: "/")
    sink = ObjectSink(store: location.store, path: path, durability: options.durability)
    parquet = try ParquetWriter(
      schema: layout.fileSchema, options: options.parquet, to: sink, workers: Surroundings.current.workers)
  }

  /// The file's bytes so far, with those that are still in memory.
  var byteCount: Int { parquet.estimatedByteCount }
  /// The bytes in memory.
  var bufferedByteCount: Int { parquet.estimatedByteCount - sink.byteCount }

  func write(_ rows: RecordBatch) async throws {
    do {
      try await parquet.write(rows)
      containers.add(rows)
    } catch {
      throw DeltaError.writingFile(path, failure: error)
    }
  }

  /// - Returns: the file as the log notes it.
  func finish() async throws -> AddFile {
    do {
      let written = try await parquet.finish()
      let object = try await sink.finish()
      return AddFile(
        path: PercentEncoding.logPath(path),
        partitionValues: Dictionary(zip(layout.partitionNames, key.map { $0?.string })) { first, _ in first },
        sizeInBytes: Int64(object.size), modificationTime: Timestamp(milliseconds: object.lastModified),
        stats: statistics.text(of: written, containers))
    } catch {
      throw DeltaError.writingFile(path, failure: error)
    }
  }

  func abandon() async { await sink.abandon() }
}
