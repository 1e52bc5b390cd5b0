/// Little-endian bit packing, the reverse of ``BitUnpackKernel``: value `i` becomes bits `i * width ..< (i + 1) * width`.
///
/// The loops are unrolled for each width, which turns offsets and shifts into constants.
///
/// Spec: Parquet Encodings § Run Length Encoding / Bit-Packing Hybrid
enum BitPackKernel {
  /// Packs groups of eight values, the last one filled up with zeros. Values have no bits beyond `width`.
  ///
  /// - Parameters:
  ///   - width: 0 to 32.
  ///   - target: room for `width` bytes a group, and 8 more that may be written over.
  static func pack(_ values: UnsafePointer<UInt32>, count: Int, width: Int, into target: UnsafeMutableRawPointer) {
    pack(values, count, width, target, groups32)
  }

  /// The same for up to 64 bits.
  static func pack(_ values: UnsafePointer<UInt64>, count: Int, width: Int, into target: UnsafeMutableRawPointer) {
    pack(values, count, width, target, groups64)
  }

  /// The same for up to 8 bits.
  static func pack(_ values: UnsafePointer<UInt8>, count: Int, width: Int, into target: UnsafeMutableRawPointer) {
    pack(values, count, width, target, groups8)
  }

  @inline(__always)
  private static func pack<Value: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<Value>, _ count: Int, _ width: Int, _ target: UnsafeMutableRawPointer,
    _ kernel: (UnsafePointer<Value>, Int, Int, UnsafeMutableRawPointer) -> Void
  ) {
    guard width > 0 else { return }
    let groups = count >> 3
    kernel(values, width, groups, target)
    let rest = count & 7
    guard rest > 0 else { return }
    withUnsafeTemporaryAllocation(of: Value.self, capacity: 8) { group in
      guard let last = group.baseAddress else { return }
      last.initialize(repeating: 0, count: 8)
      last.update(from: values + groups &* 8, count: rest)
      kernel(last, width, 1, target + groups &* width)
    }
  }

  /// Inlined with a literal width, so that every offset, shift and condition below is a constant.
  @inline(__always)
  private static func unroll<Value: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<Value>, _ width: Int, _ groups: Int, _ target: UnsafeMutableRawPointer
  ) {
    var values = values
    var target = target
    for _ in 0..<groups {
      var word: UInt64 = 0
      place(values, width, 0, &word, target)
      place(values, width, 1, &word, target)
      place(values, width, 2, &word, target)
      place(values, width, 3, &word, target)
      place(values, width, 4, &word, target)
      place(values, width, 5, &word, target)
      place(values, width, 6, &word, target)
      place(values, width, 7, &word, target)
      if width & 7 != 0 {
        target.storeBytes(of: word.littleEndian, toByteOffset: (width &>> 3) &<< 3, as: UInt64.self)
      }
      values += 8
      target += width
    }
  }

  /// Adds a value to the word, which is stored as soon as it is full.
  @inline(__always)
  private static func place<Value: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<Value>, _ width: Int, _ index: Int, _ word: inout UInt64, _ target: UnsafeMutableRawPointer
  ) {
    let value = UInt64(truncatingIfNeeded: values[index])
    let start = index &* width
    let shift = start & 63
    word |= value &<< UInt64(shift)
    if shift &+ width >= 64 {
      target.storeBytes(of: word.littleEndian, toByteOffset: (start &>> 6) &<< 3, as: UInt64.self)
      word = shift == 0 ? 0 : value &>> UInt64(64 &- shift)
    }
  }

  /// Packs `groups` groups of eight values. Every group may write up to 8 bytes behind itself.
  private static func groups8(
    _ values: UnsafePointer<UInt8>, _ width: Int, _ groups: Int, _ target: UnsafeMutableRawPointer
  ) {
    switch width {
    case 1: unroll(values, 1, groups, target)
    case 2: unroll(values, 2, groups, target)
    case 3: unroll(values, 3, groups, target)
    case 4: unroll(values, 4, groups, target)
    case 5: unroll(values, 5, groups, target)
    case 6: unroll(values, 6, groups, target)
    case 7: unroll(values, 7, groups, target)
    case 8: unroll(values, 8, groups, target)
    default: break
    }
  }

  /// Packs `groups` groups of eight values. Every group may write up to 8 bytes behind itself.
  private static func groups32(
    _ values: UnsafePointer<UInt32>, _ width: Int, _ groups: Int, _ target: UnsafeMutableRawPointer
  ) {
    switch width {
    case 1: unroll(values, 1, groups, target)
    case 2: unroll(values, 2, groups, target)
    case 3: unroll(values, 3, groups, target)
    case 4: unroll(values, 4, groups, target)
    case 5: unroll(values, 5, groups, target)
    case 6: unroll(values, 6, groups, target)
    case 7: unroll(values, 7, groups, target)
    case 8: unroll(values, 8, groups, target)
    case 9: unroll(values, 9, groups, target)
    case 10: unroll(values, 10, groups, target)
    case 11: unroll(values, 11, groups, target)
    case 12: unroll(values, 12, groups, target)
    case 13: unroll(values, 13, groups, target)
    case 14: unroll(values, 14, groups, target)
    case 15: unroll(values, 15, groups, target)
    case 16: unroll(values, 16, groups, target)
    case 17: unroll(values, 17, groups, target)
    case 18: unroll(values, 18, groups, target)
    case 19: unroll(values, 19, groups, target)
    case 20: unroll(values, 20, groups, target)
    case 21: unroll(values, 21, groups, target)
    case 22: unroll(values, 22, groups, target)
    case 23: unroll(values, 23, groups, target)
    case 24: unroll(values, 24, groups, target)
    case 25: unroll(values, 25, groups, target)
    case 26: unroll(values, 26, groups, target)
    case 27: unroll(values, 27, groups, target)
    case 28: unroll(values, 28, groups, target)
    case 29: unroll(values, 29, groups, target)
    case 30: unroll(values, 30, groups, target)
    case 31: unroll(values, 31, groups, target)
    case 32: unroll(values, 32, groups, target)
    default: break
    }
  }

  /// Packs `groups` groups of eight values. Every group may write up to 8 bytes behind itself.
  private static func groups64(
    _ values: UnsafePointer<UInt64>, _ width: Int, _ groups: Int, _ target: UnsafeMutableRawPointer
  ) {
    switch width {
    case 1: unroll(values, 1, groups, target)
    case 2: unroll(values, 2, groups, target)
    case 3: unroll(values, 3, groups, target)
    case 4: unroll(values, 4, groups, target)
    case 5: unroll(values, 5, groups, target)
    case 6: unroll(values, 6, groups, target)
    case 7: unroll(values, 7, groups, target)
    case 8: unroll(values, 8, groups, target)
    case 9: unroll(values, 9, groups, target)
    case 10: unroll(values, 10, groups, target)
    case 11: unroll(values, 11, groups, target)
    case 12: unroll(values, 12, groups, target)
    case 13: unroll(values, 13, groups, target)
    case 14: unroll(values, 14, groups, target)
    case 15: unroll(values, 15, groups, target)
    case 16: unroll(values, 16, groups, target)
    case 17: unroll(values, 17, groups, target)
    case 18: unroll(values, 18, groups, target)
    case 19: unroll(values, 19, groups, target)
    case 20: unroll(values, 20, groups, target)
    case 21: unroll(values, 21, groups, target)
    case 22: unroll(values, 22, groups, target)
    case 23: unroll(values, 23, groups, target)
    case 24: unroll(values, 24, groups, target)
    case 25: unroll(values, 25, groups, target)
    case 26: unroll(values, 26, groups, target)
    case 27: unroll(values, 27, groups, target)
    case 28: unroll(values, 28, groups, target)
    case 29: unroll(values, 29, groups, target)
    case 30: unroll(values, 30, groups, target)
    case 31: unroll(values, 31, groups, target)
    case 32: unroll(values, 32, groups, target)
    case 33: unroll(values, 33, groups, target)
    case 34: unroll(values, 34, groups, target)
    case 35: unroll(values, 35, groups, target)
    case 36: unroll(values, 36, groups, target)
    case 37: unroll(values, 37, groups, target)
    case 38: unroll(values, 38, groups, target)
    case 39: unroll(values, 39, groups, target)
    case 40: unroll(values, 40, groups, target)
    case 41: unroll(values, 41, groups, target)
    case 42: unroll(values, 42, groups, target)
    case 43: unroll(values, 43, groups, target)
    case 44: unroll(values, 44, groups, target)
    case 45: unroll(values, 45, groups, target)
    case 46: unroll(values, 46, groups, target)
    case 47: unroll(values, 47, groups, target)
    case 48: unroll(values, 48, groups, target)
    case 49: unroll(values, 49, groups, target)
    case 50: unroll(values, 50, groups, target)
    case 51: unroll(values, 51, groups, target)
    case 52: unroll(values, 52, groups, target)
    case 53: unroll(values, 53, groups, target)
    case 54: unroll(values, 54, groups, target)
    case 55: unroll(values, 55, groups, target)
    case 56: unroll(values, 56, groups, target)
    case 57: unroll(values, 57, groups, target)
    case 58: unroll(values, 58, groups, target)
    case 59: unroll(values, 59, groups, target)
    case 60: unroll(values, 60, groups, target)
    case 61: unroll(values, 61, groups, target)
    case 62: unroll(values, 62, groups, target)
    case 63: unroll(values, 63, groups, target)
    case 64: unroll(values, 64, groups, target)
    default: break
    }
  }
}
