internal import DeltaLog

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Where text with rows is: CSV, or JSON lines.
public enum TextFile: Sendable {
  /// A file of the local disk, or what can be read once only under a path: a named pipe, or one that the shell names.
  case path(String)
  /// What another process writes to this one; read once.
  case standardInput
  /// Bytes in memory, with a name for messages.
  case bytes([UInt8], name: String)

  /// For messages.
  public var name: String {
    switch self {
    case .path(let path): path
    case .standardInput: "standard input"
    case .bytes(_, let name): name
    }
  }

  /// Whether a second reading gives the same bytes. Looks at the disk; also `true` of a path that leads nowhere.
  public var isRepeatable: Bool {
    switch self {
    case .path(let path):
      var status = stat()
      return stat(path, &status) != 0 || status.isRepeatable
    case .standardInput: return false
    case .bytes: return true
    }
  }
}

extension stat {
  /// Pipes, sockets and terminals give their bytes once.
  fileprivate var isRepeatable: Bool { st_mode & S_IFMT == S_IFREG }
}

/// A text file that was looked at, perhaps. What can be read only once is then open.
struct TextInput: Sendable {
  let file: TextFile
  private(set) var isRepeatable: Bool
  private var opened: ReadOnce<ByteInput>?

  init(_ file: TextFile) {
    self.file = file
    isRepeatable = file.isRepeatable
  }

  /// The first bytes, `limit` of them unless there are fewer, and whether that is all.
  mutating func head(_ limit: Int) throws(DeltaError) -> (bytes: [UInt8], isWhole: Bool) {
    if case .bytes(let bytes, _) = file { return (Array(bytes.prefix(limit)), bytes.count <= limit) }
    let input = try ByteInput(file)
    isRepeatable = input.isRepeatable
    var failure: DeltaError?
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { target, count in
      count = 0
      do throws(DeltaError) {
        while count < limit {
          let read = try input.read(
            into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(target)[count...]))
          if read == 0 { break }
          count += read
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    let isWhole = bytes.count < limit
    if !isRepeatable {
      input.putBack(bytes)
      opened = ReadOnce(input)
    }
    return (bytes, isWhole)
  }

  /// Begins a reading, from the first byte.
  func open() throws(DeltaError) -> ByteInput {
    guard let opened else { return try ByteInput(file) }
    guard let input = opened.take() else {
      throw .invalidArgument("\(file.name) has been read already, and can be read only once.")
    }
    return input
  }
}

/// The bytes of a text file, from first to last. A class, since reading moves on.
final class ByteInput {
  let name: String
  /// Whether another reading would give the same bytes.
  let isRepeatable: Bool
  private let descriptor: Int32
  private let closes: Bool
  private var memory: [UInt8] = []
  private var position = 0

  init(_ file: TextFile) throws(DeltaError) {
    name = file.name
    switch file {
    case .bytes(let bytes, _):
      memory = bytes
      (descriptor, closes, isRepeatable) = (-1, false, true)
    case .standardInput: (descriptor, closes, isRepeatable) = (0, false, false)
    case .path(let path):
      let number = Self.open(path)
      guard number >= 0 else { throw Self.failure(path, "opened") }
      var status = stat()
      guard fstat(number, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
        close(number)
        throw DeltaError(
          .invalidArgument, "\(path) is a folder, not a file. Name its files, as in '\(path)/*'.", path: path)
      }
      (descriptor, closes, isRepeatable) = (number, true, status.isRepeatable)
    }
  }

  deinit { if closes { close(descriptor) } }

  private static func open(_ path: String) -> Int32 {
    while true {
      #if canImport(Darwin)
        let number = Darwin.open(path, O_RDONLY | O_CLOEXEC)
      #elseif canImport(Musl)
        let number = Musl.open(path, O_RDONLY | O_CLOEXEC)
      #else
        let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
      #endif
      // A named pipe is waited for until somebody writes to it.
      if number >= 0 || errno != EINTR { return number }
    }
  }

  /// Gives back the bytes that were read, all of them, to be read again.
  func putBack(_ bytes: [UInt8]) { (memory, position) = (bytes, 0) }

  /// Fills a part of the target, or all of it; 0 at the end. Blocks the calling thread.
  func read(into target: UnsafeMutableRawBufferPointer) throws(DeltaError) -> Int {
    guard let base = target.baseAddress, !target.isEmpty else { return 0 }
    if position < memory.count {
      let count = min(target.count, memory.count - position)
      memory.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
      }
      position += count
      if position == memory.count, descriptor >= 0 { (memory, position) = ([], 0) }
      return count
    }
    guard descriptor >= 0 else { return 0 }
    while true {
      #if canImport(Darwin)
        let count = Darwin.read(descriptor, base, min(target.count, 1 << 30))
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, base, min(target.count, 1 << 30))
      #else
        let count = Glibc.read(descriptor, base, min(target.count, 1 << 30))
      #endif
      if count >= 0 { return count }
      guard errno == EINTR else { throw Self.failure(name, "read") }
    }
  }

  private static func failure(_ name: String, _ verb: String) -> DeltaError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return DeltaError(.invalidArgument, "\(name) can't be \(verb): \(reason).", path: name)
  }
}
