internal import DeltaLog

/// A data file of a snapshot of which an operation picked rows.
struct MatchedFile: Sendable {
  /// In the snapshot's file table.
  let index: Int
  /// The picked rows, by their positions in the file. None is deleted already.
  var rows: RoaringBitmapArray
  /// The rows that the file holds, deleted ones included.
  let rowCount: Int64
  /// The rows that its deletion vector deletes.
  let deletedCount: Int64

  /// Whether no row of it stays without those that were picked.
  var isWhole: Bool { rows.cardinality >= rowCount - deletedCount }
}
