internal import Columnar
internal import Synchronization

/// What it takes to finish pages: a compressor and memory that is used again from page to page. A class, since tasks
/// take one, use it alone, and give it back.
final class PageWorkspace: @unchecked Sendable {
  var compressor: Compressor
  /// A page before compression.
  var body = EncodingBuffer()
  /// A page as it is stored.
  var stored = EncodingBuffer()
  var header = ThriftWriter()

  init(_ compression: Compression) { compressor = Compressor(compression) }

  func releaseMemory() {
    body = EncodingBuffer()
    stored = EncodingBuffer()
  }
}

/// The workspaces of a file: as many as have ever been in use at once. A class, since tasks share it.
final class PageWorkspaces: Sendable {
  private let compression: Compression
  private let idle = Mutex<[PageWorkspace]>([])

  init(_ compression: Compression) { self.compression = compression }

  func with<Result>(_ body: (PageWorkspace) throws(ParquetError) -> Result) throws(ParquetError) -> Result {
    let workspace = idle.withLock { $0.popLast() } ?? PageWorkspace(compression)
    defer { idle.withLock { $0.append(workspace) } }
    return try body(workspace)
  }
}
