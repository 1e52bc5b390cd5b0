package import Columnar

/// What a reading does with one row group.
package struct PlannedRowGroup: Sendable {
  /// The row group's position in the file.
  package let rowGroup: Int
  /// The rows in the group, before anything is filtered.
  package let rowCount: Int64
  /// What statistics and bloom filters say; `nil` without a predicate.
  package let verdict: RowGroupVerdict?
  /// `nil` when the group has no rows for the reading.
  package internal(set) var task: RowGroupTask?

  /// Where the predicate's columns are.
  let columns: PredicateColumns?

  init(rowGroup: Int, rowCount: Int64, verdict: RowGroupVerdict?, columns: PredicateColumns?) {
    self.rowGroup = rowGroup
    self.rowCount = rowCount
    self.verdict = verdict
    self.columns = columns
  }
}

extension RowGroupTask {
  /// The rows, counted within the group, that the page index leaves; all of them without a predicate.
  ///
  /// - Throws: what the source throws.
  package func rowRanges() async throws -> RowRanges {
    guard let predicate else { return RowRanges([0..<Int64(rowCount)]) }
    return try await file.rowRanges(rowGroup: rowGroup, for: predicate.predicate, columns: predicate.targets)
  }

  /// How many requests fetch ``byteRanges`` when all of them are wanted: those that are close are one, and what came
  /// with the footer takes none.
  package var requestCount: Int {
    let wanted = byteRanges.filter { $0.lowerBound < file.size - ParquetFile.tailSize }
    return FetchSizes(requestOverhead: file.source.requestOverhead).requestCount(wanted)
  }
}

extension ParquetFile {
  /// What the footer's statistics say of the columns that a clause of the reading's predicate names.
  package func knownBounds(of planned: PlannedRowGroup, in clause: ColumnExpression) -> [ColumnPath: Bounds] {
    guard let columns = planned.columns else { return [:] }
    let known = bounds(rowGroup: planned.rowGroup, columns: columns)
    return clause.columns.reduce(into: [:]) { $0[$1] = known.bounds(for: $1) }
  }
}
