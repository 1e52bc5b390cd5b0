public import Columnar

/// What to read of a file.
public struct ParquetRead: Sendable {
  /// The requested columns, nested ones included, in order; `nil` for all of the file's. A column, or field nested in
  /// one, that the file lacks is read as nulls. A type may differ from the file's where no value is lost: integers as
  /// wider ones, as `double` or `decimal`; `float` as `double`; `date` as `timestampNtz`; decimals as wider ones;
  /// timestamps in other units, INT96 as timestamps; `string` as `binary` and back.
  public var schema: Schema?
  /// How requested columns are found in the file.
  public var matching: ColumnMatching = .name
  /// Rows for which this is not true are not returned. Names are those of ``schema``.
  public var predicate: ColumnPredicate?
  /// Rows to leave out: for a range of positions in the file a set bit for each such row, or `nil` when there is none.
  /// The bitmap has a bit for each row of the range.
  public var excludedRows: (@Sendable (Range<Int64>) -> Bitmap?)?
  /// The most rows of a batch; fewer come when rows are large.
  public var batchRowCount = 32_768
  /// About the most bytes of strings in a batch: where rows turn out larger, fewer come. A row alone may be larger.
  public var batchByteCount = 64 << 20
  /// Whether ``ParquetBatch/rowPositions`` is filled.
  public var includesRowPositions = false

  public init(schema: Schema? = nil, matching: ColumnMatching = .name, predicate: ColumnPredicate? = nil) {
    self.schema = schema
    self.matching = matching
    self.predicate = predicate
  }
}

/// How requested columns are found in a file.
public enum ColumnMatching: Hashable, Sendable {
  /// By exact name.
  case name
  /// By the number in the field metadata `parquet.field.id`, at any depth; a field without one by its name.
  case fieldId
}

/// Some rows of a file.
public struct ParquetBatch: Sendable {
  /// The requested columns.
  public let batch: RecordBatch
  /// A `long` a row: its position in the file, the first row being 0. `nil` unless asked for.
  public let rowPositions: Column?
}
