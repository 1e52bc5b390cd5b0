internal import Columnar

/// Values out of text, strictly: what is not entirely a value of the type is `nil`. No blanks are skipped.
enum TextValue {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// Digits with a sign before them. Unless `isPlain`, zeros may stand in front, and behind a point.
  static func whole(_ text: Bytes, isPlain: Bool) -> Int64? {
    var at = 0
    let count = text.count
    guard count > 0 else { return nil }
    let isNegative = text[0] == UInt8(ascii: "-")
    if isNegative || text[0] == UInt8(ascii: "+") && !isPlain { at = 1 }
    let first = at
    var value: UInt64 = 0
    while at < count, text[at] &- 48 <= 9 {
      let digit = UInt64(text[at] &- 48)
      if at &- first < 18 {
        value = value &* 10 &+ digit
      } else {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(digit)
        guard !overflow, !carry else { return nil }
        value = sum
      }
      at &+= 1
    }
    guard at > first else { return nil }
    if at < count {
      guard !isPlain, text[at] == UInt8(ascii: ".") else { return nil }
      at &+= 1
      while at < count, text[at] == 48 { at &+= 1 }
      guard at == count else { return nil }
    }
    if isPlain, text[first] == 48, count > first + 1 { return nil }
    if isNegative { return value <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil }
    return Int64(exactly: value)
  }

  private static let powers: [Double] = (0...22).reduce(into: []) { powers, _ in
    powers.append((powers.last ?? 0.1) * 10)
  }

