/// Decimal text of integers, two digits at a time.
extension TextBuffer {
  package mutating func append(integer value: Int64) {
    reserve(20)
    if value < 0 {
      base[count] = 0x2D
      count &+= 1
    }
    count &+= DecimalDigits.write(value.magnitude, to: end)
  }

  package mutating func append(unsigned value: UInt64) {
    reserve(20)
    count &+= DecimalDigits.write(value, to: end)
  }

  /// Zeros in front up to `width` digits, which is at most 20; the value may need more.
  package mutating func append(_ value: Int, paddedTo width: Int) {
    reserve(21)
    if value < 0 { append(0x2D) }
    let digits = DecimalDigits.count(UInt64(value.magnitude))
    append(repeating: 0x30, count: width - digits)
    reserve(20)
    count &+= DecimalDigits.write(UInt64(value.magnitude), to: end)
  }

  /// `unscaled / 10^scale` with all its digits: `1.20`; a negative scale adds zeros.
  package mutating func append(decimal unscaled: Int128, scale: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 40) { digits in
      guard let start = digits.baseAddress else { return }
      let length = DecimalDigits.write(unscaled.magnitude, to: start)
      append(digits: UnsafeBufferPointer(start: start, count: length), isNegative: unscaled < 0, scale: scale)
    }
  }

  /// The same for an unscaled value of 64 bits, as most are.
  package mutating func append(decimal unscaled: Int64, scale: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      guard let start = digits.baseAddress else { return }
      let length = DecimalDigits.write(unscaled.magnitude, to: start)
      append(digits: UnsafeBufferPointer(start: start, count: length), isNegative: unscaled < 0, scale: scale)
    }
  }

  /// Puts the point into digits that have no leading zeros (`0` itself is one digit).
  mutating func append(digits: UnsafeBufferPointer<UInt8>, isNegative: Bool, scale: Int) {
    if isNegative { append(0x2D) }
    let raw = UnsafeRawBufferPointer(digits)
    let whole = digits.count - max(scale, 0)
    guard scale > 0 else {
      append(copying: raw)
      // Zero has one spelling.
      if digits.count != 1 || digits[0] != 0x30 { append(repeating: 0x30, count: -scale) }
      return
    }
    if whole > 0 {
      append(copying: UnsafeRawBufferPointer(rebasing: raw[..<whole]))
      append(0x2E)
      append(copying: UnsafeRawBufferPointer(rebasing: raw[whole...]))
    } else {
      append("0.")
      append(repeating: 0x30, count: -whole)
      append(copying: raw)
    }
  }
}

/// Writing digits to memory that has room for them.
package enum DecimalDigits {
  /// The pairs 00 to 99.
  private static var pairs: StaticString {
    """
    0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
    5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
    """
  }

  static func count(_ value: UInt64) -> Int {
    var limit: UInt64 = 10
    for digits in 1..<20 {
      if value < limit { return digits }
      limit = limit &* 10
    }
    return 20
  }

  /// Up to 20 digits; returns how many.
  static func write(_ value: UInt64, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if value < 10 {
      target[0] = 0x30 &+ UInt8(truncatingIfNeeded: value)
      return 1
    }
    let length = count(value)
    write(value, digits: length, to: target)
    return length
  }

  /// Exactly `digits` digits, with zeros in front.
  static func write(_ value: UInt64, digits: Int, to target: UnsafeMutablePointer<UInt8>) {
    var rest = value
    var position = digits
    let pairs = Self.pairs.utf8Start
    while position >= 2 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 100)
      position &-= 2
      target[position] = pairs[Int(truncatingIfNeeded: remainder) &* 2]
      target[position &+ 1] = pairs[Int(truncatingIfNeeded: remainder) &* 2 &+ 1]
      rest = quotient
    }
    if position == 1 { target[0] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10) }
  }

  /// Up to 39 digits; returns how many.
  static func write(_ value: UInt128, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if let small = UInt64(exactly: value) { return write(small, to: target) }
    let chunk: UInt128 = 1_000_000_000_000_000_000
    let (upper, low) = value.quotientAndRemainder(dividingBy: chunk)
    let length = write(upper, to: target)
    write(UInt64(low), digits: 18, to: target + length)
    return length + 18
  }
}
