enum DateMath {
  enum Unit: Sendable {
    case year, quarter, month, week, day, hour, minute, second, millisecond, microsecond

    init?(_ name: String) {
      switch name.uppercased() {
      case "YEAR", "YYYY", "YY": self = .year
      case "QUARTER": self = .quarter
      case "MONTH", "MM", "MON": self = .month
      case "WEEK": self = .week
      case "DAY", "DD": self = .day
      case "HOUR": self = .hour
      case "MINUTE": self = .minute
      case "SECOND": self = .second
      case "MILLISECOND": self = .millisecond
      case "MICROSECOND": self = .microsecond
      default: return nil
      }
    }
  }

  /// The first day of the unit that a day is in; weeks begin on Monday.
  static func truncated(days: Int, to unit: Unit) -> Int {
    let date = CivilDate(daysSinceEpoch: days)
    switch unit {
    case .year: return CivilDate(year: date.year, month: 1, day: 1).daysSinceEpoch
    case .quarter: return CivilDate(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1).daysSinceEpoch
    case .month: return days - date.day + 1
    case .week: return days - ((days + 3) % 7 + 7) % 7
    default: return days
    }
  }

  static func truncated(_ microseconds: Int64, to unit: Unit) -> Int64? {
    let step: Int64
    switch unit {
    case .microsecond: return microseconds
    case .millisecond: step = 1000
    case .second: step = 1_000_000
    case .minute: step = 60_000_000
    case .hour: step = 3_600_000_000
    case .day, .week, .month, .quarter, .year: step = 86_400_000_000
    }
    var count = microseconds.flooringQuotient(step)
    if step == 86_400_000_000 { count = Int64(truncated(days: Int(count), to: unit)) }
    let (result, overflow) = count.multipliedReportingOverflow(by: step)
    return overflow ? nil : result
  }

  /// The same day of another month, or that month's last.
  static func adding(months: Int, to days: Int) -> Int? {
    let date = CivilDate(daysSinceEpoch: days)
    let total = date.year * 12 + date.month - 1 + months
    let year = total.flooringQuotient(12)
    let month = total - year * 12 + 1
    let day = min(date.day, CivilDate.days(inMonth: month, of: year))
    return CivilDate(year: year, month: month, day: day).daysSinceEpoch
  }

  /// Months first, as Spark does, then days, then microseconds; `nil` when that leaves 64 bits.
  static func adding(months: Int, days: Int, microseconds: Int64, to value: Int64) -> Int64? {
    let day = value.flooringQuotient(86_400_000_000)
    guard let moved = adding(months: months, to: Int(day)) else { return nil }
    let total =
      (Int128(moved) + Int128(days)) * 86_400_000_000 + Int128(value - day * 86_400_000_000) + Int128(microseconds)
    return Int64(exactly: total)
  }

  /// The function that gives each part of a date, by the names that EXTRACT takes.
  static let partNames: [String: String] = [
    "YEAR": "year", "YEARS": "year", "Y": "year", "QUARTER": "quarter", "QTR": "quarter", "MONTH": "month",
    "MON": "month",
    "MONTHS": "month", "WEEK": "weekofyear", "W": "weekofyear", "WEEKS": "weekofyear", "DAY": "day", "D": "day",
    "DAYS": "day", "DAYOFWEEK": "dayofweek", "DOW": "dayofweek", "DAYOFWEEK_ISO": "dayofweek_iso",
    "DOW_ISO": "dayofweek_iso", "DOY": "dayofyear", "DAYOFYEAR": "dayofyear", "HOUR": "hour", "H": "hour",
    "HOURS": "hour", "MINUTE": "minute", "MIN": "minute", "MINUTES": "minute", "SECOND": "second", "S": "second",
    "SECONDS": "second",
  ]

  /// ISO 8601: the week of the year that has this week's Thursday.
  static func isoWeek(_ days: Int) -> Int {
    let thursday = truncated(days: days, to: .week) + 3
    return (thursday - truncated(days: thursday, to: .year)) / 7 + 1
  }
}

