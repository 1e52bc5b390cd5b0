import ObjectStorage

/// A call of an operation to the simulated disk: one step, at which others may come first, it may fail, or all may end.
enum SimulatedCall: Sendable, CustomStringConvertible {
  case createFile(String)
  case openFile(String)
  case write(Int32, count: Int, path: String)
  case synchronize(Int32, path: String)
  case close(Int32, path: String)
  case rename(String, to: String)
  case renameIfAbsent(String, to: String)
  case link(String, to: String)
  case unlink(String)
  case makeDirectory(String)
  case removeDirectory(String)
  case synchronizeDirectory(String)
  case list(String)
  /// The end of a listing that takes its time.
  case listRest(String)
  case metadata(String)
  case read(String)

  /// Whether it changes what is on the disk or will be.
  var isChange: Bool {
    switch self {
    case .list, .listRest, .metadata, .read, .openFile, .close: false
    default: true
    }
  }

  /// Whether it makes no difference to other operations when it is made, nor to it what they do meanwhile: then it is as good
  /// as made at once, and nobody need come in between.
  ///
  /// - Parameters:
  ///   - isShared: whether others look at a file.
  ///   - mayChange: whether others may change a file, or a directory's files.
  func isLocal(on disk: SimulatedDisk, isShared: (String) -> Bool, mayChange: (String) -> Bool) -> Bool {
    func isOwn(_ path: String) -> Bool {
      SimulatedDisk.isHidden(path) || !isShared(SimulatedStore.relative(path))
    }
    switch self {
    case .write, .close: return true
    case .synchronize(_, let path), .unlink(let path): return isOwn(path)
    case .createFile(let path):
      // Where the directory is missing, others may be about to make it.
      return isOwn(path) && SimulatedStore.directory(of: path).map { (try? disk.node(at: $0)) != nil } ?? false
    case .synchronizeDirectory(let path):
      // Others' changes may come later: then they are not made durable by it, which is the worse case.
      guard let node = try? disk.node(at: path), let directory = try? disk.directory(node) else { return false }
      return directory.changes.isEmpty
    case .list(let path), .metadata(let path), .read(let path), .openFile(let path):
      return !mayChange(SimulatedStore.relative(path))
    case .rename, .renameIfAbsent, .link, .makeDirectory, .removeDirectory, .listRest: return false
    }
  }

  var description: String {
    switch self {
    case .createFile(let path): "create \(path)"
    case .openFile(let path): "open \(path)"
    case .write(_, let count, let path): "write \(count) bytes to \(path)"
    case .synchronize(_, let path): "fsync \(path)"
    case .close(_, let path): "close \(path)"
    case .rename(let path, let newPath): "rename \(path) to \(newPath)"
    case .renameIfAbsent(let path, let newPath): "rename \(path) to \(newPath) if absent"
    case .link(let path, let newPath): "link \(path) to \(newPath)"
    case .unlink(let path): "unlink \(path)"
    case .makeDirectory(let path): "mkdir \(path)"
    case .removeDirectory(let path): "rmdir \(path)"
    case .synchronizeDirectory(let path): "fsync directory \(path)"
    case .list(let path): "list \(path)"
    case .listRest(let path): "list the rest of \(path)"
    case .metadata(let path): "stat \(path)"
    case .read(let path): "read \(path)"
    }
  }
}

/// What may go wrong with a call.
package enum SimulatedFault: UInt64, Hashable, Sendable, CaseIterable {
  /// It does nothing and reports EIO. A failed `fsync` leaves it open what is durable, for ever.
  case inputOutput = 1
  /// It does nothing and reports ENOSPC; a write has by then written the half. Only of calls that need room.
  case noSpace
  /// It is done, but reports EIO.
  case lostAnswer
  /// A write that writes the half and says so, which is no failure.
  case shortWrite
  /// It is done, and the task that made it is cancelled.
  case cancellation

  func strikes(_ call: SimulatedCall) -> Bool {
    switch (self, call) {
    case (.cancellation, _), (.inputOutput, _): true
    case (.noSpace, .createFile), (.noSpace, .makeDirectory), (.noSpace, .link): true
    case (.noSpace, .write(_, let count, _)), (.shortWrite, .write(_, let count, _)): count > 1
    case (.noSpace, _), (.shortWrite, _): false
    case (.lostAnswer, .close), (.lostAnswer, .createFile), (.lostAnswer, .openFile): false
    case (.lostAnswer, _): call.isChange
    }
  }
}

/// A fault of our own making in the store, which an exploration must find: it shows that the exploration looks.
package enum PlantedBug: String, Sendable, CaseIterable {
  /// Files are named before their bytes are on the disk.
  case skipsFileSynchronization
  /// Files are reported before their names are on the disk.
  case skipsDirectorySynchronization
  /// Only the innermost directory is waited for, which another process may just have made.
  case skipsOuterDirectories
  /// All writers use one hidden name, and whoever comes later truncates the file.
  case reusesTemporaryName
  /// That the name is taken is reported as success.
  case takesExistingForWritten
  /// It looks whether the name is free, and renames then.
  case checksThenRenames
  /// A failed `fsync` is tried again.
  case retriesSynchronization
}
