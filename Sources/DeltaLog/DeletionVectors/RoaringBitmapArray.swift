public import Columnar

/// A set of row positions, compressed: blocks of 65,536 positions, each a list, a bitmap or runs.
///
/// Spec: Delta § Deletion Vector Format
public struct RoaringBitmapArray: Sendable {
  /// The positions' upper 48 bits, ascending; one for each container.
  var keys: [Int64] = []
  /// None is empty.
  var containers: [RoaringContainer] = []

  /// The positions in the set: O(1) a block.
  public private(set) var cardinality: Int64 = 0

  public init() {}

  init(keys: [Int64], containers: [RoaringContainer]) {
    self.keys = keys
    self.containers = containers
    cardinality = containers.reduce(0) { $0 + Int64($1.cardinality) }
  }

  /// The set of positions, in any order; negative ones are a programmer's mistake.
  public init(_ positions: some Sequence<Int64>) {
    var keys: [Int64] = []
    var containers: [RoaringContainer] = []
    var numbers: [UInt16] = []
    func close() {
      guard !numbers.isEmpty else { return }
      let array = RoaringContainer.array(numbers)
      containers.append(
        numbers.count > RoaringContainer.arrayLimit ? RoaringContainer(words: array.words) ?? array : array)
      numbers = []
    }
    var last: Int64 = -1
    for position in positions.sorted() where position != last {
      precondition(position >= 0, "row positions start at 0")
      last = position
      if position >> 16 != keys.last {
        close()
        keys.append(position >> 16)
      }
      numbers.append(UInt16(truncatingIfNeeded: position))
    }
    close()
    self.init(keys: keys, containers: containers)
  }

  public var isEmpty: Bool { keys.isEmpty }

  /// The largest position, or `nil` of an empty set.
  public var max: Int64? {
    guard let key = keys.last, let container = containers.last else { return nil }
    let low: Int
    switch container {
    case .array(let numbers): low = Int(numbers.last ?? 0)
    case .runs(let runs): low = runs.last?.last ?? 0
    case .bitmap(let words, _):
      let index = words.lastIndex { $0 != 0 } ?? 0
      low = index << 6 | (63 - words[index].leadingZeroBitCount)
    }
    return key << 16 | Int64(low)
  }

  /// O(log blocks + log entries).
  public func contains(_ position: Int64) -> Bool {
    let index = lowerBound(of: keys.count) { keys[$0] < position >> 16 }
    guard index < keys.count, keys[index] == position >> 16 else { return false }
    return containers[index].contains(UInt16(truncatingIfNeeded: position))
  }

  /// Whether any position of the range is in the set.
  public func intersects(_ range: Range<Int64>) -> Bool {
    guard !range.isEmpty else { return false }
    var index = lowerBound(of: keys.count) { keys[$0] < range.lowerBound >> 16 }
    while index < keys.count, keys[index] <= (range.upperBound - 1) >> 16 {
      let start = keys[index] << 16
      let low = Swift.max(range.lowerBound - start, 0)
      let high = Swift.min(range.upperBound - 1 - start, 0xFFFF)
      if containers[index].intersects(Int(low)...Int(high)) { return true }
      index += 1
    }
    return false
  }

  /// The positions in ascending order, as an array.
  public var positions: [Int64] {
    var positions: [Int64] = []
    positions.reserveCapacity(Int(cardinality))
    forEach { positions.append($0) }
    return positions
  }

  /// In ascending order.
  public func forEach(_ body: (Int64) -> Void) {
    for (key, container) in zip(keys, containers) { container.forEach { body(key << 16 | Int64($0)) } }
  }

  /// A bit for each position of the range, set when the position is in this set; `nil` when none is.
  ///
  /// The range's count must be a sensible number of rows, such as a batch's.
  public func mask(_ range: Range<Int64>) -> Bitmap? {
    guard intersects(range) else { return nil }
    let bits = Buffer(zeroed: (range.count + 7) / 8 + 8)
    var index = lowerBound(of: keys.count) { keys[$0] < range.lowerBound >> 16 }
    while index < keys.count, keys[index] <= (range.upperBound - 1) >> 16 {
      containers[index].setBits(
        in: bits, from: Int(keys[index] << 16 - range.lowerBound), count: range.count)
      index += 1
    }
    return Bitmap(buffer: bits.slice(0..<(range.count + 7) / 8), count: range.count)
  }
}
