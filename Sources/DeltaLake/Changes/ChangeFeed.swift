public import Columnar
public import DeltaLog

/// The rows that a range of commits inserted, deleted and updated.
///
/// A row has the table's columns as of the range's last version, then `_change_type` (`insert`, `delete`,
/// `update_preimage`, `update_postimage`), `_commit_version` and `_commit_timestamp`.
///
/// Spec: Delta § Reader Requirements for AddCDCFile
public struct ChangeFeed: Sendable {
  private let location: TableLocation
  private let plan: ChangeFeedPlan
  /// Whether changes come in the order of versions, files and rows.
  public var isOrdered = true
  /// Threads that decode; as many as the table's by default.
  public var threadCount: Int
  /// Whether rows have the column `_commit_timestamp`.
  public var includesCommitTimestamp = true

  init(location: TableLocation, plan: ChangeFeedPlan) {
    self.location = location
    self.plan = plan
    threadCount = location.threadCount
  }

  /// The rows' columns.
  public var schema: Schema {
    var schema = plan.outputSchema
    if !includesCommitTimestamp { schema.fields.removeAll { $0.name == ChangeFeedPlan.commitTimestampName } }
    return schema
  }

  /// The rows, batch by batch.
  public func batches() -> RecordBatches {
    let reads = ChangeFileReads(location: location, plan: plan, output: schema)
    let workerCount = threadCount
    return RecordBatches(
      schema: schema, workerCount: workerCount, isOrdered: isOrdered, limit: nil,
      feeder: { enqueue in
        try await FileFeeder.feed(
          reads, workerCount: workerCount, batchRowCount: RecordBatches.batchRowCount, enqueue: enqueue)
      })
  }

  /// The rows as values of a Swift type, fields by name.
  public func rows<Row: Decodable & Sendable>(as type: Row.Type) -> Rows<Row> {
    Rows(batches: batches())
  }
}

extension DeltaTable {
  /// The changes that the versions of a range made, both ends included.
  ///
  /// - Parameters:
  ///   - first: a version; a time means the first version committed at or after it.
  ///   - last: a version; a time means the last version committed at or before it.
  /// - Throws: ``DeltaError``: `.changeFeedUnavailable` naming the first version at which the table didn't record
  ///   changes, `.versionNotFound`, `.invalidArgument` for a range that ends before it begins.
  public func changes(from first: Moment, to last: Moment = .latest) async throws -> ChangeFeed {
    let plan = try await ChangeFeedLoader(location: location).plan(from: first, to: last)
    return ChangeFeed(location: location, plan: plan)
  }
}

/// Makes the reads of a change feed's files, one by one.
private struct ChangeFileReads: DataFileReads {
  private let location: TableLocation
  private let reads: [ChangeRead]
  private let partitionFields: [StructField]
  /// For files whose rows all changed alike.
  private let uniform: ReadLayout
  /// For change files, which have a column that says how.
  private let recorded: ReadLayout

  init(location: TableLocation, plan: ChangeFeedPlan, output: Schema) {
    self.location = location
    reads = plan.reads
    partitionFields = plan.mapping.physicalFields(of: plan.partitionColumns)
    let commitColumns = [ChangeFeedPlan.commitVersionName, ChangeFeedPlan.commitTimestampName]
    recorded = ReadLayout(
      output: output, predicateColumns: [], constants: plan.partitionColumns + commitColumns, mapping: plan.mapping,
      rowTracking: nil)
    uniform = ReadLayout(
      output: output, predicateColumns: [],
      constants: plan.partitionColumns + commitColumns + [ChangeFeedPlan.changeTypeName], mapping: plan.mapping,
      rowTracking: nil)
  }

  var count: Int { reads.count }

  func sizeInBytes(_ index: Int) -> Int64 { reads[index].sizeInBytes ?? 0 }

  func read(_ index: Int) async throws -> DataFileRead {
    let read = reads[index]
    var constants = try PartitionValues.scalars(read.partitionValues, of: partitionFields)
    constants += [.long(read.version), .timestamp(read.timestamp.milliseconds &* 1000)]
    if let type = read.changeType { constants.append(.string(type.rawValue)) }
    return DataFileRead(
      file: try FileReference(decoding: read.path, in: location), sizeInBytes: read.sizeInBytes,
      layout: read.changeType == nil ? recorded : uniform, constants: constants, predicate: nil,
      selection: try await selection(read.rows), baseRowId: nil, defaultRowCommitVersion: nil)
  }

  private func selection(_ rows: ChangeRead.Rows) async throws -> RowSelection {
    let vectors = DeletionVectorReader(location: location)
    switch rows {
    case .all(except: nil): return .all
    case .all(except: .some(let descriptor)): return .excluding(try await vectors.read(descriptor).rows)
    case .deleted(let now, let before):
      let deleted = try await vectors.read(now).rows
      guard let before else { return .only(deleted) }
      return .only(deleted.subtracting(try await vectors.read(before).rows))
    }
  }
}
