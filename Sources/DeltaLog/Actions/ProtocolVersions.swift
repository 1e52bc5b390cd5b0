/// What a client must understand to read and to write the table: the `protocol` action.
///
/// Spec: Delta § Protocol Evolution
public struct ProtocolVersions: Hashable, Sendable {
  public var minReaderVersion: Int32
  public var minWriterVersion: Int32
  /// In the log's order; present only with reader version 3.
  public var readerFeatures: [String]?
  /// In the log's order; present only with writer version 7.
  public var writerFeatures: [String]?

  public init(
    minReaderVersion: Int32, minWriterVersion: Int32, readerFeatures: [String]? = nil, writerFeatures: [String]? = nil
  ) {
    self.minReaderVersion = minReaderVersion
    self.minWriterVersion = minWriterVersion
    self.readerFeatures = readerFeatures
    self.writerFeatures = writerFeatures
  }
}
