internal import Columnar
internal import DeltaLog

/// The files of one write: those of the new rows, and what becomes of the files whose rows they replace. A class, since
/// files are open in it, and to take them back.
final class WrittenFiles {
  private let rows: DataFileWriter
  private let rewrite: FileRewrite?
  /// For the change feed, when it needs every row of the commit.
  private let insertions: ChangeFileWriter?
  private let removal: RowRemoval?

  /// - Parameter removal: what the new rows replace.
  init(_ location: TableLocation, _ target: WriteTarget, _ options: WriteOptions, _ removal: RowRemoval?) throws {
    let files = try DataFileOptions(target.metadata, options)
    let layout = try DataFileLayout(target.metadata, target.protocolVersions, schema: target.schema)
    self.removal = removal
    rows = DataFileWriter(
      location: location, metadata: target.metadata, layout: layout, options: files,
      clusteringColumns: target.clusteringColumns)
    rewrite = removal.map { FileRewrite($0, files) }
    insertions =
      removal?.needsChangeFiles == true
      ? ChangeFileWriter(location: location, metadata: target.metadata, layout: layout, options: files) : nil
  }

  /// Adds rows of the table's schema.
  func write(_ batch: RecordBatch) async throws {
    try await rows.write(batch)
    try await insertions?.write(batch, .insert)
  }

  /// Closes all files, and takes the replaced rows away.
  func finish(_ changes: inout StagedChanges, _ report: inout WriteReport) async throws {
    changes.adds = try await rows.finish()
    report.fileCount = changes.adds.count
    report.rowCount = rows.rowCount
    report.byteCount = rows.byteCount
    guard let removal, let outcome = try await rewrite?.run() else { return }
    changes.adds += outcome.adds
    changes.removes = outcome.removes
    changes.changeFiles = outcome.changeFiles
    changes.metrics = outcome.metrics
    changes.copiesRows = removal.copiesRows
    changes.preservesRowIds = outcome.keepsRowIds
    report.removedRowCount = removal.rowCount
    report.copiedRowCount = outcome.copiedRowCount
    guard let insertions else { return }
    changes.changeFiles += try await insertions.finish()
    changes.metrics[.addedChangeFiles] = Int64(changes.changeFiles.count)
  }

  /// Removes what was written, as far as that is possible.
  func abandon() async {
    await rows.abandon()
    await rewrite?.abandon()
    await insertions?.abandon()
  }
}
