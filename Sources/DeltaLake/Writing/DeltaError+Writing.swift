internal import DeltaLog
internal import ObjectStorage
internal import Parquet

// Wording of the errors of writing data files. Call sites are one line.
extension DeltaError {
  /// What a failure while writing a data file means: nothing of it counts, since no commit names it.
  static func writingFile(_ path: String, failure: any Error) -> any Error {
    switch failure {
    case is CancellationError, is DeltaError: failure
    case let error as StorageError:
      DeltaError(
        .storageFailed, "The data file \(path) can't be written: \(error.message) Nothing was committed.", path: path,
        cause: error)
    case let error as ParquetError:
      DeltaError(
        .schemaMismatch, "The rows can't be written as Parquet: \(error) Nothing was committed.", path: path,
        cause: error)
    default: failure
    }
  }
}
