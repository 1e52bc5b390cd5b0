import Columnar

/// Rows in columns, for people: `psql`'s look, with box characters on a terminal and plain ones elsewhere.
///
/// The columns' widths fit the header and the first rows, which wait in memory until there are enough of them; what is
/// longer later, or does not fit the terminal, is cut with `…`. Columns beyond the terminal's width are left out, and
/// the footer says so. A null is `NULL`; a string that reads so is in quotes.
final class TableRowWriter: RowWriter {
  /// The rows that decide about the widths.
  private static let sampleSize = 1_000
  /// No column is cut below this.
  private static let smallestWidth = 6
  /// A cell that is not on a terminal is not wider than this.
  private static let largestWidth = 200

  private let schema: Schema
  private let sink: ByteSink
  private let terminal: Terminal
  private var text = TextBuffer(capacity: 64 << 10)
  private var sample: [[Cell]] = []
  private var layout: TableLayout?
  private var rowCount = 0

  /// `nil` is a null.
  typealias Cell = String?

  init(schema: Schema, sink: ByteSink, terminal: Terminal?) {
    self.schema = schema
    self.sink = sink
    self.terminal = terminal ?? Terminal(width: nil, isDecorated: false)
  }

  func write(_ batch: RecordBatch) throws(OutputError) {
    rowCount += batch.rowCount
    let columns = batch.columns.map { ColumnText($0, rows: 0..<batch.rowCount, style: .plain) }
    for column in columns { try column.throwFailure() }
    for row in 0..<batch.rowCount where !sink.isClosed {
      let cells = columns.indices.map { index -> Cell in
        guard !batch.columns[index].isNull(row) else { return nil }
        let text = Self.printable(columns[index].string(of: row))
        return text == "NULL" ? "\"NULL\"" : text
      }
      if let layout {
        layout.append(row: cells, to: &text)
        if text.count >= ByteSink.chunkSize { try sink.take(&text) }
      } else {
        sample.append(cells)
        if sample.count == Self.sampleSize { start() }
      }
    }
    if layout != nil { try sink.take(&text) }
  }

  func finish() throws(OutputError) {
    if layout == nil { start() }
    let hidden = schema.fields.count - (layout?.columns.count ?? 0)
    text.append(string: "(\(rowCount) \(rowCount == 1 ? "row" : "rows")")
    if hidden > 0 { text.append(string: ", \(hidden) of \(schema.fields.count) columns not shown") }
    text.append(")\n")
    try sink.take(&text)
  }

  private func start() {
    let names = schema.fields.map { Self.printable($0.name) }
    var widths = names.map { DisplayWidth.of($0) }
    for row in sample {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], DisplayWidth.of(cell ?? "NULL"))
      }
    }
    let limit = terminal.width.map { max($0, 20) }
    let fitted = TableLayout.fit(
      widths.map { min($0, Self.largestWidth) }, within: limit, smallest: Self.smallestWidth,
      isRigid: schema.fields.map(\.type.isBrief))
    let layout = TableLayout(
      columns: fitted.enumerated().map { .init(width: $1, isRight: schema.fields[$0].type.isNumeric) },
      isDecorated: terminal.isDecorated)
    layout.append(header: names, to: &text)
    for row in sample { layout.append(row: row, to: &text) }
    sample = []
    self.layout = layout
  }

  /// Control characters would break the lines, or command the terminal.
  static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.properties.generalCategory == .control:
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
