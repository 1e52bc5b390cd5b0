extension ParquetError {
  static func corruptThrift(_ problem: String, at byteOffset: Int) -> ParquetError {
    ParquetError(.corrupt, "Damaged metadata: \(problem).", byteOffset: byteOffset)
  }

  static func missingField(_ name: String, of structure: String, _ reader: ThriftReader) -> ParquetError {
    reader.error("\(structure) has no \(name)")
  }

  static func tooSmall(_ size: Int) -> ParquetError {
    ParquetError(.notParquet, "Not a Parquet file: \(size) bytes are fewer than the smallest has.")
  }

  static func missingMagic() -> ParquetError {
    ParquetError(.notParquet, "Not a Parquet file, or one cut short: it does not begin and end with PAR1.")
  }

  static func encryptedFooter() -> ParquetError {
    ParquetError(.encrypted, "The file's footer is encrypted. Decrypt the file first: encryption is not supported.")
  }

  static func encryptedColumn(_ column: String?) -> ParquetError {
    ParquetError(
      .encrypted, "The column is encrypted. Leave it out, or decrypt the file first: encryption is not supported.",
      column: column)
  }

  static func footerLength(_ length: UInt32, fileSize: Int) -> ParquetError {
    ParquetError(
      .corrupt, "Damaged file: a footer of \(length) bytes in a file of \(fileSize).", byteOffset: fileSize - 8)
  }

  static func outsideFile(_ what: String, _ start: Int64, _ length: Int64, fileSize: Int) -> ParquetError {
    ParquetError(
      .corrupt, "Damaged file: \(what) is said to be at byte \(start) for \(length) bytes, in a file of \(fileSize).")
  }

  static func chunkElsewhere(_ path: String) -> ParquetError {
    ParquetError(.unsupported, "The column's data are in another file, \(path): summary files are not read.")
  }

  static func chunkWithoutMetadata() -> ParquetError {
    ParquetError(.corrupt, "Damaged file: a column chunk has no metadata.")
  }

  static func chunkCount(_ count: Int, rowGroup: Int, leaves: Int) -> ParquetError {
    ParquetError(.corrupt, "Damaged file: row group \(rowGroup) has \(count) columns, the schema \(leaves).")
  }

  static func impossibleRowCount(rowGroup: Int) -> ParquetError {
    ParquetError(.corrupt, "Damaged file: row group \(rowGroup) has a negative row count, or all together too many.")
  }

  static func cannotOpen(_ path: String, reason: String) -> ParquetError {
    ParquetError(.io, "Cannot open the file: \(reason).", file: path)
  }

  static func cannotRead(_ path: String, _ range: Range<Int>, reason: String) -> ParquetError {
    ParquetError(.io, "Cannot read bytes \(range): \(reason).", file: path, byteOffset: range.lowerBound)
  }
}
