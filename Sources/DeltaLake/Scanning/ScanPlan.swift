public import Columnar
internal import DeltaLog

/// Which files a scan reads, and which it need not.
///
/// ```swift
/// let plan = try await snapshot.scan().where { $0.km > 100 }.plan()
/// print("\(plan.files.count) of \(snapshot.fileCount) files, without \(plan.prunedByStatistics) by their statistics")
/// for try await batch in plan.batches() { … }
/// ```
///
/// Spec: Delta § Per-file Statistics
public struct ScanPlan: Sendable {
  let scan: Scan
  /// Rows of the snapshot's file table.
  package let fileRows: [Int]
  /// Files that partition values ruled out.
  public let prunedByPartition: Int
  /// Files that statistics ruled out.
  public let prunedByStatistics: Int
  /// What must still be evaluated on the rows.
  let residual: ColumnPredicate?

  init(_ scan: Scan) async throws {
    self.scan = scan
    guard let predicate = scan.predicate else {
      fileRows = Array(0..<scan.snapshot.state.files.count)
      prunedByPartition = 0
      prunedByStatistics = 0
      residual = nil
      return
    }
    let pruning = try FilePruning(scan.snapshot, predicate)
    let byPartition = try pruning.filesByPartition()
    let kept = try await pruning.filesByStatistics(byPartition)
    fileRows = kept
    residual = pruning.plan.residual
    prunedByPartition = scan.snapshot.state.files.count - byPartition.count
    prunedByStatistics = byPartition.count - kept.count
  }

  /// The files to read.
  public var files: SnapshotFiles { SnapshotFiles(scan.snapshot, rows: fileRows) }

  /// The rows, batch by batch, by this plan: nothing is planned again.
  public func batches() -> RecordBatches {
    let plan = self
    return scan.batches { plan }
  }

  /// How each file is read.
  func fileReads() throws -> SnapshotFileReads {
    try SnapshotFileReads(scan, files: fileRows, predicate: residual)
  }
}

/// Makes the reads of a snapshot's files, one by one.
struct SnapshotFileReads: DataFileReads {
  private let snapshot: Snapshot
  private let files: [Int]
  private let predicate: ColumnPredicate?
  private let layout: ReadLayout
  private let partitionFields: [StructField]
  /// Which rows of each file to read; `nil`: all that are not deleted.
  var picks: [RowPick]?
  /// Whether batches come with the positions of their rows.
  var includesRowPositions = false

  init(_ scan: Scan, files: [Int], predicate: ColumnPredicate?) throws {
    snapshot = scan.snapshot
    self.files = files
    self.predicate = predicate
    let mapping = try snapshot.columnMapping()
    let partitionColumns = snapshot.metadata.partitionColumns
    partitionFields = mapping.physicalFields(of: partitionColumns)
    let predicateColumns = Set(predicate?.expression.columns.map { $0.names[0] } ?? []).sorted()
    layout = ReadLayout(
      output: scan.schema, predicateColumns: predicateColumns, constants: partitionColumns, mapping: mapping,
      rowTracking: scan.includesRowTracking ? snapshot.rowTracking : nil)
  }

  var count: Int { files.count }

  func sizeInBytes(_ index: Int) -> Int64 { snapshot.state.files.sizes[files[index]] }

  func read(_ index: Int) async throws -> DataFileRead {
    let table = snapshot.state.files
    let row = files[index]
    return DataFileRead(
      file: try FileReference(decoding: table.path(at: row), in: snapshot.location), sizeInBytes: table.sizes[row],
      layout: layout, constants: try PartitionValues.scalars(table.partitionValues(at: row), of: partitionFields),
      predicate: predicate, selection: try await selection(index), baseRowId: table.baseRowId(at: row),
      defaultRowCommitVersion: table.defaultRowCommitVersion(at: row), includesRowPositions: includesRowPositions)
  }

  private func selection(_ index: Int) async throws -> RowSelection {
    if case .only(let rows)? = picks?[index] { return .only(rows) }
    let deleted = try await snapshot.deletedRows(ofFile: files[index])
    guard case .allBut(let rows)? = picks?[index] else { return deleted.map(RowSelection.excluding) ?? .all }
    return .excluding(deleted?.union(rows) ?? rows)
  }
}

/// Which rows of a file to read, of those that are not deleted.
enum RowPick: Sendable {
  /// None of them is deleted.
  case only(RoaringBitmapArray)
  case allBut(RoaringBitmapArray)
}

extension Snapshot {
  /// The rows that a file's deletion vector deletes; `nil` when it has none.
  ///
  /// - Parameter index: in the file table.
  func deletedRows(ofFile index: Int) async throws -> RoaringBitmapArray? {
    guard let descriptor = state.files.deletionVector(at: index) else { return nil }
    return try await DeletionVectorReader(location: location).read(descriptor).rows
  }
}
