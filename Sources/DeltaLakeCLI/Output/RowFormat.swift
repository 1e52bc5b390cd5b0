import Columnar

/// How rows are printed.
enum RowFormat: String, CaseIterable, Sendable {
  /// Columns in line, for people.
  case table
  /// One JSON object a row, as other tools expect it.
  case jsonl
  /// RFC 4180, with a header.
  case csv
  /// A table for a Markdown document.
  case markdown
  /// One JSON object a row with every value exact, so that implementations can be compared.
  case canonical
  /// Nothing: the rows are decoded and dropped.
  case null
}

/// Whose canonical form is printed. They differ in two points.
enum CanonicalDialect: Sendable {
  /// Maps sorted by the JSON text of their keys; years above 9999 have a `+`.
  case delta
  /// Maps in the order of the file; years above 9999 have no sign.
  case parquet
}

/// Prints batches of one schema, one after the other. Not for several threads.
protocol RowWriter: AnyObject {
  /// Prints the rows of a batch; they may stay in memory until a later batch or ``finish()``.
  func write(_ batch: RecordBatch) throws(OutputError)
  /// Prints what is left, such as a table's footer.
  func finish() throws(OutputError)
}

extension RowFormat {
  /// A writer of rows of a schema. `terminal` says where tables go; `nil` is a file or pipe.
  func writer(
    for schema: Schema, to sink: ByteSink, dialect: CanonicalDialect = .delta, terminal: Terminal? = nil
  ) -> any RowWriter {
    switch self {
    case .canonical: JSONRowWriter(schema: schema, style: dialect == .delta ? .delta : .parquet, sink: sink)
    case .jsonl: JSONRowWriter(schema: schema, style: .natural, sink: sink)
    case .csv: CSVRowWriter(schema: schema, sink: sink)
    case .markdown: MarkdownRowWriter(schema: schema, sink: sink)
    case .table: TableRowWriter(schema: schema, sink: sink, terminal: terminal)
    case .null: NullRowWriter()
    }
  }
}

/// Drops the rows.
final class NullRowWriter: RowWriter {
  func write(_ batch: RecordBatch) {}
  func finish() {}
}
