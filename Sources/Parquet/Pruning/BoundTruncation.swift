/// Bounds of long strings cut short: a shorter lower bound, and a shorter upper bound that is greater.
///
/// Spec: Parquet thrift § Statistics
enum BoundTruncation {
  /// The first bytes of a lower bound, whole characters of UTF-8.
  static func lower(_ bound: [UInt8], to limit: Int, isUTF8: Bool) -> [UInt8] {
    guard bound.count > limit else { return bound }
    return Array(bound[..<(isUTF8 ? characterBoundary(bound, limit) : limit)])
  }

  /// A bound of few bytes that is greater than all that begin as this one does; `nil` when there is none.
  static func upper(_ bound: [UInt8], to limit: Int, isUTF8: Bool) -> [UInt8]? {
    guard bound.count > limit else { return bound }
    return isUTF8 ? nextText(bound, characterBoundary(bound, limit)) : nextBytes(Array(bound[..<limit]))
  }

  private static func nextBytes(_ bytes: [UInt8]) -> [UInt8]? {
    var bytes = bytes
    while let last = bytes.popLast() {
      if last < 0xFF { return bytes + [last + 1] }
    }
    return nil
  }

  /// The last character is replaced by the next one that there is.
  private static func nextText(_ bytes: [UInt8], _ end: Int) -> [UInt8]? {
    var end = end
    while end > 0 {
      let start = characterBoundary(bytes, end - 1)
      if let next = Self.next(after: bytes[start..<end]) { return bytes[..<start] + next }
      end = start
    }
    return nil
  }

  private static func next(after character: ArraySlice<UInt8>) -> [UInt8]? {
    guard let scalar = String(decoding: character, as: UTF8.self).unicodeScalars.first,
      let next = Unicode.Scalar(scalar.value == 0xD7FF ? 0xE000 : scalar.value + 1)
    else { return nil }
    return Array(String(Character(next)).utf8)
  }

  /// The last place up to `limit` where a character begins.
  private static func characterBoundary(_ bytes: [UInt8], _ limit: Int) -> Int {
    var boundary = limit
    while boundary > 0, bytes[boundary] & 0xC0 == 0x80 { boundary -= 1 }
    return boundary
  }
}
