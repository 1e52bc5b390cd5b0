package import Columnar
package import DeltaLog

/// Incoming rows as those of the table, and which of them the table takes.
package struct EnforcedBatch: Sendable {
  /// Every incoming row, in order. Rows that are not accepted have unspecified values.
  package let rows: RecordBatch
  /// A set bit for each row that keeps every rule; `nil`: all do.
  package let accepted: Bitmap?
  /// Rows counted before this batch.
  let firstRow: Int64
  let failures: [RuleFailure]

  /// Rows that break one rule.
  struct RuleFailure: Sendable {
    var rule: RowViolation.Rule
    var column: ColumnPath?
    /// A set bit for each such row.
    var rows: Bitmap
    /// Where the values are that the rule is about, by the names to show.
    var subjects: [(name: String?, column: Column)]
  }

  /// The rows to write.
  package var acceptedRows: RecordBatch { accepted.map { rows.filtered(by: $0) } ?? rows }

  /// Rows that break a rule.
  package var rejectedCount: Int { accepted.map { $0.count - $0.setCount } ?? 0 }

  /// The first rows that break a rule, each with every rule that it breaks; by row.
  ///
  /// - Parameter limit: the rows to tell of.
  package func violations(limit: Int = .max) -> [RowViolation] {
    guard let accepted else { return [] }
    var found: [RowViolation] = []
    var told = 0
    for row in 0..<rows.rowCount where !accepted[row] {
      guard told < limit else { break }
      told += 1
      found += violations(ofRow: row)
    }
    return found
  }

  /// The rules that a row of the batch breaks.
  package func violations(ofRow row: Int) -> [RowViolation] {
    failures.filter { $0.rows[row] }.map { failure in
      let texts = failure.subjects.prefix(8).map { name, column in
        (name.map { "\($0) = " } ?? "") + ValueText.text(column, row)
      }
      return RowViolation(
        failure.rule, column: failure.column, rowNumber: firstRow + Int64(row) + 1,
        value: texts.isEmpty ? "the row" : texts.joined(separator: ", "))
    }
  }

  /// For writes that take all rows or none.
  ///
  /// - Throws: `constraintViolation`, or `schemaMismatch` for a value that has no counterpart in its column's type: names
  ///   column, rule, row and value of the first.
  package func checkAllAccepted() throws(DeltaError) {
    if let first = violations(limit: 1).first { throw .violation(first, of: rejectedCount) }
  }
}
