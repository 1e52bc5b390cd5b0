internal import Columnar
internal import DeltaLog

/// Puts rows that a table doesn't take into another table, with the reason, the place they came from, and all that was in
/// them.
///
/// The same rows of the same files go there once, however often the write is tried: the commit is recorded as an
/// application's transaction, named by the table and the source, and a later try leaves out the rows that are there. Which
/// rows are refused may change in between, with the table's rules.
final class Quarantine {
  private let destination: DeltaTable
  private let table: String
  private let options: CommitOptions
  private let identity: AppTransaction?
  private let now = Timestamp.now()
  /// What the rows are kept under; `nil` for a source that can't be told from others.
  private let source: String?
  private var open: Open?

  private struct Open {
    let base: Snapshot?
    let target: WriteTarget
    let writer: DataFileWriter
    /// This source's rows that are there already.
    let known: Set<Place>
  }

  private struct Place: Hashable {
    let file: String?
    let row: Int64
  }

  /// `nil` unless the write has a quarantine.
  init?(_ write: WriteOptions, of table: TableLocation, _ source: RowSource, tableId: String) throws {
    guard case .quarantine(let destination) = write.onViolation else { return nil }
    self.destination = destination
    self.table = table.description
    options = write.commit
    let now = now
    if let own = write.commit.appTransaction {
      self.source = "\(own.appId):\(own.version)"
      identity = AppTransaction(appId: "quarantine:\(tableId):\(own.appId)", version: own.version, lastUpdated: now)
    } else {
      self.source = source.identity
      identity = source.identity.map {
        AppTransaction(appId: "quarantine:\(tableId):\($0)", version: 0, lastUpdated: now)
      }
    }
  }

  /// Takes the rows of a batch that were not accepted.
  func add(_ batch: SourceBatch, _ enforced: EnforcedBatch) async throws {
    guard let accepted = enforced.accepted, enforced.rejectedCount > 0 else { return }
    let rows = try rows(batch, enforced, accepted)
    let open = try await opened(rows.schema)
    var incoming = SourceBatch(rows, firstRow: 0)
    if !open.known.isEmpty {
      let numbers = (0..<batch.rows.rowCount).filter { !accepted[$0] }
      let isNew = numbers.map { !open.known.contains(Place(file: batch.file, row: batch.firstRow + Int64($0) + 1)) }
      incoming.rows = rows.filtered(by: Bitmap(isNew))
    }
    try await open.writer.write(try open.target.enforce(incoming).acceptedRows)
  }

  func commit() async throws {
    guard let open else { return }
    do {
      var transaction = Transaction(location: destination.location, base: open.base, options: plainOptions)
      transaction.changes.adds = try await open.writer.finish()
      guard !transaction.changes.adds.isEmpty else { return }
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

  private func opened(_ schema: Schema) async throws -> Open {
    if let open { return open }
    let base = try await destination.existing()
    try base?.checkWritable()
    var known: Set<Place> = []
    if let base, base.hasSeen(identity) { known = try await knownRows(base) }
    var write = WriteOptions()
    write.schemaMode = .merge
    let target = try WriteTarget(base: base, incoming: schema, options: write)
    let writer = DataFileWriter(
      location: destination.location, metadata: target.metadata,
      layout: try DataFileLayout(target.metadata, target.protocolVersions, schema: target.schema),
      options: try DataFileOptions(target.metadata, write), clusteringColumns: target.clusteringColumns)
    let open = Open(base: base, target: target, writer: writer, known: known)
    self.open = open
    return open
  }

  /// Where the rows come from that an earlier try has put there.
  private func knownRows(_ base: Snapshot) async throws -> Set<Place> {
    guard let source, base.schema["source"] != nil else { return [] }
    let isOurs = ColumnExpression.comparison(.equal, .column(ColumnPath("source")), .literal(.string(source)))
    var scan = try base.scan().where(ColumnPredicate(isOurs)).select(["file", "row_number"])
    scan.isOrdered = false
    var known: Set<Place> = []
    for try await batch in scan.batches() {
      for row in 0..<batch.rowCount {
        guard case .long(let number) = batch.columns[1].scalar(at: row) else { continue }
        let file: String? = if case .string(let file) = batch.columns[0].scalar(at: row) { file } else { nil }
        known.insert(Place(file: file, row: number))
      }
    }
    return known
  }

  /// The rows as the quarantine has them: `reason`, `table`, `source`, `file`, `row_number` (from 1), `refused_at`, `row`.
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
      ("source", Column(strings: numbers.map { _ in source })),
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
