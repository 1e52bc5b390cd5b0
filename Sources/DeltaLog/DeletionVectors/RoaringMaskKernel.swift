internal import Columnar

extension RoaringContainer {
  /// Sets the bits of this block's numbers in a bitmap of `count` bits, in which number 0 would be bit `origin`.
  ///
  /// The origin may be negative; numbers that fall outside of the bitmap are left out.
  func setBits(in buffer: Buffer, from origin: Int, count: Int) {
    precondition(buffer.count >= (count + 7) / 8, "a bitmap long enough")
    let bits = buffer.mutablePointer.assumingMemoryBound(to: UInt8.self)
    let first = max(0, -origin)
    let end = min(65_536, count - origin)
    guard first < end else { return }
    switch self {
    case .array(let numbers):
      numbers.withUnsafeBufferPointer { numbers in
        var index = lowerBound(of: numbers.count) { Int(numbers[$0]) < first }
        while index < numbers.count {
          let number = Int(numbers[index])
          if number >= end { break }
          let bit = origin &+ number
          bits[bit >> 3] |= 1 << UInt8(truncatingIfNeeded: bit & 7)
          index &+= 1
        }
      }
    case .runs(let runs):
      var index = lowerBound(of: runs.count) { runs[$0].last < first }
      while index < runs.count, Int(runs[index].first) < end {
        Self.fill(bits, origin + max(first, Int(runs[index].first))..<origin + min(end, runs[index].last + 1))
        index += 1
      }
    case .bitmap(let words, _):
      words.withUnsafeBufferPointer { words in
        for index in first >> 6...(end - 1) >> 6 {
          var word = words[index]
          if word == 0 { continue }
          let start = index << 6
          if start < first { word &= ~0 << UInt64(first - start) }
          if start + 64 > end { word &= ~0 >> UInt64(start + 64 - end) }
          while word != 0 {
            let bit = origin &+ start &+ word.trailingZeroBitCount
            bits[bit >> 3] |= 1 << UInt8(truncatingIfNeeded: bit & 7)
            word &= word &- 1
          }
        }
      }
    }
  }

  /// Sets a range of bits, which is inside of the bitmap.
  private static func fill(_ bits: UnsafeMutablePointer<UInt8>, _ range: Range<Int>) {
    var bit = range.lowerBound
    while bit < range.upperBound, bit & 7 != 0 {
      bits[bit >> 3] |= 1 << UInt8(truncatingIfNeeded: bit & 7)
      bit &+= 1
    }
    while bit &+ 8 <= range.upperBound {
      bits[bit >> 3] = 0xFF
      bit &+= 8
    }
    while bit < range.upperBound {
      bits[bit >> 3] |= 1 << UInt8(truncatingIfNeeded: bit & 7)
      bit &+= 1
    }
  }
}
