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
}
