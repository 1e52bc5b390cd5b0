/// Lengths of time as table properties spell them: `interval 7 days`, `interval 1 week 12 hours`.
///
/// The word `interval` may be left out when a user sets a property; it is there in what is written, since not every
/// client does without it.
package enum IntervalText {
  /// In milliseconds; what is beyond them is dropped.
  package static func milliseconds(_ text: String) throws(InvalidPropertyValue) -> Int64 {
    var words = text.lowercased().split { $0 == " " || $0 == "\t" || $0 == "\n" }
    if words.first == "interval" { words.removeFirst() }
    guard !words.isEmpty, words.count.isMultiple(of: 2) else {
      throw InvalidPropertyValue(message: "needs to be an interval such as '2 weeks'")
    }
    var microseconds: Int64 = 0
    for index in stride(from: 0, to: words.count, by: 2) {
      let (count, fraction) = try number(words[index])
      guard let unit = try unit(words[index + 1]) else {
        throw InvalidPropertyValue(
          message: "needs to be an interval such as '2 weeks': '\(words[index + 1])' is no unit of time")
      }
      guard fraction == 0 || unit == 1_000_000 else {
        throw InvalidPropertyValue(message: "needs whole \(words[index + 1])")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: unit)
      let (withFraction, overflow2) = product.addingReportingOverflow(fraction)
      let (sum, overflow3) = microseconds.addingReportingOverflow(withFraction)
      guard !overflow, !overflow2, !overflow3 else { throw InvalidPropertyValue(message: "is too long") }
      microseconds = sum
    }
    guard microseconds >= 0 else { throw InvalidPropertyValue(message: "needs to be an interval that is not negative") }
    return microseconds / 1000
  }

  /// The text with the word `interval` before it.
  package static func canonical(_ text: String) -> String {
    let words = text.split { $0 == " " || $0 == "\t" || $0 == "\n" }
    return words.first?.lowercased() == "interval" ? text : "interval " + words.joined(separator: " ")
  }

  /// Whole units, and the fraction of a unit in millionths.
  private static func number(_ word: Substring) throws(InvalidPropertyValue) -> (Int64, Int64) {
    let bare = word.filter { $0 != "'" }
    let parts = bare.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    if let first = parts.first, let whole = Int64(first) {
      if parts.count == 1 { return (whole, 0) }
      let digits = parts[1].prefix(6)
      if !digits.isEmpty, parts[1].utf8.allSatisfy({ $0 &- 48 < 10 }),
        let fraction = Int64(digits + String(repeating: "0", count: 6 - digits.count))
      {
        return (whole, first.hasPrefix("-") ? -fraction : fraction)
      }
    }
    throw InvalidPropertyValue(message: "needs to be an interval such as '2 weeks': '\(word)' is no number")
  }

  /// In microseconds.
  private static func unit(_ word: Substring) throws(InvalidPropertyValue) -> Int64? {
    switch word {
    case "microsecond", "microseconds": return 1
    case "millisecond", "milliseconds": return 1000
    case "second", "seconds": return 1_000_000
    case "minute", "minutes": return 60_000_000
    case "hour", "hours": return 3_600_000_000
    case "day", "days": return 86_400_000_000
    case "week", "weeks": return 604_800_000_000
    case "month", "months", "year", "years":
      throw InvalidPropertyValue(
        message: "needs to be an interval without months and years, which differ in length: say '365 days'")
    default: return nil
    }
  }
}
