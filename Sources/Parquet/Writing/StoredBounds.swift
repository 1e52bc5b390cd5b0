internal import Columnar

/// The bounds of a page or chunk as its statistics have them: PLAIN, long strings cut short.
///
/// Spec: Parquet thrift § Statistics
struct StoredBounds: Hashable, Sendable {
  let min: [UInt8]
  let isMinExact: Bool
  /// `nil` when there is no upper bound short enough.
  let max: [UInt8]?
  let isMaxExact: Bool
  /// What is compared to order pages: the values that `min` and `max` stand for.
  private let extremes: ValueStatistics.Extremes

  /// An upper bound that can't be cut, all of its bytes being 255, may have so many.
  private static let longest = 1 << 12

  /// `nil` without bounds.
  init?(_ statistics: ValueStatistics, _ leaf: WriteLeaf, truncation: Int) {
    guard let extremes = statistics.extremes, let bounds = statistics.plainBounds else { return nil }
    guard case .bytes(let least, let greatest) = extremes, leaf.form.physicalType == .byteArray else {
      (min, isMinExact, max, isMaxExact) = (bounds.min, true, bounds.max, true)
      self.extremes = extremes
      return
    }
    let isUTF8 = leaf.type == .string
    let lower = BoundTruncation.lower(least, to: truncation, isUTF8: isUTF8)
    var upper = BoundTruncation.upper(greatest, to: truncation, isUTF8: isUTF8)
    if upper == nil, greatest.count <= Self.longest { upper = greatest }
    (min, isMinExact) = (lower, lower.count == least.count)
    (max, isMaxExact) = (upper, upper?.count == greatest.count && upper == greatest)
    self.extremes = .bytes(min: lower, max: upper ?? greatest)
  }

  /// Whether bounds of pages, nothing but nulls left out, ascend or descend. Both does for equal ones, and for one.
  ///
  /// Spec: Parquet thrift § BoundaryOrder
  static func order(of pages: [StoredBounds]) -> BoundaryOrder {
    var (ascends, descends) = (true, true)
    for (page, next) in zip(pages, pages.dropFirst()) {
      ascends = ascends && page.extremes.isNotAbove(next.extremes)
      descends = descends && next.extremes.isNotAbove(page.extremes)
    }
    return ascends ? .ascending : descends ? .descending : .unordered
  }
}

extension ValueStatistics.Extremes {
  /// Whether neither bound is greater than that of `other`.
  fileprivate func isNotAbove(_ other: ValueStatistics.Extremes) -> Bool {
    switch (self, other) {
    case (.booleans(let min, let max), .booleans(let otherMin, let otherMax)):
      (!min || otherMin) && (!max || otherMax)
    case (.integers(let min, let max), .integers(let otherMin, let otherMax)): min <= otherMin && max <= otherMax
    case (.floats(let min, let max), .floats(let otherMin, let otherMax)): min <= otherMin && max <= otherMax
    case (.bytes(let min, let max), .bytes(let otherMin, let otherMax)):
      !otherMin.lexicographicallyPrecedes(min) && !otherMax.lexicographicallyPrecedes(max)
    default: false
    }
  }
}
