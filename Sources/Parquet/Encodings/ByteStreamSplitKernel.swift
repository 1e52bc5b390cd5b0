/// Values taken apart: all first bytes, then all second bytes, and so on.
///
/// Spec: Parquet Encodings § Byte Stream Split
struct ByteStreamSplitDecoder {
  private let base: UnsafeRawPointer?
  private let width: Int
  private let count: Int
  private var index = 0

  init(_ bytes: UnsafeRawBufferPointer, width: Int) throws(DecodingFailure) {
    guard width > 0, bytes.count % width == 0 else {
      throw .damaged("\(bytes.count) bytes of byte-stream-split data are no whole values of \(width) bytes")
    }
    base = bytes.baseAddress
    self.width = width
    count = bytes.count / width
  }

  mutating func skip(_ count: Int) throws(DecodingFailure) {
    guard count <= self.count - index else { throw .damaged("byte-stream-split data ends early") }
    index += count
  }

  mutating func decode(_ count: Int, into target: UnsafeMutableRawPointer) throws(DecodingFailure) {
    let start = index
    try skip(count)
    guard count > 0, let base else { return }
    let source = base + start
    switch width {
    case 4: join(source, count, target, width: 4)
    case 8: join(source, count, target, width: 8)
    default: join(source, count, target, width: width)
    }
  }

  /// Blocks of 16 values: 16 bytes of each stream (8 for 8-byte values) are interleaved pairwise until they stand as values.
  @inline(__always)
  private func join(_ source: UnsafeRawPointer, _ count: Int, _ target: UnsafeMutableRawPointer, width: Int) {
    let stride = self.count
    var value = 0
    if width == 4 {
      while value &+ 16 <= count {
        let from = source + value
        let even = interleave(sixteen(from), sixteen(from + 2 &* stride))
        let odd = interleave(sixteen(from + stride), sixteen(from + 3 &* stride))
        (target + value &* 4).storeBytes(of: interleave(even, odd), as: SIMD64<UInt8>.self)
        value &+= 16
      }
    } else if width == 8 {
      while value &+ 8 <= count {
        let from = source + value
        let even = interleave(
          interleave(eight(from), eight(from + 4 &* stride)),
          interleave(eight(from + 2 &* stride), eight(from + 6 &* stride)))
        let odd = interleave(
          interleave(eight(from + stride), eight(from + 5 &* stride)),
          interleave(eight(from + 3 &* stride), eight(from + 7 &* stride)))
        (target + value &* 8).storeBytes(of: interleave(even, odd), as: SIMD64<UInt8>.self)
        value &+= 8
      }
    }
    for stream in 0..<width {
      let from = source + stream &* stride
      let to = target + stream
      for rest in value..<count {
        to.storeBytes(of: from.load(fromByteOffset: rest, as: UInt8.self), toByteOffset: rest &* width, as: UInt8.self)
      }
    }
  }

  @inline(__always) private func sixteen(_ source: UnsafeRawPointer) -> SIMD16<UInt8> {
    source.loadUnaligned(as: SIMD16<UInt8>.self)
  }
  @inline(__always) private func eight(_ source: UnsafeRawPointer) -> SIMD8<UInt8> {
    source.loadUnaligned(as: SIMD8<UInt8>.self)
  }
  @inline(__always) private func interleave(_ even: SIMD8<UInt8>, _ odd: SIMD8<UInt8>) -> SIMD16<UInt8> {
    var result = SIMD16<UInt8>()
    result.evenHalf = even
    result.oddHalf = odd
    return result
  }
  @inline(__always) private func interleave(_ even: SIMD16<UInt8>, _ odd: SIMD16<UInt8>) -> SIMD32<UInt8> {
    var result = SIMD32<UInt8>()
    result.evenHalf = even
    result.oddHalf = odd
    return result
  }
  @inline(__always) private func interleave(_ even: SIMD32<UInt8>, _ odd: SIMD32<UInt8>) -> SIMD64<UInt8> {
    var result = SIMD64<UInt8>()
    result.evenHalf = even
    result.oddHalf = odd
    return result
  }
}