/// A pattern of `date_format`: letters of Java's DateTimeFormatter that stand for numbers, and text between them.
struct DateFormat: Sendable {
  private enum Part: Sendable { case letter(Character, Int), text(String) }
  private let parts: [Part]

  init?(_ pattern: String) {
    var parts: [Part] = []
    var isQuoted = false
    for character in pattern {
      if character == "'" {
        isQuoted.toggle()
      } else if !isQuoted, character.isASCII, character.isLetter {
        guard "yuMdHmsS".contains(character) else { return nil }
        if case .letter(character, let count)? = parts.last {
          guard count < 9 else { return nil }
          parts[parts.count - 1] = .letter(character, count + 1)
        } else {
          parts.append(.letter(character, 1))
        }
      } else {
        parts.append(.text(String(character)))
      }
    }
    // Three letters and more of a month are its name.
    for case .letter(let letter, let count) in parts where letter == "M" && count > 2 { return nil }
    self.parts = parts
  }

  func text(_ microseconds: Int64) -> String {
    let days = microseconds.flooringQuotient(86_400_000_000)
    let rest = Int(microseconds &- days &* 86_400_000_000)
    let date = CivilDate(daysSinceEpoch: Int(days))
    return parts.reduce(into: "") { result, part in
      switch part {
      case .text(let text): result += text
      case .letter("S", let count):
        let digits = String(rest % 1_000_000, paddedTo: 6) + "000"
        result += digits.prefix(count)
      case .letter(let letter, let count):
        let value =
          switch letter {
          case "M": date.month
          case "d": date.day
          case "H": rest / 3_600_000_000
          case "m": rest / 60_000_000 % 60
          case "s": rest / 1_000_000 % 60
          default: count == 2 ? (date.year % 100 + 100) % 100 : date.year
          }
        result += String(value, paddedTo: count)
      }
    }
  }

  /// The moment that a text says, in microseconds, or `nil` when it is not as the pattern has it. What the pattern leaves
  /// out is as in 1970-01-01 00:00:00.
  func reading(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var at = 0
    var date = CivilDate(year: 1970, month: 1, day: 1)
    var microseconds: Int64 = 0
    for part in parts {
      switch part {
      case .text(let literal):
        for byte in literal.utf8 {
          guard at < text.count, text[at] == byte else { return nil }
          at += 1
        }
      case .letter(let letter, let count):
        // One letter: as many digits as there are; more: that many.
        var value: Int64 = 0
        var digits = 0
        let most = count > 1 ? count : letter == "y" || letter == "u" || letter == "S" ? 9 : 2
        while digits < most, at < text.count, text[at] >= 48, text[at] <= 57 {
          value = value * 10 + Int64(text[at] - 48)
          digits += 1
          at += 1
        }
        guard digits == count || count == 1 && digits > 0 else { return nil }
        switch letter {
        case "M": date.month = Int(value)
        case "d": date.day = Int(value)
        case "H":
          guard value < 24 else { return nil }
          microseconds += value * 3_600_000_000
        case "m":
          guard value < 60 else { return nil }
          microseconds += value * 60_000_000
        case "s":
          guard value < 60 else { return nil }
          microseconds += value * 1_000_000
        case "S":
          var fraction = value
          for _ in digits..<max(6, digits) { fraction *= 10 }
          for _ in 6..<max(6, digits) { fraction /= 10 }
          microseconds += fraction
        default: date.year = count == 2 ? 2000 + Int(value) : Int(value)
        }
      }
    }
    guard at == text.count, date.isValid else { return nil }
    let (days, overflow) = Int64(date.daysSinceEpoch).multipliedReportingOverflow(by: 86_400_000_000)
    let (sum, overflow2) = days.addingReportingOverflow(microseconds)
    return overflow || overflow2 ? nil : sum
  }
}
