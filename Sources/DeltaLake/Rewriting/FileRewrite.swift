internal import Columnar
internal import DeltaLog
internal import ObjectStorage

/// Carries out a ``RowRemoval``: writes deletion vectors, or the rows that stay, and what the change feed needs. A class,
/// since it keeps what was written, to take it back.
///
/// Memory: deletion vectors, compressed; of rows that are copied what the writer's open files hold.
final class FileRewrite {
  private let removal: RowRemoval
  private let options: DataFileOptions
  private var snapshot: Snapshot { removal.snapshot }
  private var copies: DataFileWriter?
  private var deletions: ChangeFileWriter?
  private var vectors: DeletionVectorWriter?

  init(_ removal: RowRemoval, _ options: DataFileOptions) {
    self.removal = removal
    self.options = options
  }

  /// What a commit is to hold.
  struct Outcome: Sendable {
    var adds: [AddFile] = []
    var removes: [RemoveFile] = []
    var changeFiles: [ChangeFile] = []
    /// Rows that stay and are in other files now.
    var copiedRowCount: Int64 = 0
    /// Whether those kept their ids.
    var keepsRowIds = true
    var metrics: [OperationMetric: Int64] = [:]
  }

  /// - Throws: ``DeltaError`` or `CancellationError`. What was written is to be ``abandon()``ed then.
  func run() async throws -> Outcome {
    var outcome = Outcome()
    let time = Timestamp.now()
    let touched = removal.emptied + removal.thinned.map(\.index)
    outcome.removes = touched.map { snapshot.state.files.removal(of: $0, at: time) }
    switch removal.method {
    case .deletionVectors: try await writeVectors(&outcome)
    case .copying: try await copyRows(&outcome)
    }
    if removal.needsChangeFiles { outcome.changeFiles = try await recordDeletions() }
    count(&outcome)
    return outcome
  }

  /// Removes what was written, as far as that is possible.
  func abandon() async {
    await copies?.abandon()
    await deletions?.abandon()
    await vectors?.abandon()
  }

  // MARK: Deletion vectors

  private func writeVectors(_ outcome: inout Outcome) async throws {
    guard !removal.thinned.isEmpty else { return }
    var rows: [RoaringBitmapArray] = []
    for file in removal.thinned {
      let before = try await snapshot.deletedRows(ofFile: file.index)
      rows.append(before?.union(file.rows) ?? file.rows)
    }
    let writer = DeletionVectorWriter(location: snapshot.location, durability: options.durability)
    vectors = writer
    let descriptors = try await writer.write(rows)
    let files = try await AddFileLoader(snapshot: snapshot).files(removal.thinned.map(\.index))
    for ((file, match), descriptor) in zip(zip(files, removal.thinned), descriptors) {
      outcome.adds.append(file.with(deletionVector: descriptor, rowCount: match.rowCount, dataChange: true))
    }
  }

  // MARK: Copies

  private func copyRows(_ outcome: inout Outcome) async throws {
    guard !removal.thinned.isEmpty else { return }
    var scan = snapshot.scan()
    var layout = try DataFileLayout(snapshot.metadata, snapshot.protocol, schema: snapshot.schema)
    if let hidden = snapshot.rowTracking?.writtenFields {
      scan = try scan.includingRowTracking()
      layout = layout.adding(hidden)
    } else {
      outcome.keepsRowIds = false
    }
    let writer = DataFileWriter(
      location: snapshot.location, metadata: snapshot.metadata, layout: layout, options: options,
      clusteringColumns: try snapshot.definition().clusteringColumns)
    copies = writer
    var reads = try SnapshotFileReads(scan, files: removal.thinned.map(\.index), predicate: nil)
    reads.picks = removal.thinned.map { .allBut($0.rows) }
    let survivors = reads
    for try await batch in scan.batches(reading: { survivors }) { try await writer.write(batch) }
    outcome.adds += try await writer.finish()
    outcome.copiedRowCount = writer.rowCount
  }

  // MARK: The change feed

  private func recordDeletions() async throws -> [ChangeFile] {
    let writer = ChangeFileWriter(
      location: snapshot.location, metadata: snapshot.metadata,
      layout: try DataFileLayout(snapshot.metadata, snapshot.protocol, schema: snapshot.schema), options: options)
    deletions = writer
    let scan = snapshot.scan()
    var partial = try SnapshotFileReads(scan, files: removal.thinned.map(\.index), predicate: nil)
    partial.picks = removal.thinned.map { .only($0.rows) }
    for reads in [try SnapshotFileReads(scan, files: removal.emptied, predicate: nil), partial] {
      for try await batch in scan.batches(reading: { reads }) { try await writer.write(batch, .delete) }
    }
    return try await writer.finish()
  }

  private func count(_ outcome: inout Outcome) {
    outcome.metrics[.deletedRows] = removal.rowCount
    outcome.metrics[.copiedRows] = outcome.copiedRowCount
    outcome.metrics[.addedChangeFiles] = Int64(outcome.changeFiles.count)
    // A vector in place of another one counts as added, as removed and as updated.
    let removed = outcome.removes.count { $0.deletionVector != nil }
    let isMarked = removal.method == .deletionVectors
    guard removed > 0 || isMarked else { return }
    outcome.metrics[.deletionVectorsAdded] = isMarked ? Int64(removal.thinned.count) : 0
    outcome.metrics[.deletionVectorsUpdated] =
      isMarked
      ? Int64(removal.thinned.count { $0.deletedCount > 0 }) : 0
    outcome.metrics[.deletionVectorsRemoved] = Int64(removed)
  }
}
