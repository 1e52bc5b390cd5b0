/// The proleptic Gregorian calendar, and dates and timestamps as text. Times without a zone are taken as UTC.
enum ProlepticCalendar {
  /// Days since 1970-01-01 of a date; month 1 to 12.
  @inline(__always) static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  @inline(__always) static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  static func length(ofMonth month: Int, in year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

enum DateText {
  /// `yyyy`, `yyyy-m[m]`, `yyyy-m[m]-d[d]`, the last followed by a time or not, which is ignored.
  static func date(_ text: UnsafeBufferPointer<UInt8>) -> Int32? {
    var scanner = Scanner(text)
    guard let days = scanner.date() else { return nil }
    guard scanner.isAtEnd || scanner.next == UInt8(ascii: "T") || scanner.next == UInt8(ascii: " ") else { return nil }
    return Int32(exactly: days)
  }

  /// A date, then `T` or a blank and `hh[:mm[:ss[.fraction]]]`, then a zone: `Z`, `UTC`, `GMT` or `±hh[:mm]`.
  ///
  /// - Returns: microseconds, a finer fraction cut off, and whether a zone was named. With `keepingWallClock` the zone
  ///   is ignored, as for a timestamp without zone.
  static func timestamp(_ text: UnsafeBufferPointer<UInt8>, keepingWallClock: Bool = false) -> Int64? {
    var scanner = Scanner(text)
    guard let days = scanner.date() else { return nil }
    var microseconds: Int64 = 0
    var zone: Int64 = 0
    if scanner.skip(UInt8(ascii: "T")) || scanner.skip(UInt8(ascii: " ")) {
      guard let time = scanner.time() else { return nil }
      microseconds = time
      guard let offset = scanner.zone() else { return nil }
      zone = keepingWallClock ? 0 : offset
    }
    guard scanner.isAtEnd else { return nil }
    // The first day that 64 bits reach into begins before them.
    return Int64(exactly: Int128(days) * 86_400_000_000 + Int128(microseconds) - Int128(zone))
  }

  static func text(days: Int) -> String {
    let (year, month, day) = ProlepticCalendar.date(days: days)
    let digits = String(abs(year))
    let padded = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    return "\(year < 0 ? "-" : year > 9999 ? "+" : "")\(padded)-\(twoDigits(month))-\(twoDigits(day))"
  }

  /// `yyyy-mm-dd hh:mm:ss[.ffffff]` without trailing zeros in the fraction.
  static func text(microseconds: Int64) -> String {
    let days = microseconds.flooringQuotient(86_400_000_000)
    let rest = Int(microseconds &- days &* 86_400_000_000)
    let seconds = rest / 1_000_000
    var result = text(days: Int(days))
    result += " \(twoDigits(seconds / 3600)):\(twoDigits(seconds / 60 % 60)):\(twoDigits(seconds % 60))"
    var fraction = rest % 1_000_000
    guard fraction > 0 else { return result }
    var width = 6
    while fraction % 10 == 0 {
      fraction /= 10
      width -= 1
    }
    let digits = String(fraction)
    return result + "." + String(repeating: "0", count: width - digits.utf8.count) + digits
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

  private struct Scanner {
    var rest: Slice<UnsafeBufferPointer<UInt8>>

    init(_ text: UnsafeBufferPointer<UInt8>) {
      rest = text[...]
      while let first = rest.first, first <= 32 { rest = rest.dropFirst() }
      while let last = rest.last, last <= 32 { rest = rest.dropLast() }
    }

    var isAtEnd: Bool { rest.isEmpty }
    var next: UInt8? { rest.first }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard rest.first == byte else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// Between `least` and `most` digits.
    mutating func number(_ least: Int, _ most: Int) -> Int? {
      var value = 0
      var count = 0
      while count < most, let byte = rest.first, byte >= 48, byte <= 57 {
        value = value * 10 + Int(byte - 48)
        count += 1
        rest = rest.dropFirst()
      }
      return count >= least ? value : nil
    }

    mutating func date() -> Int? {
      let isNegative = skip(UInt8(ascii: "-"))
      if !isNegative { _ = skip(UInt8(ascii: "+")) }
      guard let digits = number(4, 7) else { return nil }
      let year = isNegative ? -digits : digits
      guard skip(UInt8(ascii: "-")) else { return ProlepticCalendar.days(year: year, month: 1, day: 1) }
      guard let month = number(1, 2), (1...12).contains(month) else { return nil }
      guard skip(UInt8(ascii: "-")) else { return ProlepticCalendar.days(year: year, month: month, day: 1) }
      guard let day = number(1, 2), day >= 1, day <= ProlepticCalendar.length(ofMonth: month, in: year) else {
        return nil
      }
      return ProlepticCalendar.days(year: year, month: month, day: day)
    }

    mutating func time() -> Int64? {
      guard let hour = number(1, 2), hour < 24 else { return nil }
      var seconds = hour * 3600
      var microseconds = 0
      if skip(UInt8(ascii: ":")) {
        guard let minute = number(1, 2), minute < 60 else { return nil }
        seconds += minute * 60
        if skip(UInt8(ascii: ":")) {
          guard let second = number(1, 2), second < 60 else { return nil }
          seconds += second
          if skip(UInt8(ascii: ".")) { microseconds = fraction() }
        }
      }
      return Int64(seconds) * 1_000_000 + Int64(microseconds)
    }

    private mutating func fraction() -> Int {
      var value = 0
      var count = 0
      while let byte = rest.first, byte >= 48, byte <= 57 {
        if count < 6 {
          value = value * 10 + Int(byte - 48)
          count += 1
        }
        rest = rest.dropFirst()
      }
      while count < 6 {
        value *= 10
        count += 1
      }
      return value
    }

    /// The offset from UTC in microseconds; 0 when none is named, `nil` when it is not understood.
    mutating func zone() -> Int64? {
      _ = skip(UInt8(ascii: " "))
      for name in ["Z", "UTC", "GMT", "z"] where rest.starts(with: name.utf8) {
        rest = rest.dropFirst(name.utf8.count)
        break
      }
      let isNegative = skip(UInt8(ascii: "-"))
      guard isNegative || skip(UInt8(ascii: "+")) else { return 0 }
      guard let hours = number(1, 2), hours <= 18 else { return nil }
      var minutes = 0
      if skip(UInt8(ascii: ":")) || !isAtEnd {
        guard let value = number(2, 2), value < 60 else { return nil }
        minutes = value
      }
      let offset = Int64(hours * 60 + minutes) * 60_000_000
      return isNegative ? -offset : offset
    }
  }
}
