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
      case .createIfAbsent: return .skipped
      case .create: throw DeltaError.tableExists(location)
      default: break
      }
      if base.hasSeen(options.commit.appTransaction) {
        try await makeSure(of: base)
        return .skipped
      }
      try base.checkWritable()
    }
    let target = try WriteTarget(base: base, incoming: source.schema, options: options)
    var transaction = Transaction(location: location, base: base, options: options.commit)
    transaction.changes.protocolVersions = target.changedProtocol
    transaction.changes.joinsEqualTable = options.mode.onlyAppends
    // What goes is known before anything is written: it may be that the change feed needs all that comes.
    let removal = try await removal(target, &transaction)
    let files = try WrittenFiles(location, target, options, removal)
    var report = WriteReport()
    do {
      try await feed(target, to: files, &report)
      transaction.changes.metadata = try target.finalMetadata()
      try await files.finish(&transaction.changes, &report)
      try removeReplacedPartitions(&transaction)
      let added = Set(transaction.changes.adds.map(\.path))
      let removes = transaction.changes.removes.filter { !added.contains($0.path) }
      report.removedFileCount = removes.count
      // A version without changes would tell readers, streams among them, of news that there aren't.
      if transaction.changes.isEmpty { return report }
      transaction.changes.operation = operation(target)
      transaction.changes.metrics.merge(metrics(report, removes)) { _, own in own }
      report.commit = try await transaction.commit()
      return report
    } catch {
      let code = (error as? DeltaError)?.code
      if code != .outcomeUnknown { await files.abandon() }
      if case .createIfAbsent = options.mode, code == .alreadyExists { return .skipped }
      throw error
    }
  }

  /// Waits until a version that is there, and whose writer may have waited in vain, is there for good.
  private func makeSure(of snapshot: Snapshot) async throws {
    guard options.commit.durability == .full, let commit = snapshot.lastCommit else { return }
    do {
      try await location.store.synchronize(TableLocation.logDirectory + "/" + commit.name)
    } catch let error as StorageError {
      throw DeltaError.outcomeUnknown(snapshot.version, cause: error)
    }
  }

  // MARK: Rows in

  private func feed(_ target: WriteTarget, to files: WrittenFiles, _ report: inout WriteReport) async throws {
    let quarantine = try Quarantine(options, of: location, source, tableId: target.metadata.id)
    let reader = try await source.makeReader()
    while let batch = try await reader.next() {
      try Task.checkCancellation()
      let enforced = try target.enforce(batch)
      report.refusedRowCount += Int64(enforced.rejectedCount)
      switch options.onViolation {
      case .fail: try enforced.checkAllAccepted(in: batch.file)
      case .skip: break
      case .quarantine: try await quarantine?.add(batch, enforced)
      }
      try await files.write(enforced.acceptedRows)
    }
    // Before the rows themselves are committed: no row is lost, whatever happens in between.
    try await quarantine?.commit()
  }

  // MARK: Files out

  /// What the new rows replace, and that it was looked at; `nil` when nothing goes, or only the written partitions.
  private func removal(_ target: WriteTarget, _ transaction: inout Transaction) async throws -> RowRemoval? {
    guard let base else { return nil }
    switch options.mode {
    case .append, .create, .createIfAbsent, .overwritePartitions: return nil
    case .overwrite:
      transaction.changes.reads.wholeTable = true
      return RowRemoval(from: base, emptying: Array(0..<base.state.files.count))
    case .overwriteWhere:
      guard let scope = target.scope?.condition else { return nil }
      transaction.changes.reads.predicates.append(scope)
      transaction.changes.isRowWise = true
      return try await RowRemoval(from: base, where: scope)
    }
  }

  private func removeReplacedPartitions(_ transaction: inout Transaction) throws {
    guard let base, case .overwritePartitions = options.mode else { return }
    let now = Timestamp.now()
    let columns = try base.columnMapping().physicalFields(of: base.metadata.partitionColumns)
    let written = Set(
      try transaction.changes.adds.map { file throws(DeltaError) in
        try PartitionKey(file.partitionValues, of: columns)
      })
    let files = base.state.files
    let rows = try (0..<files.count).filter { row in
      written.contains(try PartitionKey(files.partitionValues(at: row), of: columns))
    }
    transaction.changes.reads.partitions = written
    transaction.changes.reads.files = Set(rows.map(files.path))
    transaction.changes.removes = rows.map { files.removal(of: $0, at: now) }
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

extension WriteReport {
  fileprivate static var skipped: WriteReport {
    var report = WriteReport()
    report.isSkipped = true
    return report
  }
}
