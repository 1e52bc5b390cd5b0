/// Decimals beyond 38 digits: big-endian two's complement bytes of any length, as Parquet stores them.
extension TextBuffer {
  /// The longest number that is printed. Printing takes time with the square of the length.
  package static let maximumDecimalBytes = 16_384

  /// Appends `bytes / 10^scale` with all its digits. No bytes are zero.
  ///
  /// - Returns: `false`, with nothing appended, for a number that takes more than ``maximumDecimalBytes``.
  package mutating func append(bigEndianDecimal bytes: UnsafeRawBufferPointer, scale: Int) -> Bool {
    let isNegative = (bytes.first ?? 0) & 0x80 != 0
    let padding: UInt8 = isNegative ? 0xFF : 0
    let significant = UnsafeRawBufferPointer(rebasing: bytes.drop { $0 == padding })
    if significant.count < 16 {
      var value: Int128 = isNegative ? -1 : 0
      for byte in significant { value = value << 8 | Int128(byte) }
      append(decimal: value, scale: scale)
      return true
    }
    guard significant.count <= Self.maximumDecimalBytes else { return false }
    let digits = Self.digits(ofMagnitude: significant, isNegative: isNegative)
    digits.withUnsafeBufferPointer { append(digits: $0, isNegative: isNegative, scale: scale) }
    return true
  }

  /// Divides by 10^9 again and again, 32 bits of the number at a time.
  private static func digits(ofMagnitude bytes: UnsafeRawBufferPointer, isNegative: Bool) -> [UInt8] {
    // One word more than the bytes need: the magnitude of -2^n has a bit more.
    var words = [UInt32](repeating: isNegative ? .max : 0, count: bytes.count / 4 + 2)
    for (index, byte) in bytes.enumerated() {
      let place = bytes.count - 1 - index
      let word = words.count - 1 - place / 4
      let shift = UInt32(8 * (place % 4))
      words[word] = words[word] & ~(0xFF << shift) | UInt32(byte) << shift
    }
    if isNegative {
      var carry = true
      for index in words.indices.reversed() {
        words[index] = ~words[index]
        if carry { (words[index], carry) = words[index].addingReportingOverflow(1) }
      }
    }
    let divisor: UInt64 = 1_000_000_000
    var chunks: [UInt64] = []
    var first = 0
    while first < words.count {
      if words[first] == 0 {
        first += 1
        continue
      }
      var remainder: UInt64 = 0
      for index in first..<words.count {
        let (quotient, rest) = (remainder << 32 | UInt64(words[index])).quotientAndRemainder(dividingBy: divisor)
        words[index] = UInt32(quotient)
        remainder = rest
      }
      chunks.append(remainder)
    }
    var text = Array(String(chunks.last ?? 0).utf8)
    for chunk in chunks.dropLast().reversed() {
      let digits = String(chunk).utf8
      text.append(contentsOf: repeatElement(0x30, count: 9 - digits.count))
      text.append(contentsOf: digits)
    }
    return text
  }
}