  /// Decimal notation, correctly rounded; `NaN`, `Infinity` and `-Infinity` too. Digits beyond the range are no number.
  static func double(_ text: Bytes) -> Double? {
    let count = text.count
    guard count > 0 else { return nil }
    var at = 0
    let isNegative = text[0] == UInt8(ascii: "-")
    if isNegative || text[0] == UInt8(ascii: "+") { at = 1 }
    var value: UInt64 = 0
    var digits = 0
    var places = 0
    var isFraction = false
    while at < count {
      let digit = text[at] &- 48
      if digit <= 9 {
        // Nineteen digits fit; more are left to the library.
        if digits < 19 { value = value &* 10 &+ UInt64(digit) }
        digits &+= 1
        if isFraction { places &+= 1 }
      } else if text[at] == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else {
        break
      }
      at &+= 1
    }
    guard digits > 0 else { return word(text) }
    // Two exact numbers divide to the nearest.
    if at == count, digits <= 19, value <= 1 << 53, places <= 22 {
      let result = Double(value) / powers[places]
      return isNegative ? -result : result
    }
    guard at == count || text[at] | 0x20 == UInt8(ascii: "e"), count <= 400 else { return nil }
    return Double(String(decoding: text, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  /// As ``double(_:)``, of the text itself: by way of a `Double` it would be rounded twice.
  static func float(_ text: Bytes) -> Float? {
    guard let double = double(text) else { return nil }
    guard double.isFinite else { return Float(double) }
    return Float(String(decoding: text, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  /// Whether it looks like a number, but as those look that are names: `007`.
  static func hasLeadingZero(_ text: Bytes) -> Bool {
    let first = text.count > 1 && text[0] == UInt8(ascii: "-") ? 1 : 0
    return text.count > first + 1 && text[first] == 48 && text[first + 1] &- 48 <= 9
  }

  private static func word(_ text: Bytes) -> Double? {
    guard text.count <= 9 else { return nil }
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "nan": return .nan
    case "infinity", "inf", "+infinity", "+inf": return .infinity
    case "-infinity", "-inf": return -.infinity
    default: return nil
    }
  }

  /// Exactly `unscaled / 10^scale`: no digit is rounded away.
  static func decimal(_ text: Bytes, precision: Int, scale: Int) -> Int128? {
    guard let parsed = Decimal128.parse(text), parsed.scale <= scale,
      let value = Decimal128.multiply(parsed.unscaled, powerOfTen: scale - parsed.scale),
      Decimal128.fits(value, precision: precision)
    else { return nil }
    return value
  }

  /// `true` and `false` in any case of letters.
  static func boolean(_ text: Bytes) -> Bool? {
    if equals(text, "true") { return true }
    return equals(text, "false") ? false : nil
  }

  /// `lower` is in small letters.
  private static func equals(_ text: Bytes, _ lower: StaticString) -> Bool {
    guard text.count == lower.utf8CodeUnitCount else { return false }
    for index in 0..<text.count where text[index] | 0x20 != lower.utf8Start[index] { return false }
    return true
  }

  /// `yyyy-mm-dd`, as days since 1970-01-01.
  static func date(_ text: Bytes) -> Int32? {
    guard text.count == 10 else { return nil }
    return day(text)
  }

  /// The date in the first ten bytes.
  private static func day(_ text: Bytes) -> Int32? {
    guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let century = pair(text, 0), let year = pair(text, 2), let month = pair(text, 5), let day = pair(text, 8)
    else { return nil }
    let date = CivilDate(year: century &* 100 &+ year, month: month, day: day)
    return date.isValid ? Int32(truncatingIfNeeded: date.daysSinceEpoch) : nil
  }

  @inline(__always)
  private static func pair(_ text: Bytes, _ at: Int) -> Int? {
    let high = text[at] &- 48
    let low = text[at &+ 1] &- 48
    return high <= 9 && low <= 9 ? Int(high) &* 10 &+ Int(low) : nil
  }

  /// `yyyy-mm-dd`, then `T` or a blank and `hh:mm[:ss[.ffffff]]`, then `Z`, `±hh[:][mm]` or nothing; a time without zone is UTC.
  ///
  /// - Parameter keepsWallClock: for timestamps without zone: the text must not name one.
  /// - Returns: microseconds; `nil` also when the text is more exact than that.
  static func timestamp(_ text: Bytes, keepsWallClock: Bool) -> Int64? {
    guard let day = day(text) else { return nil }
    let midnight = Int64(day) * 86_400_000_000
    let count = text.count
    if count == 10 { return midnight }
    guard count >= 16, text[10] | 0x20 == UInt8(ascii: "t") || text[10] == 0x20, text[13] == UInt8(ascii: ":"),
      let hour = pair(text, 11), hour < 24, let minute = pair(text, 14), minute < 60
    else { return nil }
    var microseconds = Int64(hour * 3_600 + minute * 60) * 1_000_000
    var at = 16
    if at < count, text[at] == UInt8(ascii: ":") {
      guard count >= 19, let second = pair(text, 17), second < 60 else { return nil }
      microseconds += Int64(second) * 1_000_000
      at = 19
      if at < count, text[at] == UInt8(ascii: ".") {
        at += 1
        var unit: Int64 = 100_000
        let start = at
        while at < count, text[at] &- 48 <= 9 {
          let digit = Int64(text[at] &- 48)
          guard unit > 0 || digit == 0 else { return nil }
          microseconds += digit * unit
          unit /= 10
          at += 1
        }
        guard at > start else { return nil }
      }
    }
    guard at < count else { return midnight + microseconds }
    guard !keepsWallClock, let offset = zone(text, at) else { return nil }
    return midnight + microseconds - offset
  }

  /// The offset from UTC in microseconds.
  private static func zone(_ text: Bytes, _ start: Int) -> Int64? {
    let rest = text.count - start
    if rest == 1, text[start] | 0x20 == UInt8(ascii: "z") { return 0 }
    guard rest >= 3, text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"),
      let hours = pair(text, start + 1),
      hours <= 18
    else { return nil }
    var minutes = 0
    if rest > 3 {
      let at = text[start + 3] == UInt8(ascii: ":") ? start + 4 : start + 3
      guard text.count == at + 2, let value = pair(text, at), value < 60 else { return nil }
      minutes = value
    }
    let offset = Int64(hours * 60 + minutes) * 60_000_000
    return text[start] == UInt8(ascii: "-") ? -offset : offset
  }

  /// Base64 with or without padding, without line breaks.
  static func base64(_ text: Bytes) -> [UInt8]? {
    var rest = text[...]
    while rest.last == UInt8(ascii: "="), text.count - rest.count < 2 { rest = rest.dropLast() }
    guard rest.count % 4 != 1, rest.count == text.count || text.count % 4 == 0 else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(rest.count / 4 * 3 + 2)
    var bits: UInt32 = 0
    var held = 0
    for byte in rest {
      guard let digit = sixBits(byte) else { return nil }
      bits = bits << 6 | digit
      held += 6
      if held >= 8 {
        held -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    return result
  }

  /// Two hexadecimal digits a byte.
  static func hex(_ text: Bytes) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(text.count / 2)
    var at = 0
    while at < text.count {
      guard let high = Self.hexDigit(text[at]), let low = Self.hexDigit(text[at + 1]) else { return nil }
      result.append(high << 4 | low)
      at += 2
    }
    return result
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }

  private static func sixBits(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 65...90: UInt32(byte - 65)
    case 97...122: UInt32(byte - 71)
    case 48...57: UInt32(byte + 4)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
