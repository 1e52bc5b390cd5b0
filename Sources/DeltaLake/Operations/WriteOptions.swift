public import Columnar
public import DeltaLog
public import Parquet

/// How rows are written into a table.
///
/// ```swift
/// var options = WriteOptions()
/// options.mode = .overwriteWhere(ColumnReferences().day == "2024-02-29")
/// try await table.write(source, options)
/// ```
public struct WriteOptions: Sendable {
  /// What becomes of the rows that are there.
  public enum Mode: Sendable {
    /// They stay. A table that isn't there is created.
    case append
    /// They go.
    case overwrite
    /// Those for which the condition is true go; every new row must meet it. Files that hold other rows, too, get a
    /// deletion vector where the table has those enabled; else the rows that stay are written again.
    case overwriteWhere(ColumnPredicate)
    /// Those of the partitions that get new rows go.
    case overwritePartitions
    /// There must be no table.
    case create
    /// Where there is a table, nothing is written.
    case createIfAbsent

    var onlyAppends: Bool { if case .append = self { true } else { false } }
  }

  /// What becomes of the table's schema when the rows have another.
  public enum SchemaMode: Hashable, Sendable {
    /// It stays: columns that the table doesn't have are refused.
    case enforce
    /// New columns are added, and types widened where the table allows it.
    case merge
    /// The rows' schema takes its place; only with ``Mode/overwrite``.
    case overwrite
  }

  /// What becomes of rows that break a rule of the table, such as NOT NULL or a constraint.
  public enum ViolationPolicy: Sendable {
    /// Nothing is written; the error names the first of them.
    case fail
    /// They are left out and counted.
    case skip
    /// They go to another table with the reason, their file and their row number; the others are written.
    case quarantine(DeltaTable)
  }

  public var mode = Mode.append
  public var schemaMode = SchemaMode.enforce
  public var onViolation = ViolationPolicy.fail
  /// The columns whose values become directories. Of a table that is there they must be the table's; `nil`: as the table
  /// has it, for a new one none.
  public var partitionColumns: [String]?
  /// Properties of a table that is created.
  public var properties: [String: String] = [:]
  /// `nil`: as the table's properties say, else Zstandard at level 1.
  public var compression: Compression?
  /// Bytes; `nil`: as the table's properties say, else 128 MiB.
  public var targetFileSize: Int64?
  public var commit = CommitOptions()

  public init() {}
}

/// What a write did.
public struct WriteReport: Sendable {
  /// `nil` when there was nothing to commit: the table was there (``WriteOptions/Mode/createIfAbsent``), the application
  /// had written these rows before (``CommitOptions/appTransaction``), or there are no rows to add and none that go.
  public var commit: Commit?
  /// Whether no row was looked at: the table was there, or the application had written these rows before.
  public var isSkipped = false
  /// The rows that were written.
  public var rowCount: Int64 = 0
  /// The data files that were added.
  public var fileCount = 0
  /// Their bytes.
  public var byteCount: Int64 = 0
  /// The data files that left the table. One that only got a deletion vector is still there.
  public var removedFileCount = 0
  /// The rows that were overwritten; `nil` when that is not known: the log need not say how many rows files have. It isn't
  /// counted for ``WriteOptions/Mode/overwritePartitions``.
  public var removedRowCount: Int64?
  /// Rows that stayed and were written again, since others of their files were overwritten.
  public var copiedRowCount: Int64 = 0
  /// Rows that broke a rule and were left out or put into quarantine.
  public var refusedRowCount: Int64 = 0

  public init() {}
}
