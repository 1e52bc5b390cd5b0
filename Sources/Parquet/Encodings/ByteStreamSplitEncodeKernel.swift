/// Takes values apart: all first bytes, then all second bytes, and so on.
///
/// Spec: Parquet Encodings § Byte Stream Split
enum ByteStreamSplitEncoder {
  /// Appends the bytes of values of `width` bytes each, in `width` streams.
  static func append(_ values: UnsafeRawBufferPointer, width: Int, to target: inout EncodingBuffer) {
    precondition(width > 0 && values.count % width == 0, "whole values")
    guard let source = values.baseAddress, values.count > 0 else { return }
    let to = target.reserve(values.count)
    let count = values.count / width
    switch width {
    case 4: split(source, count, to, width: 4)
    case 8: split(source, count, to, width: 8)
    default: split(source, count, to, width: width)
    }
    target.fill(values.count)
  }

  /// Eight values at a time are transposed as a matrix of bytes: halves of it are swapped, then quarters, then bytes.
  @inline(__always)
  private static func split(_ source: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutableRawPointer, width: Int) {
    var value = 0
    if width == 4 {
      while value &+ 8 <= count {
        let from = source + value &* 4
        var (a, b) = (pair(from, 0, 4), pair(from, 1, 5))
        var (c, d) = (pair(from, 2, 6), pair(from, 3, 7))
        swap16(&a, &c)
        swap16(&b, &d)
        swap8(&a, &b)
        swap8(&c, &d)
        let to = target + value
        put(a, to)
        put(b, to + count)
        put(c, to + 2 &* count)
        put(d, to + 3 &* count)
        value &+= 8
      }
    } else if width == 8 {
      while value &+ 8 <= count {
        let from = source + value &* 8
        var (a, b, c, d) = (word(from, 0), word(from, 1), word(from, 2), word(from, 3))
        var (e, f, g, h) = (word(from, 4), word(from, 5), word(from, 6), word(from, 7))
        swap32(&a, &e)
        swap32(&b, &f)
        swap32(&c, &g)
        swap32(&d, &h)
        swap16(&a, &c)
        swap16(&b, &d)
        swap16(&e, &g)
        swap16(&f, &h)
        swap8(&a, &b)
        swap8(&c, &d)
        swap8(&e, &f)
        swap8(&g, &h)
        let to = target + value
        put(a, to)
        put(b, to + count)
        put(c, to + 2 &* count)
        put(d, to + 3 &* count)
        put(e, to + 4 &* count)
        put(f, to + 5 &* count)
        put(g, to + 6 &* count)
        put(h, to + 7 &* count)
        value &+= 8
      }
    }
    for stream in 0..<width {
      let from = source + stream
      let to = target + stream &* count
      for rest in value..<count {
        to.storeBytes(of: from.load(fromByteOffset: rest &* width, as: UInt8.self), toByteOffset: rest, as: UInt8.self)
      }
    }
  }

  @inline(__always) private static func word(_ source: UnsafeRawPointer, _ index: Int) -> UInt64 {
    UInt64(littleEndian: source.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self))
  }

  /// Two values of 4 bytes as one word.
  @inline(__always) private static func pair(_ source: UnsafeRawPointer, _ low: Int, _ high: Int) -> UInt64 {
    UInt64(UInt32(littleEndian: source.loadUnaligned(fromByteOffset: low &* 4, as: UInt32.self)))
      | UInt64(UInt32(littleEndian: source.loadUnaligned(fromByteOffset: high &* 4, as: UInt32.self))) &<< 32
  }

  @inline(__always) private static func put(_ word: UInt64, _ target: UnsafeMutableRawPointer) {
    target.storeBytes(of: word.littleEndian, as: UInt64.self)
  }

  @inline(__always) private static func swap32(_ a: inout UInt64, _ b: inout UInt64) {
    exchange(&a, &b, 32, 0x0000_0000_FFFF_FFFF)
  }

  @inline(__always) private static func swap16(_ a: inout UInt64, _ b: inout UInt64) {
    exchange(&a, &b, 16, 0x0000_FFFF_0000_FFFF)
  }

  @inline(__always) private static func swap8(_ a: inout UInt64, _ b: inout UInt64) {
    exchange(&a, &b, 8, 0x00FF_00FF_00FF_00FF)
  }

  /// The upper of each two parts of `a` for the lower one of `b`.
  @inline(__always)
  private static func exchange(_ a: inout UInt64, _ b: inout UInt64, _ bits: UInt64, _ mask: UInt64) {
    let difference = ((a &>> bits) ^ b) & mask
    a ^= difference &<< bits
    b ^= difference
  }
}
