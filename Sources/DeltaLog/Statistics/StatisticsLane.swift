internal import Columnar

/// The minima or maxima of one column, a row for each file.
struct StatisticsLane: Sendable {
  enum Kind: Sendable {
    /// Whole numbers, days, microseconds, booleans as 0 and 1, unscaled decimals.
    case integers
    /// Unscaled decimals beyond 18 digits.
    case wideIntegers
    case doubles
    /// UTF-8.
    case texts
  }

  let kind: Kind
  /// 1 where the row has a value.
  var isKnown: [UInt8]
  var integers: [Int64] = []
  var wideIntegers: [Int128] = []
  var doubles: [Double] = []
  /// Where each row's text is in `textBytes`.
  var textRanges: [Range<Int>] = []
  var textBytes: [UInt8] = []

  init(_ kind: Kind, count: Int) {
    self.kind = kind
    isKnown = [UInt8](repeating: 0, count: count)
    switch kind {
    case .integers: integers = [Int64](repeating: 0, count: count)
    case .wideIntegers: wideIntegers = [Int128](repeating: 0, count: count)
    case .doubles: doubles = [Double](repeating: 0, count: count)
    case .texts: textRanges = [Range<Int>](repeating: 0..<0, count: count)
    }
  }

  mutating func set(_ value: Int64, at row: Int) {
    integers[row] = value
    isKnown[row] = 1
  }

  mutating func set(_ value: Int128, at row: Int) {
    wideIntegers[row] = value
    isKnown[row] = 1
  }

  mutating func set(_ value: Double, at row: Int) {
    doubles[row] = value
    isKnown[row] = 1
  }

  mutating func set(_ text: UnsafeBufferPointer<UInt8>, at row: Int) {
    let start = textBytes.count
    textBytes.append(contentsOf: text)
    textRanges[row] = start..<textBytes.count
    isKnown[row] = 1
  }

  /// The value as a scalar of the column's type.
  func scalar(at row: Int, of type: DataType) -> Scalar? {
    guard isKnown[row] != 0 else { return nil }
    switch type {
    case .boolean: return .boolean(integers[row] != 0)
    case .byte: return Int8(exactly: integers[row]).map(Scalar.byte)
    case .short: return Int16(exactly: integers[row]).map(Scalar.short)
    case .integer: return Int32(exactly: integers[row]).map(Scalar.integer)
    case .long: return .long(integers[row])
    case .date: return Int32(exactly: integers[row]).map(Scalar.date)
    case .timestamp: return .timestamp(integers[row])
    case .timestampNtz: return .timestampNtz(integers[row])
    case .float: return .float(Float(doubles[row]))
    case .double: return .double(doubles[row])
    case .decimal(let precision, let scale):
      return .decimal(
        kind == .integers ? Int128(integers[row]) : wideIntegers[row], precision: precision, scale: scale)
    case .string: return .string(String(decoding: textBytes[textRanges[row]], as: UTF8.self))
    default: return nil
    }
  }
}
