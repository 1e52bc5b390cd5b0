import Columnar

/// RFC 4180 with a header; lines end with LF alone, as most tools write it.
///
/// A null is an empty field, an empty string `""`. Fields with quotes, commas, line breaks or blanks at an end are in
/// quotes. Nested values are JSON.
final class CSVRowWriter: RowWriter {
  private let schema: Schema
  private let sink: ByteSink
  private var isStarted = false

  init(schema: Schema, sink: ByteSink) {
    self.schema = schema
    self.sink = sink
  }

  func write(_ batch: RecordBatch) throws(OutputError) {
    var text = TextBuffer(capacity: ByteSink.chunkSize + 64 << 10)
    startIfNeeded(&text)
    let columns = batch.columns.map { ColumnText($0, rows: 0..<batch.rowCount, style: .plain) }
    for column in columns { try column.throwFailure() }
    for row in 0..<batch.rowCount where !sink.isClosed {
      for (index, column) in columns.enumerated() {
        if index > 0 { text.append(0x2C) }
        if batch.columns[index].isNull(row) { continue }
        let range = column.range(of: row)
        column.text.withBytes { Self.append(field: UnsafeRawBufferPointer(rebasing: $0[range]), to: &text) }
      }
      text.append(0x0A)
      if text.count >= ByteSink.chunkSize { try sink.take(&text) }
    }
    try sink.take(&text)
  }

  func finish() throws(OutputError) {
    var text = TextBuffer()
    startIfNeeded(&text)
    try sink.take(&text)
  }

  private func startIfNeeded(_ text: inout TextBuffer) {
    guard !isStarted else { return }
    isStarted = true
    for (index, field) in schema.fields.enumerated() {
      if index > 0 { text.append(0x2C) }
      Array(field.name.utf8).withUnsafeBytes { Self.append(field: $0, to: &text) }
    }
    text.append(0x0A)
  }

  private static func append(field: UnsafeRawBufferPointer, to text: inout TextBuffer) {
    guard needsQuotes(field) else { return text.append(copying: field) }
    text.append(0x22)
    for byte in field {
      if byte == 0x22 { text.append(0x22) }
      text.append(byte)
    }
    text.append(0x22)
  }

  private static func needsQuotes(_ field: UnsafeRawBufferPointer) -> Bool {
    guard let first = field.first, let last = field.last else { return true }
    if first == 0x20 || first == 0x09 || last == 0x20 || last == 0x09 { return true }
    return field.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
  }
}
