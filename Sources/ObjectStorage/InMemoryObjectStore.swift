internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Files in memory, for tests and for tables that need no disk. A class, since its files are shared by those who hold it.
public final class InMemoryObjectStore: ObjectStore {
  private struct File {
    var bytes: [UInt8]
    var lastModified: Int64
  }
  private let files = Mutex<[String: File]>([:])

  public init() {}

  public var description: String { "memory" }
  public var requestOverhead: Int { 64 << 10 }

  /// Puts a file there, in place of one of that path.
  ///
  /// - Parameter lastModified: milliseconds since 1970-01-01T00:00:00Z.
  public func put(_ bytes: [UInt8], at path: String, lastModified: Int64 = 0) {
    files.withLock { $0[path] = File(bytes: bytes, lastModified: lastModified) }
  }

  public func list(
    _ directory: String, recursively: Bool, startingAt first: String?
  ) async throws -> [ObjectMetadata] {
    try Task.checkCancellation()
    let prefix = directory.isEmpty ? "" : directory + "/"
    return files.withLock { files in
      files.filter { path, _ in
        path.hasPrefix(prefix) && (recursively || !path.dropFirst(prefix.count).contains("/"))
          && !(first.map { path.utf8.lexicographicallyPrecedes($0.utf8) } ?? false)
      }
      .map { ObjectMetadata(path: $0, size: $1.bytes.count, lastModified: $1.lastModified) }
    }
    .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  public func metadata(of path: String) async throws -> ObjectMetadata {
    let file = try file(path)
    return ObjectMetadata(path: path, size: file.bytes.count, lastModified: file.lastModified)
  }

  public func read(_ path: String) async throws -> [UInt8] {
    try Task.checkCancellation()
    return try file(path).bytes
  }

  public func read(
    _ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer
  ) async throws -> Int {
    try Task.checkCancellation()
    let bytes = try file(path).bytes
    guard offset < bytes.count else { return 0 }
    let count = min(destination.count, bytes.count - offset)
    bytes.withUnsafeBytes {
      destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
    }
    return count
  }

  public func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome {
    try Task.checkCancellation()
    _ = try LocalPath.absoluteFile(path, below: description)
    return place(bytes, at: path, condition).map { .written($0) } ?? .alreadyExists
  }

  public func makeWriter(to path: String, durability: Durability) async throws -> any ObjectWriter {
    try Task.checkCancellation()
    _ = try LocalPath.absoluteFile(path, below: description)
    return InMemoryWriter(to: path, in: self)
  }

  public func delete(_ path: String) async throws {
    _ = try LocalPath.absoluteFile(path, below: description)
    _ = files.withLock { $0.removeValue(forKey: path) }
  }

  /// - Returns: `nil` when the file had to be absent and is not.
  fileprivate func place(_ bytes: [UInt8], at path: String, _ condition: WriteCondition) -> ObjectMetadata? {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let time = Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    let isPlaced = files.withLock { files in
      if condition == .ifAbsent, files[path] != nil { return false }
      files[path] = File(bytes: bytes, lastModified: time)
      return true
    }
    return isPlaced ? ObjectMetadata(path: path, size: bytes.count, lastModified: time) : nil
  }

  private func file(_ path: String) throws(StorageError) -> File {
    guard let file = files.withLock({ $0[path] }) else { throw .notFound(path, in: description) }
    return file
  }
}

/// A file that appears in memory when it is finished. A class, since it is one file.
private final class InMemoryWriter: ObjectWriter {
  private let path: String
  private let store: InMemoryObjectStore
  private let bytes = Mutex<[UInt8]>([])

  init(to path: String, in store: InMemoryObjectStore) {
    self.path = path
    self.store = store
  }

  func write(_ bytes: UnsafeRawBufferPointer) async throws {
    try Task.checkCancellation()
    self.bytes.withLock { $0.append(contentsOf: bytes) }
  }

  func finish() async throws -> ObjectMetadata {
    try Task.checkCancellation()
    let bytes = bytes.withLock { bytes in
      defer { bytes = [] }
      return bytes
    }
    guard let metadata = store.place(bytes, at: path, .ifAbsent) else {
      throw StorageError.alreadyExists(path, in: store.description)
    }
    return metadata
  }

  func abandon() async { bytes.withLock { $0 = [] } }
}
