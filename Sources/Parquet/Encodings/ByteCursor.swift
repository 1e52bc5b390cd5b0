/// A reading position in bytes that somebody else keeps alive: the body of a page.
struct ByteCursor {
  private(set) var position: UnsafeRawPointer
  let end: UnsafeRawPointer

  init(_ bytes: UnsafeRawBufferPointer) {
    position = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped
    end = position + bytes.count
  }

  var remaining: Int { end - position }
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: position, count: remaining) }

  /// Moves on by bytes that were checked to be there.
  @inline(__always) mutating func advance(_ count: Int) {
    assert(count >= 0 && count <= remaining)
    position += count
  }

  mutating func take(_ count: Int, _ what: StaticString) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw .damaged("\(what) ends early") }
    defer { position += count }
    return UnsafeRawBufferPointer(start: position, count: count)
  }

  mutating func byte(_ what: StaticString) throws(DecodingFailure) -> UInt8 {
    guard position < end else { throw .damaged("\(what) ends early") }
    defer { position += 1 }
    return position.load(as: UInt8.self)
  }

  mutating func littleEndian32(_ what: StaticString) throws(DecodingFailure) -> UInt32 {
    guard remaining >= 4 else { throw .damaged("\(what) ends early") }
    defer { position += 4 }
    return UInt32(littleEndian: position.loadUnaligned(as: UInt32.self))
  }

  /// An unsigned LEB128 number of at most `bits` bits.
  mutating func varint(bits: Int = 64, _ what: StaticString) throws(DecodingFailure) -> UInt64 {
    var result: UInt64 = 0
    var shift = 0
    while true {
      let byte = try byte(what)
      result |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { break }
      shift += 7
      guard shift < bits else { throw .damaged("a number in \(what) is too long") }
    }
    guard bits == 64 || result >> UInt64(bits) == 0 else { throw .damaged("a number in \(what) is too large") }
    return result
  }

  mutating func zigzag(_ what: StaticString) throws(DecodingFailure) -> Int64 {
    let raw = try varint(what)
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }
}
