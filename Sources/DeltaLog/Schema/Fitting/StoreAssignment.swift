package import Columnar

/// Which values may be written to a column of another type.
///
/// Spark's ANSI rules with one principle on top: whole numbers, decimals, dates and times arrive as they were or not at
/// all; only floating point is rounded. A string goes into no other column.
package enum StoreAssignment {
  package enum Conversion: Hashable, Sendable {
    /// Every value has a counterpart.
    case total
    /// Values out of range, or with digits that the type does not have, are refused row by row.
    case exact
    /// Like exact, but digits too many are rounded away: from floating point.
    case rounding
  }

  /// How values of a type that is not nested become those of another; `nil` when they don't. Equal types are total.
  package static func conversion(from old: DataType, to new: DataType) -> Conversion? {
    if old == new || old == .null { return .total }
    guard StorableType.isStorable(new) else { return nil }
    switch (old, new) {
    case (_, .null), (.variant, _), (_, .variant), (.interval, _), (.time, _): return nil
    case (.binary, _), (.string, _): return nil
    case (.decimal(let precision, _), _) where precision > 38: return nil
    case (.uuid, .binary), (.fixedBinary, .binary), (.uuid, .string): return .total
    case (.uuid, _), (.fixedBinary, _), (_, .binary): return nil
    case (_, .string): return .total
    case (.boolean, _), (_, .boolean): return nil
    case (.date, .timestamp), (.date, .timestampNtz): return .exact
    case (.int96, .timestamp), (.int96, .timestampNtz): return .total
    case (.timestamp(let unit), .timestamp), (.timestamp(let unit), .timestampNtz),
      (.timestampNtz(let unit), .timestamp), (.timestampNtz(let unit), .timestampNtz):
      return unit == .microseconds ? .total : .exact
    case (.timestamp, .date), (.timestampNtz, .date), (.int96, .date): return .exact
    default: return number(from: old, to: new)
    }
  }

  private static func number(from old: DataType, to new: DataType) -> Conversion? {
    switch (old, new) {
    case (.float16, .float), (.float16, .double), (.float, .double): return .total
    case (.double, .float): return .rounding
    case (.float16, _), (.float, _), (.double, _):
      if case .decimal = new { return .rounding }
      return bounds(of: new) == nil ? nil : .exact
    case (.decimal(let precision, let scale), .decimal(let newPrecision, let newScale)):
      return newScale >= scale && newPrecision - newScale >= precision - scale ? .total : .exact
    case (.decimal, .float), (.decimal, .double): return .total
    case (.decimal, _): return bounds(of: new) == nil ? nil : .exact
    default: break
    }
    guard let values = bounds(of: old) else { return nil }
    switch new {
    case .float, .double: return .total
    case .decimal(let precision, let scale):
      var limit: Int128 = 1
      for _ in 0..<(precision - scale) { limit *= 10 }
      return values.upperBound < limit && -values.lowerBound < limit ? .total : .exact
    default:
      guard let room = bounds(of: new) else { return nil }
      return room.lowerBound <= values.lowerBound && room.upperBound >= values.upperBound ? .total : .exact
    }
  }

  private static func bounds(of type: DataType) -> ClosedRange<Int128>? {
    switch type {
    case .byte: -128...127
    case .short: -32_768...32_767
    case .integer: Int128(Int32.min)...Int128(Int32.max)
    case .long: Int128(Int64.min)...Int128(Int64.max)
    case .unsignedByte: 0...255
    case .unsignedShort: 0...65_535
    case .unsignedInteger: 0...Int128(UInt32.max)
    case .unsignedLong: 0...Int128(UInt64.max)
    default: nil
    }
  }
}
