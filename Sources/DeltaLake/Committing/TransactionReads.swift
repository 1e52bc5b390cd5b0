internal import Columnar
internal import DeltaLog

/// What a transaction has looked at in the version it is based on: other commits must not have changed it.
struct TransactionReads: Sendable {
  /// Conditions whose rows were read.
  var predicates: [ColumnPredicate] = []
  /// Whether every row counts, for example the sum of all.
  var isWholeTable = false
  /// Files that were read, as paths of the log.
  var files: Set<String> = []

  /// Whether nothing of the table's rows was looked at.
  var isEmpty: Bool { predicates.isEmpty && !isWholeTable && files.isEmpty }
}
