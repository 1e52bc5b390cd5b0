internal import Columnar
internal import DeltaLog

/// How a value of one width is read from its text.
protocol TextReading {
  associatedtype Value: BitwiseCopyable
  var placeholder: Value { get }
  /// Whether the text is a number in JSON; else it is a string.
  var isNumber: Bool { get }
  func value(_ text: UnsafeBufferPointer<UInt8>) -> Value?
}

struct WholeReading<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>: TextReading {
  let isPlain: Bool
  var placeholder: Value { 0 }
  var isNumber: Bool { true }

  func value(_ text: UnsafeBufferPointer<UInt8>) -> Value? {
    TextValue.whole(text, isPlain: isPlain).flatMap { Value(exactly: $0) }
  }
}

struct FloatReading: TextReading {
  var placeholder: Float { 0 }
  var isNumber: Bool { true }
  func value(_ text: UnsafeBufferPointer<UInt8>) -> Float? { TextValue.float(text) }
}

struct DoubleReading: TextReading {
  let isPlain: Bool
  var placeholder: Double { 0 }
  var isNumber: Bool { true }
  func value(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    isPlain && TextValue.hasLeadingZero(text) ? nil : TextValue.double(text)
  }
}

struct DecimalReading<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>: TextReading {
  let precision: Int
  let scale: Int
  var placeholder: Value { 0 }
  var isNumber: Bool { true }

  func value(_ text: UnsafeBufferPointer<UInt8>) -> Value? {
    TextValue.decimal(text, precision: precision, scale: scale).flatMap { Value(exactly: $0) }
  }
}

struct DateReading: TextReading {
  var placeholder: Int32 { 0 }
  var isNumber: Bool { false }
  func value(_ text: UnsafeBufferPointer<UInt8>) -> Int32? { TextValue.date(text) }
}

struct TimestampReading: TextReading {
  let keepsWallClock: Bool
  var placeholder: Int64 { 0 }
  var isNumber: Bool { false }
  func value(_ text: UnsafeBufferPointer<UInt8>) -> Int64? { TextValue.timestamp(text, keepsWallClock: keepsWallClock) }
}

/// Values of one width.
final class ParsedBuilder<Reader: TextReading>: ValueBuilder {
  private let reader: Reader
  private var values: [Reader.Value] = []

  init(_ type: DataType, _ reader: Reader) {
    self.reader = reader
    super.init(type)
  }

  override func append(text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let value = reader.value(text) else { return miss() }
    values.append(value)
    return hit()
  }

  override func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    switch try scanner.peek() {
    case UInt8(ascii: "\""):
      // Numbers in strings are numbers too: NaN, and decimals that other readers would round.
      return append(text: try scanner.readString(), scanner)
    case UInt8(ascii: "-"), 48...57:
      let text = try scanner.readNumber()
      return reader.isNumber ? append(text: text, scanner) : miss()
    default:
      try scanner.skipValue(depth: depth)
      return miss()
    }
  }

  private func append(text: JSONText, _ scanner: JSONScanner) -> Bool {
    guard !text.hasEscapes else {
      return scanner.bytes(text).withUnsafeBufferPointer { append(text: $0) }
    }
    return append(text: UnsafeBufferPointer(start: scanner.base + text.start, count: text.count))
  }

  override func addPlaceholder() { values.append(reader.placeholder) }

  override func storage() -> ColumnStorage {
    defer { values.removeAll(keepingCapacity: true) }
    return .fixed(Buffer(copying: values))
  }
}

final class BooleanBuilder: ValueBuilder {
  private var values: [Bool] = []

  init() { super.init(.boolean) }

  override func append(text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let value = TextValue.boolean(text) else { return miss() }
    values.append(value)
    return hit()
  }

  override func append(json scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) -> Bool {
    switch try scanner.peek() {
    case UInt8(ascii: "t"), UInt8(ascii: "f"):
      values.append(try scanner.readBoolean())
      return hit()
    default:
      try scanner.skipValue(depth: depth)
      return miss()
    }
  }

  override func addPlaceholder() { values.append(false) }

  override func storage() -> ColumnStorage {
    defer { values.removeAll(keepingCapacity: true) }
    return .boolean(Bitmap(values))
  }
}
