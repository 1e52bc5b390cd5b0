import Columnar

/// A table in GitHub's Markdown: numbers to the right, nulls in italics, and pipes, line breaks and angle brackets
/// spelt so that they stay inside of their cell.
final class MarkdownRowWriter: RowWriter {
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
      text.append("|")
      for (index, column) in columns.enumerated() {
        text.append(" ")
        if batch.columns[index].isNull(row) {
          text.append("*null*")
        } else {
          let range = column.range(of: row)
          column.text.withBytes { Self.append(cell: UnsafeRawBufferPointer(rebasing: $0[range]), to: &text) }
        }
        text.append(" |")
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
    text.append("|")
    for field in schema.fields {
      text.append(" ")
      Array(field.name.utf8).withUnsafeBytes { Self.append(cell: $0, to: &text) }
      text.append(" |")
    }
    text.append("\n|")
    for field in schema.fields { text.append(field.type.isNumeric ? " ---: |" : " --- |") }
    text.append("\n")
  }

  private static func append(cell: UnsafeRawBufferPointer, to text: inout TextBuffer) {
    for byte in cell {
      switch byte {
      case 0x7C: text.append("\\|")
      case 0x5C: text.append("\\\\")
      case 0x2A: text.append("\\*")
      case 0x5F: text.append("\\_")
      case 0x60: text.append("\\`")
      case 0x3C: text.append("&lt;")
      case 0x26: text.append("&amp;")
      case 0x0A: text.append("<br>")
      case 0x0D: break
      default: text.append(byte)
      }
    }
  }
}

extension DataType {
  /// Whether values are read from the right, digit below digit.
  /// Whether a value makes sense only whole, and is never long.
  var isBrief: Bool {
    switch self {
    case .boolean, .date, .time, .timestamp, .timestampNtz, .int96: true
    default: isNumeric
    }
  }

  var isNumeric: Bool {
    switch self {
    case .byte, .short, .integer, .long, .unsignedByte, .unsignedShort, .unsignedInteger, .unsignedLong, .float16,
      .float, .double, .decimal:
      true
    default: false
    }
  }
}
