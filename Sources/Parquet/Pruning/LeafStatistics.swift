public import Columnar

/// What is known of a stored column's values in one row group or page, as far as it can be trusted.
///
/// Spec: Parquet thrift § Statistics
public struct LeafStatistics: Hashable, Sendable {
  /// No value is less; `nil` when not known, not comparable or not believable.
  public var min: Scalar?
  /// No value but NaN is greater; `nil` likewise.
  public var max: Scalar?
  /// Whether the bound occurs among the values; `nil` where the writer did not say.
  public var isMinExact: Bool?
  public var isMaxExact: Bool?
  /// Nulls, also those of a group around the leaf; `nil` when not known.
  public var nullCount: Int64?
  public var distinctCount: Int64?
  /// `nil` when not known.
  public var nanCount: Int64?

  /// - Parameters:
  ///   - order: the column's entry in the footer's column orders; `nil` when it has none.
  init(_ statistics: Statistics, of leaf: ParquetLeaf, order: ColumnOrder?, writer: Writer) {
    if !writer.distrusts(.counts, of: leaf) {
      nullCount = statistics.nullCount.flatMap { $0 < 0 ? nil : $0 }
      nanCount = statistics.nanCount.flatMap { $0 < 0 ? nil : $0 }
      distinctCount = statistics.distinctCount
    }
    if writer.distrusts(.bounds, of: leaf) { return }
    if statistics.minValue == nil && statistics.maxValue == nil {
      (min, max) = BoundDecoder(signed: leaf)?.bounds(statistics.legacyMin, statistics.legacyMax) ?? (nil, nil)
    } else if let decoder = BoundDecoder(leaf, order: order) {
      (min, max) = decoder.bounds(statistics.minValue, statistics.maxValue)
      isMinExact = statistics.isMinValueExact
      isMaxExact = statistics.isMaxValueExact
    }
  }

  /// What a predicate can make of them.
  ///
  /// NaN is greater than every number, so that conditions which only numbers up to some other fulfil (`<`, `<=`, `=`,
  /// `BETWEEN`) go by the bounds whatever NaN there is; those that any greater value fulfils need to know that there is
  /// none: by the count, or by a writer whose bounds would show it.
  ///
  /// - Parameters:
  ///   - rowCount: the rows in all, for a leaf that has one value or null a row.
  ///   - isNaNExcluded: whether the writer gives no bounds at all where there is a NaN.
  func bounds(rowCount: Int64?, isNaNExcluded: Bool) -> Bounds {
    var (min, max, mayHaveNaN) = (min, max, false)
    switch min ?? max {
    case .float, .double: mayHaveNaN = nanCount.map { $0 > 0 } ?? !isNaNExcluded
    default:
      // Values that are all NaN have no other bounds.
      if let nanCount, nanCount > 0, let nullCount, let rowCount, nanCount == rowCount - nullCount {
        (min, max) = (.double(.nan), .double(.nan))
      }
    }
    return Bounds(min: min, max: max, nullCount: nullCount, rowCount: rowCount, mayHaveNaN: mayHaveNaN)
  }
}
