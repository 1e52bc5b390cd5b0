import Testing

@testable import Columnar

@Suite("The calendar")
struct CalendarTests {
  @Test(
    "Days and dates agree",
    arguments: [
      (0, 1970, 1, 1), (-1, 1969, 12, 31), (59, 1970, 3, 1), (11_016, 2000, 2, 29), (-719_162, 1, 1, 1),
      (-719_163, 0, 12, 31), (2_932_896, 9999, 12, 31), (2_932_897, 10_000, 1, 1),
      (Int(Int32.max), 5_881_580, 7, 11), (Int(Int32.min), -5_877_641, 6, 23),
    ])
  func conversion(days: Int, year: Int, month: Int, day: Int) {
    let date = CivilDate(daysSinceEpoch: days)
    #expect(date == CivilDate(year: year, month: month, day: day))
    #expect(date.daysSinceEpoch == days)
    #expect(date.isValid)
  }

  @Test("Every day of 800 years has its successor")
  func successors() {
    var expected = CivilDate(year: 1600, month: 1, day: 1)
    let first = expected.daysSinceEpoch
    for days in first..<first + 292_194 {
      #expect(CivilDate(daysSinceEpoch: days) == expected)
      expected.day += 1
      if !expected.isValid {
        expected.day = 1
        expected.month += 1
      }
      if !expected.isValid {
        expected.month = 1
        expected.year += 1
      }
    }
  }

  @Test("Times before the epoch count forwards within their day", arguments: [Int64.min, -1, 0, .max])
  func moments(value: Int64) {
    for unit in [TimeUnit.milliseconds, .microseconds, .nanoseconds] {
      let moment = CivilDateTime(value, unit)
      #expect((0..<24).contains(moment.hour) && (0..<1_000_000_000).contains(moment.nanosecond))
    }
    #expect(CivilDateTime(-1, .microseconds).nanosecond == 999_999_000)
  }

  @Test(
    "No such days", arguments: [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0)])
  func invalid(year: Int, month: Int, day: Int) {
    #expect(!CivilDate(year: year, month: month, day: day).isValid)
  }
}
