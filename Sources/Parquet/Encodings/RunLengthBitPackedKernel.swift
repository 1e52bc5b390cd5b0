/// The hybrid of run lengths and bit packing, for levels, dictionary indices and booleans.
///
///     run     = varint header, then
///       header & 1 == 0: header >> 1 copies of one value, in as many whole bytes as the width needs
///       header & 1 == 1: (header >> 1) groups of eight values, `width` bits each, packed little-endian
///
/// The state is kept between calls, so that a page is read in as many parts as batches want.
///
/// Spec: Parquet Encodings § Run Length Encoding / Bit-Packing Hybrid
struct RunLengthBitPackedDecoder {
  private var cursor: ByteCursor
  let width: Int
  /// What the current run still holds: `left` values, copies of `value` or those of `packed` from `index`.
  private(set) var left = 0
  private(set) var value: UInt32 = 0
  private(set) var isPacked = false
  private var packed = UnsafeRawBufferPointer(start: nil, count: 0)
  private var index = 0

  /// - Parameter width: 0 to 32; with 0 every value is 0, whatever the bytes are.
  init(_ bytes: UnsafeRawBufferPointer, width: Int) throws(DecodingFailure) {
    guard (0...32).contains(width) else { throw .damaged("a bit width of \(width)") }
    cursor = ByteCursor(bytes)
    self.width = width
    if width == 0 { left = Int.max }
  }

  /// Makes sure that the current run has values left.
  @inline(__always) mutating func prepareRun() throws(DecodingFailure) {
    while left == 0 { try nextRun() }
  }

  private mutating func nextRun() throws(DecodingFailure) {
    let header = Int(try cursor.varint(bits: 32, "a run"))
    isPacked = header & 1 == 1
    if isPacked {
      let groups = header >> 1
      // The last run may be cut after the values that are needed.
      let byteCount = min(groups * width, cursor.remaining)
      packed = UnsafeRawBufferPointer(start: cursor.position, count: byteCount)
      cursor.advance(byteCount)
      index = 0
      left = min(groups * 8, BitUnpackKernel.capacity(byteCount: byteCount, width: width))
      if left == 0, groups > 0 { throw .damaged("a run ends early") }
    } else {
      left = header >> 1
      var raw: UInt32 = 0
      for byte in 0..<(width + 7) / 8 { raw |= UInt32(try cursor.byte("a run")) << UInt32(8 * byte) }
      guard width == 32 || raw >> UInt32(width) == 0 else {
        throw .damaged("a run's value needs more than \(width) bits")
      }
      value = raw
    }
  }

  /// Takes `count` values of the current run, at most `left`.
  @inline(__always) mutating func consume(_ count: Int) {
    left &-= count
    index &+= count
  }

  /// Takes values of the current, packed run, at most `left`.
  @inline(__always) mutating func unpack(_ count: Int, into target: UnsafeMutablePointer<UInt32>) {
    BitUnpackKernel.unpack(packed, width: width, from: index, count: count, into: target)
    consume(count)
  }

  mutating func decode(_ count: Int, into target: UnsafeMutablePointer<UInt32>) throws(DecodingFailure) {
    var done = 0
    while done < count {
      try prepareRun()
      let part = min(left, count - done)
      if isPacked {
        unpack(part, into: target + done)
      } else {
        (target + done).update(repeating: value, count: part)
        consume(part)
      }
      done += part
    }
  }

  /// Levels: the width is at most 8.
  mutating func decode(_ count: Int, into target: UnsafeMutablePointer<UInt8>) throws(DecodingFailure) {
    assert(width <= 8)
    var done = 0
    while done < count {
      try prepareRun()
      let part = min(left, count - done)
      if isPacked {
        BitUnpackKernel.unpack(packed, width: width, from: index, count: part, into: target + done)
      } else {
        (target + done).update(repeating: UInt8(truncatingIfNeeded: value), count: part)
      }
      consume(part)
      done += part
    }
  }

  /// Bits: the width is 1. Returns how many are set.
  mutating func decodeBits(
    _ count: Int, into target: UnsafeMutablePointer<UInt8>, at start: Int
  ) throws(DecodingFailure) -> Int {
    assert(width == 1)
    var done = 0
    var set = 0
    while done < count {
      try prepareRun()
      let part = min(left, count - done)
      if isPacked {
        set += BitmapKernel.copy(packed, from: index, to: target, at: start + done, count: part)
      } else {
        BitmapKernel.fill(target, from: start + done, count: part, with: value != 0)
        if value != 0 { set += part }
      }
      consume(part)
      done += part
    }
    return set
  }

  mutating func skip(_ count: Int) throws(DecodingFailure) {
    var rest = count
    while rest > 0 {
      try prepareRun()
      let part = min(left, rest)
      consume(part)
      rest -= part
    }
  }
}
