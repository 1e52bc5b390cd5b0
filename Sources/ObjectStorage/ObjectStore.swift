/// Where a table's files are: a folder of a local disk, or a bucket's prefix, seen as paths and bytes.
///
/// Paths are relative to the store's root, separated by `/`, not percent-encoded, without `.` and `..` parts.
/// Every call may run concurrently with every other. A cancelled task gets `CancellationError`; what is written by
/// then is reported as written, and what isn't leaves nothing behind.
public protocol ObjectStore: Sendable {
  /// The root as a person would write it: a path or a URL. For messages.
  var description: String { get }

  /// Whether a file that can be read survives a failure of power: so it is with a service, and not on a disk whose
  /// answer got lost.
  var keepsWhatIsVisible: Bool { get }

  /// By what the store is known again: stores of one identity have the same files. `nil`: it can't be told, as of a folder
  /// named from the working directory.
  var identity: String? { get }

  /// Whether a listing that starts at a name passes over what comes before it: a service does, a file system goes through all
  /// of the folder.
  var seeksWhenListing: Bool { get }

  /// The files whose path begins with `directory` and `/`, at that level or at any depth, sorted by path as UTF-8.
  ///
  /// One listing (paged where the store pages), no request a file. A directory that isn't there has no files.
  func list(_ directory: String, recursively: Bool, startingAt first: String?) async throws -> [ObjectMetadata]

  /// Size and time of one file.
  ///
  /// - Throws: ``StorageError`` with `.notFound`.
  func metadata(of path: String) async throws -> ObjectMetadata

  /// Size and time of several files; `nil` for one that is not there. A request a file, unless the store can do with less.
  func metadata(of paths: [String]) async throws -> [ObjectMetadata?]

  /// A file's bytes, whole. One request.
  ///
  /// - Throws: ``StorageError`` with `.notFound`.
  func read(_ path: String) async throws -> [UInt8]

  /// The bytes of small files, each whole, in the order of the paths. A request a file, some at a time, unless the store
  /// can do with less.
  ///
  /// - Throws: ``StorageError`` of one of them, with `.notFound` where a file is missing.
  func read(_ paths: [String]) async throws -> [[UInt8]]

  /// Fills `destination` from the file's bytes at `offset` on. One request.
  ///
  /// - Returns: the bytes read; less than asked only where the file ends.
  /// - Throws: ``StorageError`` with `.notFound`.
  func read(_ path: String, at offset: Int, into destination: UnsafeMutableRawBufferPointer) async throws -> Int

  /// Fills the destinations of several parts of one file. A request a part, unless the store can do with fewer.
  ///
  /// - Returns: for each part the bytes read; less than asked only where the file ends.
  /// - Throws: ``StorageError`` with `.notFound`.
  func read(_ path: String, parts: [ObjectPart]) async throws -> [Int]

  /// About how many bytes come in the time that a request takes before its first byte does: fetching less than this
  /// for nothing beats another request, and a request is worth its while from several times as many on. 1 MiB, as for
  /// stores behind a network, unless the store says otherwise.
  var requestOverhead: Int { get }

  /// Puts a small file there, whole: readers see all of its bytes or none of them, also when the writer is stopped in
  /// the middle. Directories come by themselves. At most one request in the good case.
  ///
  /// With ``WriteCondition/ifAbsent`` exactly one of several writers is told `written`, however they race.
  ///
  /// - Throws: ``StorageError``; with `.outcomeUnknown` the file may be there or not, and its name must be read to
  ///   know. With every other code, and with `CancellationError`, nothing was written.
  func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome

  /// Begins a new file of any size under a name that nobody else uses. Directories come by themselves.
  ///
  /// The file may be visible under its name before ``ObjectWriter/finish()``, unfinished: nothing should name it until
  /// then. That the name is taken may be noticed only when the first bytes are flushed.
  ///
  /// - Throws: ``StorageError``, with `.alreadyExists` for a name that is taken.
  func makeWriter(to path: String, durability: Durability) async throws -> any ObjectWriter

  /// Waits until a file that is there, whoever wrote it, survives a failure of power, with its name and those of its folders.
  /// Nothing needs to be done where ``keepsWhatIsVisible``.
  ///
  /// - Throws: ``StorageError``, with `.notFound` when it is not there.
  func synchronize(_ path: String) async throws

  /// Removes a file. That it is not there is no error.
  ///
  /// - Throws: ``StorageError``, with `.invalidPath` for a path that leads out of the store, through links as well.
  func delete(_ path: String) async throws
}

extension ObjectStore {
  public var keepsWhatIsVisible: Bool { true }

  public var identity: String? { nil }

  public var seeksWhenListing: Bool { true }

  public func metadata(of paths: [String]) async throws -> [ObjectMetadata?] {
    var found: [ObjectMetadata?] = []
    for path in paths {
      do {
        found.append(try await metadata(of: path))
      } catch let error as StorageError where error.code == .notFound {
        found.append(nil)
      }
    }
    return found
  }

  public func synchronize(_ path: String) async throws {
    guard keepsWhatIsVisible else {
      throw StorageError(
        .notSupported, "The store does not say how to wait for \(path) to be there for good.", path: path)
    }
  }

  /// The files of one directory, by path.
  public func list(_ directory: String) async throws -> [ObjectMetadata] {
    try await list(directory, recursively: false, startingAt: nil)
  }

  public func read(_ paths: [String]) async throws -> [[UInt8]] {
    if paths.count == 1 { return [try await read(paths[0])] }
    return try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      var started = 0
      func startNext() {
        guard started < paths.count else { return }
        let index = started
        started += 1
        group.addTask { (index, try await read(paths[index])) }
      }
      for _ in 0..<8 { startNext() }
      var files = [[UInt8]](repeating: [], count: paths.count)
      while let (index, bytes) = try await group.next() {
        files[index] = bytes
        startNext()
      }
      return files
    }
  }

  public func read(_ path: String, parts: [ObjectPart]) async throws -> [Int] {
    var counts: [Int] = []
    counts.reserveCapacity(parts.count)
    for part in parts { counts.append(try await read(path, at: part.offset, into: part.destination)) }
    return counts
  }

  public var requestOverhead: Int { 1 << 20 }
}

/// A part of a file on its way to memory, which its owner leaves alone until it is there.
public struct ObjectPart: @unchecked Sendable {
  /// In the file.
  public let offset: Int
  public let destination: UnsafeMutableRawBufferPointer

  public init(offset: Int, destination: UnsafeMutableRawBufferPointer) {
    self.offset = offset
    self.destination = destination
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
