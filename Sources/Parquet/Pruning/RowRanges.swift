/// Some rows of a row group, as ascending ranges that neither touch nor overlap.
public struct RowRanges: Hashable, Sendable {
  /// None is empty.
  public let ranges: [Range<Int64>]

  /// The rows in any of the ranges, which may come in any order and overlap.
  public init(_ ranges: [Range<Int64>] = []) {
    var merged: [Range<Int64>] = []
    for range in ranges.filter({ !$0.isEmpty }).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged
  }

  public var isEmpty: Bool { ranges.isEmpty }

  /// The rows in all.
  public var rowCount: Int64 { ranges.reduce(0) { $0 + Int64($1.count) } }

  /// The rows in both.
  public func intersection(_ other: RowRanges) -> RowRanges {
    var result: [Range<Int64>] = []
    var (mine, theirs) = (0, 0)
    while mine < ranges.count, theirs < other.ranges.count {
      let common = ranges[mine].clamped(to: other.ranges[theirs])
      if !common.isEmpty { result.append(common) }
      if ranges[mine].upperBound < other.ranges[theirs].upperBound { mine += 1 } else { theirs += 1 }
    }
    return RowRanges(result)
  }

  /// The rows in either.
  public func union(_ other: RowRanges) -> RowRanges { RowRanges(ranges + other.ranges) }

  /// Whether any of the rows is in `range`; O(log ranges).
  public func intersects(_ range: Range<Int64>) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound < range.upperBound && !range.isEmpty
  }
}
