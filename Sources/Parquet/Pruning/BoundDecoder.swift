internal import Columnar

/// Gives the bytes of a stored bound its type; whatever is not sure gives nothing.
///
/// Spec: Parquet thrift § ColumnOrder
struct BoundDecoder {
  private let leaf: ParquetLeaf

  private init(_ leaf: ParquetLeaf) { self.leaf = leaf }

  /// `nil` when the column's order is not known, or not that of ``Scalar``s. Where the file doesn't say the order, it
  /// is sure only of types that everybody compares as signed numbers.
  init?(_ leaf: ParquetLeaf, order: ColumnOrder?) {
    guard let order else {
      guard let signed = BoundDecoder(signed: leaf) else { return nil }
      self = signed
      return
    }
    switch (order, leaf.type) {
    case (.typeDefined, _), (.ieee754TotalOrder, .float), (.ieee754TotalOrder, .double),
      (.ieee754TotalOrder, .float16):
      break
    default: return nil
    }
    guard Self.hasOrder(leaf) else { return nil }
    self.init(leaf)
  }

  /// For bounds by signed comparison, as the obsolete ones are: `nil` when that is not the type's order.
  init?(signed leaf: ParquetLeaf) {
    switch leaf.type {
    case .unsignedByte, .unsignedShort, .unsignedInteger, .unsignedLong: return nil
    default: break
    }
    switch leaf.physicalType {
    case .boolean, .int32, .int64, .float, .double: break
    case .int96, .byteArray, .fixedLengthByteArray: return nil
    }
    guard Self.hasOrder(leaf) else { return nil }
    self.init(leaf)
  }

  /// Both bounds; none when they contradict one another.
  func bounds(_ min: [UInt8]?, _ max: [UInt8]?) -> (min: Scalar?, max: Scalar?) {
    let bounds = (min: min.flatMap { scalar($0, isMin: true) }, max: max.flatMap { scalar($0, isMin: false) })
    if let min = bounds.min, let max = bounds.max {
      // Not comparable or in the wrong order: then neither can be believed.
      guard Bounds(min: min, max: max).isOrdered else { return (nil, nil) }
    }
    return bounds
  }

  private static func hasOrder(_ leaf: ParquetLeaf) -> Bool {
    switch leaf.type {
    case .null, .int96, .interval, .time, .variant: return false
    case .binary:
      switch leaf.element.logicalType {
      case .geometry, .geography: return false
      default: return true
      }
    default: return true
    }
  }

  private func scalar(_ bytes: [UInt8], isMin: Bool) -> Scalar? {
    switch leaf.physicalType {
    case .boolean:
      guard bytes.count == 1, bytes[0] <= 1 else { return nil }
      return .boolean(bytes[0] == 1)
    case .int32:
      guard let value = Self.integer(bytes, Int32.self) else { return nil }
      return scalar(int32: value)
    case .int64:
      guard let value = Self.integer(bytes, Int64.self) else { return nil }
      return scalar(int64: value, isMin: isMin)
    case .float:
      guard let bits = Self.integer(bytes, Int32.self) else { return nil }
      return Self.float(Float(bitPattern: UInt32(bitPattern: bits)), isMin: isMin)
    case .double:
      guard let bits = Self.integer(bytes, Int64.self) else { return nil }
      let value = Double(bitPattern: UInt64(bitPattern: bits))
      if value.isNaN { return nil }
      return .double(value == 0 ? (isMin ? -0.0 : 0.0) : value)
    case .byteArray, .fixedLengthByteArray:
      return scalar(bytes: bytes, isMin: isMin)
    case .int96:
      return nil
    }
  }

  private func scalar(int32 value: Int32) -> Scalar? {
    switch leaf.type {
    case .integer: .integer(value)
    case .byte: Int8(exactly: value).map { .byte($0) }
    case .short: Int16(exactly: value).map { .short($0) }
    case .unsignedByte: UInt8(exactly: value).map { .integer(Int32($0)) }
    case .unsignedShort: UInt16(exactly: value).map { .integer(Int32($0)) }
    case .unsignedInteger: .long(Int64(UInt32(bitPattern: value)))
    case .date: .date(value)
    case .decimal(let precision, let scale): .decimal(Int128(value), precision: precision, scale: scale)
    default: nil
    }
  }

  private func scalar(int64 value: Int64, isMin: Bool) -> Scalar? {
    switch leaf.type {
    case .long: .long(value)
    case .unsignedLong: .unsignedLong(UInt64(bitPattern: value))
    case .timestamp(let unit): Self.microseconds(value, unit, isMin: isMin).map { .timestamp($0) }
    case .timestampNtz(let unit): Self.microseconds(value, unit, isMin: isMin).map { .timestampNtz($0) }
    case .decimal(let precision, let scale): .decimal(Int128(value), precision: precision, scale: scale)
    default: nil
    }
  }

  private func scalar(bytes: [UInt8], isMin: Bool) -> Scalar? {
    switch leaf.type {
    case .string: return String(validating: bytes, as: UTF8.self).map { .string($0) } ?? .binary(bytes)
    case .binary: return .binary(bytes)
    case .fixedBinary, .uuid: return bytes.count <= leaf.typeLength ? .binary(bytes) : nil
    case .float16:
      guard bytes.count == 2 else { return nil }
      return Self.float(HalfFloat.value(UInt16(bytes[0]) | UInt16(bytes[1]) << 8), isMin: isMin)
    case .decimal(let precision, let scale):
      guard leaf.physicalType == .byteArray || bytes.count == leaf.typeLength else { return nil }
      return Self.bigEndian(bytes).map { .decimal($0, precision: precision, scale: scale) }
    default: return nil
    }
  }

  // MARK: Values

  private static func integer<Value: FixedWidthInteger>(_ bytes: [UInt8], _ type: Value.Type) -> Value? {
    guard bytes.count == MemoryLayout<Value>.size else { return nil }
    return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
  }

  /// A zero may stand for one of the other sign.
  private static func float(_ value: Float, isMin: Bool) -> Scalar? {
    if value.isNaN { return nil }
    return .float(value == 0 ? (isMin ? -0.0 : 0.0) : value)
  }

  /// Nanoseconds are rounded away from the values between the bounds.
  private static func microseconds(_ value: Int64, _ unit: TimeUnit, isMin: Bool) -> Int64? {
    switch unit {
    case .microseconds: return value
    case .milliseconds:
      let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
      return overflow ? nil : product
    case .nanoseconds:
      let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 1000)
      if isMin { return remainder < 0 ? quotient - 1 : quotient }
      return remainder > 0 ? quotient + 1 : quotient
    }
  }

  /// Two's complement of any length whose value fits.
  static func bigEndian(_ bytes: [UInt8]) -> Int128? {
    guard let first = bytes.first else { return nil }
    let sign: UInt8 = first & 0x80 == 0 ? 0 : 0xFF
    let excess = Swift.max(0, bytes.count - 16)
    guard bytes[..<excess].allSatisfy({ $0 == sign }) else { return nil }
    guard excess == 0 || bytes[excess] & 0x80 == sign & 0x80 else { return nil }
    var value: Int128 = sign == 0 ? 0 : -1
    for byte in bytes[excess...] { value = value << 8 | Int128(byte) }
    return value
  }
}
