internal import Columnar
internal import DeltaLog

/// Which files of a snapshot lose rows when those go that an operation picked, and how they are to lose them.
struct RowRemoval: Sendable {
  /// How a file loses some of its rows.
  enum Method: Sendable {
    /// It stays, and a deletion vector says which rows are gone.
    case deletionVectors
    /// The rows that stay are written into new files.
    case copying
  }

  let snapshot: Snapshot
  let method: Method
  /// Files of which no row stays, in the file table.
  let emptied: [Int]
  /// Files of which some stay.
  let thinned: [MatchedFile]
  /// The rows that go; `nil` when the log doesn't say how many a file has.
  let rowCount: Int64?

  /// Finds the rows for which a condition is true; those for which it is null stay. Partition values and statistics are
  /// looked at before files are.
  ///
  /// - Parameter predicate: resolved against the snapshot's schema.
  /// - Throws: ``DeltaError``.
  init(from snapshot: Snapshot, where predicate: ColumnPredicate) async throws {
    let pruning = try FilePruning(snapshot, predicate)
    let files = try pruning.filesByPartition()
    guard let residual = pruning.plan.residual else {
      self.init(from: snapshot, emptying: files)
      return
    }
    let finder = RowFinder(snapshot: snapshot, predicate: residual)
    self.init(from: snapshot, removing: try await finder.matches(in: try await pruning.filesByStatistics(files)))
  }

  /// - Parameter files: each once.
  init(from snapshot: Snapshot, removing files: [MatchedFile]) {
    self.snapshot = snapshot
    method = Self.method(of: snapshot)
    emptied = files.filter(\.isWhole).map(\.index)
    thinned = files.filter { !$0.isWhole }
    rowCount = files.reduce(0) { $0 &+ $1.rows.cardinality }
  }

  /// Takes files away whole.
  init(from snapshot: Snapshot, emptying files: [Int]) {
    self.snapshot = snapshot
    method = Self.method(of: snapshot)
    emptied = files
    thinned = []
    let table = snapshot.state.files
    var count: Int64? = 0
    for file in files {
      let all = table.recordCounts[file]
      // Either is what the log says, which may be anything.
      let (left, overflow) = all.subtractingReportingOverflow(table.deletedRowCount(at: file))
      count = overflow || all < 0 || left < 0 || left > all ? nil : count.map { $0 &+ left }
    }
    rowCount = count
  }

  private static func method(of snapshot: Snapshot) -> Method {
    snapshot.protocol.hasActive("deletionVectors", snapshot.metadata) ? .deletionVectors : .copying
  }

  /// Whether rows are put into other files.
  var copiesRows: Bool { method == .copying && !thinned.isEmpty }

  /// Whether the change feed needs files of its own, which then hold every change of the commit: whole files that come and
  /// go, and deletion vectors, tell it as they are, but rows that were copied are no change.
  ///
  /// Spec: Delta § Change Data Files
  var needsChangeFiles: Bool { copiesRows && ChangeFeedPlan.isEnabled(snapshot.metadata, snapshot.protocol) }
}
