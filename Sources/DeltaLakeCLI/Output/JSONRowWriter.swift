import Columnar

/// One JSON object a row and line.
final class JSONRowWriter: RowWriter {
  /// Rows printed at a time: their pieces stay in the processor's cache.
  private static let blockSize = 2_048

  private let schema: Schema
  private let style: TextStyle
  private let sink: ByteSink

  init(schema: Schema, style: TextStyle, sink: ByteSink) {
    self.schema = schema
    self.style = style
    self.sink = sink
  }

  func write(_ batch: RecordBatch) throws(OutputError) {
    var text = TextBuffer(capacity: ByteSink.chunkSize + 64 << 10)
    var start = 0
    while start < batch.rowCount, !sink.isClosed {
      let rows = start..<min(start + Self.blockSize, batch.rowCount)
      let fields = StructText(schema, batch.columns, rows: rows, style: style)
      try fields.throwFailure()
      try fields.withRows { (texts) throws(OutputError) in
        for row in 0..<rows.count {
          texts.copy(row, to: &text)
          text.append(0x0A)
          if text.count >= ByteSink.chunkSize { try sink.take(&text) }
        }
      }
      start = rows.upperBound
    }
    try sink.take(&text)
  }

  func finish() {}
}
