public import Columnar

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A file on a local disk, read with `pread`.
///
/// Reads block the calling thread.
public struct FileByteSource: ByteSource {
  public let name: String
  private let file: Descriptor
  private let fileSize: Int

  /// - Throws: ``ParquetError`` with code `io` when `path` cannot be opened or is not a regular file.
  public init(path: String) throws(ParquetError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path, reason: Self.reason(errno)) }
    file = Descriptor(number: descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path, reason: Self.reason(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotOpen(path, reason: "it is not a file") }
    name = path
    fileSize = Int(status.st_size)
  }

  public var requestOverhead: Int { 64 << 10 }

  public func size() async throws -> Int { fileSize }

  public func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    var result: [Buffer] = []
    result.reserveCapacity(ranges.count)
    for range in ranges { result.append(try readBlocking(range)) }
    return result
  }

  private func readBlocking(_ range: Range<Int>) throws(ParquetError) -> Buffer {
    guard range.lowerBound >= 0, range.upperBound <= fileSize else {
      throw .cannotRead(name, range, reason: "the file has \(fileSize) bytes")
    }
    let buffer = Buffer(uninitialized: range.count)
    var done = 0
    while done < range.count {
      // Some systems refuse to read 2 GiB or more at once.
      let length = min(range.count - done, 1 << 30)
      let count = pread(file.number, buffer.mutablePointer + done, length, off_t(range.lowerBound + done))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(name, range, reason: Self.reason(errno)) }
      guard count > 0 else { throw .cannotRead(name, range, reason: "the file has become shorter") }
      done += count
    }
    return buffer
  }

  private static func reason(_ number: Int32) -> String {
    guard let text = strerror(number) else { return "error \(number)" }
    return String(cString: text)
  }

  /// A class, since the file is closed when the last copy of the source is gone.
  private final class Descriptor: Sendable {
    let number: Int32
    init(number: Int32) { self.number = number }
    deinit { _ = close(number) }
  }
}
