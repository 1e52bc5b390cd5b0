/// Floating-point numbers with the fewest digits that give back the value in its own width, spelt as JSON.
extension TextBuffer {
  /// Always with a point or an exponent: `1.0`, `-0.0`, `1e+16`; else `NaN`, `Infinity`, `-Infinity`, in quotes or not.
  package mutating func append(double value: Double, quotesWords: Bool = true) {
    if appendShort(value) { return }
    guard value.isFinite else { return appendWord(Float(value), isQuoted: quotesWords) }
    append(string: value.description)
  }

  package mutating func append(float value: Float, quotesWords: Bool = true) {
    if value.magnitude < 16_777_216, appendWhole(Double(value)) { return }
    guard value.isFinite else { return appendWord(value, isQuoted: quotesWords) }
    append(string: value.description)
  }

  /// Takes the bits, since `Float16` is not there on every platform. Its shortest digits are found by trying: 5
  /// always do.
  package mutating func append(float16 bits: UInt16, quotesWords: Bool = true) {
    let value = HalfFloat.value(bits)
    guard value.isFinite else { return appendWord(value, isQuoted: quotesWords) }
    if value.magnitude < 2_048, appendWhole(Double(value)) { return }
    append(string: HalfFloat.shortest(bits))
  }

  /// Numbers of at most 15 digits, 6 of them behind the point.
  ///
  /// Two such decimals never share a `Double`, so a decimal found to give back the value is the shortest: division of
  /// two exact numbers rounds correctly.
  private mutating func appendShort(_ value: Double) -> Bool {
    guard value.magnitude < 1e9 else { return value.magnitude < 9e15 && appendWhole(value) }
    let scaled = (value * 1e6).rounded()
    guard scaled / 1e6 == value, value != 0, value.magnitude >= 1e-3 else { return appendWhole(value) }
    var digits = UInt64(scaled.magnitude)
    var places = 6
    while places > 1, digits % 10 == 0 {
      digits /= 10
      places -= 1
    }
    append(decimal: value < 0 ? -Int64(digits) : Int64(digits), scale: places)
    return true
  }

  /// Whole numbers below 2^53.
  private mutating func appendWhole(_ value: Double) -> Bool {
    guard value.magnitude < 9_007_199_254_740_992 else { return false }
    let whole = Int64(value)
    guard Double(whole) == value else { return false }
    if value.sign == .minus, whole == 0 { append(0x2D) }
    append(integer: whole)
    append(".0")
    return true
  }

  private mutating func appendWord(_ value: Float, isQuoted: Bool) {
    if isQuoted { append(0x22) }
    append(value.isNaN ? "NaN" : value > 0 ? "Infinity" : ("-Infinity" as StaticString))
    if isQuoted { append(0x22) }
  }
}

extension HalfFloat {
  private static let powersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12]

  /// The fewest significant digits that lie nearer to this half than to its neighbours. Finite and not zero.
  static func shortest(_ bits: UInt16) -> String {
    let value = Double(HalfFloat.value(bits & 0x7FFF))
    let below = bits & 0x7FFF == 0 ? 0 : Double(HalfFloat.value((bits & 0x7FFF) - 1))
    // Beyond the largest half there would be one more at the same distance.
    let above = bits & 0x7FFF == 0x7BFF ? value + (value - below) : Double(HalfFloat.value((bits & 0x7FFF) + 1))
    let lowest = (below + value) / 2
    let highest = (value + above) / 2
    let isEven = bits & 1 == 0
    // 2^-24 is 6e-08: 12 places behind the point hold 5 digits of every half. Before it, 65504 is 65500.
    for places in -4...12 {
      let scale = powersOfTen[Int(places.magnitude)]
      let digits = (places < 0 ? value / scale : value * scale).rounded(.toNearestOrEven)
      let candidate = places < 0 ? digits * scale : digits / scale
      guard candidate > 0 else { continue }
      if (candidate > lowest && candidate < highest) || (isEven && (candidate == lowest || candidate == highest)) {
        let signed = bits & 0x8000 == 0 ? Int64(digits) : -Int64(digits)
        var text = TextBuffer(capacity: 64)
        text.append(decimal: signed, scale: places)
        if places <= 0 { text.append(".0") }
        return text.string()
      }
    }
    return HalfFloat.value(bits).description
  }
}
