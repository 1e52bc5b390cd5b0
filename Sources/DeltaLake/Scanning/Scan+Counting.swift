extension Scan {
  /// How many rows there are, at most ``limit``.
  ///
  /// The log alone tells where no condition is left for the rows and every file's statistics count them: no data file is
  /// touched. Else the files that may hold rows are read, of their columns only those of the condition; without one that
  /// is their footers and deletion vectors.
  ///
  /// - Throws: ``DeltaError``: `.unsupportedFeatures` or `.invalidSchema` for a table that can't be read;
  ///   `.missingDataFile`, `.corruptData`, `.corruptDeletionVector` for files that must be read and can't;
  ///   `.invalidArgument` for a condition that fails on a row; `.storageFailed`. Or `CancellationError`.
  public func count() async throws -> Int64 {
    let plan = try await ScanPlan(withoutColumns)
    var count: Int64
    if let known = try await plan.knownRowCount() {
      count = known
    } else {
      count = 0
      // Rows that were decoded can't be so many that their number overflows.
      for try await batch in plan.batches() { count &+= Int64(batch.rowCount) }
    }
    return limit.map { min(count, Int64(max(0, $0))) } ?? count
  }
}

extension ScanPlan {
  /// The rows that the scan gives when partition values decide them and the log counts them; `nil` when rows must be
  /// looked at, or counted.
  func knownRowCount() async throws -> Int64? {
    guard residual == nil else { return nil }
    do {
      if scan.predicate == nil { return try await scan.snapshot.rowCount() }
      return try await scan.snapshot.rowCount(ofFiles: fileRows)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      // Statistics only save work: without them the rows are counted.
      return nil
    }
  }
}
