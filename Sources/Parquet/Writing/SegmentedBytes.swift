internal import Columnar

/// Bytes that only grow, kept in pieces so that growing never copies them again: a chunk's finished pages.
struct SegmentedBytes: ~Copyable {
  private(set) var count = 0
  private var full: [Buffer] = []
  private var tail = EncodingBuffer()

  private static let size = 256 << 10

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if tail.count > 0, tail.count + bytes.count > Self.size { full.append(tail.take()) }
    // A chunk that has grown goes on growing.
    if tail.count == 0, count >= Self.size / 4 { tail.reserve(max(bytes.count, Self.size)) }
    tail.append(bytes)
    count += bytes.count
  }

  /// The pieces in order; nothing is left.
  mutating func take() -> [Buffer] {
    if tail.count > 0 { full.append(tail.take()) }
    defer { (full, count) = ([], 0) }
    return full
  }
}
