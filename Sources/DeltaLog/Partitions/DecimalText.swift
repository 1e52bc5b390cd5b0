internal import Columnar

/// Exact decimal numbers as text: `-12.340`, `0E-18`, `1.5e3`.
enum DecimalText {
  struct Number {
    /// Of the scale that was asked for.
    var unscaled: Int128
    /// Whether the text has exactly the digits of the scale, as writers that know decimals spell them.
    var isSpeltInFull: Bool
  }

  /// The largest absolute value of a precision.
  static func limit(ofPrecision precision: Int) -> Int128 { Decimal128.powers[min(max(precision, 0), 38)] - 1 }

  /// `nil` when the text is no number, has other digits than 0 beyond the scale, or is too large for the precision.
  static func parse(_ text: UnsafeBufferPointer<UInt8>, precision: Int, scale: Int) -> Number? {
    guard let number = Decimal128.parse(text) else { return nil }
    let isSpeltInFull = fractionDigits(text) == scale
    guard number.unscaled != 0 else { return Number(unscaled: 0, isSpeltInFull: isSpeltInFull) }
    // The parsed scale is the least that holds all digits.
    guard number.scale <= scale, let unscaled = Decimal128.multiply(number.unscaled, powerOfTen: scale - number.scale),
      unscaled.magnitude <= limit(ofPrecision: precision).magnitude
    else { return nil }
    return Number(unscaled: unscaled, isSpeltInFull: isSpeltInFull)
  }

  /// The digits behind the point; `nil` for a number with an exponent.
  private static func fractionDigits(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard !text.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return nil }
    return text.firstIndex(of: UInt8(ascii: ".")).map { text.count - 1 - $0 } ?? 0
  }
}
