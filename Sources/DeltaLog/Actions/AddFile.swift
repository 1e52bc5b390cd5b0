/// A logical file that enters the table: a data file, and the rows of it that are deleted.
///
/// Spec: Delta § Add File and Remove File
public struct AddFile: Hashable, Sendable {
  /// Relative to the table's root, or absolute; percent-encoded as in the log.
  public var path: String
  /// By partition column (by its physical name under column mapping), in the log's spelling. `nil` and the empty
  /// string both mean null.
  public var partitionValues: [String: String?]
  public var sizeInBytes: Int64
  public var modificationTime: Timestamp
  /// Whether the action changes the table's rows, rather than rearranging them.
  public var dataChange: Bool
  /// The file's statistics as JSON text.
  public var stats: String?
  public var tags: [String: String?]?
  public var deletionVector: DeletionVectorDescriptor?
  /// The row id of the file's first row.
  public var baseRowId: Int64?
  /// The version of the commit that first added the file's path.
  public var defaultRowCommitVersion: Version?
  public var clusteringProvider: String?

  public init(
    path: String, partitionValues: [String: String?] = [:], sizeInBytes: Int64, modificationTime: Timestamp,
    dataChange: Bool = true, stats: String? = nil, tags: [String: String?]? = nil,
    deletionVector: DeletionVectorDescriptor? = nil, baseRowId: Int64? = nil,
    defaultRowCommitVersion: Version? = nil, clusteringProvider: String? = nil
  ) {
    self.path = path
    self.partitionValues = partitionValues
    self.sizeInBytes = sizeInBytes
    self.modificationTime = modificationTime
    self.dataChange = dataChange
    self.stats = stats
    self.tags = tags
    self.deletionVector = deletionVector
    self.baseRowId = baseRowId
    self.defaultRowCommitVersion = defaultRowCommitVersion
    self.clusteringProvider = clusteringProvider
  }
}
