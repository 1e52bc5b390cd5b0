/// What is wrong with some encoded or compressed bytes, before anybody knows where in which file they are.
///
/// The page reader turns it into a ``ParquetError`` with the file, the column and the byte offset.
package struct DecodingFailure: Error, Equatable {
  enum Kind {
    case damaged, unsupported, checksum
    /// A batch of fewer rows is possible.
    case largeBatch
  }
  var kind: Kind
  var message: String

  static func damaged(_ message: String) -> DecodingFailure { DecodingFailure(kind: .damaged, message: message) }
  static func unsupported(_ message: String) -> DecodingFailure {
    DecodingFailure(kind: .unsupported, message: message)
  }

  func located(file: String, column: String, byteOffset: Int) -> ParquetError {
    let (code, text): (ParquetError.Code, String) =
      switch kind {
      case .damaged: (.corrupt, "Damaged page: \(message).")
      case .unsupported: (.unsupported, "Cannot read the page: \(message).")
      case .checksum: (.checksumMismatch, "Damaged page: \(message).")
      case .largeBatch: (.largeBatch, message)
      }
    return ParquetError(code, text, file: file, column: column, byteOffset: byteOffset)
  }
}
