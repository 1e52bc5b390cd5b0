/// How the values inside a variant are spelt as JSON.
package enum VariantSpelling: Sendable {
  /// Exact and unambiguous: decimals are strings with their scale, binary is hex, timestamps have all their digits.
  case canonical
  /// What a reader of JSON expects: decimals are numbers, binary is base 64, timestamps have no empty fraction.
  case natural
}

extension VariantValue {
  /// The value as JSON text: object keys sorted by their UTF-8 bytes; decimals as numbers; binary as base 64; dates,
  /// times and timestamps as ISO 8601 text; NaN and the infinities as strings.
  ///
  /// - Throws: `corrupt`, `unsupported` or `tooDeep`.
  public func json() throws(VariantError) -> String {
    var text = TextBuffer()
    try appendJSON(to: &text, .natural)
    return text.string()
  }

  /// Appends the value as JSON text; on an error a part of it is there.
  package func appendJSON(to text: inout TextBuffer, _ spelling: VariantSpelling) throws(VariantError) {
    var budget = try valueBytes().count
    try append(to: &text, spelling, depth: 0, budget: &budget)
  }

  /// `budget` is the bytes of the value, and none behind it, that are not yet visited. Members may not share bytes,
  /// which keeps a small hostile value from standing for an endless text.
  private func append(
    to text: inout TextBuffer, _ spelling: VariantSpelling, depth: Int, budget: inout Int
  ) throws(VariantError) {
    guard depth < Self.maximumDepth else { throw .tooDeep() }
    switch try content() {
    case .object(let object):
      try spend(object.members.valuesStart, of: &budget)
      text.append(0x7B)
      var isFirst = true
      for position in try object.sortedPositions() {
        if !isFirst { text.append(0x2C) }
        isFirst = false
        try Self.append(string: object.nameBytes(at: position), to: &text)
        text.append(0x3A)
        try object.value(at: position).append(to: &text, spelling, depth: depth + 1, budget: &budget)
      }
      text.append(0x7D)
    case .array(let array):
      try spend(array.members.valuesStart, of: &budget)
      text.append(0x5B)
      for position in 0..<array.count {
        if position > 0 { text.append(0x2C) }
        try array.value(at: position).append(to: &text, spelling, depth: depth + 1, budget: &budget)
      }
      text.append(0x5D)
    case let leaf:
      try spend(valueBytes().count, of: &budget)
      try Self.append(leaf: leaf, to: &text, spelling)
    }
  }

  private func spend(_ count: Int, of budget: inout Int) throws(VariantError) {
    budget -= count
    guard budget >= 0 else { throw .corrupt("The members of a variant overlap.") }
  }

  private static func append(string: Buffer, to text: inout TextBuffer) throws(VariantError) {
    defer { withExtendedLifetime(string) {} }
    let bytes = UnsafeRawBufferPointer(start: string.pointer, count: string.count)
    guard UTF8Validation.isValid(bytes) else { throw .corrupt("A string in a variant is not UTF-8.") }
    text.append(jsonString: bytes)
  }

  private static func append(
    leaf: Content, to text: inout TextBuffer, _ spelling: VariantSpelling
  ) throws(VariantError) {
    switch leaf {
    case .null: text.append("null")
    case .boolean(let value): text.append(value ? "true" : "false")
    case .byte(let value): text.append(integer: Int64(value))
    case .short(let value): text.append(integer: Int64(value))
    case .integer(let value): text.append(integer: Int64(value))
    case .long(let value): text.append(integer: value)
    case .float(let value): text.append(float: value)
    case .double(let value): text.append(double: value)
    case .decimal(let unscaled, let scale, _):
      if spelling == .natural { return text.append(decimal: unscaled, scale: scale) }
      quoted(&text) { $0.append(decimal: unscaled, scale: scale) }
    case .date(let days): quoted(&text) { $0.append(days: days, signsLongYears: true) }
    case .timestamp(let value, let unit):
      quoted(&text) {
        append(timestamp: value, unit, to: &$0, spelling)
        $0.append(0x5A)
      }
    case .timestampNtz(let value, let unit): quoted(&text) { append(timestamp: value, unit, to: &$0, spelling) }
    case .time(let value): quoted(&text) { $0.append(time: value, .microseconds) }
    case .string(let string): try append(string: string, to: &text)
    case .binary(let data):
      quoted(&text) { text in
        data.withUnsafeBytes { spelling == .natural ? text.append(base64: $0) : text.append(hex: $0) }
      }
    case .uuid(let data): quoted(&text) { text in data.withUnsafeBytes { text.append(uuid: $0) } }
    case .object, .array: preconditionFailure("not a leaf")
    }
  }

  private static func append(
    timestamp value: Int64, _ unit: TimeUnit, to text: inout TextBuffer, _ spelling: VariantSpelling
  ) {
    if spelling == .natural {
      text.append(shortTimestamp: value, unit)
    } else {
      text.append(timestamp: value, unit, signsLongYears: true)
    }
  }

  private static func quoted(_ text: inout TextBuffer, _ body: (inout TextBuffer) -> Void) {
    text.append(0x22)
    body(&text)
    text.append(0x22)
  }
}
