internal import Columnar
internal import DeltaLog

/// Puts rows that a table doesn't take into another table, with the reason, the place they came from, and all that was in
/// them.
///
/// The same rows of the same files go there once, however often the write is tried: the commit is recorded as an
/// application's transaction, named by the table and the source.
final class Quarantine {
  private let destination: DeltaTable
  private let table: String
  private let options: CommitOptions
  private let identity: AppTransaction?
  private let now = Timestamp.now()
  private var open: Open?
  /// Whether this source's rows are there already.
  private var isDone = false

  private struct Open {
    let base: Snapshot?
    let target: WriteTarget
    let writer: DataFileWriter
  }

  /// `nil` unless the write has a quarantine.
  init?(_ write: WriteOptions, of table: TableLocation, _ source: RowSource, tableId: String) throws {
    guard case .quarantine(let destination) = write.onViolation else { return nil }
    self.destination = destination
    self.table = table.description
    options = write.commit
    let now = now
    if let own = write.commit.appTransaction {
      identity = AppTransaction(appId: "quarantine:\(tableId):\(own.appId)", version: own.version, lastUpdated: now)
    } else {
      identity = source.identity.map {
        AppTransaction(appId: "quarantine:\(tableId):\($0)", version: 0, lastUpdated: now)
      }
    }
  }

  /// Takes the rows of a batch that were not accepted.
  func add(_ batch: SourceBatch, _ enforced: EnforcedBatch) async throws {
    guard let accepted = enforced.accepted, enforced.rejectedCount > 0, !isDone else { return }
    let rows = try rows(batch, enforced, accepted)
    guard let open = try await opened(rows.schema) else { return }
    try await open.writer.write(try open.target.enforce(SourceBatch(rows, firstRow: 0)).acceptedRows)
  }

  func commit() async throws {
    guard let open else { return }
    do {
      var transaction = Transaction(location: destination.location, base: open.base, options: plainOptions)
      transaction.changes.adds = try await open.writer.finish()
      transaction.changes.metadata = try open.target.finalMetadata()
      transaction.changes.protocolVersions = open.target.changedProtocol
      transaction.changes.operation = .write(.append, canMergeSchema: true)
      if let identity { transaction.record(identity) }
      _ = try await transaction.commit()
    } catch {
      if (error as? DeltaError)?.code != .outcomeUnknown { await open.writer.abandon() }
      throw error
    }
  }

  private var plainOptions: CommitOptions {
    var options = options
    options.appTransaction = nil
    return options
  }

  private func opened(_ schema: Schema) async throws -> Open? {
    if let open { return open }
    let base = try await destination.existing()
    if let identity, let seen = base?.transaction(identity.appId), seen.version >= identity.version {
      isDone = true
      return nil
    }
    try base?.checkWritable()
    var write = WriteOptions()
    write.schemaMode = .merge
    let target = try WriteTarget(base: base, incoming: schema, options: write)
    let writer = DataFileWriter(
      location: destination.location, metadata: target.metadata,
      layout: try DataFileLayout(target.metadata, target.protocolVersions, schema: target.schema),
      options: try DataFileOptions(target.metadata, write), clusteringColumns: target.clusteringColumns)
    let open = Open(base: base, target: target, writer: writer)
    self.open = open
    return open
  }

  /// The rows as the quarantine has them: `reason`, `table`, `file`, `row_number` (from 1), `refused_at`, `row`.
  private func rows(_ batch: SourceBatch, _ enforced: EnforcedBatch, _ accepted: Bitmap) throws -> RecordBatch {
    let refused = batch.rows.filtered(by: accepted.inverted())
    let numbers = (0..<batch.rows.rowCount).filter { !accepted[$0] }
    let reasons = numbers.map { row in
      enforced.violations(ofRow: row).map(\.reason).joined(separator: "; ")
    }
    let original = Column(
      fields: zip(refused.schema.fields, refused.columns).map { ($0.name, $1) }, count: refused.rowCount)
    let columns: [(String, Column)] = [
      ("reason", Column(strings: reasons)), ("table", Column(strings: numbers.map { _ in table })),
      ("file", Column(strings: numbers.map { _ in batch.file })),
      ("row_number", Column(longs: numbers.map { batch.firstRow + Int64($0) + 1 })),
      ("refused_at", Column(timestamps: numbers.map { _ in now.milliseconds * 1000 })), ("row", original),
    ]
    return RecordBatch(
      schema: StructType(columns.map { StructField($0.0, $0.1.type) }), columns: columns.map(\.1),
      rowCount: refused.rowCount)
  }
}

extension EnforcedBatch {
  /// As ``checkAllAccepted()``, naming the file.
  func checkAllAccepted(in file: String?) throws(DeltaError) {
    do throws(DeltaError) {
      try checkAllAccepted()
    } catch {
      guard let file else { throw error }
      throw DeltaError(error.code, "\(file): \(error.message)", path: file, cause: error.cause)
    }
  }
}
