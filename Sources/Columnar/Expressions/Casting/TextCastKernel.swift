extension Column {
  /// From strings. Blanks around a number, date or boolean do not matter.
  func castFromText(to target: DataType) -> Column? {
    switch target {
    case .boolean:
      let values = mappedBytes(to: .byte, placeholder: Int8(0)) { TextCast.boolean($0).map { $0 ? 1 : 0 } }
      return Column(
        .boolean, count: count, validity: values.validity, storage: .boolean(values.tested(Int8.self) { $0 != 0 }))
    case .byte: return mappedBytes(to: target, placeholder: Int8(0)) { TextCast.whole($0) }
    case .short: return mappedBytes(to: target, placeholder: Int16(0)) { TextCast.whole($0) }
    case .integer: return mappedBytes(to: target, placeholder: Int32(0)) { TextCast.whole($0) }
    case .long: return mappedBytes(to: target, placeholder: Int64(0)) { TextCast.whole($0) }
    case .unsignedByte: return mappedBytes(to: target, placeholder: UInt8(0)) { TextCast.whole($0) }
    case .unsignedShort: return mappedBytes(to: target, placeholder: UInt16(0)) { TextCast.whole($0) }
    case .unsignedInteger: return mappedBytes(to: target, placeholder: UInt32(0)) { TextCast.whole($0) }
    case .unsignedLong: return mappedBytes(to: target, placeholder: UInt64(0)) { TextCast.whole($0) }
    case .float: return mappedBytes(to: target, placeholder: Float(0)) { TextCast.float($0) }
    case .double: return mappedBytes(to: target, placeholder: Double(0)) { TextCast.double($0) }
    case .decimal(let precision, let scale):
      if precision <= 18 {
        return mappedBytes(to: target, placeholder: Int64(0)) {
          TextCast.decimal($0, precision, scale).map { Int64(truncatingIfNeeded: $0) }
        }
      }
      return mappedBytes(to: target, placeholder: Int128(0)) { TextCast.decimal($0, precision, scale) }
    case .date: return mappedBytes(to: target, placeholder: Int32(0)) { DateText.date($0) }
    case .timestamp(let unit):
      return mappedBytes(to: target, placeholder: Int64(0)) { DateText.timestamp($0).flatMap { unit.exactly($0) } }
    case .timestampNtz(let unit):
      return mappedBytes(to: target, placeholder: Int64(0)) {
        DateText.timestamp($0, keepingWallClock: true).flatMap { unit.exactly($0) }
      }
    default: return nil
    }
  }

  func castToText() throws(ColumnError) -> Column? {
    if type.isWholeNumber, type != .unsignedLong { return try digits() }
    var builder = BytesBuilder(capacity: count)
    for row in 0..<count {
      if isNull(row) {
        builder.appendNull()
      } else if type == .uuid {
        try builder.append(TextCast.uuid(byteArray(at: row)))
      } else {
        try builder.append(TextCast.text(scalar(at: row)))
      }
    }
    return builder.finish(.string)
  }
}

extension Column {
  /// Whole numbers of up to 64 bits in decimal digits.
  private func digits() throws(ColumnError) -> Column {
    guard case .fixed(let buffer) = try cast(to: .long).storage else { return Column(nulls: count, of: .string) }
    // A sign and 19 digits at most.
    let (capacity, overflow) = count.multipliedReportingOverflow(by: 20)
    guard !overflow, capacity <= Int32.max else { throw .tooLarge("bytes", capacity) }
    let data = Buffer(uninitialized: capacity)
    let offsets = Buffer(uninitialized: (count + 1) * 4)
    let bytes = data.mutablePointer.assumingMemoryBound(to: UInt8.self)
    let ends = offsets.mutablePointer.assumingMemoryBound(to: Int32.self)
    var end = 0
    ends[0] = 0
    buffer.withValues(of: Int64.self) { values in
      for row in 0..<count {
        if validity?.isSet(row) ?? true {
          let value = values[row]
          var rest = value.magnitude
          var length = value < 0 ? 2 : 1
          var shorter = rest
          while shorter >= 10 {
            shorter /= 10
            length &+= 1
          }
          var at = end &+ length
          repeat {
            at &-= 1
            bytes[at] = 48 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
          } while rest > 0
          if value < 0 { bytes[end] = UInt8(ascii: "-") }
          end &+= length
        }
        ends[row &+ 1] = Int32(truncatingIfNeeded: end)
      }
    }
    return with(.string, .bytes(offsets: offsets, data: data.slice(0..<end)))
  }
}

