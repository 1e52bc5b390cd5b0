internal import CFileCalls

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The calls of the system that the process runs on.
package struct SystemCalls: FileSystemCalls {
  package init() {}

  @concurrent package func run<Value: Sendable>(
    _ work: @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withTaskExecutorPreference(BlockingExecutor.shared) {
      // The compiler takes a closure that begins with calling another for one that need not move to its executor.
      cfilecalls_arrive()
      return try await work()
    }
  }

  package func createFile(_ path: String) async throws(SystemCallError) -> FileDescriptor {
    FileDescriptor(number: try retried { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) })
  }

  package func openFile(_ path: String) async throws(SystemCallError) -> FileDescriptor {
    // Without O_NONBLOCK opening a pipe would wait for somebody to write to it.
    FileDescriptor(number: try retried { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) })
  }

  package func write(_ bytes: BytesToWrite, to file: FileDescriptor) async throws(SystemCallError) -> Int {
    try bytes.withUnsafeBytes { (bytes) throws(SystemCallError) in
      // Linux transfers at most 2 GiB a call.
      try retried { systemWrite(file.number, bytes.baseAddress, min(bytes.count, 1 << 30)) }
    }
  }

  package func status(of file: FileDescriptor) async throws(SystemCallError) -> FileStatus {
    var status = stat()
    guard fstat(file.number, &status) == 0 else { throw .last }
    return FileStatus(status)
  }

  package func synchronize(_ file: FileDescriptor) async throws(SystemCallError) { try flush(file.number) }

  package func close(_ file: FileDescriptor) async throws(SystemCallError) {
    // Never again: the number may by then be that of another file.
    guard systemClose(file.number) == 0 || errno == EINTR else { throw .last }
  }

  package func release(_ file: FileDescriptor) { _ = systemClose(file.number) }

  package func status(at path: String) async throws(SystemCallError) -> FileStatus {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .last }
    return FileStatus(status)
  }

  package func rename(_ path: String, to newPath: String) async throws(SystemCallError) {
    guard systemRename(path, newPath) == 0 else { throw .last }
  }

  package func renameIfAbsent(_ path: String, to newPath: String) async throws(SystemCallError) {
    let number = cfilecalls_rename_if_absent(path, newPath)
    guard number == 0 else { throw SystemCallError(number) }
  }

  package func link(_ path: String, to newPath: String) async throws(SystemCallError) {
    guard systemLink(path, newPath) == 0 else { throw .last }
  }

  package func unlink(_ path: String) async throws(SystemCallError) {
    guard systemUnlink(path) == 0 else { throw .last }
  }

  package func makeDirectory(_ path: String) async throws(SystemCallError) {
    guard mkdir(path, 0o777) == 0 else { throw .last }
  }

  package func synchronizeDirectory(_ path: String) async throws(SystemCallError) -> DirectoryIdentity {
    let directory = try retried { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { _ = systemClose(directory) }
    var status = stat()
    guard fstat(directory, &status) == 0 else { throw .last }
    try flush(directory)
    return DirectoryIdentity(file: FileStatus(status).identity, born: cfilecalls_birth(directory))
  }

  package func removeFile(_ path: String, below root: String) async throws(SystemCallError) {
    var parts = LocalPath.parts(of: path).filter { $0 != "." }
    guard let name = parts.popLast() else { throw .isDirectory }
    var directory = try retried { open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { _ = systemClose(directory) }
    for part in parts {
      let next = try retried { openat(directory, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
      _ = systemClose(directory)
      directory = next
    }
    guard unlinkat(directory, name, 0) == 0 else { throw .last }
  }

  /// Brings a file or directory to the disk, not only to the disk's cache.
  private func flush(_ descriptor: Int32) throws(SystemCallError) {
    #if canImport(Darwin)
      // Some file systems, those over a network among them, know only fsync.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
      guard errno == ENOTSUP || errno == EINVAL || errno == ENOTTY else { throw .last }
    #endif
    // A failure is final: the system may by then have dropped the bytes and would say yes to a second try.
    _ = try retried { fsync(descriptor) }
  }

  /// Makes the call anew for as long as a signal interrupts it.
  private func retried<Result: SignedInteger>(_ call: () -> Result) throws(SystemCallError) -> Result {
    while true {
      let result = call()
      if result >= 0 { return result }
      guard errno == EINTR else { throw .last }
    }
  }
}

// The names above hide those of the C library.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
private func systemClose(_ file: Int32) -> Int32 { close(file) }
private func systemRename(_ path: String, _ newPath: String) -> Int32 { rename(path, newPath) }
private func systemLink(_ path: String, _ newPath: String) -> Int32 { link(path, newPath) }
private func systemUnlink(_ path: String) -> Int32 { unlink(path) }

extension FileStatus {
  fileprivate init(_ status: stat) {
    self.init(
      identity: FileIdentity(
        device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino)),
      size: Int(status.st_size), lastModified: status.modificationMilliseconds)
  }
}
