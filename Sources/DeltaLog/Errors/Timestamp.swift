/// A point in time: milliseconds since 1970-01-01T00:00:00Z, as the transaction log counts them.
public struct Timestamp: Hashable, Comparable, Sendable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
  /// As in `2024-02-29T12:00:00.000Z`.
  public var description: String {
    let (days, time) = milliseconds.flooredQuotientAndRemainder(by: 86_400_000)
    let date = CivilDate(daysSinceEpoch: days)
    return "\(date)T" + pad(time / 3_600_000, 2) + ":" + pad(time / 60_000 % 60, 2) + ":" + pad(time / 1000 % 60, 2)
      + "." + pad(time % 1000, 3) + "Z"
  }
}

extension Timestamp {
  /// Parses `2024-02-29`, `2024-02-29 12:00[:00[.123456]]` or with `T`, followed by nothing (UTC), `Z` or `±hh[:]mm`.
  ///
  /// Digits beyond the millisecond are dropped.
  public init?(_ text: String) {
    var rest = Substring(text).utf8
    guard let year = number(&rest, 4), take(&rest, "-"), let month = number(&rest, 2), take(&rest, "-"),
      let day = number(&rest, 2), let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    var total = date.daysSinceEpoch * 86_400_000
    if !rest.isEmpty {
      guard take(&rest, "T") || take(&rest, "t") || take(&rest, " ") else { return nil }
      guard let hour = number(&rest, 2), hour < 24, take(&rest, ":"), let minute = number(&rest, 2), minute < 60
      else { return nil }
      var second: Int64 = 0
      var fraction: Int64 = 0
      if take(&rest, ":") {
        guard let value = number(&rest, 2), value < 60 else { return nil }
        second = value
        if take(&rest, ".") {
          var scale: Int64 = 100
          var digits = 0
          while let digit = number(&rest, 1) {
            fraction += digit * scale
            scale /= 10
            digits += 1
          }
          guard digits > 0 else { return nil }
        }
      }
      total += hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction
      if take(&rest, "Z") || take(&rest, "z") {
      } else if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        rest.removeFirst()
        guard let hours = number(&rest, 2), hours <= 18 else { return nil }
        _ = take(&rest, ":")
        guard let minutes = rest.isEmpty ? 0 : number(&rest, 2), minutes < 60 else { return nil }
        let offset = hours * 3_600_000 + minutes * 60_000
        total -= sign == UInt8(ascii: "-") ? -offset : offset
      }
    }
    guard rest.isEmpty else { return nil }
    self.init(milliseconds: total)
  }
}

/// A day of the proleptic Gregorian calendar.
private struct CivilDate: CustomStringConvertible {
  var year: Int64
  var month: Int64
  var day: Int64

  init?(year: Int64, month: Int64, day: Int64) {
    guard (1...12).contains(month), day >= 1 else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let length: Int64 = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    guard day <= length else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  init(daysSinceEpoch days: Int64) {
    let shifted = days + 719_468
    let (era, dayOfEra) = shifted.flooredQuotientAndRemainder(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var daysSinceEpoch: Int64 {
    let year = month <= 2 ? self.year - 1 : self.year
    let (era, yearOfEra) = year.flooredQuotientAndRemainder(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  var description: String {
    let digits = pad(abs(year), 4)
    return (year < 0 ? "-" : year > 9999 ? "+" : "") + digits + "-" + pad(month, 2) + "-" + pad(day, 2)
  }
}

extension Int64 {
  fileprivate func flooredQuotientAndRemainder(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

private func pad(_ number: Int64, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

private func take(_ text: inout Substring.UTF8View, _ character: Unicode.Scalar) -> Bool {
  guard text.first == UInt8(ascii: character) else { return false }
  text.removeFirst()
  return true
}

private func number(_ text: inout Substring.UTF8View, _ digits: Int) -> Int64? {
  var value: Int64 = 0
  for _ in 0..<digits {
    guard let digit = text.first, digit >= 48, digit <= 57 else { return nil }
    value = value * 10 + Int64(digit - 48)
    text.removeFirst()
  }
  return value
}
