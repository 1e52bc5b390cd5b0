/// Integers as differences, bit-packed in miniblocks.
///
///     header = varint block size, varint miniblocks a block, varint value count, zigzag first value
///     block  = zigzag least delta, a width byte a miniblock, the miniblocks
///     value  = value before + least delta + unpacked delta, wrapping around
///
/// Spec: Parquet Encodings § Delta Encoding
struct DeltaBinaryPackedDecoder {
  private var cursor: ByteCursor
  private let miniblockCount: Int
  private let miniblockSize: Int
  /// Values still to come, by the header.
  private(set) var remaining: Int
  private var last: Int64
  private var isAtFirst = true
  private var leastDelta: Int64 = 0
  private var widths: UnsafeRawPointer
  private var miniblock: Int
  /// The current miniblock's bytes, what was taken of it and what is left.
  private var packed = UnsafeRawBufferPointer(start: nil, count: 0)
  private var width = 0
  private var index = 0
  private var left = 0

  /// Values unpacked at a time; on the stack.
  private static let block = 128

  /// - Parameter limit: the most values there can be.
  init(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(DecodingFailure) {
    cursor = ByteCursor(bytes)
    widths = cursor.position
    if bytes.count == 0 {
      // A page of nothing but nulls may have no bytes at all.
      (miniblockCount, miniblockSize, remaining, last, miniblock) = (1, 8, 0, 0, 0)
      return
    }
    let blockSize = Int(try cursor.varint(bits: 31, "a delta header"))
    miniblockCount = Int(try cursor.varint(bits: 31, "a delta header"))
    remaining = Int(try cursor.varint(bits: 62, "a delta header"))
    last = try cursor.zigzag("a delta header")
    guard miniblockCount > 0, blockSize > 0, blockSize % miniblockCount == 0, blockSize / miniblockCount % 8 == 0 else {
      throw .damaged("delta blocks of \(blockSize) values in \(miniblockCount) miniblocks")
    }
    guard remaining <= limit else { throw .damaged("\(remaining) delta-encoded values in a page of \(limit)") }
    miniblockSize = blockSize / miniblockCount
    miniblock = miniblockCount
  }

  /// Where the encoded values end; only after all of them were taken or skipped.
  var position: UnsafeRawPointer { cursor.position }

  mutating func decode(_ count: Int, into target: UnsafeMutablePointer<Int64>) throws(DecodingFailure) {
    try decode(count) { target[$0] = $1 }
  }

  /// The low 32 bits of each value: INT32 columns, whose sums wrap around at 32 bits.
  mutating func decode(_ count: Int, into target: UnsafeMutablePointer<Int32>) throws(DecodingFailure) {
    try decode(count) { target[$0] = Int32(truncatingIfNeeded: $1) }
  }

  mutating func skip(_ count: Int) throws(DecodingFailure) {
    try decode(count) { _, _ in }
  }

  /// Passes over all values that remain without looking at them; `position` is right after.
  mutating func skipAll() throws(DecodingFailure) {
    guard remaining > 0 else { return }
    if isAtFirst {
      isAtFirst = false
      remaining -= 1
    }
    while remaining > 0 {
      if left == 0 { try nextMiniblock() }
      let part = min(left, remaining)
      left -= part
      remaining -= part
    }
  }

  @inline(__always)
  private mutating func decode(_ count: Int, _ store: (Int, Int64) -> Void) throws(DecodingFailure) {
    guard count <= remaining else { throw .damaged("delta-encoded data ends early") }
    guard count > 0 else { return }
    remaining -= count
    var done = 0
    if isAtFirst {
      store(0, last)
      isAtFirst = false
      done = 1
    }
    let failure = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.block) { scratch -> DecodingFailure? in
      guard let deltas = scratch.baseAddress else { return nil }
      do throws(DecodingFailure) {
        while done < count {
          if left == 0 { try nextMiniblock() }
          let part = min(left, count &- done, Self.block)
          guard BitUnpackKernel.capacity(byteCount: packed.count, width: width) >= index &+ part else {
            return .damaged("delta-encoded data ends early")
          }
          var value = last
          let least = leastDelta
          if width == 0 {
            for offset in 0..<part {
              value &+= least
              store(done &+ offset, value)
            }
          } else {
            BitUnpackKernel.unpack(packed, width: width, from: index, count: part, into: deltas)
            for offset in 0..<part {
              value &+= least &+ Int64(bitPattern: deltas[offset])
              store(done &+ offset, value)
            }
          }
          last = value
          index &+= part
          left &-= part
          done &+= part
        }
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  private mutating func nextMiniblock() throws(DecodingFailure) {
    if miniblock == miniblockCount {
      leastDelta = try cursor.zigzag("a delta block")
      widths = try cursor.take(miniblockCount, "a delta block").baseAddress ?? widths
      miniblock = 0
    }
    width = Int(widths.load(fromByteOffset: miniblock, as: UInt8.self))
    guard width <= 64 else { throw .damaged("a delta width of \(width) bits") }
    // The last miniblock may be cut; whether the values needed are there is checked when they are unpacked.
    let byteCount = min(miniblockSize / 8 * width, cursor.remaining)
    packed = UnsafeRawBufferPointer(start: cursor.position, count: byteCount)
    cursor.advance(byteCount)
    miniblock += 1
    index = 0
    left = miniblockSize
  }
}
