/// Strings and bytes as JSON text.
extension TextBuffer {
  /// The bytes in quotes; quotation marks, backslashes and control characters escaped. The bytes are UTF-8.
  package mutating func append(jsonString bytes: UnsafeRawBufferPointer) {
    reserve(bytes.count + 2)
    append(0x22)
    append(jsonEscaping: bytes)
    append(0x22)
  }

  package mutating func append(jsonString text: some StringProtocol) {
    var text = String(text)
    text.withUTF8 { append(jsonString: UnsafeRawBufferPointer($0)) }
  }

  private mutating func append(jsonEscaping bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    var start = 0
    while start < bytes.count {
      let special = Self.firstSpecial(base, from: start, to: bytes.count)
      append(copying: UnsafeRawBufferPointer(start: base + start, count: special - start))
      guard special < bytes.count else { return }
      append(escape: base.load(fromByteOffset: special, as: UInt8.self))
      start = special + 1
    }
  }

  private mutating func append(escape byte: UInt8) {
    switch byte {
    case 0x22: append("\\\"")
    case 0x5C: append("\\\\")
    case 0x0A: append("\\n")
    case 0x0D: append("\\r")
    case 0x09: append("\\t")
    case 0x08: append("\\b")
    case 0x0C: append("\\f")
    default:
      append("\\u00")
      append(hexDigitsOf: byte)
    }
  }

  /// The position of the first byte that needs an escape, 8 at a time.
  private static func firstSpecial(_ base: UnsafeRawPointer, from start: Int, to end: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var position = start
    while position &+ 8 <= end {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let slashes = word ^ (ones &* 0x5C)
      // A byte's high bit is set where the byte is below 0x20, or zero after the exclusive or. Bytes of 0x80 and more
      // are masked out; the lowest bit found is exact, those above it may be borrowed.
      let found =
        ((word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes) & highs
      if found != 0 { return position &+ found.trailingZeroBitCount &>> 3 }
      position &+= 8
    }
    while position < end {
      let byte = base.load(fromByteOffset: position, as: UInt8.self)
      if byte < 0x20 || byte == 0x22 || byte == 0x5C { return position }
      position &+= 1
    }
    return end
  }

  @inline(__always) private mutating func append(hexDigitsOf byte: UInt8) {
    reserve(2)
    end[0] = Self.hexDigit(byte &>> 4)
    end[1] = Self.hexDigit(byte & 15)
    advance(by: 2)
  }

  @inline(__always) private static func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 &+ value : 0x57 &+ value
  }

  /// Two lower-case digits a byte.
  package mutating func append(hex bytes: UnsafeRawBufferPointer) {
    reserve(bytes.count * 2)
    for byte in bytes { append(hexDigitsOf: byte) }
  }

  /// `8-4-4-4-12` lower-case digits. 16 bytes.
  package mutating func append(uuid bytes: UnsafeRawBufferPointer) {
    for (index, byte) in bytes.enumerated() {
      if index == 4 || index == 6 || index == 8 || index == 10 { append(0x2D) }
      append(hexDigitsOf: byte)
    }
  }

  /// RFC 4648's base 64, padded.
  package mutating func append(base64 bytes: UnsafeRawBufferPointer) {
    let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    let letters = alphabet.utf8Start
    reserve((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let group =
        UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
        | (left > 2 ? UInt32(bytes[index + 2]) : 0)
      end[0] = letters[Int(group >> 18)]
      end[1] = letters[Int(group >> 12 & 63)]
      end[2] = left > 1 ? letters[Int(group >> 6 & 63)] : 0x3D
      end[3] = left > 2 ? letters[Int(group & 63)] : 0x3D
      advance(by: 4)
      index += 3
    }
  }
}
