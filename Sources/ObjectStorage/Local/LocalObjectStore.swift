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
/// Reading and writing follow symbolic links of directories; deleting does not.
public struct LocalObjectStore: ObjectStore {
  /// An absolute path, or one relative to the process's working directory; without a slash at the end.
  public let root: String
  /// Larger files are not read whole: nothing that a table's log is made of is that large, and memory would run out.
  public let largestWholeRead: Int

  /// - Parameter largestWholeRead: in bytes.
  public init(root: String, largestWholeRead: Int = 2 << 30) {
    self.largestWholeRead = largestWholeRead
    var root = Substring(root)
    while root.count > 1, root.last == "/" { root.removeLast() }
    self.root = root.isEmpty ? "." : String(root)
  }

  public var description: String { root }

  public var keepsWhatIsVisible: Bool { false }

  public var identity: String? { root.hasPrefix("/") ? root : nil }

  public var seeksWhenListing: Bool { false }

  public func list(
    _ directory: String, recursively: Bool, startingAt first: String?
  ) async throws -> [ObjectMetadata] {
    let base = try LocalPath.absolute(directory, below: root)
    return try await BlockingThreads.shared.run {
      var found: [ObjectMetadata] = []
      try DirectoryListing.collect(
        base, prefix: directory.isEmpty ? "" : directory + "/", recursively: recursively, startingAt: first,
        into: &found)
      found.sort { $0.path.precedesByBytes($1.path) }
      return found
    }
  }

  public func metadata(of path: String) async throws -> ObjectMetadata {
    let absolute = try LocalPath.absolute(path, below: root)
    return try await BlockingThreads.shared.run { try metadata(of: path, at: absolute) }
  }

  /// One after the other on one thread: that takes less than handing each to another.
  public func metadata(of paths: [String]) async throws -> [ObjectMetadata?] {
    let absolutes = try paths.map { path throws(StorageError) in try LocalPath.absolute(path, below: root) }
    return try await BlockingThreads.shared.run {
      try zip(paths, absolutes).map { path, absolute in
        do throws(StorageError) {
          return try metadata(of: path, at: absolute)
        } catch  where error.code == .notFound {
          return nil
        }
      }
    }
  }

  private func metadata(of path: String, at absolute: String) throws(StorageError) -> ObjectMetadata {
    var status = stat()
    guard stat(absolute, &status) == 0 else { throw systemError(path) }
    if let kind = status.specialKind { throw StorageError.notRegular(path, in: root, is: kind) }
    return ObjectMetadata(path: path, size: Int(status.st_size), lastModified: status.modificationMilliseconds)
  }

  public func read(_ path: String) async throws -> [UInt8] {
    let absolute = try LocalPath.absolute(path, below: root)
    return try await BlockingThreads.shared.run { try bytes(of: path, at: absolute) }
  }

  /// One after the other on one thread: that takes less than handing each to another.
  public func read(_ paths: [String]) async throws -> [[UInt8]] {
    let absolutes = try paths.map { path throws(StorageError) in try LocalPath.absolute(path, below: root) }
    return try await BlockingThreads.shared.run {
      try zip(paths, absolutes).map { path, absolute in try bytes(of: path, at: absolute) }
    }
  }

  private func bytes(of path: String, at absolute: String) throws -> [UInt8] {
    let file = try open(path, at: absolute)
    let size = file.size
    guard size <= largestWholeRead else { throw StorageError.tooLarge(path, in: root, size, limit: largestWholeRead) }
    return try [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      count = try file.read(at: 0, into: UnsafeMutableRawBufferPointer(bytes)) { systemError(path) }
    }
  }

  public func read(
    _ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer
  ) async throws -> Int {
    try await read(path, parts: [ObjectPart(offset: offset, destination: destination)])[0]
  }

  public func read(_ path: String, parts: [ObjectPart]) async throws -> [Int] {
    let absolute = try LocalPath.absolute(path, below: root)
    return try await BlockingThreads.shared.run {
      let file = try open(path, at: absolute)
      return try parts.map { try file.read(at: $0.offset, into: $0.destination) { systemError(path) } }
    }
  }

  /// A read from a disk, or from what the system keeps of it, begins at once.
  public var requestOverhead: Int { 64 << 10 }

  public func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome {
    try await writing.write(bytes, to: path, condition, durability: durability)
  }

  public func makeWriter(to path: String, durability: Durability) async throws -> any ObjectWriter {
    try await writing.makeWriter(to: path, durability: durability)
  }

  public func synchronize(_ path: String) async throws { try await writing.synchronize(path) }

  public func delete(_ path: String) async throws { try await writing.delete(path) }

  private var writing: FileWriting<SystemCalls> {
    FileWriting(root: root, calls: SystemCalls(), durableDirectories: .shared)
  }

  private func open(_ path: String, at absolute: String) throws(StorageError) -> OpenFile {
    try OpenFile(absolute, or: { systemError(path) }, ifSpecial: { .notRegular(path, in: root, is: $0) })
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
  /// In bytes, when it was opened.
  let size: Int

  /// - Parameter special: makes the error for what isn't a regular file, of which nothing is read.
  init(
    _ path: String, or failure: () -> StorageError, ifSpecial special: (String) -> StorageError
  ) throws(StorageError) {
    // Without O_NONBLOCK opening a pipe would wait for somebody to write to it.
    let number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else { throw failure() }
    var status = stat()
    guard fstat(number, &status) == 0 else {
      defer { close(number) }
      throw failure()
    }
    if let kind = status.specialKind {
      close(number)
      throw special(kind)
    }
    descriptor = number
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

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
  /// What it is, in words; `nil` for a regular file.
  var specialKind: String? {
    switch st_mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    default: "no regular file"
    }
  }

  var modificationMilliseconds: Int64 {
    #if canImport(Darwin)
      let time = st_mtimespec
    #else
      let time = st_mtim
    #endif
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
