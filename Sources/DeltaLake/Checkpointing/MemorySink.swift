internal import Parquet

/// A file's bytes on their way to a store that takes it whole. A class, since it grows.
final class MemorySink: ByteSink, @unchecked Sendable {
  private(set) var bytes: [UInt8] = []

  func write(_ more: UnsafeRawBufferPointer) async throws { bytes.append(contentsOf: more) }
}
