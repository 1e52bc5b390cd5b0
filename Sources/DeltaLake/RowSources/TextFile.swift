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
  /// A file of the local disk, or a named pipe.
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

  /// Whether a second reading gives the same bytes.
  public var isRepeatable: Bool {
    if case .standardInput = self { false } else { true }
  }
}

/// A text file, and those of its first bytes that can be read only once.
struct TextInput: Sendable {
  let file: TextFile
  /// Read already; empty for files that can be read again.
  private(set) var prefix: [UInt8] = []

  init(_ file: TextFile) { self.file = file }

  /// The first bytes, `limit` of them unless there are fewer, and whether that is all.
  mutating func head(_ limit: Int) throws(DeltaError) -> (bytes: [UInt8], isWhole: Bool) {
    if case .bytes(let bytes, _) = file { return (Array(bytes.prefix(limit)), bytes.count <= limit) }
    let input = try ByteInput(self)
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
    if !file.isRepeatable { prefix = bytes }
    return (bytes, bytes.count < limit)
  }
}

/// The bytes of a text file, from first to last. A class, since reading moves on.
final class ByteInput {
  let name: String
  private var descriptor: Int32 = -1
  private var closes = false
  private var memory: [UInt8]
  private var position = 0

  init(_ input: TextInput) throws(DeltaError) {
    name = input.file.name
    memory = input.prefix
    switch input.file {
    case .bytes(let bytes, _): memory = bytes
    case .standardInput: descriptor = 0
    case .path(let path):
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Self.failure(path, "opened") }
      closes = true
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
        throw DeltaError(
          .invalidArgument, "\(path) is a folder, not a file. Name its files, as in '\(path)/*'.", path: path)
      }
    }
  }

  deinit { if closes { close(descriptor) } }

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
