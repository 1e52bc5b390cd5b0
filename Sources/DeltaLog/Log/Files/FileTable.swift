/// Logical files as a struct of arrays: the adds of a snapshot, or its tombstones.
///
/// All arrays have ``count`` elements, in an order that depends on the log alone: a checkpoint's files, then those of the
/// commits. A million files take some 60 bytes each and their paths.
package struct FileTable: Sendable {
  package var count: Int { sizes.count }

  /// Bytes; -1 when unknown, which only a tombstone's may be.
  package internal(set) var sizes: [Int64] = []
  /// Milliseconds: an add's `modificationTime`, a tombstone's `deletionTimestamp` (0 when absent).
  package internal(set) var modificationTimes: [Int64] = []
  /// `numRecords` of the statistics, deleted rows included; -1 when unknown or not loaded.
  package internal(set) var recordCounts: [Int64] = []
  package internal(set) var dataChanges: [Bool] = []
  /// Row tracking; `nil` when no file has any, ``none`` for a file without.
  package internal(set) var baseRowIds: [Int64]?
  package internal(set) var defaultRowCommitVersions: [Int64]?
  /// The index in ``deletionVectors`` or -1; `nil` when no file has any.
  package internal(set) var deletionVectorIndices: [Int32]?
  package internal(set) var deletionVectors = DeletionVectorTable()
  /// Every column that a file names, in the order they were met.
  package internal(set) var partitionColumns: [PartitionColumn] = []

  /// The log files that the rows came from.
  package internal(set) var sources: [LogSource] = []
  /// The index in ``sources``.
  package internal(set) var sourceIndices: [UInt32] = []
  /// By the source's kind: the row in the Parquet file, or the byte of the statistics' text in the JSON.
  package internal(set) var sourcePositions: [UInt32] = []
  /// Of JSON sources the bytes of the statistics' text, still escaped; 0 without statistics or of Parquet.
  package internal(set) var statsCounts: [UInt32] = []
  /// Tags and the like by row, when they were asked for.
  package internal(set) var extras: [Int: FileExtras] = [:]

  var texts = TextArena()
  var pathPlaces: [TextArena.Place] = []
  var pathCounts: [UInt32] = []
  /// Of (path, deletion vector's unique id), so that later commits find their files without hashing these again.
  var keyHashes: [UInt32] = []

  /// What ``baseRowIds`` and ``defaultRowCommitVersions`` say of a file without.
  package static let none = Int64.min
  /// More partition columns than that are a damaged or hostile log.
  static let maximumPartitionColumns = 256

  package init() {}
}

/// What few callers ask for.
package struct FileExtras: Hashable, Sendable {
  package var tags: [String: String?]?
  package var clusteringProvider: String?
  /// Of tombstones.
  package var extendedFileMetadata: Bool?

  package init(
    tags: [String: String?]? = nil, clusteringProvider: String? = nil, extendedFileMetadata: Bool? = nil
  ) {
    self.tags = tags
    self.clusteringProvider = clusteringProvider
    self.extendedFileMetadata = extendedFileMetadata
  }
}

// MARK: One file

extension FileTable {
  /// Percent-encoded, as in the log.
  package func path(at row: Int) -> String {
    texts.string(at: pathPlaces[row], count: Int(pathCounts[row]))
  }

  /// The path as the store knows it.
  package func decodedPath(at row: Int) -> String { PercentEncoding.decoded(path(at: row)) }

  package func deletionVector(at row: Int) -> DeletionVectorDescriptor? {
    guard let index = deletionVectorIndices?[row], index >= 0 else { return nil }
    let vector = deletionVectors[Int(index)]
    return DeletionVectorDescriptor(
      storageType: .init(String(Unicode.Scalar(vector.storageType))),
      pathOrInlineDv: texts.string(at: vector.place, count: Int(vector.textCount)),
      offset: vector.offset == DeletionVectorTable.noOffset ? nil : Int32(truncatingIfNeeded: vector.offset),
      sizeInBytes: vector.size, cardinality: vector.cardinality)
  }

  /// The rows that the file's deletion vector deletes.
  package func deletedRowCount(at row: Int) -> Int64 {
    guard let index = deletionVectorIndices?[row], index >= 0 else { return 0 }
    return deletionVectors.cardinalities[Int(index)]
  }

