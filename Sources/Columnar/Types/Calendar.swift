/// A day of the proleptic Gregorian calendar, in which the year before 1 is 0.
///
/// Conversions are those of Howard Hinnant's "chrono-compatible low-level date algorithms": eras of 400 years that
/// start on 1 March, so that the leap day is a year's last. They hold for years within ±10^15.
///
/// Spec: Delta § Primitive Types
public struct CivilDate: Hashable, Sendable {
  public var year: Int
  /// 1 to 12.
  public var month: Int
  /// 1 to 31.
  public var day: Int

  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day so many days after 1970-01-01.
  public init(daysSinceEpoch days: Int) {
    let shifted = days &+ 719_468
    let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
    let dayOfEra = shifted &- era &* 146_097
    let yearOfEra = (dayOfEra &- dayOfEra / 1_460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
    let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
    day = dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1
    month = shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9
    year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01. The date must be valid.
  public var daysSinceEpoch: Int {
    let shiftedYear = year &- (month <= 2 ? 1 : 0)
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear &- 399) / 400
    let yearOfEra = shiftedYear &- era &* 400
    let shiftedMonth = month > 2 ? month &- 3 : month &+ 9
    let dayOfYear = (153 &* shiftedMonth &+ 2) / 5 &+ day &- 1
    let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
    return era &* 146_097 &+ dayOfEra &- 719_468
  }

  /// Whether there is such a month, and such a day in it.
  public var isValid: Bool {
    month >= 1 && month <= 12 && day >= 1 && day <= Self.days(inMonth: month, of: year)
  }

  /// The days of a month in `1...12`.
  public static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  public static func isLeap(_ year: Int) -> Bool {
    year & 3 == 0 && (year % 100 != 0 || year % 400 == 0)
  }
}

extension CivilDate: CustomStringConvertible {
  /// As in `2024-02-29`; years outside of 0 to 9999 have a sign.
  public var description: String {
    let sign = year < 0 ? "-" : year > 9_999 ? "+" : ""
    return sign + String(year.magnitude, paddedTo: 4) + "-" + String(month, paddedTo: 2) + "-"
      + String(day, paddedTo: 2)
  }
}

/// A count of units since 1970-01-01T00:00:00, taken apart: any `Int64` has a day and a time of that day.
public struct CivilDateTime: Hashable, Sendable {
  public var date: CivilDate
  /// 0 to 23.
  public var hour: Int
  /// 0 to 59.
  public var minute: Int
  /// 0 to 59; there are no leap seconds.
  public var second: Int
  /// 0 to 999,999,999.
  public var nanosecond: Int

  public init(_ value: Int64, _ unit: TimeUnit) {
    let perSecond = Int(unit.perSecond)
    let perDay = 86_400 &* perSecond
    let value = Int(value)
    var days = value / perDay
    var rest = value &- days &* perDay
    if rest < 0 {
      rest &+= perDay
      days &-= 1
    }
    let seconds = rest / perSecond
    date = CivilDate(daysSinceEpoch: days)
    hour = seconds / 3_600
    minute = seconds / 60 % 60
    second = seconds % 60
    nanosecond = (rest &- seconds &* perSecond) &* (1_000_000_000 / perSecond)
  }
}
