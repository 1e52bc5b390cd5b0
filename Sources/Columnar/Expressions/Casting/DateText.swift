/// Dates and timestamps as text. Times without a zone are taken as UTC.
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

  static func text(days: Int) -> String { CivilDate(daysSinceEpoch: days).description }

  /// `yyyy-mm-dd hh:mm:ss[.ffffff]` without trailing zeros in the fraction.
  static func text(microseconds: Int64) -> String {
    let moment = CivilDateTime(microseconds, .microseconds)
    var result =
      "\(moment.date) " + String(moment.hour, paddedTo: 2) + ":" + String(moment.minute, paddedTo: 2) + ":"
      + String(moment.second, paddedTo: 2)
    guard moment.nanosecond > 0 else { return result }
    result += "." + String(moment.nanosecond / 1000, paddedTo: 6)
    while result.last == "0" { result.removeLast() }
    return result
  }

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
      var date = CivilDate(year: isNegative ? -digits : digits, month: 1, day: 1)
      if skip(UInt8(ascii: "-")) {
        guard let month = number(1, 2) else { return nil }
        date.month = month
        if skip(UInt8(ascii: "-")) {
          guard let day = number(1, 2) else { return nil }
          date.day = day
        }
      }
      return date.isValid ? date.daysSinceEpoch : nil
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
