internal import Columnar
internal import DeltaLog
internal import ObjectStorage
internal import Parquet

/// Writes the file actions of a V2 checkpoint into sidecars, one after the other.
///
/// Spec: Delta § Sidecar Files
struct SidecarWriter {
  let log: LogDirectory
  let schema: Schema
  let durability: Durability
  let options: ParquetWriterOptions

  private(set) var files: [SidecarFile] = []
  private(set) var addCount = 0
  private(set) var rowCount: Int64 = 0
  private(set) var openRowCount = 0
  private var open: OpenSidecar?

  init(log: LogDirectory, schema: Schema, durability: Durability, options: ParquetWriterOptions) {
    self.log = log
    self.schema = schema
    self.durability = durability
    self.options = options
  }

  private struct OpenSidecar {
    let name: String
    let parquet: ParquetWriter
    let sink: ObjectSink
  }

  /// - Throws: ``DeltaError`` naming the file that can't be written.
  mutating func write(_ batch: RecordBatch) async throws {
    guard batch.rowCount > 0 else { return }
    let sidecar = try open ?? begin()
    open = sidecar
    do {
      try await sidecar.parquet.write(batch)
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
    openRowCount += batch.rowCount
    rowCount += Int64(batch.rowCount)
    if let add = batch["add"] { addCount += add.count - add.nullCount }
  }

  /// Ends the sidecar that is being written, if any.
  ///
  /// - Throws: ``DeltaError`` naming the file that can't be written.
  mutating func close() async throws {
    guard let sidecar = open else { return }
    open = nil
    openRowCount = 0
    do {
      _ = try await sidecar.parquet.finish()
      let object = try await sidecar.sink.finish()
      files.append(
        SidecarFile(
          path: sidecar.name, sizeInBytes: Int64(object.size),
          modificationTime: Timestamp(milliseconds: object.lastModified)))
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
  }

  private func begin() throws -> OpenSidecar {
    let name = "\(UniqueID()).parquet"
    let sink = ObjectSink(
      store: log.location.store, path: TableLocation.logDirectory + "/_sidecars/" + name, durability: durability)
    let parquet = try ParquetWriter(schema: schema, options: options, to: sink, workers: Surroundings.current.workers)
    return OpenSidecar(name: name, parquet: parquet, sink: sink)
  }
}
