/// Exact decimal numbers as text: `-12.340`, `0E-18`, `1.5e3`.
enum DecimalText {
  struct Number {
    /// Of the scale that was asked for.
    var unscaled: Int128
    /// Whether the text has exactly the digits of the scale, as writers that know decimals spell them.
    var isSpeltInFull: Bool
  }

  /// The largest absolute value of a precision.
  static func limit(ofPrecision precision: Int) -> Int128 {
    var limit: Int128 = 1
    for _ in 0..<min(max(precision, 0), 38) { limit *= 10 }
    return limit - 1
  }

  /// `nil` when the text is no number, has other digits than 0 beyond the scale, or is too large for the precision.
  static func parse(_ text: UnsafeBufferPointer<UInt8>, precision: Int, scale: Int) -> Number? {
    var position = 0
    var isNegative = false
    if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
      isNegative = text[position] == UInt8(ascii: "-")
      position += 1
    }
    var value: Int128 = 0
    var digits = 0
    var fractionDigits = 0
    var isInFraction = false
    // Zeros at the end are held back: they may be beyond what an Int128 holds and still be harmless.
    var pendingZeros = 0
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "."), !isInFraction {
        isInFraction = true
      } else if byte &- 48 < 10 {
        digits += 1
        if isInFraction { fractionDigits += 1 }
        if byte == 48, value != 0 {
          pendingZeros += 1
        } else if byte != 48 {
          guard let shifted = shifted(value, by: pendingZeros + 1) else { return nil }
          let (sum, overflow) = shifted.addingReportingOverflow(Int128(byte &- 48))
          guard !overflow else { return nil }
          value = sum
          pendingZeros = 0
        }
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    var exponent = 0
    let hasExponent = position < text.count
    if hasExponent {
      guard text[position] | 0x20 == UInt8(ascii: "e"),
        let value = Int(String(decoding: text[(position + 1)...], as: UTF8.self)), value.magnitude < 10_000
      else { return nil }
      exponent = value
    }
    let isSpeltInFull = !hasExponent && fractionDigits == scale
    guard value != 0 else { return Number(unscaled: 0, isSpeltInFull: isSpeltInFull) }
    let shift = scale - fractionDigits + exponent + pendingZeros
    guard shift >= 0, let unscaled = shifted(value, by: shift), unscaled <= limit(ofPrecision: precision) else {
      return nil
    }
    return Number(unscaled: isNegative ? -unscaled : unscaled, isSpeltInFull: isSpeltInFull)
  }

  private static func shifted(_ value: Int128, by places: Int) -> Int128? {
    if value == 0 { return 0 }
    guard places <= 38 else { return nil }
    var result = value
    for _ in 0..<places {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = product
    }
    return result
  }

  /// With exactly `scale` digits after the point, and never an exponent.
  static func text(_ unscaled: Int128, scale: Int) -> String {
    let digits = String(unscaled.magnitude)
    let sign = unscaled < 0 ? "-" : ""
    guard scale > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.utf8.count)) + digits
    return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
  }
}
