/// Where a table's files are: a folder of a local disk, or a bucket's prefix, seen as paths and bytes.
///
/// Paths are relative to the store's root, separated by `/`, not percent-encoded, without `.` and `..` parts.
/// Every call may run concurrently with every other. A cancelled task gets `CancellationError`.
public protocol ObjectStore: Sendable {
  /// The root as a person would write it: a path or a URL. For messages.
  var description: String { get }

  /// The files whose path begins with `directory` and `/`, at that level or at any depth, sorted by path as UTF-8.
  ///
  /// One listing (paged where the store pages), no request a file. A directory that isn't there has no files.
  func list(_ directory: String, recursively: Bool, startingAt first: String?) async throws -> [ObjectMetadata]

  /// Size and time of one file.
  ///
  /// - Throws: ``StorageError`` with `.notFound`.
  func metadata(of path: String) async throws -> ObjectMetadata

  /// A file's bytes, whole. One request.
  ///
  /// - Throws: ``StorageError`` with `.notFound`.
  func read(_ path: String) async throws -> [UInt8]

  /// Fills `destination` from the file's bytes at `offset` on. One request.
  ///
  /// - Returns: the bytes read; less than asked only where the file ends.
  /// - Throws: ``StorageError`` with `.notFound`.
  func read(_ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer) async throws -> Int
}

extension ObjectStore {
  /// The files of one directory, by path.
  public func list(_ directory: String) async throws -> [ObjectMetadata] {
    try await list(directory, recursively: false, startingAt: nil)
  }
}

/// What a listing says of one file.
public struct ObjectMetadata: Hashable, Sendable {
  /// Relative to the store's root.
  public var path: String
  public var size: Int
  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var lastModified: Int64

  public init(path: String, size: Int, lastModified: Int64) {
    self.path = path
    self.size = size
    self.lastModified = lastModified
  }

  /// The path's last part.
  public var name: Substring {
    path[(path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:)) ?? path.startIndex)...]
  }
}