  package func baseRowId(at row: Int) -> Int64? { Self.present(baseRowIds?[row]) }

  package func defaultRowCommitVersion(at row: Int) -> Version? { Self.present(defaultRowCommitVersions?[row]) }

  private static func present(_ value: Int64?) -> Int64? { value == none ? nil : value }

  /// The columns that the file's action names, with null as `nil`.
  package func partitionValues(at row: Int) -> [String: String?] {
    var values: [String: String?] = [:]
    for column in partitionColumns where column.codes[row] != PartitionColumn.absent {
      values.updateValue(column.value(at: row), forKey: column.name)
    }
    return values
  }

  package func partitionColumn(named name: String) -> PartitionColumn? {
    partitionColumns.first { $0.name == name }
  }

  /// The file's statistics as JSON text, when it came from JSON that was kept. A checkpoint's are read from its file.
  package func stats(at row: Int) -> String? {
    let source = sources[Int(sourceIndices[row])]
    return source.bytes.flatMap { stats(at: row, in: $0) }
  }

  /// The file's statistics as JSON text, from the bytes of its source.
  package func stats(at row: Int, in bytes: [UInt8]) -> String? {
    let start = Int(sourcePositions[row])
    let count = Int(statsCounts[row])
    guard count > 0, start + count <= bytes.count else { return nil }
    return bytes.withUnsafeBytes { bytes in
      // Statistics that were an object rather than a string stand there unescaped.
      let isString = start > 0 && bytes[start - 1] == UInt8(ascii: "\"")
      return JSONScanner(bytes).string(JSONText(start: start, count: count, hasEscapes: isString))
    }
  }

  package func addFile(at row: Int) -> AddFile {
    AddFile(
      path: path(at: row), partitionValues: partitionValues(at: row), sizeInBytes: sizes[row],
      modificationTime: Timestamp(milliseconds: modificationTimes[row]), dataChange: dataChanges[row],
      stats: stats(at: row), tags: extras[row]?.tags, deletionVector: deletionVector(at: row),
      baseRowId: baseRowId(at: row), defaultRowCommitVersion: defaultRowCommitVersion(at: row),
      clusteringProvider: extras[row]?.clusteringProvider)
  }

  /// The row of a table of tombstones.
  package func removeFile(at row: Int) -> RemoveFile {
    let values = partitionValues(at: row)
    let time = modificationTimes[row]
    return RemoveFile(
      path: path(at: row), deletionTimestamp: time == 0 ? nil : Timestamp(milliseconds: time),
      dataChange: dataChanges[row], extendedFileMetadata: extras[row]?.extendedFileMetadata,
      partitionValues: values.isEmpty && sizes[row] < 0 ? nil : values, sizeInBytes: sizes[row] < 0 ? nil : sizes[row],
      tags: extras[row]?.tags, deletionVector: deletionVector(at: row), baseRowId: baseRowId(at: row),
      defaultRowCommitVersion: defaultRowCommitVersion(at: row))
  }

  /// What the table takes of memory, with the log files' text that is kept for the statistics; about right.
  package var byteCount: Int {
    let kept = sources.reduce(0) { $0 + ($1.bytes?.count ?? 0) }
    let values = partitionColumns.reduce(0) { $0 + 4 * count + $1.values.count * 64 }
    let vectors = deletionVectors.places.count * 40 + extras.count * 500
    return kept + texts.byteCount + count * 80 + values + vectors
  }

  /// The sizes of all files, or `nil` when the sum is beyond 64 bits.
  package var totalSizeInBytes: Int64? {
    var total: Int64 = 0
    for size in sizes where size > 0 {
      let (sum, overflow) = total.addingReportingOverflow(size)
      if overflow { return nil }
      total = sum
    }
    return total
  }

  /// The rows of all files less the deleted ones, or `nil` when a file's count isn't known.
  package var totalRecordCount: Int64? {
    var total: Int64 = 0
    for (row, count) in recordCounts.enumerated() {
      let deleted = deletedRowCount(at: row)
      guard count >= 0, deleted >= 0, deleted <= count else { return nil }
      let (sum, overflow) = total.addingReportingOverflow(count - deleted)
      if overflow { return nil }
      total = sum
    }
    return total
  }
}
