internal import Columnar

/// The bytes that a value of a predicate would have in a column, for asking a bloom filter.
///
/// Spec: Parquet BloomFilter § Technical Approach
enum PlainKey {
  /// Every plain encoding of values equal to `value`; `nil` when they are too many or not sure.
  static func keys(of value: Scalar, in leaf: ParquetLeaf) -> [[UInt8]]? {
    switch leaf.physicalType {
    case .int32: return int32(value, leaf).map { [bytes(of: $0)] }
    case .int64: return int64(value, leaf).map { [bytes(of: $0)] }
    case .float:
      guard leaf.type == .float, let value = float(value) else { return nil }
      return value == 0
        ? [bytes(of: Float(0).bitPattern), bytes(of: Float(-0.0).bitPattern)] : [bytes(of: value.bitPattern)]
    case .double:
      guard leaf.type == .double, let value = double(value) else { return nil }
      return value == 0 ? [bytes(of: 0.0.bitPattern), bytes(of: (-0.0).bitPattern)] : [bytes(of: value.bitPattern)]
    case .byteArray:
      // A decimal has encodings of many lengths.
      switch (leaf.type, value) {
      case (.string, .string(let value)), (.binary, .string(let value)): return [Array(value.utf8)]
      case (.string, .binary(let value)), (.binary, .binary(let value)): return [value]
      default: return nil
      }
    case .fixedLengthByteArray:
      switch (leaf.type, value) {
      case (.fixedBinary, .binary(let value)), (.uuid, .binary(let value)):
        return value.count == leaf.typeLength ? [value] : nil
      case (.decimal(_, let scale), _):
        guard let unscaled = unscaled(value, scale: scale) else { return nil }
        return bigEndian(unscaled, length: leaf.typeLength).map { [$0] }
      default: return nil
      }
    case .boolean, .int96: return nil
    }
  }

  private static func int32(_ value: Scalar, _ leaf: ParquetLeaf) -> Int32? {
    switch leaf.type {
    case .byte, .short, .integer, .unsignedByte, .unsignedShort: value.wholeNumber.flatMap { Int32(exactly: $0) }
    case .unsignedInteger: value.wholeNumber.flatMap { UInt32(exactly: $0) }.map { Int32(bitPattern: $0) }
    case .date: if case .date(let days) = value { days } else { nil }
    case .decimal(_, let scale): unscaled(value, scale: scale).flatMap { Int32(exactly: $0) }
    default: nil
    }
  }

  private static func int64(_ value: Scalar, _ leaf: ParquetLeaf) -> Int64? {
    switch (leaf.type, value) {
    case (.long, _): value.wholeNumber.flatMap { Int64(exactly: $0) }
    case (.unsignedLong, _): value.wholeNumber.flatMap { UInt64(exactly: $0) }.map { Int64(bitPattern: $0) }
    // Of nanoseconds a thousand different values are read as one.
    case (.timestamp(.microseconds), .timestamp(let value)): value
    case (.timestampNtz(.microseconds), .timestampNtz(let value)): value
    case (.timestamp(.milliseconds), .timestamp(let value)) where value % 1000 == 0: value / 1000
    case (.timestampNtz(.milliseconds), .timestampNtz(let value)) where value % 1000 == 0: value / 1000
    case (.decimal(_, let scale), _): unscaled(value, scale: scale).flatMap { Int64(exactly: $0) }
    default: nil
    }
  }

  private static func double(_ value: Scalar) -> Double? {
    switch value {
    case .float(let value): value.isNaN ? nil : Double(value)
    case .double(let value): value.isNaN ? nil : value
    default: nil
    }
  }

  private static func float(_ value: Scalar) -> Float? {
    guard let value = double(value) else { return nil }
    let narrowed = Float(value)
    return Double(narrowed) == value ? narrowed : nil
  }

  private static func unscaled(_ value: Scalar, scale: Int) -> Int128? {
    var unscaled: Int128
    var missing = scale
    if case .decimal(let value, _, let valueScale) = value {
      (unscaled, missing) = (value, scale - valueScale)
    } else {
      guard let value = value.wholeNumber else { return nil }
      unscaled = value
    }
    guard missing >= 0, missing <= 38 else { return nil }
    for _ in 0..<missing {
      let (product, overflow) = unscaled.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      unscaled = product
    }
    return unscaled
  }

  static func bigEndian(_ value: Int128, length: Int) -> [UInt8]? {
    if length < 16 {
      let limit: Int128 = 1 << Int128(8 * length - 1)
      guard value >= -limit, value < limit else { return nil }
    }
    return (0..<length).map { index in
      let shift = 8 * (length - 1 - index)
      return UInt8(truncatingIfNeeded: value >> Int128(min(shift, 127)))
    }
  }

  private static func bytes<Value: FixedWidthInteger>(of value: Value) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
