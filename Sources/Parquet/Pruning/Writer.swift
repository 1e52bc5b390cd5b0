internal import Columnar

/// Who wrote a file, and which of its statistics are therefore wrong.
struct Writer: Hashable, Sendable {
  let name: String
  let version: Version

  struct Version: Hashable, Comparable, Sendable {
    var major: Int
    var minor: Int

    static func < (left: Version, right: Version) -> Bool { (left.major, left.minor) < (right.major, right.minor) }
  }

  /// From the footer's `created_by`: a name, then mostly ` version ` and numbers with dots.
  init(createdBy: String?) {
    let text = createdBy ?? ""
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard let index = words.firstIndex(of: "version"), index + 1 < words.count else {
      (name, version) = (text, Version(major: 0, minor: 0))
      return
    }
    let numbers = words[index + 1].split(whereSeparator: { $0 == "." || $0 == "-" }).prefix(2).map { Int($0) ?? 0 }
    name = words[..<index].joined(separator: " ")
    version = Version(major: numbers.first ?? 0, minor: numbers.count > 1 ? numbers[1] : 0)
  }

  /// Whether a NaN among the values would show in the bounds: this writer compares with NaN as the greatest. Most
  /// others pass over it.
  var isNaNExcludedFromBounds: Bool { name == "parquet-mr" && version >= Version(major: 1, minor: 10) }

  func distrusts(_ statistic: Statistic, of leaf: ParquetLeaf) -> Bool {
    Self.flaws.contains {
      $0.writer == name && version < $0.fixedIn && $0.statistics.contains(statistic) && $0.affects(leaf)
    }
  }

  enum Statistic: CaseIterable { case bounds, counts }

  /// Statistics that a writer got wrong, and since when no more.
  private struct Flaw: Sendable {
    let writer: String
    let fixedIn: Version
    let statistics: [Statistic]
    let affects: @Sendable (ParquetLeaf) -> Bool

    init(
      _ writer: String, before major: Int, _ statistics: [Statistic],
      _ affects: @escaping @Sendable (ParquetLeaf) -> Bool
    ) {
      self.writer = writer
      self.fixedIn = Version(major: major, minor: 0)
      self.statistics = statistics
      self.affects = affects
    }
  }

  private static let flaws: [Flaw] = [
    // Columns from dictionary arrays: nulls uncounted (ARROW-12513), bounds of some batches only (GH-15042, GH-34106).
    Flaw("parquet-cpp-arrow", before: 12, Statistic.allCases) { $0.physicalType == .byteArray },
    Flaw("parquet-cpp", before: .max, Statistic.allCases) { $0.physicalType == .byteArray },
    // The nulls of the dictionary instead of the column's (jorgecarleitao/arrow2#1414). It gives no version.
    Flaw("Arrow2 - Native Rust implementation of Arrow", before: .max, [.counts]) { $0.physicalType == .byteArray },
    // Bounds of times in the writer's zone, values in UTC (duckdb/duckdb#14430).
    Flaw("Parquet.Net", before: 5, [.bounds]) {
      switch $0.type {
      case .timestamp, .timestampNtz, .date: true
      default: false
      }
    },
    // Early versions compared unsigned numbers as signed, and decimals as plain bytes.
    Flaw("parquet-rs", before: 20, [.bounds]) {
      switch $0.type {
      case .unsignedByte, .unsignedShort, .unsignedInteger, .unsignedLong: true
      case .decimal: $0.physicalType == .byteArray || $0.physicalType == .fixedLengthByteArray
      default: false
      }
    },
  ]
}
