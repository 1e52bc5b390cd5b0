/// Little-endian bit unpacking: value `i` is bits `i * width ..< (i + 1) * width`, the least significant bit of a byte
/// first, so that eight values fill `width` bytes.
///
/// The loops are unrolled for each width, which turns loads and shifts into constants.
///
/// Spec: Parquet Encodings § Run Length Encoding / Bit-Packing Hybrid
enum BitUnpackKernel {
  /// The most values of a width that `byteCount` bytes hold.
  static func capacity(byteCount: Int, width: Int) -> Int {
    width == 0 ? Int.max : byteCount * 8 / width
  }

  /// Unpacks values `start ..< start + count`. The caller has checked that `bytes` hold them; nothing outside of
  /// `bytes` is read.
  static func unpack(
    _ bytes: UnsafeRawBufferPointer, width: Int, from start: Int, count: Int, into target: UnsafeMutablePointer<UInt32>
  ) {
    unpack(bytes, width, start, count, target, groups32)
  }

  /// The same for up to 64 bits.
  static func unpack(
    _ bytes: UnsafeRawBufferPointer, width: Int, from start: Int, count: Int, into target: UnsafeMutablePointer<UInt64>
  ) {
    unpack(bytes, width, start, count, target, groups64)
  }

  /// The same for up to 8 bits.
  static func unpack(
    _ bytes: UnsafeRawBufferPointer, width: Int, from start: Int, count: Int, into target: UnsafeMutablePointer<UInt8>
  ) {
    unpack(bytes, width, start, count, target, groups8)
  }

