/// The writing side of the hybrid of run lengths and bit packing: levels, dictionary codes, booleans.
///
/// Runs are looked for in groups of eight values. Groups that are no part of a run long enough to save bytes are packed
/// together under one header; only the last group of all may be filled up.
///
/// Spec: Parquet Encodings § Run Length Encoding / Bit-Packing Hybrid
enum RunLengthBitPackedEncoder {
  /// The bits that codes of a dictionary of that many values need; at least 1, since some readers can't do with 0.
  static func codeWidth(dictionaryCount: Int) -> Int { max(1, width(maximum: max(0, dictionaryCount - 1))) }

  /// The bits that levels up to a maximum need.
  static func width(maximum: Int) -> Int { Int.bitWidth - maximum.leadingZeroBitCount }

  /// Dictionary codes: each below `1 << width`, `width` up to 32.
  static func encode(_ codes: UnsafePointer<UInt32>, count: Int, width: Int, into target: inout EncodingBuffer) {
    encode(codes, count, width, &target) { codes in
      let raw = UnsafeRawPointer(codes)
      let first = raw.loadUnaligned(as: UInt64.self)
      let differs =
        (first ^ raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        | (first ^ raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        | (first ^ raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self)) | (first ^ (first &<< 32 | first &>> 32))
      return differs == 0
    } pack: {
      BitPackKernel.pack($0, count: $1, width: width, into: $2)
    }
  }

  /// Levels, a byte each: below `1 << width`, `width` up to 8.
  static func encode(_ levels: UnsafePointer<UInt8>, count: Int, width: Int, into target: inout EncodingBuffer) {
    encode(levels, count, width, &target) { levels in
      let word = UnsafeRawPointer(levels).loadUnaligned(as: UInt64.self)
      return word == UInt64(levels.pointee) &* 0x0101_0101_0101_0101
    } pack: {
      BitPackKernel.pack($0, count: $1, width: width, into: $2)
    }
  }

  /// `count` copies of one value.
  static func encode(repeating value: UInt32, count: Int, width: Int, into target: inout EncodingBuffer) {
    guard count > 0 else { return }
    let valueBytes = (width + 7) >> 3
    target.append(varint: UInt64(count) << 1)
    target.reserve(valueBytes).storeBytes(of: value.littleEndian, as: UInt32.self)
    target.fill(valueBytes)
  }

  /// Bits as values of width 1: booleans, and the definition levels of a column that can be null.
  static func encode(bits: UnsafeRawPointer, count: Int, into target: inout EncodingBuffer) {
    let bytes = bits.assumingMemoryBound(to: UInt8.self)
    /// Where the packed bytes begin that are not written yet.
    var packed = 0
    var index = 0
    let whole = count >> 3
    while index < whole {
      let byte = bytes[index]
      guard byte == 0 || byte == 0xFF else {
        index &+= 1
        continue
      }
      var end = index &+ 1
      let word: UInt64 = byte == 0 ? 0 : .max
      while end &+ 8 <= whole, bits.loadUnaligned(fromByteOffset: end, as: UInt64.self) == word { end &+= 8 }
      while end < whole, bytes[end] == byte { end &+= 1 }
      let rest = count & 7
      let reachesEnd = end == whole && (bytes + end).restIsUniform(rest, like: byte)
      let values = reachesEnd ? count &- index &<< 3 : (end &- index) &<< 3
      if values >= minimumRun(width: 1) || (packed == index && reachesEnd) {
        flush(bytes: bits, packed, index, &target)
        encode(repeating: byte == 0 ? 0 : 1, count: values, width: 1, into: &target)
        packed = end
        if reachesEnd { return }
      }
      index = end
    }
    flush(bytes: bits, packed, whole, &target, rest: count & 7)
  }

  /// The fewest copies for which leaving a packed run and beginning another one doesn't cost more than it saves.
  private static func minimumRun(width: Int) -> Int {
    let header = 4 + (width + 7) >> 3
    return width == 0 ? 1 : max(8, (header + width - 1) / width * 8)
  }

  @inline(__always)
  private static func encode<Value: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafePointer<Value>, _ count: Int, _ width: Int, _ target: inout EncodingBuffer,
    isUniform: (UnsafePointer<Value>) -> Bool, pack: (UnsafePointer<Value>, Int, UnsafeMutableRawPointer) -> Void
  ) {
    let minimum = minimumRun(width: width)
    var packed = 0
    var index = 0
    @inline(__always) func flush(_ end: Int) {
      guard end > packed else { return }
      let groups = (end &- packed &+ 7) >> 3
      target.append(varint: UInt64(groups) << 1 | 1)
      let bytes = groups &* width
      pack(values + packed, end &- packed, target.reserve(bytes))
      target.fill(bytes)
    }
    while index &+ 8 <= count {
      guard isUniform(values + index) else {
        index &+= 8
        continue
      }
      let value = values[index]
      var end = index &+ 8
      while end &+ 8 <= count, values[end] == value, isUniform(values + end) { end &+= 8 }
      while end < count, values[end] == value { end &+= 1 }
      if end &- index >= minimum || (packed == index && end == count) {
        flush(index)
        encode(repeating: UInt32(truncatingIfNeeded: value), count: end &- index, width: width, into: &target)
        (packed, index) = (end, end)
      } else {
        index &+= (end &- index) & ~7
      }
    }
    if packed == index, index < count, (index..<count).allSatisfy({ values[$0] == values[index] }) {
      encode(
        repeating: UInt32(truncatingIfNeeded: values[index]), count: count &- index, width: width, into: &target)
    } else {
      flush(count)
    }
  }

  /// Writes bytes of bits as one packed run, with `rest` more bits from the byte behind them.
  private static func flush(
    bytes: UnsafeRawPointer, _ start: Int, _ end: Int, _ target: inout EncodingBuffer, rest: Int = 0
  ) {
    let count = end &- start &+ (rest > 0 ? 1 : 0)
    guard count > 0 else { return }
    target.append(varint: UInt64(count) << 1 | 1)
    target.append(UnsafeRawBufferPointer(start: bytes + start, count: count &- (rest > 0 ? 1 : 0)))
    if rest > 0 { target.append(byte: bytes.load(fromByteOffset: end, as: UInt8.self) & (1 << UInt8(rest) &- 1)) }
  }
}

extension UnsafePointer<UInt8> {
  /// Whether the lowest `count` bits, up to 7, are those of `byte`. With none, nothing is read.
  fileprivate func restIsUniform(_ count: Int, like byte: UInt8) -> Bool {
    count == 0 || (pointee ^ byte) & (1 << UInt8(count) &- 1) == 0
  }
}
