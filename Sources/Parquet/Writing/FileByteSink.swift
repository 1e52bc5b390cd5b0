internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A file on a local disk, written from its start, which has its name once it is whole. A class, since it owns the open
/// file.
///
/// Until ``finish()`` the bytes are in a hidden file beside it, and a file that has the name stays as it is; a sink that
/// is let go of before leaves nothing behind. What is no regular file, such as a pipe, a terminal or `/dev/null`, gets the
/// bytes as they come and is never removed.
///
/// Writes block the calling thread.
public final class FileByteSink: ByteSink {
  public let name: String
  private let file: OutputFile
  private let state = Mutex(State.open)

  private enum State {
    case open, closed
  }

  /// - Throws: ``ParquetError`` with code `io` for a file that can't be made, or that is there and may not be written.
  public init(path: String) throws(ParquetError) {
    name = path
    do throws(OutputFile.Failure) {
      file = try OutputFile.open(path)
    } catch {
      throw ParquetError(.io, "Cannot create the file: \(error.reason).", file: path)
    }
  }

  deinit { abandon() }

  /// Open until ``finish()``, for those who print.
  package var descriptor: Int32 { file.descriptor }

  public func write(_ bytes: UnsafeRawBufferPointer) async throws {
    guard state.withLock({ $0 == .open }) else { throw ParquetError.cannotWrite(name, "it is closed") }
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      // Some systems refuse to write 2 GiB or more at once.
      let count = sysWrite(file.descriptor, base + done, min(bytes.count - done, 1 << 30))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw ParquetError.cannotWrite(name, OutputFile.Failure.last.reason) }
      done += count
    }
  }

  /// Gives the file its name, in place of what has it. A file is replaced only by bytes that are on the disk, so that a
  /// failure of power leaves the one or the other.
  ///
  /// - Throws: ``ParquetError`` with code `io`; what had the name has it still.
  public func finish() throws(ParquetError) {
    guard close() else { throw .cannotWrite(name, "it is closed") }
    do throws(OutputFile.Failure) {
      try file.finish()
    } catch {
      throw .cannotWrite(name, error.reason)
    }
  }

  /// Leaves nothing of what was written. After ``finish()`` it does nothing.
  public func abandon() { if close() { file.discard() } }

  /// - Returns: whether it was open.
  private func close() -> Bool {
    state.withLock { state in
      defer { state = .closed }
      return state == .open
    }
  }
}

/// An open file, and what becomes of it.
private struct OutputFile: Sendable {
  struct Failure: Error {
    let reason: String

    static var last: Failure { Failure(reason: strerror(errno).map { String(cString: $0) } ?? "error \(errno)") }
  }

  let descriptor: Int32
  /// The hidden file, and the name that it is to have; `nil` for what is no regular file.
  private var names: (hidden: String, final: String)?
  private var replaces = false

  private init(descriptor: Int32) throws(Failure) {
    guard descriptor >= 0 else { throw .last }
    self.descriptor = descriptor
  }

  static func open(_ path: String) throws(Failure) -> OutputFile {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .last }
      guard lstat(path, &status) != 0 else { throw Failure(reason: "it is a symbolic link to nothing") }
      return try hidden(beside: path)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG where isStandardOutput(status): return try OutputFile(descriptor: sysDuplicate(1))
    case S_IFREG: break
    case S_IFDIR: throw Failure(reason: "it is a folder")
    default: return try OutputFile(descriptor: sysOpen(path, O_WRONLY | O_CLOEXEC))
    }
    // The file that a link leads to, not the link.
    guard access(path, W_OK) == 0, let real = realpath(path, nil) else { throw .last }
    defer { free(real) }
    var file = try hidden(beside: String(cString: real))
    file.replaces = true
    _ = fchmod(file.descriptor, status.st_mode & 0o777)
    return file
  }

  private static func hidden(beside path: String) throws(Failure) -> OutputFile {
    let end = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
    guard end != path.endIndex else { throw Failure(reason: "that is the name of a folder") }
    let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    let name = path[..<end] + ".parquet-" + String(repeating: "0", count: 16 - digits.utf8.count) + digits + ".tmp"
    var file = try OutputFile(descriptor: sysOpen(String(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC))
    file.names = (String(name), path)
    return file
  }

  /// As `/dev/stdout` can be, where the shell has made a file of it: others write to that, too.
  private static func isStandardOutput(_ status: stat) -> Bool {
    var own = stat()
    return fstat(1, &own) == 0 && own.st_dev == status.st_dev && own.st_ino == status.st_ino
  }

  func finish() throws(Failure) {
    guard let names else {
      guard sysClose(descriptor) == 0 else { throw .last }
      return
    }
    do throws(Failure) {
      if replaces, fsync(descriptor) != 0 {
        let failure = Failure.last
        _ = sysClose(descriptor)
        throw failure
      }
      guard sysClose(descriptor) == 0, rename(names.hidden, names.final) == 0 else { throw .last }
    } catch {
      unlink(names.hidden)
      throw error
    }
  }

  func discard() {
    _ = sysClose(descriptor)
    if let names { unlink(names.hidden) }
  }
}

// Inside of the types `write`, `close` and `open` would be their own.
private func sysWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int { write(file, bytes, count) }
private func sysClose(_ file: Int32) -> Int32 { close(file) }
private func sysDuplicate(_ file: Int32) -> Int32 { fcntl(file, F_DUPFD_CLOEXEC, 0) }
private func sysOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags, 0o644) }

extension ParquetError {
  fileprivate static func cannotWrite(_ path: String, _ reason: String) -> ParquetError {
    ParquetError(.io, "Cannot write the file: \(reason).", file: path)
  }
}
