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

  /// Blocks of 64 bytes are parted into even and odd bytes until each part is one stream's.
  @inline(__always)
  private static func split(_ source: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutableRawPointer, width: Int) {
    var value = 0
    if width == 4 {
      while value &+ 16 <= count {
        let block = (source + value &* 4).loadUnaligned(as: SIMD64<UInt8>.self)
        let (even, odd) = (block.evenHalf, block.oddHalf)
        let to = target + value
        to.storeBytes(of: even.evenHalf, as: SIMD16<UInt8>.self)
        to.storeBytes(of: odd.evenHalf, toByteOffset: count, as: SIMD16<UInt8>.self)
        to.storeBytes(of: even.oddHalf, toByteOffset: 2 &* count, as: SIMD16<UInt8>.self)
        to.storeBytes(of: odd.oddHalf, toByteOffset: 3 &* count, as: SIMD16<UInt8>.self)
        value &+= 16
      }
    } else if width == 8 {
      while value &+ 8 <= count {
        let block = (source + value &* 8).loadUnaligned(as: SIMD64<UInt8>.self)
        let (even, odd) = (block.evenHalf, block.oddHalf)
        let to = target + value
        store(even.evenHalf, to, count, 0, 4)
        store(odd.evenHalf, to, count, 1, 5)
        store(even.oddHalf, to, count, 2, 6)
        store(odd.oddHalf, to, count, 3, 7)
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

  @inline(__always)
  private static func store(
    _ bytes: SIMD16<UInt8>, _ target: UnsafeMutableRawPointer, _ count: Int, _ even: Int, _ odd: Int
  ) {
    target.storeBytes(of: bytes.evenHalf, toByteOffset: even &* count, as: SIMD8<UInt8>.self)
    target.storeBytes(of: bytes.oddHalf, toByteOffset: odd &* count, as: SIMD8<UInt8>.self)
  }
}
