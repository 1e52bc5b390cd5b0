/// Dates and wall clock times as text: what partition values and statistics are spelt in.
///
/// Takes `[±]y…y-m[m]-d[d]`, then `T` or a space and `h[h]:mm[:ss[.f…f]]`, then `Z`, `UTC` or `±hh[[:]mm[:ss]]`.
enum CivilText {
  /// A wall clock reading, and how far its zone is ahead of UTC when the text says so.
  struct Reading {
    /// Since 1970-01-01T00:00:00 on that clock; digits beyond the microsecond are dropped.
    var microseconds: Int64
    var zoneOffset: Int64?
  }

  static let microsecondsPerDay: Int64 = 86_400_000_000

  static func days(_ text: UnsafeBufferPointer<UInt8>) -> Int32? {
    var cursor = Cursor(text)
    guard let days = cursor.date(), cursor.isAtEnd else { return nil }
    return Int32(exactly: days)
  }

  static func reading(_ text: UnsafeBufferPointer<UInt8>) -> Reading? {
    var cursor = Cursor(text)
    guard let days = cursor.date() else { return nil }
    var time: Int64 = 0
    var zone: Int64?
    if !cursor.isAtEnd {
      guard cursor.take("T") || cursor.take("t") || cursor.take(" "), let clock = cursor.clock() else { return nil }
      time = clock
      guard cursor.zone(into: &zone), cursor.isAtEnd else { return nil }
    }
    let (dayMicroseconds, overflow) = days.multipliedReportingOverflow(by: microsecondsPerDay)
    let (total, overflow2) = dayMicroseconds.addingReportingOverflow(time)
    return overflow || overflow2 ? nil : Reading(microseconds: total, zoneOffset: zone)
  }

  /// Days since 1970-01-01 of a day in the proleptic Gregorian calendar.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
    guard 1...12 ~= month, day >= 1, day <= length(ofMonth: month, in: year) else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func length(ofMonth month: Int64, in year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// `2024-02-29`; years outside of 0 to 9999 with a sign.
  static func text(days: Int64) -> String {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year < 0 ? "-" : year > 9999 ? "+" : "") + padded(abs(year), 4) + "-" + padded(month, 2) + "-"
      + padded(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, 2)
  }

  /// `2024-02-29`, the separator, `12:34:56.000789`; always six digits after the point.
  static func text(microseconds: Int64, separator: String) -> String {
    var (days, time) = microseconds.quotientAndRemainder(dividingBy: microsecondsPerDay)
    if time < 0 { (days, time) = (days - 1, time + microsecondsPerDay) }
    return text(days: days) + separator + padded(time / 3_600_000_000, 2) + ":"
      + padded(time / 60_000_000 % 60, 2) + ":" + padded(time / 1_000_000 % 60, 2) + "."
      + padded(time % 1_000_000, 6)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

/// Reads a text from left to right.
private struct Cursor {
  private let text: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
  }

  var isAtEnd: Bool { position == text.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Between `fewest` and `most` digits.
  private mutating func number(_ fewest: Int, _ most: Int) -> Int64? {
    var value: Int64 = 0
    var digits = 0
    while position < text.count, digits < most, text[position] &- 48 < 10 {
      value = value * 10 + Int64(text[position] &- 48)
      position += 1
      digits += 1
    }
    return digits >= fewest ? value : nil
  }

  mutating func date() -> Int64? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let year = number(4, 7), take("-"), let month = number(1, 2), take("-"), let day = number(1, 2) else {
      return nil
    }
    return CivilText.days(year: isNegative ? -year : year, month: month, day: day)
  }

  mutating func clock() -> Int64? {
    guard let hour = number(1, 2), hour < 24, take(":"), let minute = number(1, 2), minute < 60 else { return nil }
    var total = hour * 3_600_000_000 + minute * 60_000_000
    guard take(":") else { return total }
    guard let second = number(1, 2), second < 60 else { return nil }
    total += second * 1_000_000
    guard take(".") else { return total }
    let start = position
    guard var fraction = number(1, 6) else { return nil }
    for _ in position - start..<6 { fraction *= 10 }
    while number(1, 1) != nil {}
    return total + fraction
  }

  /// False when what follows is no zone.
  mutating func zone(into zone: inout Int64?) -> Bool {
    if isAtEnd { return true }
    _ = take(" ")
    if take("Z") || take("z") || (take("U") && take("T") && take("C")) {
      zone = 0
      return true
    }
    let isNegative = take("-")
    guard isNegative || take("+"), let hours = number(1, 2), hours <= 18 else { return false }
    var offset = hours * 3600
    if !isAtEnd {
      _ = take(":")
      guard let minutes = number(2, 2), minutes < 60 else { return false }
      offset += minutes * 60
      if take(":") {
        guard let seconds = number(2, 2), seconds < 60 else { return false }
        offset += seconds
      }
    }
    zone = (isNegative ? -offset : offset) * 1_000_000
    return true
  }
}
