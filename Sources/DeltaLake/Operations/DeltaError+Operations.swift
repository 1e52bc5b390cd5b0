internal import Columnar
internal import DeltaLog

// Wording of the errors about operations that don't fit the table. Call sites are one line.
extension DeltaError {
  static func tableExists(_ location: TableLocation) -> DeltaError {
    DeltaError(
      .alreadyExists,
      "There is a table at \(location.description) already. Append to it, overwrite it, or choose another place.",
      path: location.description)
  }

  static func otherPartitioning(_ wanted: [String], than columns: [String]) -> DeltaError {
    let state = columns.isEmpty ? "is not partitioned" : "is partitioned by \(columns.joined(separator: ", "))"
    return .invalidArgument(
      "The table \(state), and that can't become \(wanted.joined(separator: ", ")) while it holds rows of another layout. "
        + "Leave the partition columns out, or overwrite the table together with its schema.")
  }

  static var partialSchemaOverwrite: DeltaError {
    .invalidArgument(
      "The schema of the rows can take the place of the table's only when all rows are overwritten: rows that stay would "
        + "not fit it. Merge the schemas, or overwrite without a condition.")
  }

  static func cannotRestore(_ missing: [Int], to version: Version) -> DeltaError {
    DeltaError(
      .missingDataFile,
      "Version \(version) can't be restored: \(missing.count) of its files are not there any more, removed by a vacuum. "
        + "Choose a later version, or restore without them, and without their rows.", version: version)
  }
}
