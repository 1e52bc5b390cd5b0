internal import Columnar

/// Cuts a leaf's part of a batch into pieces that fit into pages. Pieces begin and end with rows.
///
/// Spec: Parquet thrift § OffsetIndex
struct PageCutter {
  private let levels: LeafLevels
  private let values: DenseValues
  private var row = 0
  private var entry = 0
  private var value = 0

  struct Piece {
    var rows: Int
    var entries: Range<Int>
    var values: Range<Int>
    /// Of the values, if they are stored PLAIN.
    var byteCount: Int
  }

  init(_ levels: LeafLevels, _ values: DenseValues) {
    self.levels = levels
    self.values = values
  }

  var isAtEnd: Bool { row == levels.rowCount }

  /// The next rows, at least one and at most `rows`, and not many more than so many bytes fit.
  func piece(rows limit: Int, bytes: Int) -> Piece {
    var rows = max(1, min(limit, levels.rowCount - row))
    while true {
      let entries = self.entries(rows)
      let valueCount = self.valueCount(entries)
      let range = value..<value + valueCount
      let byteCount = values.plainByteCount(in: range)
      if byteCount <= bytes || rows == 1 {
        return Piece(rows: rows, entries: entries, values: range, byteCount: byteCount)
      }
      rows /= 2
    }
  }

  mutating func advance(_ piece: Piece) {
    row += piece.rows
    entry = piece.entries.upperBound
    value = piece.values.upperBound
  }

  private func entries(_ rows: Int) -> Range<Int> {
    guard let repetitions = levels.repetitions else { return entry..<entry + rows }
    if row + rows == levels.rowCount { return entry..<levels.entryCount }
    return repetitions.withValues(of: UInt8.self) { repetitions in
      guard let base = repetitions.baseAddress else { return entry..<entry }
      var rows = rows
      return entry..<entry + LevelKernel.entries(base, from: entry, to: levels.entryCount, rows: &rows)
    }
  }

  private func valueCount(_ entries: Range<Int>) -> Int {
    if entries.upperBound == levels.entryCount { return levels.valueCount - value }
    switch levels.definitions {
    case .all: return entries.count
    case .bits(let bits, let start):
      return bits.setCount(in: start + entries.lowerBound..<start + entries.upperBound)
    case .levels(let definitions):
      return definitions.withValues(of: UInt8.self) { definitions in
        guard let base = definitions.baseAddress else { return 0 }
        return LevelKernel.count(
          base + entries.lowerBound, entries.count, equalTo: UInt8(truncatingIfNeeded: levels.maximumDefinition))
      }
    }
  }
}

extension DenseValues {
  /// The bytes of a range of values, if they are stored PLAIN. Bits count as bytes.
  func plainByteCount(in range: Range<Int>) -> Int {
    switch storage {
    case .bits: return range.count
    case .fixed: return range.count * form.physicalWidth
    case .bytes(let offsets, _):
      return offsets.withValues(of: Int32.self) {
        Int($0[range.upperBound]) - Int($0[range.lowerBound]) + 4 * range.count
      }
    case .coded(let codes, let values):
      guard case .bytes(let offsets, _) = values.storage else { return range.count * form.physicalWidth }
      return codes.withValues(of: UInt32.self) { codes in
        offsets.withValues(of: Int32.self) { offsets in
          var total = 4 * range.count
          for index in range {
            let code = Int(codes[index])
            total &+= Int(offsets[code &+ 1] &- offsets[code])
          }
          return total
        }
      }
    }
  }
}
