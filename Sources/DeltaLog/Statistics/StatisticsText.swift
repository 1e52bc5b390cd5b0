internal import Columnar

/// Bounds as statistics spell them, made into outer limits.
enum StatisticsText {
  /// What writers that cut timestamps to milliseconds may have left out, in microseconds.
  static let cutMicroseconds: Int64 = 999

  /// Keeps a bound, or nothing when the text is no value of the type.
  static func set(
    _ text: UnsafeBufferPointer<UInt8>, _ type: DataType, _ isMinimum: Bool, _ mayHoldFloats: Bool, _ row: Int,
    _ entry: inout StatisticsTable.Entry
  ) {
    switch type {
    case .string:
      if isMinimum { entry.minima?.set(text, at: row) } else { entry.maxima?.set(text, at: row) }
    case .float, .double:
      guard let value = double(text, type, isMinimum, mayHoldFloats) else { return }
      if isMinimum { entry.minima?.set(value, at: row) } else { entry.maxima?.set(value, at: row) }
    case .decimal(let precision, let scale):
      guard let value = decimal(text, precision, scale, isMinimum) else { return }
      if precision > 18 {
        if isMinimum { entry.minima?.set(value, at: row) } else { entry.maxima?.set(value, at: row) }
      } else {
        let value = Int64(truncatingIfNeeded: value)
        if isMinimum { entry.minima?.set(value, at: row) } else { entry.maxima?.set(value, at: row) }
      }
    default:
      guard let value = integer(text, type, isMinimum) else { return }
      if isMinimum { entry.minima?.set(value, at: row) } else { entry.maxima?.set(value, at: row) }
    }
  }

  private static func integer(_ text: UnsafeBufferPointer<UInt8>, _ type: DataType, _ isMinimum: Bool) -> Int64? {
    switch type {
    case .byte: return wholeNumber(text, Int64(Int8.min)...Int64(Int8.max))
    case .short: return wholeNumber(text, Int64(Int16.min)...Int64(Int16.max))
    case .integer: return wholeNumber(text, Int64(Int32.min)...Int64(Int32.max))
    case .long: return wholeNumber(text, Int64.min...Int64.max)
    case .date: return CivilText.days(text).map(Int64.init)
    case .boolean: return text.count == 4 ? 1 : text.count == 5 ? 0 : nil
    case .timestamp, .timestampNtz:
      guard let reading = CivilText.reading(text) else { return nil }
      if case .timestampNtz = type, reading.zoneOffset ?? 0 != 0 { return nil }
      let (utc, overflow) = reading.microseconds.subtractingReportingOverflow(reading.zoneOffset ?? 0)
      return overflow ? nil : widened(microseconds: utc, isMinimum)
    default: return nil
    }
  }

  /// Cut down to milliseconds is what the protocol says; before 1970 some writers cut towards 1970, which is up.
  static func widened(microseconds: Int64, _ isMinimum: Bool) -> Int64 {
    if !isMinimum { return microseconds > .max - cutMicroseconds ? .max : microseconds + cutMicroseconds }
    return microseconds >= 0 || microseconds < .min + cutMicroseconds ? microseconds : microseconds - cutMicroseconds
  }

  private static func wholeNumber(_ text: UnsafeBufferPointer<UInt8>, _ range: ClosedRange<Int64>) -> Int64? {
    var position = 0
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative { position = 1 }
    guard position < text.count, text.count &- position <= 19 else { return nil }
    var value: UInt64 = 0
    while position < text.count {
      let digit = text[position] &- 48
      guard digit < 10 else { return nil }
      value = value &* 10 &+ UInt64(digit)
      position &+= 1
    }
    let signed = isNegative ? Int64(exactly: -Int128(value)) : Int64(exactly: value)
    return signed.flatMap { range.contains($0) ? $0 : nil }
  }

  private static func decimal(
    _ text: UnsafeBufferPointer<UInt8>, _ precision: Int, _ scale: Int, _ isMinimum: Bool
  ) -> Int128? {
    guard let number = DecimalText.parse(text, precision: precision, scale: scale) else { return nil }
    if number.isSpeltInFull || precision <= 15 { return number.unscaled }
    // Spelt with a double's digits: it may be off by as much as a double is.
    let slack = Int128(number.unscaled.magnitude >> 51) + 1
    let limit = DecimalText.limit(ofPrecision: precision)
    return isMinimum ? max(number.unscaled - slack, -limit) : min(number.unscaled + slack, limit)
  }

  private static func double(
    _ text: UnsafeBufferPointer<UInt8>, _ type: DataType, _ isMinimum: Bool, _ mayHoldFloats: Bool
  ) -> Double? {
    if case .float = type {
      guard case .float(let value)? = PartitionValues.scalar(utf8: text, of: .float) else { return nil }
      return isMinimum && value.isNaN ? nil : Double(value)
    }
    guard let value = plainDouble(text) ?? generalDouble(text) else { return nil }
    if value.isNaN { return isMinimum ? nil : value }
    return mayHoldFloats ? widened(narrowed: value, isMinimum: isMinimum) : value
  }

  /// A bound of floats that was read as a double, with as much room as the digits of a float leave.
  static func widened(narrowed value: Double, isMinimum: Bool) -> Double {
    let nearest = Float(value)
    if value.isNaN { return value }
    return isMinimum ? min(value, Double(nearest.nextDown)) : max(value, Double(nearest.nextUp))
  }

  private static func generalDouble(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    if case .double(let value)? = PartitionValues.scalar(utf8: text, of: .double) { value } else { nil }
  }

  /// Up to 15 digits and no exponent: then digits and power of ten are exact doubles, and so is their quotient rounded
  /// once.
  private static func plainDouble(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard text.count <= 17 else { return nil }
    var position = text.first == UInt8(ascii: "-") ? 1 : 0
    var digits: Int64 = 0
    var count = 0
    var fraction = -1
    while position < text.count {
      let byte = text[position]
      if byte &- 48 < 10 {
        digits = digits &* 10 &+ Int64(byte &- 48)
        count &+= 1
        if fraction >= 0 { fraction &+= 1 }
      } else if byte == UInt8(ascii: "."), fraction < 0 {
        fraction = 0
      } else {
        return nil
      }
      position &+= 1
    }
    guard count > 0, count <= 15 else { return nil }
    let value = fraction > 0 ? Double(digits) / powersOfTen[fraction] : Double(digits)
    return text.first == UInt8(ascii: "-") ? -value : value
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]
}
