/// Strings as they are: a little-endian length of 4 bytes before each.
///
/// Spec: Parquet Encodings § Plain
struct PlainStringDecoder {
  private var cursor: ByteCursor
  /// Bytes of a value on average, nulls counted as values.
  private let averageLength: Int

  /// - Parameter limit: the most values there can be, nulls included.
  init(_ bytes: UnsafeRawBufferPointer, limit: Int) {
    cursor = ByteCursor(bytes)
    averageLength = max(1, bytes.count / max(1, limit) - 3)
  }

  mutating func decode(_ count: Int, into sink: inout StringSink) throws(DecodingFailure) {
    guard count <= cursor.remaining / 4 else { throw Self.endsEarly }
    let ends = sink.reserveEnds(count)
    var done = 0
    // Even empty strings are copied by whole vectors.
    if sink.room == 0 { try sink.reserveBytes(1, stringsOf: averageLength) }
    while done < count {
      var target = sink.data.end
      let part = try Self.copy(&cursor, count - done, ends + done, to: &target, room: sink.room, from: sink.byteCount)
      sink.append(strings: part, bytes: target - sink.data.end)
      done += part
      guard done < count else { break }
      try sink.reserveBytes(Int(try Self.length(at: cursor.position, cursor.end)), stringsOf: averageLength)
    }
  }

  mutating func skip(_ count: Int) throws(DecodingFailure) {
    var position = cursor.position
    let end = cursor.end
    for _ in 0..<count { position += 4 + (try Self.length(at: position, end)) }
    cursor.advance(position - cursor.position)
  }

  private static var endsEarly: DecodingFailure { .damaged("PLAIN data ends early") }

  /// The length of the string that begins at `position` with it; the string is within the data.
  @inline(__always)
  private static func length(at position: UnsafeRawPointer, _ end: UnsafeRawPointer) throws(DecodingFailure) -> Int {
    let left = end - position
    guard left >= 4 else { throw endsEarly }
    let length = Int(UInt32(littleEndian: position.loadUnaligned(as: UInt32.self)))
    guard length <= left &- 4 else { throw endsEarly }
    return length
  }

  /// Copies strings together as long as there is room, writing where each ends; answers how many.
  ///
  /// Up to 32 bytes are written behind a string: they are overwritten by the next, or lie in the padding.
  private static func copy(
    _ cursor: inout ByteCursor, _ count: Int, _ ends: UnsafeMutablePointer<Int32>,
    to target: inout UnsafeMutableRawPointer, room: Int, from start: Int
  ) throws(DecodingFailure) -> Int {
    var from = cursor.position
    let end = cursor.end
    var to = target
    let full = to + room
    var last = Int32(truncatingIfNeeded: start)
    var index = 0
    while index < count {
      let length = try length(at: from, end)
      guard length <= full - to else { break }
      from += 4
      if length <= 256, end - from >= length &+ 32 {
        var offset = 0
        repeat {
          to.storeBytes(
            of: from.loadUnaligned(fromByteOffset: offset, as: SIMD32<UInt8>.self), toByteOffset: offset,
            as: SIMD32<UInt8>.self)
          offset &+= 32
        } while offset < length
      } else {
        to.copyMemory(from: from, byteCount: length)
      }
      from += length
      to += length
      last &+= Int32(truncatingIfNeeded: length)
      ends[index] = last
      index &+= 1
    }
    cursor.advance(from - cursor.position)
    target = to
    return index
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
