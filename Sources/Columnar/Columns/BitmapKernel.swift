// Loops over the words of bitmaps. Results come from the buffer pool, so that whole words may be written: the bytes
// past the end are padding. Inputs may be somebody else's memory without padding, so whole words are read only as far
// as the buffer's own bytes reach.

extension Bitmap {
  /// A bitmap to be filled word by word; the padding takes what is written past the end.
  static func uninitialized(count: Int) -> Bitmap {
    Bitmap(buffer: Buffer(uninitialized: (count + 7) / 8), count: count)
  }

  /// The words while they are being filled.
  var mutableWords: UnsafeMutablePointer<UInt64> { buffer.mutablePointer.assumingMemoryBound(to: UInt64.self) }

  static func wordCount(_ count: Int) -> Int { (count + 63) >> 6 }

  /// Bits `index * 64 ..< index * 64 + 64`, zeros where the buffer ends.
  @inline(__always) func word(_ index: Int) -> UInt64 {
    let start = index << 3
    if start &+ 8 <= buffer.count {
      return UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: start, as: UInt64.self)
    }
    var word: UInt64 = 0
    var shift: UInt64 = 0
    var at = start
    while at < buffer.count {
      word |= UInt64(bytes[at]) &<< shift
      shift &+= 8
      at &+= 1
    }
    return word
  }

  /// The words that lie entirely in the buffer.
  @inline(__always) var wholeWords: Int { min(buffer.count >> 3, Self.wordCount(count)) }

  @inline(__always)
  func combined(with other: Bitmap, _ body: (UInt64, UInt64) -> UInt64) -> Bitmap {
    precondition(count == other.count, "bitmaps of one length")
    let result = Bitmap.uninitialized(count: count)
    let target = result.mutableWords
    let whole = min(wholeWords, other.wholeWords)
    let a = UnsafeRawPointer(bytes)
    let b = UnsafeRawPointer(other.bytes)
    for index in 0..<whole {
      target[index] = body(
        a.loadUnaligned(fromByteOffset: index &<< 3, as: UInt64.self),
        b.loadUnaligned(fromByteOffset: index &<< 3, as: UInt64.self))
    }
    for index in whole..<max(whole, Self.wordCount(count)) { target[index] = body(word(index), other.word(index)) }
    withExtendedLifetime((buffer, other.buffer)) {}
    return result
  }

  /// The rows of the set bits, ascending, as `Int32`.
  package func setIndices() -> Buffer {
    let total = setCount
    let result = Buffer(uninitialized: total * 4)
    let target = result.mutablePointer.assumingMemoryBound(to: Int32.self)
    var filled = 0
    for index in 0..<Self.wordCount(count) {
      var bits = word(index)
      let left = count &- index &<< 6
      if left < 64 { bits &= (1 &<< UInt64(left)) &- 1 }
      let base = Int32(truncatingIfNeeded: index &<< 6)
      if bits == .max {
        for bit in 0..<64 { target[filled &+ bit] = base &+ Int32(truncatingIfNeeded: bit) }
        filled &+= 64
        continue
      }
      while bits != 0 {
        target[filled] = base &+ Int32(truncatingIfNeeded: bits.trailingZeroBitCount)
        filled &+= 1
        bits &= bits &- 1
      }
    }
    withExtendedLifetime(buffer) {}
    return result
  }

  /// Bit `i` of the result is bit `indices[i]` of this bitmap; the indices are inside.
  func gathered(_ indices: UnsafePointer<Int32>, count: Int) -> Bitmap {
    let result = Bitmap.uninitialized(count: count)
    let target = result.mutableWords
    let source = bytes
    var row = 0
    while row < count {
      var word: UInt64 = 0
      let end = min(64, count &- row)
      for bit in 0..<end {
        let index = Int(indices[row &+ bit])
        word |= UInt64((source[index &>> 3] &>> UInt8(truncatingIfNeeded: index & 7)) & 1) &<< UInt64(bit)
      }
      target[row &>> 6] = word
      row &+= 64
    }
    withExtendedLifetime(buffer) {}
    return result
  }

  /// Writes the bits of this bitmap into `target` from bit `start` on. Bits from `start` on are clear before.
  func append(to target: UnsafeMutablePointer<UInt8>, at start: Int) {
    let shift = UInt64(start & 7)
    var at = start >> 3
    for index in 0..<Self.wordCount(count) {
      var bits = word(index)
      let left = count &- index &<< 6
      if left < 64 { bits &= (1 &<< UInt64(left)) &- 1 }
      let raw = UnsafeMutableRawPointer(target + at)
      let low = raw.loadUnaligned(as: UInt64.self) | bits &<< shift
      raw.storeBytes(of: low, as: UInt64.self)
      if shift != 0 { target[at &+ 8] = UInt8(truncatingIfNeeded: bits &>> (64 &- shift)) }
      at &+= 8
    }
    withExtendedLifetime(buffer) {}
  }
}
