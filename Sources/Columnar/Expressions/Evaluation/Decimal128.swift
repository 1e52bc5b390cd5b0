/// Exact numbers as an `Int128` and a scale. Nothing here traps: what does not fit is `nil`.
package enum Decimal128 {
  /// 10^0 to 10^38, the greatest power that fits.
  package static let powers: [Int128] = {
    var powers: [Int128] = [1]
    for _ in 0..<38 { powers.append(powers[powers.count - 1] * 10) }
    return powers
  }()

  /// `nil` beyond 10^38.
  package static func power(_ exponent: Int) -> Int128? {
    exponent >= 0 && exponent <= 38 ? powers[exponent] : nil
  }

  /// The sign of `a / 10^scaleA - b / 10^scaleB`, exact for all inputs.
  static func compare(_ a: Int128, _ scaleA: Int, _ b: Int128, _ scaleB: Int) -> Ordering {
    if scaleA == scaleB { return Ordering(a, b) }
    if scaleA > scaleB { return compare(b, scaleB, a, scaleA).reversed }
    // a has fewer decimals: make them as many. If that overflows, |a| is the greater.
    guard let scaled = multiply(a, powerOfTen: scaleB - scaleA) else { return a < 0 ? .less : .greater }
    return Ordering(scaled, b)
  }

  package static func multiply(_ value: Int128, powerOfTen exponent: Int) -> Int128? {
    if value == 0 { return 0 }
    guard let power = power(exponent) else { return nil }
    let (result, overflow) = value.multipliedReportingOverflow(by: power)
    return overflow ? nil : result
  }

  /// To another scale: exact when it grows, rounded half away from zero when it shrinks.
  static func rescale(_ value: Int128, from old: Int, to new: Int) -> Int128? {
    if new >= old { return multiply(value, powerOfTen: new - old) }
    guard let power = power(old - new) else { return 0 }
    return divideRounding(value, power)
  }

  /// To a smaller scale, the half to the even neighbour.
  static func rescaleHalfEven(_ value: Int128, from old: Int, to new: Int) -> Int128? {
    guard let power = power(old - new) else { return 0 }
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: power)
    let distance = remainder.magnitude
    let rest = power.magnitude - distance
    guard distance > rest || distance == rest && quotient % 2 != 0 else { return quotient }
    return value < 0 ? quotient - 1 : quotient + 1
  }

  /// To another scale, rounded towards minus infinity, and whether that was exact.
  static func floor(_ value: Int128, from old: Int, to new: Int) -> (value: Int128, isExact: Bool)? {
    if new >= old { return multiply(value, powerOfTen: new - old).map { ($0, true) } }
    guard let power = power(old - new) else { return (value < 0 ? -1 : 0, value == 0) }
    return (value.flooringQuotient(power), value % power == 0)
  }

  /// Half away from zero. `divisor` is positive.
  @inline(__always) static func divideRounding(_ value: Int128, _ divisor: Int128) -> Int128 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    let magnitude = remainder.magnitude
    guard magnitude >= divisor.magnitude - magnitude else { return quotient }
    return value < 0 ? quotient - 1 : quotient + 1
  }

  package static func fits(_ value: Int128, precision: Int) -> Bool {
    guard let limit = power(precision) else { return true }
    return value < limit && value > -limit
  }

  static func digits(_ value: Int128) -> Int {
    let magnitude = value.magnitude
    return powers.firstIndex { magnitude < UInt128($0) } ?? 39
  }

  static func double(_ value: Int128, scale: Int) -> Double {
    // Up to 2^53 and 10^22 both are exact, so one division rounds once; otherwise by way of text.
    if value.magnitude <= 1 << 53, scale >= 0, scale <= 22 { return Double(Int64(value)) / powersOfTen[scale] }
    return Double("\(value)e\(-scale)") ?? .nan
  }

  private static let powersOfTen: [Double] = (0...22).map { Double(powers[$0]) }

  /// `digits[.digits][e±digits]`, signed: the unscaled value and a scale of 0 or more.
  package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> (unscaled: Int128, scale: Int)? {
    var at = 0
    var isNegative = false
    if at < text.count, text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+") {
      isNegative = text[at] == UInt8(ascii: "-")
      at += 1
    }
    var value: Int128 = 0
    var scale = 0
    var seen = 0
    var isFraction = false
    // Zeros are only multiplied in when a digit follows, so that 1.000…0 of any length is 1.
    var pendingZeros = 0
    while at < text.count {
      let byte = text[at]
      if byte == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else if byte >= 48, byte <= 57 {
        seen += 1
        pendingZeros += 1
        if isFraction { scale += 1 }
        if byte != 48 {
          guard let scaled = multiply(value, powerOfTen: pendingZeros) else { return nil }
          let (sum, overflow) = scaled.addingReportingOverflow(Int128(byte - 48))
          guard !overflow else { return nil }
          value = sum
          pendingZeros = 0
        }
      } else {
        break
      }
      at += 1
    }
    guard seen > 0 else { return nil }
    scale -= pendingZeros
    if at < text.count {
      guard text[at] | 0x20 == UInt8(ascii: "e"),
        let exponent = parseExponent(UnsafeBufferPointer(rebasing: text[(at + 1)...]))
      else { return nil }
      scale -= exponent
    }
    if value == 0 { return (0, max(0, min(scale, 38))) }
    if scale < 0 {
      guard let scaled = multiply(value, powerOfTen: -scale) else { return nil }
      value = scaled
      scale = 0
    }
    return (isNegative ? -value : value, scale)
  }

  private static func parseExponent(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var digits = text[...]
    var isNegative = false
    if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      digits = digits.dropFirst()
    }
    guard !digits.isEmpty, digits.count <= 9, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
    return isNegative ? -value : value
  }

  /// Plain notation with `scale` decimals.
  package static func text(_ value: Int128, scale: Int) -> String {
    guard scale > 0 else { return String(value) }
    var digits = String(value.magnitude)
    if digits.utf8.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits }
    let point = digits.index(digits.endIndex, offsetBy: -scale)
    return (value < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
  }
}
