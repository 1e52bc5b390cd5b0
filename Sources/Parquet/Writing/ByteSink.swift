internal import Columnar

/// Takes the bytes of one file, from its first to its last.
public protocol ByteSink: Sendable {
  /// Appends the bytes, which are valid during the call only.
  ///
  /// - Throws: when they cannot be written. The file is given up then.
  func write(_ bytes: UnsafeRawBufferPointer) async throws
}

/// Gathers small pieces for a sink, so that it gets few and large ones.
struct SinkBuffer: ~Copyable {
  private let sink: any ByteSink
  private var pending = EncodingBuffer()
  /// Bytes taken so far: where the next one will be in the file.
  private(set) var offset = 0

  private static let size = 1 << 20

  init(_ sink: any ByteSink) { self.sink = sink }

  mutating func append(_ bytes: Buffer) async throws {
    offset += bytes.count
    if pending.count + bytes.count <= Self.size {
      bytes.withUnsafeBytes { pending.append($0) }
      return
    }
    try await flush()
    if bytes.count > Self.size / 2 {
      try await sink.write(UnsafeRawBufferPointer(start: bytes.pointer, count: bytes.count))
      withExtendedLifetime(bytes) {}
    } else {
      bytes.withUnsafeBytes { pending.append($0) }
    }
  }

  mutating func append(_ bytes: [UInt8]) async throws {
    if pending.count + bytes.count > Self.size { try await flush() }
    offset += bytes.count
    bytes.withUnsafeBytes { pending.append($0) }
  }

  /// Hands over what is left.
  mutating func flush() async throws {
    guard pending.count > 0 else { return }
    try await sink.write(UnsafeRawBufferPointer(start: pending.base, count: pending.count))
    pending.removeAll()
  }
}
