/// Strings as they are: a little-endian length of 4 bytes before each.
///
/// Spec: Parquet Encodings § Plain
struct PlainStringDecoder {
  private var cursor: ByteCursor

  init(_ bytes: UnsafeRawBufferPointer) { cursor = ByteCursor(bytes) }

  mutating func decode(_ count: Int, into sink: inout StringSink) throws(DecodingFailure) {
    guard count <= cursor.remaining / 4 else { throw Self.endsEarly }
    let ends = sink.reserveEnds(count)
    let start = cursor.position
    let bytes = try Self.measure(&cursor, count, ends, from: sink.byteCount)
    let target = try sink.reserveBytes(bytes)
    Self.copy(start, to: cursor.end, count, ends, target, from: sink.byteCount)
    sink.append(strings: count, bytes: bytes)
  }

  mutating func skip(_ count: Int) throws(DecodingFailure) {
    var position = cursor.position
    let end = cursor.end
    for _ in 0..<count {
      guard end - position >= 4 else { throw Self.endsEarly }
      let length = Int(UInt32(littleEndian: position.loadUnaligned(as: UInt32.self)))
      position += 4
      guard length <= end - position else { throw Self.endsEarly }
      position += length
    }
    cursor.advance(position - cursor.position)
  }

  private static var endsEarly: DecodingFailure { .damaged("PLAIN data ends early") }

  /// Walks the lengths, writing where each string will end. Lengths chain, so this is all it does.
  private static func measure(
    _ cursor: inout ByteCursor, _ count: Int, _ ends: UnsafeMutablePointer<Int32>, from start: Int
  ) throws(DecodingFailure) -> Int {
    var position = cursor.position
    let end = cursor.end
    var total = start
    for index in 0..<count {
      guard end - position >= 4 else { throw endsEarly }
      let length = Int(UInt32(littleEndian: position.loadUnaligned(as: UInt32.self)))
      position += 4
      guard length <= end - position else { throw endsEarly }
      position += length
      total &+= length
      ends[index] = Int32(truncatingIfNeeded: total)
    }
    cursor.advance(position - cursor.position)
    return total - start
  }

  /// Copies the strings together. Short ones by a load and a store of 32 bytes: the surplus is overwritten by the next
  /// string, or lies in the padding.
  private static func copy(
    _ source: UnsafeRawPointer, to end: UnsafeRawPointer, _ count: Int, _ ends: UnsafeMutablePointer<Int32>,
    _ target: UnsafeMutableRawPointer, from start: Int
  ) {
    var from = source
    var to = target
    var last = Int32(truncatingIfNeeded: start)
    for index in 0..<count {
      let length = Int(ends[index] &- last)
      last = ends[index]
      from += 4
      if length <= 32, end - from >= 32 {
        to.storeBytes(of: from.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
      } else {
        to.copyMemory(from: from, byteCount: length)
      }
      from += length
      to += length
    }
  }
}

/// Booleans as bits, the least significant of a byte first.
///
/// Spec: Parquet Encodings § Plain
struct PlainBooleanDecoder {
  private let bytes: UnsafeRawBufferPointer
  private var index = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func skip(_ count: Int) throws(DecodingFailure) {
    guard count <= bytes.count * 8 - index else { throw .damaged("PLAIN data ends early") }
    index += count
  }

  mutating func decode(_ count: Int, into bits: UnsafeMutablePointer<UInt8>, at start: Int) throws(DecodingFailure) {
    let from = index
    try skip(count)
    _ = BitmapKernel.copy(bytes, from: from, to: bits, at: start, count: count)
  }
}
