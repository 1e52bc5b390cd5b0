import Columnar

/// Puts rows together from the pieces of their columns.
struct StructRows {
  /// Where a column's text is. The memory is kept by ``StructText/withRows(_:)``.
  struct Piece {
    let opening: UnsafePointer<UInt8>
    let openingCount: Int
    let text: UnsafePointer<UInt8>
    let offsets: UnsafePointer<Int>

    /// A column's texts are immutable and live as long as the column's text; so does the opening's.
    init(_ column: ColumnText, opening: borrowing TextBuffer, _ range: Range<Int>) {
      self.opening = opening.address() + range.lowerBound
      openingCount = range.count
      text = column.text.address()
      offsets = column.offsets.pointer
    }
  }

  let pieces: [Piece]
  let fixedCount: Int

  /// Appends a row that all columns have.
  func copy(_ row: Int, to target: inout TextBuffer) {
    guard !pieces.isEmpty else { return target.append("{}") }
    pieces.withUnsafeBufferPointer { pieces in
      var length = fixedCount
      for piece in pieces { length &+= piece.offsets[row &+ 1] &- piece.offsets[row] }
      target.reserve(length)
      var end = target.end
      for piece in pieces {
        end.update(from: piece.opening, count: piece.openingCount)
        end += piece.openingCount
        let start = piece.offsets[row]
        let count = piece.offsets[row &+ 1] &- start
        end.update(from: piece.text + start, count: count)
        end += count
      }
      end.pointee = 0x7D
      target.advance(by: length)
    }
  }
}
