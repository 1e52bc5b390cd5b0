/// Numbers as Spark writes them in a cast to a string.
enum NumberText {
  /// Java's notation: plain from 10^-3 up to 10^7, else one digit before the point and `E`; shortest digits.
  static func text<Value: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Value) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
    let (digits, exponent) = shortestDigits(value.description)
    let sign = value < 0 ? "-" : ""
    let magnitude = value.magnitude
    if magnitude >= 0.001, magnitude < 10_000_000 {
      if exponent <= 0 { return sign + "0." + String(repeating: "0", count: -exponent) + digits }
      if exponent >= digits.utf8.count {
        return sign + digits + String(repeating: "0", count: exponent - digits.utf8.count) + ".0"
      }
      return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
    }
    return sign + digits.prefix(1) + "." + (digits.utf8.count > 1 ? digits.dropFirst() : "0") + "E\(exponent - 1)"
  }

  /// The significant digits of Swift's description, and the power of ten that the point before them stands at.
  private static func shortestDigits(_ description: String) -> (digits: String, exponent: Int) {
    var digits = ""
    var exponent = 0
    var pointAt: Int?
    var shift = 0
    var rest = description.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "."): pointAt = digits.utf8.count
      case UInt8(ascii: "e"):
        shift = Int(String(rest) ?? "") ?? 0
        rest = rest.suffix(0)
      case 48...57: digits.unicodeScalars.append(Unicode.Scalar(byte))
      default: break
      }
    }
    exponent = (pointAt ?? digits.utf8.count) + shift
    while digits.utf8.first == 48, digits.utf8.count > 1 {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.utf8.last == 48, digits.utf8.count > 1 { digits.removeLast() }
    return (digits, exponent)
  }
}
