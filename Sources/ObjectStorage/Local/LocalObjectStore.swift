#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A folder of the local file system.
///
/// Calls block in the kernel, so they run on a few threads of their own and never on Swift's cooperative ones.
public struct LocalObjectStore: ObjectStore {
  /// An absolute path, or one relative to the process's working directory; without a slash at the end.
  public let root: String

  public init(root: String) {
    var root = Substring(root)
    while root.count > 1, root.last == "/" { root.removeLast() }
    self.root = root.isEmpty ? "." : String(root)
  }

  public var description: String { root }

  public func list(
    _ directory: String, recursively: Bool, startingAt first: String?
  ) async throws -> [ObjectMetadata] {
    let base = try absolute(directory)
    return try await BlockingThreads.shared.run {
      var found: [ObjectMetadata] = []
      try DirectoryListing.collect(
        base, prefix: directory.isEmpty ? "" : directory + "/", recursively: recursively, startingAt: first,
        into: &found)
      found.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
      return found
    }
  }

  public func metadata(of path: String) async throws -> ObjectMetadata {
    let absolute = try absolute(path)
    return try await BlockingThreads.shared.run {
      var status = stat()
      guard stat(absolute, &status) == 0 else { throw systemError(path) }
      return ObjectMetadata(path: path, size: Int(status.st_size), lastModified: status.modificationMilliseconds)
    }
  }

  public func read(_ path: String) async throws -> [UInt8] {
    let absolute = try absolute(path)
    return try await BlockingThreads.shared.run {
      let file = try OpenFile(absolute, or: { systemError(path) })
      let size = try file.size { systemError(path) }
      return try [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
        count = try file.read(at: 0, into: UnsafeMutableRawBufferPointer(bytes)) { systemError(path) }
      }
    }
  }

  public func read(
    _ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer
  ) async throws -> Int {
    try await read(path, parts: [ObjectPart(offset: offset, destination: destination)])[0]
  }

  public func read(_ path: String, parts: [ObjectPart]) async throws -> [Int] {
    let absolute = try absolute(path)
    return try await BlockingThreads.shared.run {
      let file = try OpenFile(absolute, or: { systemError(path) })
      return try parts.map { try file.read(at: $0.offset, into: $0.destination) { systemError(path) } }
    }
  }

  /// A read from a disk, or from what the system keeps of it, begins at once.
  public var requestOverhead: Int { 64 << 10 }

  /// The path below the root. Refuses one that would leave it.
  func absolute(_ path: String) throws(StorageError) -> String {
    guard !path.utf8.contains(0), !path.split(separator: "/").contains("..") else {
      throw .outside(path, of: root)
    }
    if path.isEmpty { return root }
    return root == "/" ? "/" + path : root + "/" + path
  }

  private func systemError(_ path: String, _ number: Int32 = errno) -> StorageError {
    let reason = String(cString: strerror(number))
    switch number {
    case ENOENT, ENOTDIR: return .notFound(path, in: root)
    case EACCES, EPERM:
      return StorageError(.permissionDenied, "The file \(path) in \(root) may not be read: \(reason).", path: path)
    default: return StorageError(.inputOutput, "The file \(path) in \(root) could not be read: \(reason).", path: path)
    }
  }
}

/// A file descriptor that is closed at the end of its scope.
private struct OpenFile: ~Copyable {
  private let descriptor: Int32

  init(_ path: String, or failure: () -> StorageError) throws(StorageError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
  }

  deinit { close(descriptor) }

  func size(or failure: () -> StorageError) throws(StorageError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure() }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      errno = EISDIR
      throw failure()
    }
    return Int(status.st_size)
  }

  /// Reads until the destination is full or the file ends.
  func read(
    at offset: Int, into destination: UnsafeMutableRawBufferPointer, or failure: () -> StorageError
  ) throws(StorageError) -> Int {
    var done = 0
    while done < destination.count, let base = destination.baseAddress {
      // Linux transfers at most 2 GiB a call.
      let count = pread(descriptor, base + done, min(destination.count - done, 1 << 30), off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        break
      } else if errno != EINTR {
        throw failure()
      }
    }
    return done
  }
}

extension stat {
  var modificationMilliseconds: Int64 {
    #if canImport(Darwin)
      let time = st_mtimespec
    #else
      let time = st_mtim
    #endif
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
