public import Columnar

/// Partition values between the log's text and typed scalars.
///
/// Spec: Delta § Partition Value Serialization
public enum PartitionValues {
  /// The value that a text stands for. `nil` and the empty string are null for every type; a timestamp without a
  /// zone is UTC.
  ///
  /// - Parameter column: the column's name, for the error.
  /// - Throws: ``DeltaError`` `corruptLog` when the text is no value of the type.
  public static func scalar(
    _ text: String?, of type: DataType, column: String
  ) throws(DeltaError) -> Scalar {
    guard let text, !text.isEmpty else { return .null }
    if case .string = type { return .string(text) }
    var copy = text
    if let value = copy.withUTF8({ scalar(utf8: $0, of: type) }) { return value }
    throw .invalidPartitionValue(text, of: column, as: SchemaJSON.name(of: type) ?? "partition type")
  }

  /// The values of all partition columns of a file, in the columns' order. A column that the file has no value for
  /// is null.
  ///
  /// - Parameters:
  ///   - values: as in ``AddFile/partitionValues``.
  ///   - columns: the physical fields of the partition columns, from ``ColumnMapping/physicalFields(of:)``.
  public static func scalars(
    _ values: [String: String?], of columns: [StructField]
  ) throws(DeltaError) -> [Scalar] {
    var scalars: [Scalar] = []
    scalars.reserveCapacity(columns.count)
    for column in columns {
      scalars.append(try scalar(values[column.name] ?? nil, of: column.type, column: column.name))
    }
    return scalars
  }

  /// The text of a value as the log keeps it; `nil` for null.
  ///
  /// Timestamps are spelt in UTC as `2024-02-29T12:00:00.000000Z`. Binary is its text when it is UTF-8, which most readers
  /// take it for, else escaped as delta-rs does. The empty string comes back as null when it is read, which is the format's
  /// limit.
  public static func text(for value: Scalar) -> String? {
    switch value {
    case .null: nil
    case .boolean(let value): value ? "true" : "false"
    case .byte(let value): String(value)
    case .short(let value): String(value)
    case .integer(let value): String(value)
    case .long(let value): String(value)
    case .unsignedLong(let value): String(value)
    case .float(let value): text(value, value.isNaN, value.isInfinite)
    case .double(let value): text(value, value.isNaN, value.isInfinite)
    case .decimal(let unscaled, _, let scale): Decimal128.text(unscaled, scale: scale)
    case .string(let value): value
    case .binary(let bytes): text(binary: bytes)
    case .date(let days): CivilDate(daysSinceEpoch: Int(days)).description
    case .timestamp(let value): CivilText.text(microseconds: value, separator: "T") + "Z"
    case .timestampNtz(let value): CivilText.text(microseconds: value, separator: " ")
    }
  }
}

extension PartitionValues {
  /// The value of any type but string, or `nil` when the text is none.
  static func scalar(utf8 text: UnsafeBufferPointer<UInt8>, of type: DataType) -> Scalar? {
    switch type {
    case .boolean: return boolean(text).map(Scalar.boolean)
    case .byte: return Int8(string(text)).map(Scalar.byte)
    case .short: return Int16(string(text)).map(Scalar.short)
    case .integer: return Int32(string(text)).map(Scalar.integer)
    case .long: return Int64(string(text)).map(Scalar.long)
    case .float:
      if let special = special(text) { return .float(Float(special)) }
      return isPlainNumber(text) ? Float(string(text)).map(Scalar.float) : nil
    case .double:
      if let special = special(text) { return .double(special) }
      return isPlainNumber(text) ? Double(string(text)).map(Scalar.double) : nil
    case .decimal(let precision, let scale):
      return DecimalText.parse(text, precision: precision, scale: scale)
        .map { .decimal($0.unscaled, precision: precision, scale: scale) }
    case .string: return .string(string(text))
    case .binary: return .binary(binary(text))
    case .date:
      // Writers that kept dates as timestamps left a midnight behind.
      if let days = CivilText.days(text) { return .date(days) }
      guard let reading = CivilText.reading(text), reading.zoneOffset ?? 0 == 0,
        reading.microseconds % CivilText.microsecondsPerDay == 0
      else { return nil }
      return Int32(exactly: reading.microseconds / CivilText.microsecondsPerDay).map(Scalar.date)
    case .timestamp:
      guard let reading = CivilText.reading(text) else { return nil }
      let (utc, overflow) = reading.microseconds.subtractingReportingOverflow(reading.zoneOffset ?? 0)
      return overflow ? nil : .timestamp(utc)
    case .timestampNtz:
      guard let reading = CivilText.reading(text), reading.zoneOffset ?? 0 == 0 else { return nil }
      return .timestampNtz(reading.microseconds)
    default: return nil
    }
  }

  private static func string(_ text: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: text, as: UTF8.self)
  }

  private static func boolean(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
    switch string(text).lowercased() {
    case "true": true
    case "false": false
    default: nil
    }
  }

  private static func special(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let last = text.last, last | 0x20 >= UInt8(ascii: "a") else { return nil }
    switch string(text).lowercased() {
    case "nan": return .nan
    case "infinity", "+infinity", "inf", "+inf": return .infinity
    case "-infinity", "-inf": return -.infinity
    default: return nil
    }
  }

  /// Only what a decimal floating-point number is made of: no hexadecimal, no words.
  private static func isPlainNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.allSatisfy {
      $0 &- 48 < 10 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: ".")
        || $0 | 0x20 == UInt8(ascii: "e")
    }
  }

  private static func text<Number: CustomStringConvertible & FloatingPoint>(
    _ value: Number, _ isNaN: Bool, _ isInfinite: Bool
  ) -> String {
    isNaN ? "NaN" : isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : value.description
  }

  /// Bytes are kept as the text they are in UTF-8, or as `\u0001` for each byte.
  private static func binary(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    escapedBytes(text) ?? Array(text)
  }

  private static func escapedBytes(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard text.count % 6 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 6)
    for start in stride(from: 0, to: text.count, by: 6) {
      guard text[start] == UInt8(ascii: "\\"), text[start + 1] == UInt8(ascii: "u"),
        let byte = UInt8(string(UnsafeBufferPointer(rebasing: text[start + 2..<start + 6])), radix: 16)
      else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func text(binary bytes: [UInt8]) -> String {
    let looksEscaped = bytes.withUnsafeBufferPointer { escapedBytes($0) != nil }
    if !looksEscaped || bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) { return text }
    return bytes.map { "\\u" + String($0, radix: 16, paddedTo: 4).uppercased() }.joined()
  }
}
