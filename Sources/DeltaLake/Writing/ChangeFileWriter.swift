internal import Columnar
internal import DeltaLog

/// Writes rows that a commit changes into change files, each with what happened to it. A class, since files are open in it.
///
/// Spec: Delta § Change Data Files
final class ChangeFileWriter {
  private let writer: DataFileWriter

  init(location: TableLocation, metadata: TableMetadata, layout: DataFileLayout, options: DataFileOptions) {
    var options = options
    options.folder = "_change_data"
    options.namePrefix = "cdc"
    let type = StructField(ChangeFeedPlan.changeTypeName, .string)
    writer = DataFileWriter(location: location, metadata: metadata, layout: layout.adding([type]), options: options)
  }

  /// Adds rows of the table's schema that all changed alike.
  func write(_ batch: RecordBatch, _ type: ChangeType) async throws {
    let types = Column(repeating: .string(type.rawValue), count: batch.rowCount, of: .string)
    let field = StructField(ChangeFeedPlan.changeTypeName, .string)
    try await writer.write(
      RecordBatch(
        schema: StructType(batch.schema.fields + [field]), columns: batch.columns + [types], rowCount: batch.rowCount))
  }

  func finish() async throws -> [ChangeFile] {
    try await writer.finish().map {
      ChangeFile(path: $0.path, partitionValues: $0.partitionValues, sizeInBytes: $0.sizeInBytes)
    }
  }

  /// Removes what was written, as far as that is possible.
  func abandon() async { await writer.abandon() }
}
