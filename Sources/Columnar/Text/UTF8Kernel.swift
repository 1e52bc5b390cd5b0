/// Validation of UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF.
package enum UTF8Validation {
  /// Whether all of the bytes are whole, valid characters. No bytes are.
  package static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    let count = bytes.count
    var index = 0
    while index < count {
      // Most text is ASCII: 8 bytes without a high bit at a time.
      while index &+ 8 <= count,
        base.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      { index &+= 8 }
      guard index < count else { return true }
      let first = base.load(fromByteOffset: index, as: UInt8.self)
      if first < 0x80 {
        index &+= 1
        continue
      }
      let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      guard first >= 0xC2, first <= 0xF4, index &+ length <= count else { return false }
      // The second byte's range is narrower after E0 (overlong), ED (surrogates), F0 (overlong), F4 (above U+10FFFF).
      let second = base.load(fromByteOffset: index &+ 1, as: UInt8.self)
      let low: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
      let high: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
      guard second >= low, second <= high else { return false }
      var next = 2
      while next < length {
        guard base.load(fromByteOffset: index &+ next, as: UInt8.self) & 0xC0 == 0x80 else { return false }
        next &+= 1
      }
      index &+= length
    }
    return true
  }
}
