internal import Columnar

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

  /// `2024-02-29`, the separator, `12:34:56.000789`; always six digits after the point.
  static func text(microseconds: Int64, separator: String) -> String {
    let moment = CivilDateTime(microseconds, .microseconds)
    return "\(moment.date)\(separator)" + String(moment.hour, paddedTo: 2) + ":" + String(moment.minute, paddedTo: 2)
      + ":"
      + String(moment.second, paddedTo: 2) + "." + String(moment.nanosecond / 1000, paddedTo: 6)
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
    let date = CivilDate(year: Int(isNegative ? -year : year), month: Int(month), day: Int(day))
    return date.isValid ? Int64(date.daysSinceEpoch) : nil
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
