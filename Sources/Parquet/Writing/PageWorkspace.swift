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

  /// Whether its memory is worth keeping.
  var isSmall: Bool { body.capacity + stored.capacity <= 4 << 20 }
}

/// The workspaces of a file: as many as have ever been in use at once. A class, since tasks share it.
///
/// A few are kept for the next file: making a compressor costs more than a small file.
final class PageWorkspaces: Sendable {
  private let compression: Compression
  private let idle: Mutex<[PageWorkspace]>

  private static let kept = Mutex<[(compression: Compression, workspace: PageWorkspace)]>([])
  private static let keptCount = 4

  init(_ compression: Compression) {
    self.compression = compression
    let workspace = Self.kept.withLock { kept in
      kept.lastIndex { $0.compression == compression }.map { kept.remove(at: $0).workspace }
    }
    idle = Mutex(workspace.map { [$0] } ?? [])
  }

  deinit {
    let idle = idle.withLock { $0.filter { $0.isSmall } }
    Self.kept.withLock { kept in
      kept += idle.map { (compression, $0) }
      kept.removeFirst(max(0, kept.count - Self.keptCount))
    }
  }

  func with<Result>(_ body: (PageWorkspace) throws(ParquetError) -> Result) throws(ParquetError) -> Result {
    let workspace = idle.withLock { $0.popLast() } ?? PageWorkspace(compression)
    defer { idle.withLock { $0.append(workspace) } }
    return try body(workspace)
  }
}
