internal import DeltaLog
internal import ObjectStorage
internal import Parquet

// Wording of the errors of reading data files. Call sites are one line.
extension DeltaError {
  /// What a failure while reading a data file means for the table.
  static func dataFile(_ name: String, failure: any Error) -> any Error {
    switch failure {
    case is CancellationError, is DeltaError: failure
    case let error as StorageError where error.code == .notFound:
      DeltaError(
        .missingDataFile,
        "The data file \(name) is not there, but the table's log lists it. It was deleted by something other than a "
          + "Delta writer, or by VACUUM after this version: restore it, or read a newer version.",
        path: name, cause: error)
    case let error as StorageError:
      DeltaError(.storageFailed, error.message, path: name, cause: error)
    case let error as ExpressionError: DeltaError.invalidCondition(error)
    case let error as ParquetError:
      DeltaError(.corruptData, "The data file \(name) can't be read: \(error)", path: name, cause: error)
    default:
      DeltaError(.corruptData, "The data file \(name) can't be read: \(failure)", path: name, cause: failure)
    }
  }

  /// What a failure while reading a checkpoint's file means: whatever it is, the file is of no use.
  static func checkpointFile(_ name: String, version: Version?, failure: any Error) -> any Error {
    switch failure {
    case let error as ParquetError:
      DeltaError(
        .corruptCheckpoint, "The checkpoint file \(name) is damaged: \(error)", path: name, version: version,
        cause: error)
    case let error as StorageError:
      DeltaError(
        .corruptCheckpoint, "The checkpoint file \(name) can't be read: \(error.message)", path: name,
        version: version, cause: error)
    default: failure
    }
  }

  static func cannotDecode(_ type: Any.Type, cause: any Error) -> DeltaError {
    let reason: String
    switch cause {
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.keyNotFound(_, let context), DecodingError.dataCorrupted(let context):
      reason = context.debugDescription
    default: reason = "\(cause)"
    }
    return DeltaError(.schemaMismatch, "A row does not fit \(type): \(reason)", cause: cause)
  }
}
