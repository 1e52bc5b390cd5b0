internal import Columnar

/// Bytes being encoded: one block of memory that grows, and is used again from page to page.
///
/// An encoder reserves room, stores, and takes what it stored as filled. Up to ``slack`` bytes behind the reserved ones
/// may be written over, so that kernels store whole words.
struct EncodingBuffer: ~Copyable {
  static let slack = BufferMemory.padding

  private var memory: BufferMemory?
  /// -1 until there is memory.
  private(set) var capacity = -1
  /// Where the bytes start, for as long as nothing is reserved; never touch it before something was.
  private(set) var base = UnsafeMutableRawPointer(bitPattern: 64).unsafelyUnwrapped
  /// Bytes filled.
  private(set) var count = 0

  /// Takes no memory yet.
  init() {}

  init(capacity: Int) {
    if capacity > 0 { grow(capacity) }
  }

  /// Makes room for that many more bytes and returns where they go.
  @inline(__always) @discardableResult mutating func reserve(_ additional: Int) -> UnsafeMutableRawPointer {
    if count &+ additional > capacity { grow(count + additional) }
    return base + count
  }

  /// Takes reserved bytes as filled.
  @inline(__always) mutating func fill(_ additional: Int) {
    assert(additional >= 0 && count + additional <= capacity)
    count &+= additional
  }

  /// Forgets the bytes and keeps the memory, unless a view has it.
  mutating func removeAll() {
    count = 0
    if memory != nil, !isKnownUniquelyReferenced(&memory) { self = EncodingBuffer() }
  }

  /// Forgets the bytes behind the first `count`.
  mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count, "an encoding buffer is not lengthened by truncating")
    self.count = count
  }

  func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(memory) {} }
    return try body(UnsafeRawBufferPointer(start: memory == nil ? nil : base, count: count))
  }

  /// The bytes there are now, without copying them: they stay as they are, since bytes are only added behind them.
  /// Don't replace or truncate bytes that a view has.
  func view() -> Buffer {
    memory.map { Buffer(memory: $0, count: count) } ?? Buffer(uninitialized: 0)
  }

  /// The bytes as a buffer that owns the memory; this one starts anew, without any.
  mutating func take() -> Buffer {
    guard let memory else { return Buffer(uninitialized: 0) }
    let result = Buffer(memory: memory, count: count)
    self = EncodingBuffer()
    return result
  }

  private mutating func grow(_ needed: Int) {
    let larger = max(needed, capacity + capacity / 2, 512)
    let memory = BufferMemory(capacity: larger)
    memory.base.copyMemory(from: base, byteCount: count)
    self.memory = memory
    base = memory.base
    capacity = larger
  }
}

extension EncodingBuffer {
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count).copyMemory(from: source, byteCount: bytes.count)
    fill(bytes.count)
  }

  mutating func append(_ other: borrowing EncodingBuffer) {
    other.withUnsafeBytes { append($0) }
  }

  mutating func append(byte: UInt8) {
    reserve(1).storeBytes(of: byte, as: UInt8.self)
    fill(1)
  }

  mutating func append(littleEndian value: UInt32) {
    reserve(4).storeBytes(of: value.littleEndian, as: UInt32.self)
    fill(4)
  }

  /// An unsigned LEB128 number.
  mutating func append(varint value: UInt64) {
    let target = reserve(10)
    var rest = value
    var length = 0
    while rest >= 0x80 {
      target.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: length, as: UInt8.self)
      rest >>= 7
      length &+= 1
    }
    target.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: length, as: UInt8.self)
    fill(length + 1)
  }

  mutating func append(zigzag value: Int64) {
    append(varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  /// Writes over 4 bytes that are filled: a length that was not known when its place came.
  mutating func replace(littleEndian value: UInt32, at offset: Int) {
    precondition(offset >= 0 && offset + 4 <= count, "only filled bytes are replaced")
    base.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
  }
}
