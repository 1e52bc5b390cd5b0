public import Columnar

/// Which files tell the row-level changes of a range of versions, and under which schema they are read.
///
/// All versions are read under the schema of the range's last one: columns added since are null in older rows.
///
/// Spec: Delta § Reader Requirements for AddCDCFile
public struct ChangeFeedPlan: Sendable {
  public static let changeTypeName = "_change_type"
  public static let commitVersionName = "_commit_version"
  public static let commitTimestampName = "_commit_timestamp"

  /// One commit of the range.
  public struct Commit: Sendable {
    public var version: Version
    /// In-commit timestamp or the file's modification time, as the table has it.
    public var timestamp: Timestamp
    public var actions: [Action]

    public init(version: Version, timestamp: Timestamp, actions: [Action]) {
      self.version = version
      self.timestamp = timestamp
      self.actions = actions
    }
  }

  /// The table's schema at the last version, and how its files name it.
  public let mapping: ColumnMapping
  /// Logical names.
  public let partitionColumns: [String]
  /// In the order of versions; within one, in the log's order.
  public let reads: [ChangeRead]

  /// Columns that could be null within the range, though perhaps not at its end.
  var nullableColumns: Set<String> = []

  /// The rows' columns: the table's, then `_change_type`, `_commit_version` and `_commit_timestamp`. A column is
  /// nullable when it was so at any version of the range, or came in within it.
  public var outputSchema: StructType {
    let columns = mapping.logicalSchema.fields.map { field in
      var field = field
      if nullableColumns.contains(field.name) { field.isNullable = true }
      return field
    }
    return StructType(
      columns + [
        StructField(Self.changeTypeName, .string), StructField(Self.commitVersionName, .long),
        StructField(Self.commitTimestampName, .timestamp()),
      ])
  }

  /// - Throws: ``DeltaError`` `corruptLog` when the schema can't be understood.
  init(_ metadata: TableMetadata, _ versions: ProtocolVersions, reads: [ChangeRead]) throws(DeltaError) {
    let schema = try SchemaJSON.parse(metadata.schemaString)
    for column in metadata.partitionColumns where schema[column] == nil {
      throw .corruptLog("The table is partitioned by \(column), but its schema has no column of that exact name.")
    }
    mapping = try ColumnMapping(schema: schema, mode: try ColumnMapping.mode(of: metadata, protocol: versions))
    partitionColumns = metadata.partitionColumns
    self.reads = reads
  }

  /// Whether writers had to record changes.
  ///
  /// Spec: Delta § Writer Requirements for AddCDCFile
  public static func isEnabled(_ metadata: TableMetadata, _ versions: ProtocolVersions) -> Bool {
    guard metadata.configuration["delta.enableChangeDataFeed"]?.lowercased() == "true" else { return false }
    if versions.minWriterVersion >= 7 { return versions.writerFeatures?.contains("changeDataFeed") ?? false }
    return versions.minWriterVersion >= 4
  }

  /// What to read for one commit: its change files if it has any, else what it added and removed.
  ///
  /// - Throws: ``DeltaError`` `corruptLog` when a removed file's partition values are needed and not there.
  public static func reads(of commit: Commit, isPartitioned: Bool) throws(DeltaError) -> [ChangeRead] {
    var reads: [ChangeRead] = []
    for case .change(let file) in commit.actions {
      reads.append(
        ChangeRead(
          version: commit.version, timestamp: commit.timestamp, path: file.path, partitionValues: file.partitionValues,
          sizeInBytes: file.sizeInBytes, changeType: nil, rows: .all(except: nil)))
    }
    guard reads.isEmpty else { return reads }
    let changes = FileChanges(commit)
    for action in commit.actions {
      switch action {
      case .add(let file) where file.dataChange:
        reads += changes.reads(of: file, in: commit)
      case .remove(let file) where file.dataChange:
        guard !changes.isPaired(file) else { continue }
        guard let partitionValues = file.partitionValues ?? (isPartitioned ? nil : [:]) else {
          throw .corruptLog(
            "Version \(commit.version) removes a file without its partition values, so the rows that it deleted can't "
              + "be told.", path: file.path, version: commit.version)
        }
        reads.append(
          ChangeRead(
            version: commit.version, timestamp: commit.timestamp, path: file.path, partitionValues: partitionValues,
            sizeInBytes: file.sizeInBytes, changeType: .delete, rows: .all(except: file.deletionVector)))
      default: break
      }
    }
    return reads
  }
}

/// The files that a commit both removes and adds, with other deletion vectors.
private struct FileChanges {
  private var removed: [String: RemoveFile] = [:]
  private var paired: Set<String> = []

  init(_ commit: ChangeFeedPlan.Commit) {
    for case .remove(let file) in commit.actions where file.dataChange { removed[file.path] = file }
    for case .add(let file) in commit.actions where file.dataChange && removed[file.path] != nil {
      paired.insert(file.path)
    }
  }

  func isPaired(_ file: RemoveFile) -> Bool { paired.contains(file.path) }

  /// An added file is inserted rows, or if it was there before, the difference of its deletion vectors.
  func reads(of file: AddFile, in commit: ChangeFeedPlan.Commit) -> [ChangeRead] {
    func read(_ type: ChangeType, _ rows: ChangeRead.Rows) -> ChangeRead {
      ChangeRead(
        version: commit.version, timestamp: commit.timestamp, path: file.path, partitionValues: file.partitionValues,
        sizeInBytes: file.sizeInBytes, changeType: type, rows: rows)
    }
    guard let before = removed[file.path] else { return [read(.insert, .all(except: file.deletionVector))] }
    guard before.deletionVector?.uniqueId != file.deletionVector?.uniqueId else { return [] }
    var reads: [ChangeRead] = []
    if let now = file.deletionVector { reads.append(read(.delete, .deleted(by: now, butNotBy: before.deletionVector))) }
    if let then = before.deletionVector {
      reads.append(read(.insert, .deleted(by: then, butNotBy: file.deletionVector)))
    }
    return reads
  }
}
