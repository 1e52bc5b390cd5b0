/// A file that was written.
public struct WrittenParquetFile: Sendable {
  /// The file's size.
  public let byteCount: Int
  public let rowCount: Int64
  /// The footer.
  public let metadata: FileMetadata
}
