public import Columnar

/// Decides from the log which files can have rows that a predicate is true for. It errs on the side of reading.
///
/// Spec: Delta § Per-file Statistics
public enum DataSkipping {
  /// Whether the file may have rows that the predicate is true for.
  ///
  /// - Parameters:
  ///   - predicate: with columns by their logical names, resolved against the schema.
  ///   - partitionValues: by the logical name of each partition column.
  ///   - statistics: `nil` when there are none.
  public static func mayMatch(
    _ predicate: ColumnPredicate, partitionValues: [String: Scalar], statistics: FileStatistics?
  ) -> Bool {
    predicate.verdict(over: FileBounds(partitionValues: partitionValues, statistics: statistics)) != .noRows
  }

  /// Whether values may be NaN above a maximum of the statistics.
  ///
  /// Spark's maxima count NaN as the greatest value, while other writers (those that take their statistics from Parquet
  /// footers) leave it out, and an action doesn't tell whose statistics it has: Spark hands on what others computed. So
  /// `x < 3`, `x = 3` and `x BETWEEN 1 AND 3` are ruled out by bounds, since NaN fulfils none of them, while `x > 3` is
  /// left to the footers, which may count NaN.
  static func mayHideNaN(_ max: Scalar?) -> Bool {
    switch max {
    case .float(let value): !value.isNaN
    case .double(let value): !value.isNaN
    default: false
    }
  }
}

/// Partition values as exact bounds, statistics as loose ones.
struct FileBounds: ColumnBounds {
  var partitionValues: [String: Scalar]
  var statistics: FileStatistics?

  func bounds(for column: ColumnPath) -> Bounds? {
    if column.names.count == 1, let value = partitionValues[column.names[0]] { return Bounds(exactly: value) }
    return statistics?.bounds(for: column)
  }
}

extension Bounds {
  /// Of rows that all have this one value, which may be null.
  init(exactly value: Scalar) {
    self.init(min: value, max: value, mayHaveNulls: value.isNull, mayHaveValues: !value.isNull)
  }
}