  @inline(__always)
  private static func unpack<Value: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ width: Int, _ start: Int, _ count: Int, _ target: UnsafeMutablePointer<Value>,
    _ kernel: (UnsafeRawPointer, Int, Int, UnsafeMutablePointer<Value>) -> Void
  ) {
    guard width > 0, let base = bytes.baseAddress else {
      target.update(repeating: 0, count: count)
      return
    }
    assert(start >= 0 && count >= 0 && start + count <= capacity(byteCount: bytes.count, width: width))
    var done = 0
    let head = min(count, -start & 7)
    while done < head {
      target[done] = Value(truncatingIfNeeded: value(base, bytes.count, width, start &+ done))
      done &+= 1
    }
    let offset = (start &+ done) >> 3 &* width
    // Loads of a group reach at most 8 bytes behind it.
    let fast = min((count &- done) >> 3, max(0, bytes.count &- offset &- 8) / width)
    kernel(base + offset, width, fast, target + done)
    done &+= fast &* 8
    while done < count {
      target[done] = Value(truncatingIfNeeded: value(base, bytes.count, width, start &+ done))
      done &+= 1
    }
  }

  /// One value, never reading behind the bytes.
  private static func value(_ base: UnsafeRawPointer, _ byteCount: Int, _ width: Int, _ index: Int) -> UInt64 {
    let bit = index &* width
    var byte = bit >> 3
    var result = UInt64(base.load(fromByteOffset: byte, as: UInt8.self)) >> UInt64(bit & 7)
    var have = 8 &- (bit & 7)
    while have < width {
      byte &+= 1
      result |= UInt64(base.load(fromByteOffset: byte, as: UInt8.self)) << UInt64(have)
      have &+= 8
    }
    return width == 64 ? result : result & ((1 &<< UInt64(width)) &- 1)
  }

  /// Inlined with a literal width, so that every offset and shift below is a constant.
  @inline(__always)
  private static func unroll<Value: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ width: Int, _ groups: Int, _ target: UnsafeMutablePointer<Value>
  ) {
    let mask: UInt64 = width == 64 ? ~0 : (1 &<< UInt64(width)) &- 1
    var source = source
    var target = target
    for _ in 0..<groups {
      if width <= 8 {
        let word = UInt64(littleEndian: source.loadUnaligned(as: UInt64.self))
        target[0] = Value(truncatingIfNeeded: word & mask)
        target[1] = Value(truncatingIfNeeded: (word &>> UInt64(width)) & mask)
        target[2] = Value(truncatingIfNeeded: (word &>> UInt64(2 &* width)) & mask)
        target[3] = Value(truncatingIfNeeded: (word &>> UInt64(3 &* width)) & mask)
        target[4] = Value(truncatingIfNeeded: (word &>> UInt64(4 &* width)) & mask)
        target[5] = Value(truncatingIfNeeded: (word &>> UInt64(5 &* width)) & mask)
        target[6] = Value(truncatingIfNeeded: (word &>> UInt64(6 &* width)) & mask)
        target[7] = Value(truncatingIfNeeded: (word &>> UInt64(7 &* width)) & mask)
      } else {
        target[0] = one(source, width, 0, mask)
        target[1] = one(source, width, 1, mask)
        target[2] = one(source, width, 2, mask)
        target[3] = one(source, width, 3, mask)
        target[4] = one(source, width, 4, mask)
        target[5] = one(source, width, 5, mask)
        target[6] = one(source, width, 6, mask)
        target[7] = one(source, width, 7, mask)
      }
      source += width
      target += 8
    }
  }

  @inline(__always)
  private static func one<Value: FixedWidthInteger>(
    _ source: UnsafeRawPointer, _ width: Int, _ index: Int, _ mask: UInt64
  ) -> Value {
    let bit = index &* width
    let shift = UInt64(bit & 7)
    var word = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self)) &>> shift
    if width > 57, Int(shift) &+ width > 64 {
      word |= UInt64(source.load(fromByteOffset: (bit &>> 3) &+ 8, as: UInt8.self)) &<< (64 &- shift)
    }
    return Value(truncatingIfNeeded: word & mask)
  }

  /// Unpacks `groups` groups of eight values. Every group may load up to 8 bytes behind itself.
  private static func groups8(
    _ source: UnsafeRawPointer, _ width: Int, _ groups: Int, _ target: UnsafeMutablePointer<UInt8>
  ) {
    widths1To8(source, width, groups, target)
  }

  /// Unpacks `groups` groups of eight values. Every group may load up to 8 bytes behind itself.
  private static func groups32(
    _ source: UnsafeRawPointer, _ width: Int, _ groups: Int, _ target: UnsafeMutablePointer<UInt32>
  ) {
    if width <= 8 {
      widths1To8(source, width, groups, target)
    } else {
      widths9To32(source, width, groups, target)
    }
  }

  /// Unpacks `groups` groups of eight values. Every group may load up to 8 bytes behind itself.
  private static func groups64(
    _ source: UnsafeRawPointer, _ width: Int, _ groups: Int, _ target: UnsafeMutablePointer<UInt64>
  ) {
    if width <= 8 {
      widths1To8(source, width, groups, target)
    } else if width <= 32 {
      widths9To32(source, width, groups, target)
    } else {
      widths33To64(source, width, groups, target)
    }
  }

  // A case for each width, so that it is a literal.

  @inline(__always)
  private static func widths1To8<Value: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ width: Int, _ groups: Int, _ target: UnsafeMutablePointer<Value>
  ) {
    switch width {
    case 1: unroll(source, 1, groups, target)
    case 2: unroll(source, 2, groups, target)
    case 3: unroll(source, 3, groups, target)
    case 4: unroll(source, 4, groups, target)
    case 5: unroll(source, 5, groups, target)
    case 6: unroll(source, 6, groups, target)
    case 7: unroll(source, 7, groups, target)
    case 8: unroll(source, 8, groups, target)
    default: break
    }
  }

  @inline(__always)
  private static func widths9To32<Value: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ width: Int, _ groups: Int, _ target: UnsafeMutablePointer<Value>
  ) {
    switch width {
    case 9: unroll(source, 9, groups, target)
    case 10: unroll(source, 10, groups, target)
    case 11: unroll(source, 11, groups, target)
    case 12: unroll(source, 12, groups, target)
    case 13: unroll(source, 13, groups, target)
    case 14: unroll(source, 14, groups, target)
    case 15: unroll(source, 15, groups, target)
    case 16: unroll(source, 16, groups, target)
    case 17: unroll(source, 17, groups, target)
    case 18: unroll(source, 18, groups, target)
    case 19: unroll(source, 19, groups, target)
    case 20: unroll(source, 20, groups, target)
    case 21: unroll(source, 21, groups, target)
    case 22: unroll(source, 22, groups, target)
    case 23: unroll(source, 23, groups, target)
    case 24: unroll(source, 24, groups, target)
    case 25: unroll(source, 25, groups, target)
    case 26: unroll(source, 26, groups, target)
    case 27: unroll(source, 27, groups, target)
    case 28: unroll(source, 28, groups, target)
    case 29: unroll(source, 29, groups, target)
    case 30: unroll(source, 30, groups, target)
    case 31: unroll(source, 31, groups, target)
    case 32: unroll(source, 32, groups, target)
    default: break
    }
  }

  @inline(__always)
  private static func widths33To64<Value: FixedWidthInteger & BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ width: Int, _ groups: Int, _ target: UnsafeMutablePointer<Value>
  ) {
    switch width {
    case 33: unroll(source, 33, groups, target)
    case 34: unroll(source, 34, groups, target)
    case 35: unroll(source, 35, groups, target)
    case 36: unroll(source, 36, groups, target)
    case 37: unroll(source, 37, groups, target)
    case 38: unroll(source, 38, groups, target)
    case 39: unroll(source, 39, groups, target)
    case 40: unroll(source, 40, groups, target)
    case 41: unroll(source, 41, groups, target)
    case 42: unroll(source, 42, groups, target)
    case 43: unroll(source, 43, groups, target)
    case 44: unroll(source, 44, groups, target)
    case 45: unroll(source, 45, groups, target)
    case 46: unroll(source, 46, groups, target)
    case 47: unroll(source, 47, groups, target)
    case 48: unroll(source, 48, groups, target)
    case 49: unroll(source, 49, groups, target)
    case 50: unroll(source, 50, groups, target)
    case 51: unroll(source, 51, groups, target)
    case 52: unroll(source, 52, groups, target)
    case 53: unroll(source, 53, groups, target)
    case 54: unroll(source, 54, groups, target)
    case 55: unroll(source, 55, groups, target)
    case 56: unroll(source, 56, groups, target)
    case 57: unroll(source, 57, groups, target)
    case 58: unroll(source, 58, groups, target)
    case 59: unroll(source, 59, groups, target)
    case 60: unroll(source, 60, groups, target)
    case 61: unroll(source, 61, groups, target)
    case 62: unroll(source, 62, groups, target)
    case 63: unroll(source, 63, groups, target)
    case 64: unroll(source, 64, groups, target)
    default: break
    }
  }
}
