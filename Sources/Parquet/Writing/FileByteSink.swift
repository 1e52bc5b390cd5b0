#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A file on a local disk, written from its start. A class, since it owns the open file.
///
/// Writes block the calling thread. The file is closed when the sink is gone; ``abandon()`` removes it.
public final class FileByteSink: ByteSink {
  public let name: String
  private let file: Int32

  /// Creates the file, or empties the one that is there.
  ///
  /// - Throws: ``ParquetError`` with code `io`.
  public init(path: String) throws(ParquetError) {
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw .cannotCreate(path, reason: Self.reason(errno)) }
    name = path
  }

  deinit { _ = sysClose(file) }

  public func write(_ bytes: UnsafeRawBufferPointer) async throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      // Some systems refuse to write 2 GiB or more at once.
      let count = sysWrite(file, base + done, min(bytes.count - done, 1 << 30))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw ParquetError.cannotWrite(name, reason: Self.reason(errno)) }
      done += count
    }
  }

  /// Brings the bytes to the disk: a file that is there after a power failure is the whole file.
  ///
  /// - Throws: ``ParquetError`` with code `io`.
  public func synchronize() throws(ParquetError) {
    guard fsync(file) == 0 else { throw .cannotWrite(name, reason: Self.reason(errno)) }
  }

  /// Removes the file.
  public func abandon() { _ = unlink(name) }

  private static func reason(_ number: Int32) -> String {
    guard let text = strerror(number) else { return "error \(number)" }
    return String(cString: text)
  }
}

/// Inside of the class `write` and `close` would be its own.
private func sysWrite(_ file: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int { write(file, bytes, count) }
private func sysClose(_ file: Int32) -> Int32 { close(file) }

extension ParquetError {
  static func cannotCreate(_ path: String, reason: String) -> ParquetError {
    ParquetError(.io, "Cannot create the file: \(reason).", file: path)
  }

  static func cannotWrite(_ path: String, reason: String) -> ParquetError {
    ParquetError(.io, "Cannot write the file: \(reason).", file: path)
  }
}
