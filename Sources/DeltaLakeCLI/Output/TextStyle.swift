import Columnar

/// How the values of a column are spelt.
enum TextStyle: Sendable {
  /// Canonical JSON of a Delta table's, or a Parquet file's, values.
  case delta, parquet
  /// JSON as other tools expect it: decimals are numbers with all their digits, binary is base 64, timestamps are
  /// RFC 3339 with a fraction only where there is one, maps are objects (with keys that are text, or can be; else
  /// arrays of pairs), NaN and the infinities are strings.
  case natural
  /// Text without quotes: strings as they are, binary as hex, nested values as natural JSON, nulls as nothing.
  case plain

  var isCanonical: Bool { self == .delta || self == .parquet }
  /// Whether text values are in quotes.
  var isQuoted: Bool { self != .plain }
  var signsLongYears: Bool { self != .parquet }
  /// For the values inside of others.
  var nested: TextStyle { self == .plain ? .natural : self }
}
