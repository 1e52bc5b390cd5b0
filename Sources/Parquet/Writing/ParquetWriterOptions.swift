/// How a Parquet file is written. The defaults suit tables that other engines read, too.
public struct ParquetWriterOptions: Sendable {
  public var compression: Compression = .zstd
  public var profile: Profile = .portable
  /// The most rows of a row group.
  public var rowGroupRowLimit = 1 << 20
  /// About the most bytes of a row group as stored.
  public var rowGroupByteLimit = 128 << 20
  /// About the most bytes of a page, before compression. A single value may be larger.
  public var pageByteLimit = 1 << 20
  /// The most rows of a page.
  public var pageRowLimit = 20_000
  /// The most bytes of a column chunk's dictionary; 0 writes none.
  public var dictionaryByteLimit = 2 << 20
  /// The columns that get a Bloom filter in each row group: names with dots where nested.
  public var bloomFilterColumns: Set<String> = []
  /// Bounds of strings and binary values in the footer and page index are cut to so many bytes.
  public var statisticsTruncation = 64
  public var keyValueMetadata: [KeyValue] = []
  /// The program, as the footer names it.
  public var createdBy = "swift-deltalake version 0.1.0"

  public init() {}

  /// Which of the format's means are used.
  public enum Profile: Hashable, Sendable {
    /// What every reader understands: pages of version 1, dictionaries, plain values.
    case portable
    /// Smaller: pages of version 2, integers and strings as deltas, floating point by byte streams.
    case compact
  }
}

extension ParquetWriterOptions {
  /// Limits that make sense: at least one row a page and a group.
  var clamped: ParquetWriterOptions {
    var result = self
    result.rowGroupRowLimit = max(1, rowGroupRowLimit)
    result.rowGroupByteLimit = max(1, rowGroupByteLimit)
    result.pageByteLimit = min(max(1, pageByteLimit), 1 << 30)
    result.pageRowLimit = min(max(1, pageRowLimit), Int(Int32.max))
    result.dictionaryByteLimit = min(max(0, dictionaryByteLimit), 1 << 30)
    result.statisticsTruncation = max(1, statisticsTruncation)
    return result
  }
}

extension ParquetWriterOptions.Profile {
  /// The encoding of values that have no dictionary.
  func encoding(of form: ValueForm) -> Encoding {
    guard self == .compact else { return .plain }
    switch form.physicalType {
    case .boolean: return .runLength
    case .int32, .int64: return .deltaBinaryPacked
    case .float, .double: return .byteStreamSplit
    case .byteArray: return .deltaByteArray
    // Byte streams of fixed-length values are young: DuckDB and Polars can't read them.
    case .fixedLengthByteArray, .int96: return .plain
    }
  }
}
