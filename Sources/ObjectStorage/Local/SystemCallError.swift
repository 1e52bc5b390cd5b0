#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The number by which a system call says why it failed.
package struct SystemCallError: Error, Hashable, Sendable {
  /// As in `errno`.
  package let number: Int32

  package init(_ number: Int32) { self.number = number }

  /// That of the call just made on this thread.
  static var last: SystemCallError { SystemCallError(errno) }

  package static let exists = SystemCallError(EEXIST)
  package static let missing = SystemCallError(ENOENT)
  package static let noSpace = SystemCallError(ENOSPC)
  package static let inputOutput = SystemCallError(EIO)
  package static let denied = SystemCallError(EACCES)
  package static let notPermitted = SystemCallError(EPERM)
  package static let unsupported = SystemCallError(EINVAL)
  package static let isLink = SystemCallError(ELOOP)
  package static let notDirectory = SystemCallError(ENOTDIR)
  package static let nameTooLong = SystemCallError(ENAMETOOLONG)
  package static let isDirectory = SystemCallError(EISDIR)

  /// Whether the system or the file system lacks the call.
  package var isUnsupported: Bool {
    number == EINVAL || number == ENOSYS || number == ENOTSUP || number == EOPNOTSUPP
  }

  /// Whether the call is known to have done nothing. Of others, of networks and broken disks, one can't tell.
  package var saysNothingHappened: Bool {
    switch number {
    case ENAMETOOLONG, ENOTDIR, EISDIR, ELOOP, ENOENT, EACCES, EPERM, EROFS, ENOSPC, EDQUOT, EXDEV, EMFILE, ENFILE: true
    default: isUnsupported
    }
  }

  /// Whether a directory can't be waited for by those who use it: it may not be read, or is not written to.
  var saysNobodyCanWait: Bool {
    switch number {
    case EACCES, EPERM, EROFS: true
    default: isUnsupported
    }
  }

  /// In the system's words.
  package var reason: String { String(cString: strerror(number)) }
}

extension StorageError {
  /// A write that failed and left nothing behind.
  static func notWritten(_ path: String, in store: String, _ error: SystemCallError) -> StorageError {
    let (code, remedy): (Code, String) =
      switch error.number {
      case ENOSPC, EDQUOT: (.noSpace, "Make room for it and try again.")
      case EROFS: (.readOnly, "The file system is mounted for reading only: write elsewhere, or mount it for writing.")
      case EACCES, EPERM: (.permissionDenied, "Give this user the right to write in the folder.")
      case ENAMETOOLONG, ENOTDIR, EISDIR, ELOOP: (.invalidPath, "Choose another path.")
      case ENOSYS, ENOTSUP, EOPNOTSUPP, EINVAL, EXDEV:
        (.notSupported, "This file system lacks what a write that never replaces a file needs: use another one.")
      case EMFILE, ENFILE: (.inputOutput, "Allow the process more open files.")
      default: (.inputOutput, "Check the disk and the system's log.")
      }
    return StorageError(
      code, "The file \(path) in \(store) could not be written: \(error.reason). Nothing of it was left. \(remedy)",
      path: path)
  }

  static func notSynchronized(_ path: String, in store: String, _ error: SystemCallError) -> StorageError {
    StorageError(
      .inputOutput,
      "Whether the file \(path) in \(store) would survive a failure of power can't be told: \(error.reason). Check the disk "
        + "and the system's log.", path: path)
  }

  static func notDeleted(_ path: String, in store: String, _ error: SystemCallError) -> StorageError {
    switch error.number {
    case ELOOP, ENOTDIR:
      StorageError(
        .invalidPath,
        "The path \(path) leads through a symbolic link in \(store), perhaps out of it: the file was not deleted.",
        path: path)
    case EROFS:
      StorageError(.readOnly, "The file \(path) in \(store) could not be deleted: \(error.reason).", path: path)
    case EACCES, EPERM:
      StorageError(
        .permissionDenied,
        "The file \(path) in \(store) could not be deleted: \(error.reason). Give this user the right to write in its "
          + "folder.", path: path)
    default:
      StorageError(.inputOutput, "The file \(path) in \(store) could not be deleted: \(error.reason).", path: path)
    }
  }
}
