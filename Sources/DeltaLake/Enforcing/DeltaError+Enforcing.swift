internal import Columnar
package import DeltaLog

// Wording of the errors about rows that a table does not take.

extension DeltaError {
  /// - Parameter count: the rows that break a rule, in what was looked at.
  package static func violation(
    _ violation: RowViolation, of count: Int, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    let others = count > 1 ? " \(count) rows like that were found so far." : ""
    let isFit = if case .type = violation.rule { true } else { false }
    return DeltaError(
      isFit ? .schemaMismatch : .constraintViolation,
      "\(violation.description)\(others) Nothing was written: correct the data, or let such rows be left out.",
      fileID: fileID, line: line)
  }

  static func foreignBatch(
    _ path: [String], _ type: DataType, fileID: String = #fileID, line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .invalidArgument,
      "The batch has \(type.sqlName.prefix(120)) for column `\(path.joined(separator: "."))`, which is not what its "
        + "schema said. All batches of a write have one schema.", fileID: fileID, line: line)
  }

  static func identityExhausted(_ name: String, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .constraintViolation,
      "The identity column `\(name)` has no values left: the next would leave what 64 bits hold.", fileID: fileID,
      line: line)
  }

  static func unusableDefault(
    _ sql: String, of column: String, _ reason: String, cause: (any Error)? = nil, fileID: String = #fileID,
    line: Int = #line
  ) -> DeltaError {
    DeltaError(
      .unsupportedFeatures,
      "The default of column `\(column)` can't be used (\(sql.prefix(200))): \(reason) Bring values for the column, or "
        + "drop its default.", cause: cause, fileID: fileID, line: line)
  }
}
