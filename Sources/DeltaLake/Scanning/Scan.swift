public import Columnar
internal import DeltaLog

/// Which rows and columns of a snapshot to read: a value that narrows step by step.
///
/// ```swift
/// let far = try snapshot.scan().select(["city", "km"]).where { $0.km > 100 }
/// for try await batch in far.batches() { … }
/// ```
public struct Scan: Sendable {
  let snapshot: Snapshot
  /// The table's columns to give, in order.
  private var selected: [StructField]
  /// Resolved against the table's schema.
  private(set) var predicate: ColumnPredicate?
  /// Rows in all, at the most; which ones is open unless the order is kept.
  public var limit: Int?
  /// Whether rows come in the order of the files and of the rows in them. Without, batches come as they are ready.
  public var isOrdered = true
  /// Threads that decode; as many as the table's by default.
  public var threadCount: Int
  private(set) var includesRowTracking = false

  init(_ snapshot: Snapshot) {
    self.snapshot = snapshot
    selected = snapshot.schema.fields
    threadCount = snapshot.location.threadCount
  }

  /// The columns to give, in order; those of row tracking are the last.
  public var schema: Schema {
    guard includesRowTracking else { return StructType(selected) }
    return StructType(
      selected + [
        StructField(RowTracking.rowIdName, .long), StructField(RowTracking.rowCommitVersionName, .long),
      ])
  }

  /// Only these columns, in this order. Names are compared exactly, then without case.
  ///
  /// - Throws: ``DeltaError`` with `.invalidArgument` for a name that the table hasn't.
  public func select(_ names: [String]) throws(DeltaError) -> Scan {
    var fields: [StructField] = []
    for name in names {
      let exact = snapshot.schema[name]
      let folded = snapshot.schema.fields.filter { $0.name.lowercased() == name.lowercased() }
      guard let field = exact ?? (folded.count == 1 ? folded[0] : nil) else {
        throw .unknownColumn(name, in: snapshot.schema)
      }
      fields.append(field)
    }
    var scan = self
    scan.selected = fields
    return scan
  }

  /// Only rows for which the predicate is true, and for which earlier ones are.
  ///
  /// - Throws: ``DeltaError`` with `.invalidArgument` when it names unknown columns or compares what can't be.
  public func `where`(_ predicate: ColumnPredicate) throws(DeltaError) -> Scan {
    let resolved: ColumnExpression
    do {
      resolved = try predicate.resolved(against: snapshot.schema).expression
    } catch {
      throw .invalidCondition(error)
    }
    var scan = self
    scan.predicate = ColumnPredicate(self.predicate.map { .and([$0.expression, resolved]) } ?? resolved)
    return scan
  }

  /// As `where(_:)`, written as a closure over the columns: `.where { $0.km > 5 && $0.city == "Oslo" }`.
  public func `where`(_ predicate: (ColumnReferences) -> ColumnPredicate) throws(DeltaError) -> Scan {
    try self.where(predicate(ColumnReferences()))
  }

  /// As `where(_:)`, written as SQL: `km > 5 AND city = 'Oslo'`.
  public func `where`(sql: String) throws(DeltaError) -> Scan {
    let predicate: ColumnPredicate
    do {
      predicate = try ColumnPredicate(parsing: sql)
    } catch {
      throw .invalidCondition(error)
    }
    return try self.where(predicate)
  }

  /// At most this many rows.
  public func limit(_ count: Int) -> Scan {
    var scan = self
    scan.limit = count
    return scan
  }

  /// The same rows without a column.
  var withoutColumns: Scan {
    var scan = self
    scan.selected = []
    scan.includesRowTracking = false
    scan.isOrdered = false
    return scan
  }

  /// Adds the columns `_row_id` and `_row_commit_version`, which stay the same while a row is rewritten, behind those
  /// that are selected.
  ///
  /// Spec: Delta § Row Tracking
  ///
  /// - Throws: ``DeltaError`` with `.invalidArgument` when the table doesn't track rows.
  public func includingRowTracking() throws(DeltaError) -> Scan {
    guard snapshot.rowTracking != nil else {
      throw .invalidArgument("The table does not track rows: its property delta.enableRowTracking is not true.")
    }
    var scan = self
    scan.includesRowTracking = true
    return scan
  }

  /// The files that may hold rows, after partition values and statistics. Reads statistics where a clause needs them.
  public func plan() async throws -> ScanPlan {
    try await ScanPlan(self)
  }

  /// The rows, batch by batch.
  public func batches() -> RecordBatches {
    let scan = self
    return batches { try await ScanPlan(scan) }
  }

  /// - Parameter plan: made or given when the first batch is asked for.
  func batches(by plan: @escaping @Sendable () async throws -> ScanPlan) -> RecordBatches {
    batches(reading: { try await plan().fileReads() })
  }

  /// - Parameter reads: made or given when the first batch is asked for.
  func batches(reading reads: @escaping @Sendable () async throws -> SnapshotFileReads) -> RecordBatches {
    let workerCount = threadCount
    return RecordBatches(
      schema: schema, workerCount: workerCount, isOrdered: isOrdered, limit: limit,
      feeder: { enqueue in
        try await FileFeeder.feed(
          try await reads(), workerCount: workerCount, batchRowCount: RecordBatches.batchRowCount, enqueue: enqueue)
      })
  }

  /// The rows as values of a Swift type, fields by name.
  public func rows<Row: Decodable & Sendable>(as type: Row.Type) -> Rows<Row> {
    Rows(batches: batches())
  }
}

extension Snapshot {
  /// Everything: all columns of all rows. Narrow it.
  public func scan() -> Scan { Scan(self) }
}
