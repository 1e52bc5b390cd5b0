package import Columnar

// Positions as a Parquet reader gives them, put into a set: a loop over longs, once a batch.

extension RoaringBitmapArray {
  /// The positions in a column of longs without nulls, which are ascending and not negative: of a batch of a data file.
  package init(ascending column: Column) {
    guard column.type == .long, case .fixed(let buffer) = column.storage, column.nullCount == 0 else {
      preconditionFailure("row positions are longs")
    }
    self = buffer.withValues(of: Int64.self) { Self(ascending: UnsafeBufferPointer(rebasing: $0[..<column.count])) }
  }

  private init(ascending positions: UnsafeBufferPointer<Int64>) {
    var keys: [Int64] = []
    var containers: [RoaringContainer] = []
    var start = 0
    while start < positions.count {
      let key = positions[start] >> 16
      var end = start + 1
      while end < positions.count, positions[end] >> 16 == key { end += 1 }
      precondition(key >= 0 && key > keys.last ?? -1, "row positions start at 0 and ascend")
      keys.append(key)
      containers.append(Self.container(UnsafeBufferPointer(rebasing: positions[start..<end])))
      start = end
    }
    self.init(keys: keys, containers: containers)
  }

  /// Of one block, by the positions' last 16 bits.
  private static func container(_ positions: UnsafeBufferPointer<Int64>) -> RoaringContainer {
    guard positions.count > RoaringContainer.arrayLimit else {
      return .array(positions.map { UInt16(truncatingIfNeeded: $0) })
    }
    var words = [UInt64](repeating: 0, count: RoaringContainer.wordCount)
    for position in positions {
      let number = Int(UInt16(truncatingIfNeeded: position))
      words[number >> 6] |= 1 << UInt64(number & 63)
    }
    return .bitmap(words, cardinality: positions.count)
  }
}
