internal import Columnar

extension ParquetError {
  static func unstorable(_ what: String) -> ParquetError {
    ParquetError(.unsupported, "Parquet has no column for \(what). Leave it out, or give it another type.")
  }

  static func batchHasColumns(_ count: Int, expected: Int) -> ParquetError {
    ParquetError(.schemaMismatch, "A batch of \(count) columns cannot be written to a file of \(expected).")
  }

  static func batchColumn(_ name: String, _ type: DataType, expectedName: String, _ expected: DataType) -> ParquetError
  {
    if name != expectedName {
      return ParquetError(
        .schemaMismatch, "The batch has the column \(name) where the file has \(expectedName).", column: expectedName)
    }
    return ParquetError(
      .schemaMismatch, "The batch has values of type \(type) where the file has \(expected).", column: expectedName)
  }

  static func noBloomFilterColumn(_ name: String) -> ParquetError {
    ParquetError(
      .schemaMismatch, "There is no column for the Bloom filter. Give the path of a stored column, with dots.",
      column: name)
  }

  static func noBloomFilter(_ name: String, _ type: DataType) -> ParquetError {
    ParquetError(.schemaMismatch, "A column of type \(type) can have no Bloom filter.", column: name)
  }

  static func nullInRequired(count: Int) -> ParquetError {
    ParquetError(
      .invalidValue, "The column has \(count == 1 ? "a null" : "\(count) nulls"), but its field is not nullable.")
  }

  static func tooManyDigits(_ unscaled: Int128, _ type: DataType) -> ParquetError {
    ParquetError(.invalidValue, "A value of the type \(type) has more digits than the type: \(unscaled), unscaled.")
  }

  static func notUTF8() -> ParquetError {
    ParquetError(.invalidValue, "A string is not UTF-8. Write the column as binary, or mend it.")
  }

  static func pageTooLarge(_ byteCount: Int) -> ParquetError {
    ParquetError(
      .invalidValue, "A page of \(byteCount) bytes would be needed, but 2147483647 are the most. Use shorter values.")
  }

  static func damagedColumn(_ problem: String) -> ParquetError {
    ParquetError(.invalidValue, "The batch's column contradicts itself: \(problem).")
  }

  static func writerHasFailed(_ cause: any Error) -> ParquetError {
    ParquetError(
      .invalidState, "The file was given up after an earlier error. Write it anew.", cause: cause)
  }

  static func writerIsFinished() -> ParquetError {
    ParquetError(.invalidState, "The file is finished; nothing can be added to it.")
  }
}
