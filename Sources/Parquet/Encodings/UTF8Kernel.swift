/// Whether bytes are UTF-8.
///
/// Spec: Parquet LogicalTypes § STRING
enum UTF8Kernel {
  /// Whether every one of the strings that end at `ends` in `bytes` is UTF-8; the first starts at `start`.
  ///
  /// Strings in a row are valid together, and none starts within a character: then each is valid alone.
  static func areValid(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int, ends: UnsafePointer<Int32>, count: Int
  ) -> Bool {
    if isASCII(bytes + start, end - start) { return true }
    guard isValid(bytes + start, end - start) else { return false }
    for index in 0..<count {
      let next = Int(ends[index])
      if next < end, next >= start, bytes[next] & 0xC0 == 0x80 { return false }
    }
    return true
  }

  static func isASCII(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let raw = UnsafeRawPointer(bytes)
    var index = 0
    while index &+ 64 <= count {
      let a = raw.loadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
      let b = raw.loadUnaligned(fromByteOffset: index &+ 16, as: SIMD16<UInt8>.self)
      let c = raw.loadUnaligned(fromByteOffset: index &+ 32, as: SIMD16<UInt8>.self)
      let d = raw.loadUnaligned(fromByteOffset: index &+ 48, as: SIMD16<UInt8>.self)
      let any = unsafeBitCast((a | b) | (c | d), to: SIMD2<UInt64>.self)
      if (any[0] | any[1]) & 0x8080_8080_8080_8080 != 0 { return false }
      index &+= 64
    }
    var any: UInt64 = 0
    while index &+ 8 <= count {
      any |= raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      index &+= 8
    }
    while index < count {
      any |= UInt64(bytes[index])
      index &+= 1
    }
    return any & 0x8080_8080_8080_8080 == 0
  }

  static func isValid(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let raw = UnsafeRawPointer(bytes)
    var index = 0
    while index < count {
      let first = bytes[index]
      if first < 0x80 {
        while index &+ 8 <= count,
          raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        { index &+= 8 }
        while index < count, bytes[index] < 0x80 { index &+= 1 }
        continue
      }
      let left = count &- index
      if first < 0xE0 {
        guard first >= 0xC2, left >= 2, bytes[index &+ 1] & 0xC0 == 0x80 else { return false }
        index &+= 2
      } else if first < 0xF0 {
        guard left >= 3, bytes[index &+ 1] & 0xC0 == 0x80, bytes[index &+ 2] & 0xC0 == 0x80 else { return false }
        let second = bytes[index &+ 1]
        // Neither overlong nor a surrogate.
        if first == 0xE0 && second < 0xA0 || first == 0xED && second >= 0xA0 { return false }
        index &+= 3
      } else {
        guard first <= 0xF4, left >= 4, bytes[index &+ 1] & 0xC0 == 0x80, bytes[index &+ 2] & 0xC0 == 0x80,
          bytes[index &+ 3] & 0xC0 == 0x80
        else { return false }
        let second = bytes[index &+ 1]
        if first == 0xF0 && second < 0x90 || first == 0xF4 && second >= 0x90 { return false }
        index &+= 4
      }
    }
    return true
  }
}
