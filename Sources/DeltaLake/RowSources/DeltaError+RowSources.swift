internal import Columnar
internal import DeltaLog

// Wording of the errors about files with rows. Call sites are one line.
extension DeltaError {
  static let schemaAdvice =
    "Give the column's type: with --columns or --schema-file on the command line, as the source's schema in code."

  static func rowTooLong(in file: String, line: Int64, limit: Int) -> DeltaError {
    DeltaError(
      .schemaMismatch,
      "\(file), line \(line): a row of more than \(limit >> 20) MiB. Most likely a quote that is opened here is never closed.",
      path: file)
  }

  static func badText(_ file: String, _ line: Int64, _ reason: String) -> DeltaError {
    DeltaError(.schemaMismatch, "\(file), line \(line): \(reason)", path: file)
  }

  /// A value that doesn't go with a type that was guessed.
  static func notAsGuessed(
    _ file: String, _ line: Int64, _ column: String, _ value: String, _ type: DataType
  ) -> DeltaError {
    .badText(
      file, line,
      "'\(value)' in column \(column) is no \(type.sqlName.prefix(80)), which the first rows suggest. \(schemaAdvice)")
  }

  static func unreadableType(_ field: StructField, _ format: String) -> DeltaError {
    .invalidArgument("Column \(field.name) is \(field.type.sqlName.prefix(80)), which can't be read from \(format).")
  }

  static var noFiles: DeltaError { .invalidArgument("There is no file to read rows from.") }
}

/// Names as the schemas of tables are searched: exactly, else in any case of letters.
struct FieldHints {
  private let exact: [String: StructField]
  private let folded: [String: StructField]

  init(_ schema: Schema?) {
    let fields = schema?.fields ?? []
    exact = Dictionary(fields.map { ($0.name, $0) }) { first, _ in first }
    folded = Dictionary(fields.map { ($0.name.lowercased(), $0) }) { first, _ in first }
  }

  subscript(name: String) -> StructField? { exact[name] ?? folded[name.lowercased()] }
}
