internal import Columnar

/// A buffer being filled whose final size isn't known: values of a batch, page after page.
struct GrowableBuffer {
  private(set) var buffer: Buffer
  /// Bytes filled. The padding of the buffer lies behind its capacity.
  private(set) var count = 0

  init(capacity: Int = 0) {
    buffer = capacity > 0 ? Buffer(uninitialized: capacity) : .empty
  }

  /// Where the next bytes go.
  var end: UnsafeMutableRawPointer { buffer.mutablePointer + count }

  /// Makes room for that many more bytes, which stay uninitialised.
  @inline(__always) mutating func reserve(_ additional: Int) {
    if count &+ additional > buffer.count { grow(count + additional) }
  }

  /// Takes reserved bytes as filled.
  @inline(__always) mutating func fill(_ additional: Int) {
    assert(count + additional <= buffer.count)
    count &+= additional
  }

  /// Makes room for more bytes, at once for as many as there will be in the end, by a guess.
  mutating func reserve(_ additional: Int, expecting total: Int) {
    if count + additional > buffer.count { grow(max(count + additional, total)) }
  }

  /// Bytes that were reserved and are not filled.
  var room: Int { buffer.count - count }

  private mutating func grow(_ needed: Int) {
    let larger = Buffer(uninitialized: max(needed, buffer.count + buffer.count / 2))
    larger.mutablePointer.copyMemory(from: buffer.pointer, byteCount: count)
    buffer = larger
  }

  /// What was filled.
  func finished() -> Buffer { buffer.slice(0..<count) }
}

/// Strings being gathered: `Int32` offsets, the first being 0, and their bytes.
struct StringSink {
  private(set) var offsets: GrowableBuffer
  private(set) var data: GrowableBuffer
  private(set) var count = 0
  private let byteLimit: Int
  /// How many strings there will be, as far as known: room is made for them, but not for more than a guess is worth.
  let expected: Int
  private static let mostExpectedBytes = 32 << 20

  /// - Parameter byteLimit: more bytes than this are a failure of the kind `largeBatch`.
  init(capacity: Int = 0, byteCapacity: Int = 0, byteLimit: Int = .max, expecting expected: Int = 0) {
    self.byteLimit = byteLimit
    self.expected = min(max(expected, 0), Self.mostExpectedBytes / 4)
    offsets = GrowableBuffer(capacity: capacity > 0 ? (capacity + 1) * 4 : 0)
    data = GrowableBuffer(capacity: byteCapacity)
  }

  /// Where the last string ends.
  var byteCount: Int { data.count }

  /// Makes room for the ends of that many strings, which the caller fills in.
  mutating func reserveEnds(_ count: Int) -> UnsafeMutablePointer<Int32> {
    if offsets.count == 0 {
      offsets.reserve(4 + count * 4, expecting: (expected + 1) * 4)
      offsets.end.storeBytes(of: 0, as: Int32.self)
      offsets.fill(4)
    }
    offsets.reserve(count * 4, expecting: (expected + 1) * 4)
    return offsets.end.assumingMemoryBound(to: Int32.self)
  }

  /// Makes room for bytes, which the caller fills in; they may be followed by up to 64 bytes of anything.
  mutating func reserveBytes(_ count: Int) throws(DecodingFailure) -> UnsafeMutableRawPointer {
    guard count >= 0, data.count + count <= Int(Int32.max) - 128 else {
      throw .unsupported("more than 2 GiB of strings in one batch; ask for batches of fewer rows")
    }
    guard data.count + count <= byteLimit else {
      throw DecodingFailure(kind: .largeBatch, message: "more than \(byteLimit) bytes of strings in one batch")
    }
    data.reserve(count)
    return data.end
  }

  /// Makes room for bytes and, where there is none, for those of all strings still expected, each as long as `length`.
  mutating func reserveBytes(_ count: Int, stringsOf length: Int) throws(DecodingFailure) {
    let most = Self.mostExpectedBytes
    let guess = data.count + max(16, expected - self.count) * min(max(length, 0), most / max(1, expected))
    if count >= 0, count <= most { data.reserve(count, expecting: min(guess + guess / 16, most)) }
    _ = try reserveBytes(count)
  }

  /// Bytes that can be written without asking for more.
  var room: Int { min(data.room, min(byteLimit, Int(Int32.max) - 128) - data.count) }

  mutating func append(strings: Int, bytes: Int) {
    offsets.fill(strings * 4)
    data.fill(bytes)
    count += strings
  }

  /// The ends of the last `strings` strings, dense, spread over `slots` slots with empty strings in the others.
  mutating func spread(
    last strings: Int, over bits: UnsafePointer<UInt8>, from start: Int, slots: Int
  ) {
    _ = reserveEnds(slots - strings)
    let ends = (offsets.end - strings * 4).assumingMemoryBound(to: Int32.self)
    BitmapKernel.spreadEnds(ends, present: strings, over: bits, from: start, count: slots, origin: ends[-1])
    offsets.fill((slots - strings) * 4)
    count += slots - strings
  }

  /// Whether the last `strings` strings are UTF-8; they start at byte `start`.
  func areUTF8(last strings: Int, from start: Int) -> Bool {
    let ends = UnsafePointer((offsets.end - strings * 4).assumingMemoryBound(to: Int32.self))
    return UTF8Kernel.areValid(
      data.buffer.pointer.assumingMemoryBound(to: UInt8.self), from: start, to: data.count, ends: ends, count: strings)
  }

  var storage: ColumnStorage {
    .bytes(offsets: offsets.count > 0 ? offsets.finished() : Buffer(zeroed: 4), data: data.finished())
  }
}
