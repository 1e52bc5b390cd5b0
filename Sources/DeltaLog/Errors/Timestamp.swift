internal import Columnar

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
    let moment = CivilDateTime(milliseconds, .milliseconds)
    return "\(moment.date)T" + String(moment.hour, paddedTo: 2) + ":" + String(moment.minute, paddedTo: 2) + ":"
      + String(moment.second, paddedTo: 2) + "." + String(moment.nanosecond / 1_000_000, paddedTo: 3) + "Z"
  }
}

extension Timestamp {
  /// Parses `2024-02-29`, `2024-02-29 12:00[:00[.123456]]` or with `T`, followed by nothing (UTC), `Z` or `±hh[:]mm`.
  ///
  /// Digits beyond the millisecond are dropped.
  public init?(_ text: String) {
    let reading = Array(text.utf8).withUnsafeBufferPointer { CivilText.reading($0) }
    guard let reading else { return nil }
    let (instant, overflow) = reading.microseconds.subtractingReportingOverflow(reading.zoneOffset ?? 0)
    guard !overflow else { return nil }
    let (quotient, remainder) = instant.quotientAndRemainder(dividingBy: 1000)
    self.init(milliseconds: remainder < 0 ? quotient - 1 : quotient)
  }
}
