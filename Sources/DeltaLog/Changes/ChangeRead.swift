/// What happened to a row.
///
/// Spec: Delta § Change Data Files
public enum ChangeType: String, Hashable, Sendable, CaseIterable {
  case insert
  case delete
  /// The row as it was.
  case updatePreimage = "update_preimage"
  /// The row as it became.
  case updatePostimage = "update_postimage"
}

/// One file to read for a change feed, and which of its rows changed how.
public struct ChangeRead: Hashable, Sendable {
  public enum Rows: Hashable, Sendable {
    /// All rows but those that the vector deletes.
    case all(except: DeletionVectorDescriptor?)
    /// The rows that the first vector deletes and the second doesn't.
    case deleted(by: DeletionVectorDescriptor, butNotBy: DeletionVectorDescriptor?)
  }

  public var version: Version
  /// Of the commit.
  public var timestamp: Timestamp
  /// As the log spells it: relative to the table's root or absolute, percent-encoded.
  public var path: String
  /// By physical name, as in ``AddFile/partitionValues``.
  public var partitionValues: [String: String?]
  public var sizeInBytes: Int64?
  /// What happened to every row; `nil` for a change file, whose own column ``ChangeFeedPlan/changeTypeName`` tells.
  public var changeType: ChangeType?
  public var rows: Rows

  public init(
    version: Version, timestamp: Timestamp, path: String, partitionValues: [String: String?], sizeInBytes: Int64?,
    changeType: ChangeType?, rows: Rows
  ) {
    self.version = version
    self.timestamp = timestamp
    self.path = path
    self.partitionValues = partitionValues
    self.sizeInBytes = sizeInBytes
    self.changeType = changeType
    self.rows = rows
  }
}
