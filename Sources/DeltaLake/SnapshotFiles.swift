public import Columnar
public import DeltaLog

/// Live data files of a snapshot, in the order of its log: a view that makes each file when it is looked at.
///
/// A table of a million files takes no more memory for being looked at.
///
/// ```swift
/// let snapshot = try await table.snapshot()
/// let small = snapshot.files.lazy.filter { $0.sizeInBytes < 1 << 20 }
/// print(small.count, "of", snapshot.files.count, "files are small")
/// ```
public struct SnapshotFiles: RandomAccessCollection, Sendable {
  private let source: SnapshotFileSource
  /// Rows of the snapshot's table of files; `nil` for all of it.
  private let rows: [Int]?

  init(_ snapshot: Snapshot, rows: [Int]? = nil) {
    source = SnapshotFileSource(snapshot)
    self.rows = rows
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { rows?.count ?? source.table.count }

  public subscript(position: Int) -> DataFile {
    precondition(indices.contains(position), "no file at that position")
    return DataFile(source: source, row: rows?[position] ?? position)
  }
}

/// One data file of a snapshot: what the log says of it.
///
/// Spec: Delta § Add File and Remove File
public struct DataFile: Sendable {
  fileprivate let source: SnapshotFileSource
  /// Of the snapshot's table of files.
  let row: Int

  /// As in the log: relative to the table's root or absolute, percent-encoded.
  public var path: String { source.table.path(at: row) }

  public var sizeInBytes: Int64 { source.table.sizes[row] }

  /// When the file was made.
  public var modificationTime: Timestamp { Timestamp(milliseconds: source.table.modificationTimes[row]) }

  /// The values that all rows of the file have, as text, by the partition columns' names; `nil` is null.
  public var partitionValues: [String: String?] {
    let values = source.table.partitionValues(at: row)
    return Dictionary(source.partitions.map { ($0.name, values[$0.physicalName] ?? nil) }) { first, _ in first }
  }

  /// The value of a partition column.
  ///
  /// - Throws: ``DeltaError``: `.invalidArgument` for a column that the table isn't partitioned by, `.corruptLog` for a
  ///   text that is no value of the column's type.
  public func partitionValue(_ column: String) throws(DeltaError) -> Scalar {
    guard let partition = source.partitions.first(where: { $0.name == column }) else {
      throw .invalidArgument("The table is not partitioned by a column \(column).")
    }
    let text = source.table.partitionValues(at: row)[partition.physicalName] ?? nil
    return try PartitionValues.scalar(text, of: partition.type, column: column)
  }

  /// Where the file's deleted rows are told, and how many they are; `nil` when none are deleted.
  public var deletionVector: DeletionVectorDescriptor? { source.table.deletionVector(at: row) }

  /// The rows that the deletion vector deletes.
  public var deletedRowCount: Int64 { source.table.deletedRowCount(at: row) }

  /// The id of the file's first row; `nil` where rows aren't tracked.
  ///
  /// Spec: Delta § Row Tracking
  public var baseRowId: Int64? { source.table.baseRowId(at: row) }

  /// The version that rows without another come from; `nil` where rows aren't tracked.
  public var defaultRowCommitVersion: Version? { source.table.defaultRowCommitVersion(at: row) }
}

extension Snapshot {
  /// The data files that hold the table's rows.
  public var files: SnapshotFiles { SnapshotFiles(self) }

  /// What writers recorded of some files' contents, in the files' order; nothing is known in one without statistics.
  ///
  /// Those of files that came from a checkpoint are read from it, so that asking for many files at once costs little
  /// more than asking for one.
  ///
  /// - Parameters:
  ///   - files: files of this very snapshot.
  ///   - columns: the columns and nested fields wanted; `nil` for all that can have statistics.
  /// - Throws: ``DeltaError`` with `.invalidArgument` for a column that the table hasn't; those of reading the log.
  public func statistics(
    of files: some Collection<DataFile>, columns: [ColumnPath]? = nil
  ) async throws -> [FileStatistics] {
    let mapping = try columnMapping()
    let wanted =
      try columns?.map { path throws in
        guard let column = StatisticsColumn(path, in: mapping) else {
          throw DeltaError.unknownColumn(path.names.joined(separator: "."), in: schema)
        }
        return column
      } ?? StatisticsColumn.leaves(of: mapping)
    var found: [Int: FileStatistics] = [:]
    let rows = files.map(\.row)
    precondition(rows.allSatisfy { $0 < fileCount }, "files of this snapshot")
    try await StatisticsLoader(snapshot: self).forEachChunk(of: rows, columns: wanted) { chunk in
      for (index, row) in chunk.files.enumerated() { found[row] = FileStatistics(chunk.table, row: index) }
    }
    return rows.map { found[$0] ?? FileStatistics() }
  }
}

/// What the files of a snapshot are made from. A class, so that a file holds no more than a reference to it.
private final class SnapshotFileSource: Sendable {
  struct Partition {
    let name: String
    let physicalName: String
    let type: DataType
  }

  let table: FileTable
  let partitions: [Partition]

  init(_ snapshot: Snapshot) {
    table = snapshot.state.files
    // A snapshot that can only be inspected may have a mapping that makes no sense.
    let mapping = try? snapshot.columnMapping()
    partitions = snapshot.metadata.partitionColumns.map { name in
      Partition(
        name: name, physicalName: mapping?.physicalName(of: name) ?? name, type: snapshot.schema[name]?.type ?? .string)
    }
  }
}
