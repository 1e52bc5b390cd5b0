/// A logical file that leaves the table. It stays in the state as a tombstone until it expires.
///
/// Spec: Delta § Add File and Remove File
public struct RemoveFile: Hashable, Sendable {
  /// As in the ``AddFile`` it takes back.
  public var path: String
  public var deletionTimestamp: Timestamp?
  /// Whether the action changes the table's rows, rather than rearranging them.
  public var dataChange: Bool
  /// Whether `partitionValues` and `sizeInBytes` are filled.
  public var extendedFileMetadata: Bool?
  public var partitionValues: [String: String?]?
  public var sizeInBytes: Int64?
  /// The file's statistics as JSON text.
  public var stats: String?
  public var tags: [String: String?]?
  public var deletionVector: DeletionVectorDescriptor?
  public var baseRowId: Int64?
  public var defaultRowCommitVersion: Version?

  public init(
    path: String, deletionTimestamp: Timestamp? = nil, dataChange: Bool = true, extendedFileMetadata: Bool? = nil,
    partitionValues: [String: String?]? = nil, sizeInBytes: Int64? = nil, stats: String? = nil,
    tags: [String: String?]? = nil, deletionVector: DeletionVectorDescriptor? = nil, baseRowId: Int64? = nil,
    defaultRowCommitVersion: Version? = nil
  ) {
    self.path = path
    self.deletionTimestamp = deletionTimestamp
    self.dataChange = dataChange
    self.extendedFileMetadata = extendedFileMetadata
    self.partitionValues = partitionValues
    self.sizeInBytes = sizeInBytes
    self.stats = stats
    self.tags = tags
    self.deletionVector = deletionVector
    self.baseRowId = baseRowId
    self.defaultRowCommitVersion = defaultRowCommitVersion
  }
}
