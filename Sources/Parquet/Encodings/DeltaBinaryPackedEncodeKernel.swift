/// Integers as differences, bit-packed in miniblocks: 128 differences a block, 32 a miniblock.
///
/// The number of values comes first and is known last, so blocks are kept until `finish`.
///
/// Spec: Parquet Encodings § Delta Encoding
struct DeltaBinaryPackedEncoder: ~Copyable {
  static let blockSize = 128
  static let miniblockCount = 4
  private static let miniblockSize = blockSize / miniblockCount

  private var blocks = EncodingBuffer()
  private(set) var count = 0
  private var first: Int64 = 0
  private var last: Int64 = 0
  /// Differences of a block that isn't full: up to 128, of 8 bytes.
  private var pending = EncodingBuffer()
  private var pendingCount = 0

  init() {}

  /// About how many bytes `finish` would append now.
  var byteCount: Int { blocks.count + pendingCount * 8 + 16 }

  /// Appends values; those of one page are all `Int64` or all `Int32`, whose differences wrap around at 32 bits.
  mutating func append(_ values: UnsafePointer<Int64>, count: Int) {
    append(values, count) { $0 &- $1 }
  }

  mutating func append(_ values: UnsafePointer<Int32>, count: Int) {
    append(values, count) { Int64($0 &- $1) }
  }

  /// Appends the page's values to the buffer and starts the next page.
  mutating func finish(into target: inout EncodingBuffer) {
    if pendingCount > 0 {
      withPending { deltas, pendingCount, blocks in
        Self.appendBlock(deltas, pendingCount, &blocks)
        pendingCount = 0
      }
    }
    target.append(varint: UInt64(Self.blockSize))
    target.append(varint: UInt64(Self.miniblockCount))
    target.append(varint: UInt64(count))
    target.append(zigzag: first)
    target.append(blocks)
    blocks.removeAll()
    (count, first, last) = (0, 0, 0)
  }

  @inline(__always)
  private mutating func append<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ values: UnsafePointer<Value>, _ added: Int, difference: (Value, Value) -> Int64
  ) {
    guard added > 0 else { return }
    var index = 0
    if count == 0 {
      first = Int64(values[0])
      last = first
      index = 1
    }
    count += added
    var previous = Value(truncatingIfNeeded: last)
    withPending { deltas, pendingCount, blocks in
      while index < added {
        let part = min(Self.blockSize &- pendingCount, added &- index)
        let to = deltas + pendingCount
        let from = values + index
        to[0] = difference(from[0], previous)
        for offset in 1..<max(1, part) { to[offset] = difference(from[offset], from[offset &- 1]) }
        previous = from[part &- 1]
        index &+= part
        pendingCount &+= part
        if pendingCount == Self.blockSize {
          Self.appendBlock(deltas, pendingCount, &blocks)
          pendingCount = 0
        }
      }
    }
    last = Int64(previous)
  }

  @inline(__always)
  private mutating func withPending(
    _ body: (UnsafeMutablePointer<Int64>, inout Int, inout EncodingBuffer) -> Void
  ) {
    pending.reserve(Self.blockSize * 8)
    body(pending.base.assumingMemoryBound(to: Int64.self), &pendingCount, &blocks)
  }

  /// Writes a block of 1 to 128 differences. They are overwritten.
  private static func appendBlock(
    _ deltas: UnsafeMutablePointer<Int64>, _ count: Int, _ target: inout EncodingBuffer
  ) {
    var least = deltas[0]
    for index in 1..<max(1, count) { least = min(least, deltas[index]) }
    target.append(zigzag: least)
    let used = (count + miniblockSize - 1) / miniblockSize
    for index in 0..<count { deltas[index] = deltas[index] &- least }
    for index in count..<max(count, used * miniblockSize) { deltas[index] = 0 }
    let widthsOffset = target.count
    for _ in 0..<miniblockCount { target.append(byte: 0) }
    for miniblock in 0..<used {
      let relative = UnsafeRawPointer(deltas + miniblock * miniblockSize).assumingMemoryBound(to: UInt64.self)
      var bits: UInt64 = 0
      for index in 0..<miniblockSize { bits |= relative[index] }
      let width = 64 - bits.leadingZeroBitCount
      let byteCount = miniblockSize / 8 * width
      BitPackKernel.pack(relative, count: miniblockSize, width: width, into: target.reserve(byteCount))
      target.fill(byteCount)
      (target.base + widthsOffset + miniblock).storeBytes(of: UInt8(truncatingIfNeeded: width), as: UInt8.self)
    }
  }
}
