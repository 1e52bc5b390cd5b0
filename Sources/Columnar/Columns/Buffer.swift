/// Bytes that columns share: 64-byte aligned, followed by at least 64 readable bytes of padding, and read-only once
/// they are in a ``Column``.
///
/// A buffer is a window onto memory that it keeps alive, so slicing copies nothing.
public struct Buffer: Sendable {
  package let memory: BufferMemory
  package let offset: Int
  /// The bytes in this window.
  public let count: Int

  package init(memory: BufferMemory, offset: Int = 0, count: Int) {
    self.memory = memory
    self.offset = offset
    self.count = count
  }

  /// A buffer of `count` uninitialised bytes; the padding is uninitialised too, but readable.
  package init(uninitialized count: Int) {
    self.init(memory: BufferMemory(capacity: count), count: count)
  }

  /// No bytes. Nothing may be written into its padding, which all share.
  package static let empty = Buffer(zeroed: 0)

  /// A buffer of `count` zero bytes, padding included.
  package init(zeroed count: Int) {
    self.init(uninitialized: count)
    mutablePointer.initializeMemory(as: UInt8.self, repeating: 0, count: count + BufferMemory.padding)
  }

  /// A copy of the bytes.
  public init(copying bytes: UnsafeRawBufferPointer) {
    self.init(uninitialized: bytes.count)
    if let base = bytes.baseAddress { mutablePointer.copyMemory(from: base, byteCount: bytes.count) }
  }

  /// A copy of the values' bytes. `Value` is a trivial type such as `Int64`.
  public init<Value: BitwiseCopyable>(copying values: [Value]) {
    self = values.withUnsafeBytes { Buffer(copying: $0) }
  }

  /// The memory, for as long as the buffer is held: keep the buffer alive around every use.
  package var pointer: UnsafeRawPointer { UnsafeRawPointer(memory.base + offset) }

  /// Whether it begins where any value may, of up to 16 bytes.
  package var isAligned: Bool { UInt(bitPattern: pointer) % 16 == 0 }

  /// The memory while it is being filled, before anything shares it.
  package var mutablePointer: UnsafeMutableRawPointer { memory.base + offset }

  /// A window onto a part of this window. Traps when `range` reaches outside.
  public func slice(_ range: Range<Int>) -> Buffer {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "slice outside of the buffer")
    return Buffer(memory: memory, offset: offset + range.lowerBound, count: range.count)
  }

  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(memory) {} }
    return try body(UnsafeRawBufferPointer(start: pointer, count: count))
  }

  /// The bytes as values of a trivial type; a remainder at the end is left out.
  public func withValues<Value: BitwiseCopyable, Result, Failure: Error>(
    of type: Value.Type, _ body: (UnsafeBufferPointer<Value>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(memory) {} }
    let start = pointer.assumingMemoryBound(to: Value.self)
    return try body(UnsafeBufferPointer(start: start, count: count / MemoryLayout<Value>.stride))
  }

  /// The bytes as an array: a copy.
  public func values<Value: BitwiseCopyable>(of type: Value.Type) -> [Value] {
    withValues(of: type) { Array($0) }
  }
}

/// The memory behind buffers. A class, since its life is what buffers share.
package final class BufferMemory: @unchecked Sendable {
  /// Bytes after the capacity that may be read and written over.
  package static let padding = 64

  package let base: UnsafeMutableRawPointer
  private let release: Release

  private enum Release {
    case pool(BufferPool.Block)
    case owner(@Sendable () -> Void)
  }

  /// Uninitialised memory of at least `capacity` bytes and the padding, from the pool.
  package init(capacity: Int) {
    let block = BufferPool.shared.take(capacity + Self.padding)
    base = block.base
    release = .pool(block)
  }

  /// Memory that somebody else owns, with padding or not; `release` is called once, when the last buffer is gone.
  package init(unowned base: UnsafeMutableRawPointer, release: @escaping @Sendable () -> Void) {
    self.base = base
    self.release = .owner(release)
  }

  deinit {
    switch release {
    case .pool(let block): BufferPool.shared.give(block)
    case .owner(let free): free()
    }
  }
}
