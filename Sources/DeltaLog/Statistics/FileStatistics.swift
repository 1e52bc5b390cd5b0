public import Columnar

/// What a writer recorded of one data file's contents.
///
/// Spec: Delta § Per-file Statistics
public struct FileStatistics: Hashable, Sendable {
  /// Deleted rows included; `nil` when unknown.
  public var numRecords: Int64?
  /// Whether bounds and null counts are those of the rows that are left, rather than of rows deleted since as well.
  public var tightBounds: Bool
  /// By logical path. Absent: nothing is known of the column.
  public var columns: [ColumnPath: ColumnStatistics]

  public init(numRecords: Int64? = nil, tightBounds: Bool = true, columns: [ColumnPath: ColumnStatistics] = [:]) {
    self.numRecords = numRecords
    self.tightBounds = tightBounds
    self.columns = columns
  }

  /// The statistics of the wanted columns out of ``AddFile/stats``, or `nil` when the text makes no sense.
  public init?(json: String, columns: [StatisticsColumn]) {
    var table = StatisticsTable(columns: columns, count: 1)
    var copy = json
    let isRead = copy.withUTF8 { table.read(UnsafeRawBufferPointer($0), into: 0) }
    guard isRead else { return nil }
    self.init(table, row: 0)
  }

  /// One file's row of a table.
  public init(_ table: StatisticsTable, row: Int) {
    self.init(numRecords: table.rowCount(at: row), tightBounds: table.hasWideBounds[row] == 0)
    for (column, entry) in zip(table.columns, table.entries) {
      let statistics = ColumnStatistics(
        min: entry.minima?.scalar(at: row, of: column.type), max: entry.maxima?.scalar(at: row, of: column.type),
        nullCount: entry.nullCounts[row] < 0 ? nil : entry.nullCounts[row])
      if statistics != ColumnStatistics() { columns[column.path] = statistics }
    }
  }

  /// What the statistics say of a column, with what the format leaves open taken into account.
  public func bounds(for column: ColumnPath) -> Bounds? {
    guard let statistics = columns[column] else { return nil }
    return statistics.bounds(numRecords: numRecords, tightBounds: tightBounds)
  }
}

/// What a writer recorded of one column of a data file.
public struct ColumnStatistics: Hashable, Sendable {
  /// No value is less. Timestamps may be lower than recorded by what writers cut off.
  public var min: Scalar?
  /// No value is greater, but for texts that start with it, and NaN. Timestamps are higher than recorded by what
  /// writers cut off.
  public var max: Scalar?
  public var nullCount: Int64?

  public init(min: Scalar? = nil, max: Scalar? = nil, nullCount: Int64? = nil) {
    self.min = min
    self.max = max
    self.nullCount = nullCount
  }

  func bounds(numRecords: Int64?, tightBounds: Bool) -> Bounds {
    var max = max
    // Writers cut texts off, so a maximum is but the beginning of one.
    if case .string(let text)? = max { max = StatisticsTable.successor(ofPrefix: text).map(Scalar.string) }
    let isTelling = tightBounds || nullCount == 0 || nullCount == numRecords
    return Bounds(
      min: min, max: max, nullCount: isTelling ? nullCount : nil, rowCount: numRecords,
      mayHaveNaN: DataSkipping.mayHideNaN(max))
  }
}
