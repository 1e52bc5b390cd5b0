/// A file that holds only the rows a commit changed: the `cdc` action.
///
/// Spec: Delta § Add CDC File
public struct ChangeFile: Hashable, Sendable {
  /// Relative to the table's root, or absolute; percent-encoded as in the log.
  public var path: String
  public var partitionValues: [String: String?]
  public var sizeInBytes: Int64
  /// Always `false` by the protocol.
  public var dataChange: Bool
  public var tags: [String: String?]?

  public init(
    path: String, partitionValues: [String: String?] = [:], sizeInBytes: Int64, dataChange: Bool = false,
    tags: [String: String?]? = nil
  ) {
    self.path = path
    self.partitionValues = partitionValues
    self.sizeInBytes = sizeInBytes
    self.dataChange = dataChange
    self.tags = tags
  }
}
