public import Columnar

/// A file that was written.
public struct WrittenParquetFile: Sendable {
  /// The file's size.
  public let byteCount: Int
  public let rowCount: Int64
  /// The footer.
  public let metadata: FileMetadata
  /// What was seen of each stored column, in schema order.
  public let leaves: [WrittenLeaf]
}

/// What was seen of a stored column's values while they were written. Unlike the footer's, bounds are not cut.
public struct WrittenLeaf: Sendable {
  /// The names from below the root, those that lists and maps have in between included.
  public let path: [String]
  public let type: DataType
  /// Whether it is in a list or map: then it has any number of values a row.
  public let isRepeated: Bool
  /// Values, NaNs among them.
  public let valueCount: Int64
  /// Outside of lists and maps the rows without a value, because it or a struct around it is null. Within them, empty
  /// lists are counted, too.
  public let nullCount: Int64
  /// 0 for types that have none.
  public let nanCount: Int64
  /// The least value, NaNs left out; of zeros, -0.0. `nil` without values, and for types without order: times of day,
  /// intervals, decimals beyond 38 digits. Nanoseconds are `nil`, too, where they are no whole microseconds.
  public let min: Scalar?
  /// The greatest value, likewise; of zeros, +0.0.
  public let max: Scalar?

  init(_ leaf: WriteLeaf, _ statistics: ValueStatistics) {
    path = leaf.path
    type = leaf.type
    isRepeated = leaf.maximumRepetition > 0
    valueCount = Int64(statistics.valueCount)
    nullCount = Int64(statistics.nullCount)
    nanCount = Int64(statistics.nanCount)
    let bounds = statistics.scalars(of: leaf.type)
    min = bounds?.min
    max = bounds?.max
  }
}
