/// The system calls by which files come to be and go. The system makes them; a simulated disk, in tests, makes each of
/// them one step at which the power may fail, the call may fail, or another process may come in between.
///
/// Calls are `async` only for the simulation's sake: those of the system block, and are made inside of ``run(_:)``.
package protocol FileSystemCalls: Sendable {
  /// Runs `work`, which makes calls, where calls may block.
  func run<Value: Sendable>(
    _ work: @Sendable () async throws -> Value
  ) async throws -> Value

  /// A new file, open for writing: never one that is there.
  func createFile(_ path: String) async throws(SystemCallError) -> FileDescriptor
  /// A file that is there, open to wait for what others wrote to it.
  func openFile(_ path: String) async throws(SystemCallError) -> FileDescriptor
  /// Adds bytes at the file's end, perhaps not all of them.
  ///
  /// - Returns: how many.
  func write(_ bytes: BytesToWrite, to file: FileDescriptor) async throws(SystemCallError) -> Int
  func status(of file: FileDescriptor) async throws(SystemCallError) -> FileStatus
  /// Waits until the file's bytes are on the disk.
  func synchronize(_ file: FileDescriptor) async throws(SystemCallError)
  /// Closes the file, whether or not it fails.
  func close(_ file: FileDescriptor) async throws(SystemCallError)
  /// Closes a file that its owner forgot. No step of its own.
  func release(_ file: FileDescriptor)
  /// The status of what has this name; of a link, its own.
  func status(at path: String) async throws(SystemCallError) -> FileStatus
  /// Gives a file another name, in place of what has that name.
  func rename(_ path: String, to newPath: String) async throws(SystemCallError)
  /// Gives a file another name that nothing has: `EEXIST` otherwise. Not every file system can: see ``SystemCallError/isUnsupported``.
  func renameIfAbsent(_ path: String, to newPath: String) async throws(SystemCallError)
  /// Gives a file a second name that nothing has: `EEXIST` otherwise.
  func link(_ path: String, to newPath: String) async throws(SystemCallError)
  func unlink(_ path: String) async throws(SystemCallError)
  func makeDirectory(_ path: String) async throws(SystemCallError)
  /// Waits until the directory's entries are on the disk.
  ///
  /// - Returns: which directory it was.
  func synchronizeDirectory(_ path: String) async throws(SystemCallError) -> DirectoryIdentity
  /// Removes the file, reached from `root` by the parts of `path` without following a link.
  func removeFile(_ path: String, below root: String) async throws(SystemCallError)
}

/// An open file.
package struct FileDescriptor: Hashable, Sendable {
  package let number: Int32

  package init(number: Int32) { self.number = number }
}

/// Which file it is, whatever its names.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64

  package init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}

/// Which directory it is, whatever its names, and whichever had its number before.
package struct DirectoryIdentity: Hashable, Sendable {
  package let file: FileIdentity
  /// When it was made, by the file system's clock; 0 where it does not say.
  package let born: Int64

  package init(file: FileIdentity, born: Int64) {
    self.file = file
    self.born = born
  }
}

/// What the system says of a file.
package struct FileStatus: Hashable, Sendable {
  package let identity: FileIdentity
  package let size: Int
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package let lastModified: Int64

  package init(identity: FileIdentity, size: Int, lastModified: Int64) {
    self.identity = identity
    self.size = size
    self.lastModified = lastModified
  }
}
