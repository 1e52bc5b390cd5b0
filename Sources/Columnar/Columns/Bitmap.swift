/// One bit a row, least significant bit first, as Arrow lays them out.
///
/// As a column's validity a set bit is a value and a clear one a null. Bits past ``count`` are unspecified.
public struct Bitmap: Sendable {
  public let buffer: Buffer
  /// The bits.
  public let count: Int

  /// `buffer` holds at least `(count + 7) / 8` bytes.
  public init(buffer: Buffer, count: Int) {
    precondition(buffer.count * 8 >= count, "buffer too short for the bitmap")
    self.buffer = buffer
    self.count = count
  }

  public init(repeating bit: Bool, count: Int) {
    let bytes = Buffer(uninitialized: (count + 7) / 8)
    bytes.mutablePointer.initializeMemory(as: UInt8.self, repeating: bit ? 0xFF : 0, count: bytes.count)
    self.init(buffer: bytes, count: count)
  }

  public init(_ bits: [Bool]) {
    let bytes = Buffer(zeroed: (bits.count + 7) / 8)
    let pointer = bytes.mutablePointer.assumingMemoryBound(to: UInt8.self)
    for (index, bit) in bits.enumerated() where bit { pointer[index >> 3] |= 1 << UInt8(index & 7) }
    self.init(buffer: bytes, count: bits.count)
  }

  /// A bit for each byte: set unless the byte is 0.
  package init(nonzero bytes: [UInt8]) {
    let bits = Buffer(zeroed: (bytes.count + 7) / 8)
    let pointer = bits.mutablePointer.assumingMemoryBound(to: UInt8.self)
    bytes.withUnsafeBufferPointer { bytes in
      for index in 0..<bytes.count where bytes[index] != 0 { pointer[index >> 3] |= 1 << UInt8(index & 7) }
    }
    self.init(buffer: bits, count: bytes.count)
  }

  /// Convenient, not fast: for hot loops take the bytes.
  public subscript(index: Int) -> Bool {
    precondition(index >= 0 && index < count, "bit outside of the bitmap")
    return isSet(index)
  }

  @inlinable package func isSet(_ index: Int) -> Bool {
    (bytes[index >> 3] >> UInt8(truncatingIfNeeded: index & 7)) & 1 != 0
  }

  /// The bytes, for as long as the bitmap is held.
  @usableFromInline package var bytes: UnsafePointer<UInt8> { buffer.pointer.assumingMemoryBound(to: UInt8.self) }

  /// The set bits in all; O(count / 64).
  public var setCount: Int { setCount(in: 0..<count) }

  /// The set bits in a range; O(range / 64).
  public func setCount(in range: Range<Int>) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside of the bitmap")
    defer { withExtendedLifetime(buffer) {} }
    var total = 0
    var index = range.lowerBound
    let end = range.upperBound
    while index < end, index & 7 != 0 {
      total += isSet(index) ? 1 : 0
      index += 1
    }
    while end - index >= 64 {
      total += UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: index >> 3, as: UInt64.self).nonzeroBitCount
      index += 64
    }
    while index < end {
      total += isSet(index) ? 1 : 0
      index += 1
    }
    return total
  }

  /// A copy of a range of bits, starting at bit 0 of its own buffer.
  public func slice(_ range: Range<Int>) -> Bitmap {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside of the bitmap")
    if range.lowerBound & 7 == 0 {
      return Bitmap(buffer: buffer.slice(range.lowerBound >> 3..<(range.upperBound + 7) >> 3), count: range.count)
    }
    let result = Buffer(uninitialized: (range.count + 7) / 8)
    let target = result.mutablePointer.assumingMemoryBound(to: UInt8.self)
    let source = bytes
    let shift = UInt8(range.lowerBound & 7)
    let first = range.lowerBound >> 3
    let last = (count - 1) >> 3
    for index in 0..<result.count {
      let low = source[first + index] >> shift
      let high = first + index < last ? source[first + index + 1] << (8 - shift) : 0
      target[index] = low | high
    }
    return Bitmap(buffer: result, count: range.count)
  }
}
