/// How files come to be on a disk whose every call may fail, and whose process or power may end between any two.
///
/// A file that must appear whole, `write`:
///
///     create a hidden file beside it · write · fsync · close · rename it if nothing has the name · fsync the directory
///
/// The hidden file's name is `.deltalake-` + 16 hexadecimal digits + `.tmp`. Engines pass over it: what begins with a dot
/// is neither data, nor part of the log, nor anything for `vacuum` to remove. Only a process that was killed in the
/// middle leaves one.
///
/// A file with a name of its own, ``FileWriter``: create · write · … · fsync · fsync the directory.
///
/// Without `Durability.full` there is no fsync.
package struct FileWriting<Calls: FileSystemCalls>: Sendable {
  /// Of the store: all paths are below it.
  package let root: String
  package let calls: Calls
  let durableDirectories: DurableDirectories
  /// A ``FileWriter`` gathers pieces up to so many bytes; longer ones go to the file as they are.
  let bufferLimit: Int
  let temporaryName: @Sendable () -> String

  package init(
    root: String, calls: Calls, durableDirectories: DurableDirectories, bufferLimit: Int = 256 << 10,
    temporaryName: @escaping @Sendable () -> String = { TemporaryName.random() }
  ) {
    self.root = root
    self.calls = calls
    self.durableDirectories = durableDirectories
    self.bufferLimit = bufferLimit
    self.temporaryName = temporaryName
  }

  package func write(
    _ bytes: [UInt8], to path: String, _ condition: WriteCondition, durability: Durability
  ) async throws -> WriteOutcome {
    try Task.checkCancellation()
    let target = try LocalPath.absoluteFile(path, below: root)
    return try await calls.run {
      guard let status = try await place(bytes, at: target, path, condition, durability) else { return .alreadyExists }
      if durability == .full {
        do throws(SystemCallError) {
          try await makeDurable(directoryOf: target)
        } catch {
          throw StorageError.outcomeUnknown(path, in: root, error.reason)
        }
      }
      return .written(ObjectMetadata(path: path, size: status.size, lastModified: status.lastModified))
    }
  }

  package func makeWriter(to path: String, durability: Durability) async throws -> FileWriter<Calls> {
    try Task.checkCancellation()
    let target = try LocalPath.absoluteFile(path, below: root)
    return FileWriter(self, path: path, target: target, durability: durability)
  }

  package func synchronize(_ path: String) async throws {
    try Task.checkCancellation()
    let target = try LocalPath.absoluteFile(path, below: root)
    try await calls.run {
      do throws(SystemCallError) {
        try await synchronizeFile(target)
        try await makeDurable(directoryOf: target)
      } catch .missing {
        throw StorageError.notFound(path, in: root)
      } catch {
        throw StorageError.notSynchronized(path, in: root, error)
      }
    }
  }

  private func synchronizeFile(_ path: String) async throws(SystemCallError) {
    let file = try await calls.openFile(path)
    do throws(SystemCallError) {
      try await calls.synchronize(file)
    } catch {
      do { try await calls.close(file) } catch {}
      throw error
    }
    try await calls.close(file)
  }

  package func delete(_ path: String) async throws {
    _ = try LocalPath.absoluteFile(path, below: root)
    try await calls.run {
      do throws(SystemCallError) {
        try await calls.removeFile(path, below: root)
      } catch .missing {
        return
      } catch {
        throw StorageError.notDeleted(path, in: root, error)
      }
    }
  }

  /// Creates a file, and the directories above it where they are missing.
  func create(_ path: String) async throws(SystemCallError) -> FileDescriptor {
    do throws(SystemCallError) {
      return try await calls.createFile(path)
    } catch .missing {
      if let directory = LocalPath.directory(of: path) { try await makeDirectories(directory) }
      return try await calls.createFile(path)
    }
  }

  func write(_ bytes: BytesToWrite, to file: FileDescriptor) async throws(SystemCallError) {
    var rest = bytes
    while rest.count > 0 {
      let count = try await calls.write(rest, to: file)
      // A file system that takes nothing and says nothing would keep us here for ever.
      guard count > 0 else { throw .inputOutput }
      rest.removeFirst(count)
    }
  }

  /// Waits for the entry of a file, and for those of all directories on the way to it.
  ///
  /// The way begins at the top, not at the root: whoever made the root may have made those above it, too.
  func makeDurable(directoryOf path: String) async throws(SystemCallError) {
    let start = durableDirectories.now
    var way: [(path: String, identity: DirectoryIdentity)] = []
    var next = LocalPath.directory(of: path)
    var isAboveRoot = false
    while let directory = next {
      do throws(SystemCallError) {
        let identity = try await calls.synchronizeDirectory(directory)
        if durableDirectories.contains(directory, identity) { break }
        // Relative paths have no top: it is where `..` leads nowhere else.
        if directory.hasSuffix(".."), identity == way.last?.identity { break }
        way.append((directory, identity))
      } catch  where isAboveRoot && error.saysNobodyCanWait {
        // Then it is of those who set up the machine, and long there.
      } catch  where isAboveRoot && error == .nameTooLong {
        break
      }
      isAboveRoot = isAboveRoot || directory == root
      next = LocalPath.directory(of: directory)
    }
    durableDirectories.insert(way, since: start)
  }

  /// - Returns: `nil` when the name is taken.
  private func place(
    _ bytes: [UInt8], at target: String, _ path: String, _ condition: WriteCondition, _ durability: Durability
  ) async throws -> FileStatus? {
    let temporary: String
    let file: FileDescriptor
    do throws(SystemCallError) {
      (temporary, file) = try await createTemporary(beside: target)
    } catch {
      throw StorageError.notWritten(path, in: root, error)
    }
    let status: FileStatus
    do throws(SystemCallError) {
      status = try await fill(file, bytes, durability)
    } catch {
      try? await calls.unlink(temporary)
      throw StorageError.notWritten(path, in: root, error)
    }
    guard !Task.isCancelled else {
      try? await calls.unlink(temporary)
      throw CancellationError()
    }
    var outcome: Result<Bool, SystemCallError>
    do throws(SystemCallError) {
      outcome = .success(try await name(temporary, target, condition))
    } catch {
      outcome = .failure(error)
    }
    switch outcome {
    case .success(true): return status
    case .failure(let error) where error.saysNothingHappened: break
    default:
      // A server may have done it and its answer may be lost; asked again, it finds the name taken: by our own file.
      do throws(SystemCallError) {
        if try await calls.status(at: target).identity == status.identity { outcome = .success(true) }
      } catch .missing {
        // Nothing has the name, so that it did not happen.
      } catch {
        if case .failure(let first) = outcome {
          try? await calls.unlink(temporary)
          throw StorageError.outcomeUnknown(path, in: root, first.reason)
        }
      }
    }
    // Where the name was given by a link, the hidden one is still there.
    try? await calls.unlink(temporary)
    switch outcome {
    case .success(true): return status
    case .success(false): return nil
    case .failure(let error): throw StorageError.notWritten(path, in: root, error)
    }
  }

  private func createTemporary(
    beside target: String
  ) async throws(SystemCallError) -> (path: String, file: FileDescriptor) {
    let directory = LocalPath.directory(of: target) ?? "/"
    for _ in 0..<8 {
      let path = (directory == "/" ? "/" : directory + "/") + temporaryName()
      do throws(SystemCallError) {
        return (path, try await create(path))
      } catch .exists {
        continue
      }
    }
    throw .exists
  }

  /// Writes all, waits for it where that is asked for, and closes the file in any case.
  private func fill(
    _ file: FileDescriptor, _ bytes: [UInt8], _ durability: Durability
  ) async throws(SystemCallError) -> FileStatus {
    let status: FileStatus
    do throws(SystemCallError) {
      try await write(BytesToWrite(bytes), to: file)
      if durability == .full { try await calls.synchronize(file) }
      status = try await calls.status(of: file)
    } catch {
      do { try await calls.close(file) } catch {}
      throw error
    }
    // Some file systems say only here that there was no room.
    try await calls.close(file)
    return status
  }

  /// Gives the hidden file its name.
  ///
  /// - Returns: whether the name was free.
  private func name(
    _ temporary: String, _ target: String, _ condition: WriteCondition
  ) async throws(SystemCallError) -> Bool {
    do throws(SystemCallError) {
      switch condition {
      case .always: try await calls.rename(temporary, to: target)
      case .ifAbsent:
        do throws(SystemCallError) {
          try await calls.renameIfAbsent(temporary, to: target)
        } catch  where error.isUnsupported {
          try await linkIfAbsent(temporary, to: target)
        }
      }
      return true
    } catch .exists where condition == .ifAbsent {
      return false
    }
  }

  private func linkIfAbsent(_ temporary: String, to target: String) async throws(SystemCallError) {
    do throws(SystemCallError) {
      try await calls.link(temporary, to: target)
    } catch  where error.isUnsupported || error == .notPermitted {
      // Looking whether the name is free and then renaming would replace the file of one who did the same.
      throw .unsupported
    }
    try? await calls.unlink(temporary)
  }

  private func makeDirectories(_ path: String) async throws(SystemCallError) {
    do throws(SystemCallError) {
      try await makeDirectory(path)
    } catch .exists {
      return
    } catch .missing {
      guard let outer = LocalPath.directory(of: path) else { throw .missing }
      try await makeDirectories(outer)
      do throws(SystemCallError) {
        try await makeDirectory(path)
      } catch .exists {
        return
      }
    }
  }

  private func makeDirectory(_ path: String) async throws(SystemCallError) {
    durableDirectories.willMake(path)
    try await calls.makeDirectory(path)
  }
}
