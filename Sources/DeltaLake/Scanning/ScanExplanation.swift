public import Columnar

/// Why a scan reads what it reads: for each file and row group, whether it is read, and if not, which clause of the
/// condition is refuted by what.
///
/// ```swift
/// let scan = try snapshot.scan().where(sql: "km > 100")
/// let explanation = try await scan.plan().explain()
/// print(explanation.totals.planned.bytes, "of", explanation.totals.bytes)
/// ```
///
/// Spec: Delta § Per-file Statistics
public struct ScanExplanation: Sendable {
  /// What all files come to.
  public internal(set) var totals = Totals()
  /// The first files that are read, then the first that are not: as many as were asked for.
  public internal(set) var files: [File] = []

  /// What showed that no row can match.
  public enum Evidence: String, Hashable, Sendable, CaseIterable {
    /// The file's values of the partition columns, in the log.
    case partitionValues
    /// The file's statistics, in the log.
    case fileStatistics
    /// The row group's statistics, in the Parquet footer.
    case rowGroupStatistics
    /// A column's bloom filter, in the Parquet file.
    case bloomFilter
    /// The bounds of a row group's pages: none of its pages can have a matching row.
    case pageIndex
    /// There are no rows.
    case rowCount
  }

  /// Why a file or row group is not read.
  public struct Refutation: Sendable {
    public let evidence: Evidence
    /// The clause that is true in no row; `nil` when none is alone to blame.
    public let clause: ColumnExpression?
    /// What is known of the clause's columns.
    public let known: [Known]
  }

  /// What is known of a column without reading it.
  public struct Known: Hashable, Sendable {
    public let column: ColumnPath
    public let bounds: Bounds
  }

  /// Bytes, and requests to a store: none for bytes that came with the footer.
  public struct Cost: Hashable, Sendable {
    public internal(set) var bytes: Int64 = 0
    public internal(set) var requests = 0
  }

  /// One data file of the snapshot.
  public struct File: Sendable {
    /// As the log spells it.
    public let path: String
    public let sizeInBytes: Int64
    /// `nil`: it is opened.
    public let refutation: Refutation?
    /// In file order; none of a file that isn't opened.
    public internal(set) var rowGroups: [RowGroup] = []
    /// Spent on the footer, bloom filters and page indexes, so as to know the row groups.
    public internal(set) var opening = Cost()
    /// The column chunks to read.
    public internal(set) var planned = Cost()
    /// What reading the rows took; `nil` unless the scan was run.
    public internal(set) var spent: Cost?
    /// The rows that the scan gave of the file; `nil` unless it was run.
    public internal(set) var matchedRows: Int64?
  }

  /// One row group of a file that is opened.
  public struct RowGroup: Sendable {
    /// Its place in the file.
    public let index: Int
    public let rowCount: Int64
    /// The rows left by the page index; all of them where it says nothing.
    public internal(set) var candidateRows: Int64
    /// `nil`: it is read.
    public internal(set) var refutation: Refutation?
    /// What the footer says of the condition's columns, or those of the clause that is refuted.
    public internal(set) var known: [Known] = []
    public internal(set) var planned = Cost()
    public internal(set) var spent: Cost?
    public internal(set) var matchedRows: Int64?
  }

  /// Sums over all files of the snapshot, listed or not.
  public struct Totals: Sendable {
    public internal(set) var files = 0
    public internal(set) var bytes: Int64 = 0
    /// Files that aren't opened, by what ruled them out.
    public internal(set) var skippedFiles: [Evidence: Int] = [:]
    public internal(set) var skippedBytes: Int64 = 0
    /// Of the files that are opened.
    public internal(set) var rowGroups = 0
    /// Row groups that aren't read, by what ruled them out.
    public internal(set) var skippedRowGroups: [Evidence: Int] = [:]
    /// The rows of the row groups that are read.
    public internal(set) var rows: Int64 = 0
    /// Those of them that page indexes leave.
    public internal(set) var candidateRows: Int64 = 0
    public internal(set) var opening = Cost()
    public internal(set) var planned = Cost()
    /// `nil` unless the scan was run, as below.
    public internal(set) var spent: Cost?
    public internal(set) var matchedRows: Int64?
  }
}

extension ScanExplanation.Cost {
  static func + (left: Self, right: Self) -> Self {
    Self(bytes: left.bytes &+ right.bytes, requests: left.requests &+ right.requests)
  }

  static func - (left: Self, right: Self) -> Self {
    Self(bytes: left.bytes &- right.bytes, requests: left.requests &- right.requests)
  }
}

extension ScanExplanation.Totals {
  mutating func add(_ file: ScanExplanation.File) {
    rowGroups += file.rowGroups.count
    for group in file.rowGroups {
      if let refutation = group.refutation {
        skippedRowGroups[refutation.evidence, default: 0] += 1
      } else {
        rows = rows &+ group.rowCount
        candidateRows = candidateRows &+ group.candidateRows
      }
    }
    opening = opening + file.opening
    planned = planned + file.planned
    if let cost = file.spent { spent = (spent ?? .init()) + cost }
    if let count = file.matchedRows { matchedRows = (matchedRows ?? 0) &+ count }
  }
}