/// Single values from and to text.
enum TextCast {
  static func trimmed(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var rest = text[...]
    while let first = rest.first, first <= 32 { rest = rest.dropFirst() }
    while let last = rest.last, last <= 32 { rest = rest.dropLast() }
    return UnsafeBufferPointer(rebasing: rest)
  }

  static func boolean(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
    let word = trimmed(text)
    guard word.count <= 5 else { return nil }
    switch String(decoding: word, as: UTF8.self).lowercased() {
    case "true", "t", "yes", "y", "1": return true
    case "false", "f", "no", "n", "0": return false
    default: return nil
    }
  }

  /// Digits with a sign; a fraction after them is cut off.
  static func whole<Value: FixedWidthInteger>(_ text: UnsafeBufferPointer<UInt8>) -> Value? {
    let digits = trimmed(text)
    var at = 0
    var isNegative = false
    if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      at = 1
    }
    var value: Value = 0
    var seen = 0
    while at < digits.count, digits[at] >= 48, digits[at] <= 57 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let digit = Value(truncatingIfNeeded: digits[at] - 48)
      let (sum, overflow2) =
        isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      guard !overflow, !overflow2 else { return nil }
      value = sum
      seen += 1
      at += 1
    }
    if at < digits.count, digits[at] == UInt8(ascii: ".") {
      at += 1
      while at < digits.count, digits[at] >= 48, digits[at] <= 57 {
        seen += 1
        at += 1
      }
    }
    return seen > 0 && at == digits.count ? value : nil
  }

  static func double(_ text: UnsafeBufferPointer<UInt8>) -> Double? { real(text).flatMap { Double($0) } }

  /// Of the text itself: by way of a `Double` it would be rounded twice.
  static func float(_ text: UnsafeBufferPointer<UInt8>) -> Float? { real(text).flatMap { Float($0) } }

  /// A text that may be a number, in the library's notation but for hexadecimal digits.
  private static func real(_ text: UnsafeBufferPointer<UInt8>) -> String? {
    let word = trimmed(text)
    guard let first = word.first, word.count <= 400 else { return nil }
    let isHex = word.count > 2 && word.contains { $0 | 0x20 == UInt8(ascii: "x") }
    guard !isHex, first > 32 else { return nil }
    return String(decoding: word, as: UTF8.self)
  }

  static func decimal(_ text: UnsafeBufferPointer<UInt8>, _ precision: Int, _ scale: Int) -> Int128? {
    guard let parsed = Decimal128.parse(trimmed(text)),
      let value = Decimal128.rescale(parsed.unscaled, from: parsed.scale, to: scale),
      Decimal128.fits(value, precision: precision)
    else { return nil }
    return value
  }

  /// As Spark casts to a string. Binary as if it were UTF-8, with U+FFFD for what isn't.
  static func text(_ scalar: Scalar) -> String {
    switch scalar {
    case .null: "NULL"
    case .boolean(let value): value ? "true" : "false"
    case .byte(let value): String(value)
    case .short(let value): String(value)
    case .integer(let value): String(value)
    case .long(let value): String(value)
    case .unsignedLong(let value): String(value)
    case .float(let value): NumberText.text(value)
    case .double(let value): NumberText.text(value)
    case .decimal(let value, _, let scale): Decimal128.text(value, scale: scale)
    case .string(let value): value
    case .binary(let value): String(decoding: value, as: UTF8.self)
    case .date(let days): DateText.text(days: Int(days))
    case .timestamp(let value), .timestampNtz(let value): DateText.text(microseconds: value)
    }
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)

  static func uuid(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
      text.append(hexDigits[Int(byte >> 4)])
      text.append(hexDigits[Int(byte & 15)])
    }
    return text
  }
}

extension TimeUnit {
  /// Microseconds in these units, rounded down; `nil` when they overflow.
  func exactly(_ microseconds: Int64) -> Int64? {
    switch self {
    case .microseconds: return microseconds
    case .milliseconds: return microseconds.flooringQuotient(1000)
    case .nanoseconds:
      let (result, overflow) = microseconds.multipliedReportingOverflow(by: 1000)
      return overflow ? nil : result
    }
  }
}
