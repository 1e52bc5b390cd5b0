/// Dates, times and timestamps as text in ISO 8601's shape.
extension TextBuffer {
  /// `YYYY-MM-DD`; years below 0 have a sign, those above 9999 more digits and, if asked for, a sign.
  package mutating func append(date: CivilDate, signsLongYears: Bool) {
    reserve(40)
    if date.year >= 0, date.year <= 9_999 {
      DecimalDigits.write(UInt64(date.year), digits: 4, to: end)
      advance(by: 4)
    } else {
      if signsLongYears, date.year > 0 { append(0x2B) }
      if date.year < 0 { append(0x2D) }
      append(Int(clamping: date.year.magnitude), paddedTo: 4)
    }
    reserve(6)
    let target = end
    target[0] = 0x2D
    DecimalDigits.write(UInt64(date.month), digits: 2, to: target + 1)
    target[3] = 0x2D
    DecimalDigits.write(UInt64(date.day), digits: 2, to: target + 4)
    advance(by: 6)
  }

  package mutating func append(days: Int32, signsLongYears: Bool) {
    append(date: CivilDate(daysSinceEpoch: Int(days)), signsLongYears: signsLongYears)
  }

  /// `YYYY-MM-DDTHH:MM:SS.ffffff`, with nine digits for nanoseconds.
  package mutating func append(
    timestamp value: Int64, _ unit: TimeUnit, separator: UInt8 = 0x54, signsLongYears: Bool
  ) {
    let moment = CivilDateTime(value, unit)
    append(date: moment.date, signsLongYears: signsLongYears)
    append(separator)
    append(
      hour: moment.hour, minute: moment.minute, second: moment.second, nanosecond: moment.nanosecond,
      fractionDigits: unit == .nanoseconds ? 9 : 6)
  }

  /// The same, with a fraction only where there is one.
  package mutating func append(shortTimestamp value: Int64, _ unit: TimeUnit, separator: UInt8 = 0x54) {
    let moment = CivilDateTime(value, unit)
    append(date: moment.date, signsLongYears: true)
    append(separator)
    let nanosecond = moment.nanosecond
    let digits = nanosecond == 0 ? 0 : nanosecond % 1_000_000 == 0 ? 3 : nanosecond % 1_000 == 0 ? 6 : 9
    append(
      hour: moment.hour, minute: moment.minute, second: moment.second, nanosecond: nanosecond, fractionDigits: digits)
  }

  /// `HH:MM:SS.ffffff`, with nine digits for nanoseconds. A time outside of a day keeps its hours.
  package mutating func append(time value: Int64, _ unit: TimeUnit) {
    if value < 0 { append(0x2D) }
    let magnitude = value.magnitude
    let perSecond = UInt64(unit.perSecond)
    let seconds = Int(magnitude / perSecond)
    let nanosecond = Int(magnitude % perSecond * (1_000_000_000 / perSecond))
    append(
      hour: seconds / 3_600, minute: seconds / 60 % 60, second: seconds % 60, nanosecond: nanosecond,
      fractionDigits: unit == .nanoseconds ? 9 : 6)
  }

  private mutating func append(hour: Int, minute: Int, second: Int, nanosecond: Int, fractionDigits: Int) {
    if hour < 100 {
      reserve(20)
      DecimalDigits.write(UInt64(hour), digits: 2, to: end)
      advance(by: 2)
    } else {
      append(integer: Int64(hour))
      reserve(20)
    }
    let target = end
    target[0] = 0x3A
    DecimalDigits.write(UInt64(minute), digits: 2, to: target + 1)
    target[3] = 0x3A
    DecimalDigits.write(UInt64(second), digits: 2, to: target + 4)
    advance(by: 6)
    guard fractionDigits > 0 else { return }
    target[6] = 0x2E
    let divisor = fractionDigits == 9 ? 1 : fractionDigits == 6 ? 1_000 : 1_000_000
    DecimalDigits.write(UInt64(nanosecond / divisor), digits: fractionDigits, to: target + 7)
    advance(by: 1 + fractionDigits)
  }

  /// Parquet's INT96 as a timestamp with nine digits: nanoseconds of the day, then the Julian day.
  ///
  /// Nanoseconds outside of a day carry into the days.
  package mutating func append(int96 nanosecondsOfDay: Int64, julianDay: Int32, signsLongYears: Bool) {
    let time = CivilDateTime(nanosecondsOfDay, .nanoseconds)
    let days = time.date.daysSinceEpoch + Int(julianDay) - 2_440_588
    append(date: CivilDate(daysSinceEpoch: days), signsLongYears: signsLongYears)
    append(0x54)
    append(hour: time.hour, minute: time.minute, second: time.second, nanosecond: time.nanosecond, fractionDigits: 9)
  }
}
