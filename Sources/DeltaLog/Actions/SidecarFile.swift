/// A file that holds some of a checkpoint's file actions: the `sidecar` action.
///
/// Spec: Delta § Sidecar File Information
public struct SidecarFile: Hashable, Sendable {
  /// The file's name in `_delta_log/_sidecars`, or a path; percent-encoded.
  public var path: String
  public var sizeInBytes: Int64
  public var modificationTime: Timestamp
  public var tags: [String: String?]?

  public init(path: String, sizeInBytes: Int64, modificationTime: Timestamp, tags: [String: String?]? = nil) {
    self.path = path
    self.sizeInBytes = sizeInBytes
    self.modificationTime = modificationTime
    self.tags = tags
  }
}

/// What a checkpoint of the V2 spec says about itself.
///
/// Spec: Delta § Checkpoint Metadata
public struct CheckpointMetadata: Hashable, Sendable {
  /// The table version that the checkpoint holds.
  public var version: Version
  public var tags: [String: String?]?

  public init(version: Version, tags: [String: String?]? = nil) {
    self.version = version
    self.tags = tags
  }
}
