internal import DeltaLog
internal import ObjectStorage

// Log files as a store tells of them.
extension LogFile {
  /// `nil` where the name takes no part in the log.
  ///
  /// - Parameter name: below the log directory.
  init?(parsing name: String, _ object: ObjectMetadata) {
    self.init(
      parsing: name, sizeInBytes: Int64(object.size), modificationTime: Timestamp(milliseconds: object.lastModified))
  }

  /// A commit that was written.
  init(commit version: Version, _ object: ObjectMetadata) {
    self.init(
      name: Self.commitName(version), kind: .commit, version: version, sizeInBytes: Int64(object.size),
      modificationTime: Timestamp(milliseconds: object.lastModified))
  }
}
