internal import Columnar
internal import DeltaLog
internal import ObjectStorage

/// One write: decides what the table will be, writes the files, commits them.
struct WriteExecution {
  let location: TableLocation
  /// `nil`: there is no table.
  let base: Snapshot?
  let source: RowSource
  let options: WriteOptions

  func run() async throws -> WriteReport {
    if let base {
      switch options.mode {
      case .createIfAbsent: return WriteReport()
      case .create: throw DeltaError.tableExists(location)
      default: break
      }
      if let own = options.commit.appTransaction, let seen = base.transaction(own.appId), seen.version >= own.version {
        return WriteReport()
      }
      try base.checkWritable()
    }
    let target = try WriteTarget(base: base, incoming: source.schema, options: options)
    var transaction = Transaction(location: location, base: base, options: options.commit)
    transaction.changes.protocolVersions = target.changedProtocol
    if let own = options.commit.appTransaction { transaction.record(own) }

    let writer = DataFileWriter(
      location: location, metadata: target.metadata,
      layout: try DataFileLayout(target.metadata, target.protocolVersions, schema: target.schema),
      options: try DataFileOptions(target.metadata, options))
    var report = WriteReport()
    do {
      try await feed(target, to: writer, &report)
      transaction.changes.adds = try await writer.finish()
      transaction.changes.metadata = try target.finalMetadata()
      try await remove(target, &transaction)
      report.rowCount = writer.rowCount
      report.byteCount = writer.byteCount
      report.fileCount = transaction.changes.adds.count
      report.removedFileCount = transaction.changes.removes.count
      transaction.changes.operation = operation(target)
      transaction.changes.metrics = metrics(report, transaction.changes.removes)
      report.commit = try await transaction.commit()
      return report
    } catch {
      if (error as? DeltaError)?.code != .outcomeUnknown { await writer.abandon() }
      throw error
    }
  }

  // MARK: Rows in

  private func feed(_ target: WriteTarget, to writer: DataFileWriter, _ report: inout WriteReport) async throws {
    let quarantine = try Quarantine(options, of: location, source, tableId: target.metadata.id)
    let scope = try OverwriteScope(options.mode, target.schema)
    let reader = try await source.makeReader()
    while let batch = try await reader.next() {
      try Task.checkCancellation()
      let enforced = try target.enforce(batch)
      try scope?.check(enforced, batch)
      report.refusedRowCount += Int64(enforced.rejectedCount)
      switch options.onViolation {
      case .fail: try enforced.checkAllAccepted(in: batch.file)
      case .skip: break
      case .quarantine: try await quarantine?.add(batch, enforced)
      }
      try await writer.write(enforced.acceptedRows)
    }
    // Before the rows themselves are committed: no row is lost, whatever happens in between.
    try await quarantine?.commit()
  }

  // MARK: Files out

  private func remove(_ target: WriteTarget, _ transaction: inout Transaction) async throws {
    guard let base else { return }
    let now = Timestamp.now()
    switch options.mode {
    case .append, .create, .createIfAbsent: return
    case .overwrite:
      transaction.changes.reads.wholeTable = true
      transaction.changes.removes = (0..<base.state.files.count).map { base.state.files.removal(of: $0, at: now) }
    case .overwritePartitions:
      let rows = try rows(of: base.state.files, inPartitionsOf: transaction.changes.adds, target)
      transaction.changes.reads.files = Set(rows.map(base.state.files.path))
      transaction.changes.removes = rows.map { base.state.files.removal(of: $0, at: now) }
    case .overwriteWhere(let predicate):
      transaction.changes.reads.predicates.append(predicate)
      let pruning = try FilePruning(base, try predicate.resolved(against: base.schema))
      guard pruning.plan.residual == nil else { throw DeltaError.overwriteOfRows(predicate) }
      transaction.changes.removes = try pruning.filesByPartition().map { base.state.files.removal(of: $0, at: now) }
    }
  }

  /// The files of those partitions. Values are compared, not texts: writers spell a moment or a decimal in more than one way.
  private func rows(of files: FileTable, inPartitionsOf adds: [AddFile], _ target: WriteTarget) throws -> [Int] {
    let mapping = try ColumnMapping(
      schema: target.schema, mode: try ColumnMapping.mode(of: target.metadata, protocol: target.protocolVersions))
    let columns = mapping.physicalFields(of: target.metadata.partitionColumns)
    let written = Set(try adds.map { try PartitionValues.scalars($0.partitionValues, of: columns) })
    return try (0..<files.count).filter {
      written.contains(try PartitionValues.scalars(files.partitionValues(at: $0), of: columns))
    }
  }

  // MARK: What is said of it

  private func operation(_ target: WriteTarget) -> CommitOperation {
    let partitions = target.metadata.partitionColumns
    switch options.mode {
    case _ where base == nil: return .createTable(target.metadata, asSelect: true)
    case .append, .create, .createIfAbsent:
      return .write(.append, partitionBy: partitions, canMergeSchema: options.schemaMode == .merge)
    case .overwrite:
      return .write(
        .overwrite, partitionBy: partitions, canOverwriteSchema: options.schemaMode == .overwrite,
        canMergeSchema: options.schemaMode == .merge)
    case .overwritePartitions:
      return .write(.overwrite, partitionBy: partitions, isDynamicPartitionOverwrite: true)
    case .overwriteWhere(let predicate):
      return .write(.overwrite, partitionBy: partitions, predicate: "\(predicate)")
    }
  }

  private func metrics(_ report: WriteReport, _ removes: [RemoveFile]) -> [OperationMetric: Int64] {
    var metrics: [OperationMetric: Int64] = [
      .files: Int64(report.fileCount), .outputRows: report.rowCount, .outputBytes: report.byteCount,
    ]
    if !removes.isEmpty {
      metrics[.removedFiles] = Int64(removes.count)
      metrics[.removedBytes] = removes.reduce(0) { $0 &+ ($1.sizeInBytes ?? 0) }
    }
    return metrics
  }
}

/// The rows that an overwrite by a condition may bring: those that meet it, or they would stand beside what was to be
/// replaced.
private struct OverwriteScope {
  private let predicate: ColumnPredicate
  private let test: BoundExpression

  /// `nil` for writes of other modes.
  init?(_ mode: WriteOptions.Mode, _ schema: Schema) throws(DeltaError) {
    guard case .overwriteWhere(let predicate) = mode else { return nil }
    self.predicate = predicate
    do {
      test = try predicate.bound(to: schema)
    } catch {
      throw .invalidCondition(error)
    }
  }

  /// - Throws: `constraintViolation` naming the first row that doesn't meet the condition.
  func check(_ enforced: EnforcedBatch, _ batch: SourceBatch) throws {
    let matching = try test.evaluateRows(of: enforced.rows)
    guard matching.setCount < enforced.rows.rowCount,
      let row = (0..<enforced.rows.rowCount).first(where: { !matching[$0] && enforced.accepted?[$0] ?? true })
    else { return }
    throw DeltaError.outsideOverwrite(row: batch.firstRow + Int64(row) + 1, of: batch.file, predicate)
  }
}
