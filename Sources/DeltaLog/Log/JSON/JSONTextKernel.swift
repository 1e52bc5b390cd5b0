/// The place of a string, or of a raw value, in scanned bytes.
package struct JSONText: BitwiseCopyable, Sendable {
  /// From the start of the scanned bytes.
  package var start: Int
  package var count: Int
  /// Whether the bytes need unescaping.
  package var hasEscapes: Bool

  package init(start: Int, count: Int, hasEscapes: Bool) {
    self.start = start
    self.count = count
    self.hasEscapes = hasEscapes
  }

  package static let absent = JSONText(start: -1, count: 0, hasEscapes: false)

  package var isAbsent: Bool { start < 0 }
}

extension JSONScanner {
  /// Whether a key or string reads as `literal`.
  @inline(__always)
  package func matches(_ text: JSONText, _ literal: StaticString) -> Bool {
    if text.hasEscapes { return string(text) == literal.description }
    let count = literal.utf8CodeUnitCount
    guard text.count == count else { return false }
    let bytes = base + text.start
    let other = literal.utf8Start
    for index in 0..<count where bytes[index] != other[index] { return false }
    return true
  }

  /// The text as a string, unescaped.
  package func string(_ text: JSONText) -> String {
    if !text.hasEscapes {
      return String(decoding: UnsafeBufferPointer(start: base + text.start, count: text.count), as: UTF8.self)
    }
    return String(unsafeUninitializedCapacity: max(text.count, 1)) { target in
      guard let start = target.baseAddress else { return 0 }
      return unescape(text, into: start)
    }
  }

  /// The text's bytes, unescaped.
  package func bytes(_ text: JSONText) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: text.count) { target, count in
      guard let start = target.baseAddress else { return }
      count = unescape(text, into: start)
    }
  }

  /// Writes the unescaped bytes, at most `text.count`, and returns how many. A surrogate alone becomes U+FFFD.
  ///
  /// The text comes from ``readString()``, which has checked its escapes.
  package func unescape(_ text: JSONText, into target: UnsafeMutablePointer<UInt8>) -> Int {
    let source = base + text.start
    guard text.hasEscapes else {
      target.update(from: source, count: text.count)
      return text.count
    }
    var read = 0
    var written = 0
    while read < text.count {
      let byte = source[read]
      guard byte == UInt8(ascii: "\\"), read &+ 1 < text.count else {
        target[written] = byte
        written &+= 1
        read &+= 1
        continue
      }
      let kind = source[read &+ 1]
      read &+= 2
      switch kind {
      case UInt8(ascii: "b"): target[written] = 0x08
      case UInt8(ascii: "f"): target[written] = 0x0C
      case UInt8(ascii: "n"): target[written] = 0x0A
      case UInt8(ascii: "r"): target[written] = 0x0D
      case UInt8(ascii: "t"): target[written] = 0x09
      case UInt8(ascii: "u"):
        let scalar = Self.scalar(source, &read, text.count)
        written &+= Self.encode(scalar, target + written)
        continue
      default: target[written] = kind
      }
      written &+= 1
    }
    return written
  }

  /// The scalar of the `\u` escape whose digits start at `read`, together with the low surrogate after it.
  private static func scalar(_ source: UnsafePointer<UInt8>, _ read: inout Int, _ count: Int) -> UInt32 {
    // Text that was not scanned may end here; the answer must not be longer than the escape.
    guard read &+ 4 <= count, let unit = hex4(source + read) else { return UInt32(UInt8(ascii: "?")) }
    read &+= 4
    guard unit & 0xF800 == 0xD800 else { return unit }
    guard unit < 0xDC00, read &+ 6 <= count, source[read] == UInt8(ascii: "\\"), source[read + 1] == UInt8(ascii: "u"),
      let low = hex4(source + read + 2), low & 0xFC00 == 0xDC00
    else { return 0xFFFD }
    read &+= 6
    return 0x10000 &+ ((unit & 0x3FF) << 10) &+ (low & 0x3FF)
  }

  private static func encode(_ scalar: UInt32, _ target: UnsafeMutablePointer<UInt8>) -> Int {
    func continuation(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | (scalar >> shift & 0x3F)) }
    switch scalar {
    case ..<0x80:
      target[0] = UInt8(truncatingIfNeeded: scalar)
      return 1
    case ..<0x800:
      target[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
      target[1] = continuation(0)
      return 2
    case ..<0x10000:
      target[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
      target[1] = continuation(6)
      target[2] = continuation(0)
      return 3
    default:
      target[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
      target[1] = continuation(12)
      target[2] = continuation(6)
      target[3] = continuation(0)
      return 4
    }
  }
}

/// Checks UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF.
enum UTF8Kernel {
  static func isValid(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { firstInvalid($0, 0, bytes.count) == nil } ?? true
    }
  }

  /// The index of the first byte that begins no valid scalar.
  static func firstInvalid(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var index = start
    func isContinuation(_ offset: Int) -> Bool { base[index &+ offset] & 0xC0 == 0x80 }
    while index < end {
      let byte = base[index]
      switch byte {
      case ..<0x80: index &+= 1
      case 0xC2...0xDF:
        guard end &- index >= 2, isContinuation(1) else { return index }
        index &+= 2
      case 0xE0...0xEF:
        guard end &- index >= 3, isContinuation(1), isContinuation(2) else { return index }
        let second = base[index &+ 1]
        guard byte != 0xE0 || second >= 0xA0, byte != 0xED || second < 0xA0 else { return index }
        index &+= 3
      case 0xF0...0xF4:
        guard end &- index >= 4, isContinuation(1), isContinuation(2), isContinuation(3) else { return index }
        let second = base[index &+ 1]
        guard byte != 0xF0 || second >= 0x90, byte != 0xF4 || second < 0x90 else { return index }
        index &+= 4
      default: return index
      }
    }
    return nil
  }
}
