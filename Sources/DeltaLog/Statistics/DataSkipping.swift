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
    mayMatch(
      predicate.expression, FileBounds(partitionValues: partitionValues, statistics: statistics),
      floats: Array(predicate.expression.columnPaths))
  }

  /// Whether the expression may be true within the bounds, also when floating point columns have NaN beside them.
  ///
  /// Not every writer counts NaN as the greatest value; many leave it out. So each such column is tried twice, once
  /// within its bounds and once as nothing but NaN: a row is one or the other.
  ///
  /// - Parameter floats: the columns that may be of such a type.
  static func mayMatch(
    _ expression: ColumnExpression, _ bounds: some ColumnBounds, floats: [ColumnPath]
  ) -> Bool {
    let predicate = ColumnPredicate(expression)
    let tainted = floats.filter { path in
      guard let found = bounds.bounds(for: path), found.mayHaveValues else { return false }
      return found.max?.isFinite == true
    }
    if tainted.isEmpty { return predicate.verdict(over: bounds) != .noRows }
    guard tainted.count <= 4 else {
      return predicate.verdict(over: NaNBounds(base: bounds, open: Set(tainted), nan: [])) != .noRows
    }
    for choice in 0..<1 << tainted.count {
      let nan = Set(tainted.indices.filter { choice >> $0 & 1 != 0 }.map { tainted[$0] })
      if predicate.verdict(over: NaNBounds(base: bounds, open: [], nan: nan)) != .noRows { return true }
    }
    return false
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

/// Bounds in which some floating point columns are supposed to be NaN.
private struct NaNBounds<Base: ColumnBounds>: ColumnBounds {
  var base: Base
  /// Columns that may have anything above their minimum.
  var open: Set<ColumnPath>
  /// Columns that have nothing but NaN and nulls.
  var nan: Set<ColumnPath>

  func bounds(for column: ColumnPath) -> Bounds? {
    guard var bounds = base.bounds(for: column) else { return nil }
    if open.contains(column) {
      bounds.max = nil
    } else if nan.contains(column) {
      if case .float? = bounds.max { (bounds.min, bounds.max) = (.float(.nan), .float(.nan)) }
      if case .double? = bounds.max { (bounds.min, bounds.max) = (.double(.nan), .double(.nan)) }
    }
    return bounds
  }
}

extension Bounds {
  /// Of rows that all have this one value, which may be null.
  init(exactly value: Scalar) {
    self.init(min: value, max: value, mayHaveNulls: value.isNull, mayHaveValues: !value.isNull)
  }
}

extension Scalar {
  /// Whether it is a floating point number other than NaN.
  fileprivate var isFinite: Bool {
    switch self {
    case .float(let value): !value.isNaN
    case .double(let value): !value.isNaN
    default: false
    }
  }
}
