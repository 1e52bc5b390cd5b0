import Columnar

/// The rows of several columns as JSON objects: what a struct and a whole row have in common.
struct StructText {
  private let columns: [ColumnText]
  private let openings: Openings

  /// `{"first":`, then `,"second":` and so on, one behind the other.
  private final class Openings {
    let text: TextBuffer
    let offsets: [Int]

    init(_ type: StructType) {
      var text = TextBuffer()
      var offsets = [0]
      for (index, field) in type.fields.enumerated() {
        text.append(index == 0 ? 0x7B : 0x2C)
        text.append(jsonString: field.name)
        text.append(0x3A)
        offsets.append(text.count)
      }
      self.text = text
      self.offsets = offsets
    }
  }

  init(_ type: StructType, _ children: [Column], rows: Range<Int>, style: TextStyle) {
    columns = children.map { ColumnText($0, rows: rows, style: style) }
    openings = Openings(type)
  }

  func failure(_ row: Int) -> OutputError? {
    for column in columns where !column.failures.isEmpty {
      if let failure = column.failures[row] { return failure }
    }
    return nil
  }

  func throwFailure() throws(OutputError) {
    for column in columns { try column.throwFailure() }
  }

  /// Calls `body` with what copies one row to the end of a text.
  func withRows<Failure: Error>(_ body: (StructRows) throws(Failure) -> Void) throws(Failure) {
    let pieces = columns.enumerated().map { index, column in
      StructRows.Piece(column, opening: openings.text, openings.offsets[index]..<openings.offsets[index + 1])
    }
    // The memory behind the pieces is immutable; it must only stay.
    defer { withExtendedLifetime((columns, openings)) {} }
    try body(StructRows(pieces: pieces, fixedCount: openings.text.count + 1))
  }
}
