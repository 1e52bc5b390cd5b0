import Columnar

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where printed bytes go: a file descriptor, or memory.
///
/// A reader that goes away, as `head` does, is no failure: ``isClosed`` says so, and what follows is dropped. The process
/// must ignore SIGPIPE for that (``ignoreBrokenPipes()``).
final class ByteSink {
  /// Writers hand over their text when it has grown this long.
  static let chunkSize = 256 << 10

  private let descriptor: Int32?
  private var memory: [UInt8] = []
  /// Nobody reads what is written any more.
  private(set) var isClosed = false

  /// Writes to an open descriptor, which stays open.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Keeps the bytes.
  init() { descriptor = nil }

  /// What was written to memory.
  var text: String { String(decoding: memory, as: UTF8.self) }

  static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

  /// Writes the text and empties it.
  func take(_ text: inout TextBuffer) throws(OutputError) {
    defer { text.removeAll() }
    try text.withBytes { bytes throws(OutputError) in try write(bytes) }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
    guard let descriptor else { return memory.append(contentsOf: bytes) }
    var rest = bytes
    while !isClosed, let base = rest.baseAddress, !rest.isEmpty {
      #if canImport(Darwin)
        let written = Darwin.write(descriptor, base, rest.count)
      #elseif canImport(Glibc)
        let written = Glibc.write(descriptor, base, rest.count)
      #else
        let written = Musl.write(descriptor, base, rest.count)
      #endif
      if written >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        continue
      }
      switch errno {
      case EINTR: continue
      case EPIPE: isClosed = true
      case EAGAIN:
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = Self.wait(&poll)
      default:
        throw OutputError(.writeFailed, "Cannot write the output: \(String(cString: strerror(errno))).")
      }
    }
  }

  /// Until a descriptor that must not block takes bytes again.
  private static func wait(_ descriptor: inout pollfd) -> Int32 { poll(&descriptor, 1, -1) }
}
