/// Buffers of one physical type to buffers of another; a value that doesn't fit is an error.
enum ConversionKernel {
  /// Converts `count` values of fixed width; `width` is that of the source's values where bytes are converted.
  static func convert(
    _ conversion: FixedConversion, _ source: UnsafeRawPointer, width: Int, count: Int,
    into target: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    let isExact: Bool
    switch conversion {
    case .copy:
      target.copyMemory(from: source, byteCount: count * width)
      isExact = true
    case .narrow8: isExact = map(source, target, count) { (value: Int32) in (Int8(truncatingIfNeeded: value), true) }
    case .narrow16: isExact = map(source, target, count) { (value: Int32) in (Int16(truncatingIfNeeded: value), true) }
    case .narrow8Checked:
      isExact = map(source, target, count) { (value: Int32) in
        let narrow = Int8(truncatingIfNeeded: value)
        return (narrow, Int32(narrow) == value)
      }
    case .narrow16Checked:
      isExact = map(source, target, count) { (value: Int32) in
        let narrow = Int16(truncatingIfNeeded: value)
        return (narrow, Int32(narrow) == value)
      }
    case .widen(1): isExact = map(source, target, count) { (value: Int32) in (Int64(value), true) }
    case .widen(let factor):
      isExact = map(source, target, count) { (value: Int32) in
        let (product, overflow) = Int64(value).multipliedReportingOverflow(by: factor)
        return (product, !overflow)
      }
    case .widenUnsigned: isExact = map(source, target, count) { (value: UInt32) in (UInt64(value), true) }
    case .floatToDouble: isExact = map(source, target, count) { (value: Float) in (Double(value), true) }
    case .integerToDouble: isExact = map(source, target, count) { (value: Int32) in (Double(value), true) }
    case .multiply(let factor):
      isExact = map(source, target, count) { (value: Int64) in
        let (product, overflow) = value.multipliedReportingOverflow(by: factor)
        return (product, !overflow)
      }
    case .divide(let divisor):
      isExact = map(source, target, count) { (value: Int64) in
        let quotient = value / divisor
        return (value % divisor < 0 ? quotient - 1 : quotient, true)
      }
    case .int96(let perSecond): isExact = int96(source, target, count, perSecond)
    case .integer32ToDecimal64(let factor):
      let factor = Int64(truncatingIfNeeded: factor)
      isExact = map(source, target, count) { (value: Int32) in
        let (product, overflow) = Int64(value).multipliedReportingOverflow(by: factor)
        return (product, !overflow)
      }
    case .integer64ToDecimal64(let factor):
      let factor = Int64(truncatingIfNeeded: factor)
      isExact = map(source, target, count) { (value: Int64) in
        let (product, overflow) = value.multipliedReportingOverflow(by: factor)
        return (product, !overflow)
      }
    case .integer32ToDecimal128(let factor):
      isExact = map(source, target, count) { (value: Int32) in wide(Int128(value), factor) }
    case .integer64ToDecimal128(let factor):
      isExact = map(source, target, count) { (value: Int64) in wide(Int128(value), factor) }
    case .bytesToDecimal64, .bytesToDecimal128:
      try convertBytes(conversion, count: count, into: target) { index in
        UnsafeRawBufferPointer(start: source + index &* width, count: width)
      }
      return
    }
    guard isExact else { throw .damaged("a value is out of the range of the type it is read as") }
  }

  /// Decimals of any length each.
  static func convertBytes(
    _ conversion: FixedConversion, ends: UnsafePointer<Int32>, from start: Int, data: UnsafeRawPointer, count: Int,
    into target: UnsafeMutableRawPointer
  ) throws(DecodingFailure) {
    try convertBytes(conversion, count: count, into: target) { index in
      let from = index == 0 ? start : Int(ends[index &- 1])
      return UnsafeRawBufferPointer(start: data + from, count: Int(ends[index]) &- from)
    }
  }

  @inline(__always)
  private static func convertBytes(
    _ conversion: FixedConversion, count: Int, into target: UnsafeMutableRawPointer,
    _ bytes: (Int) -> UnsafeRawBufferPointer
  ) throws(DecodingFailure) {
    var isExact = true
    switch conversion {
    case .bytesToDecimal64(let factor):
      let factor = Int64(truncatingIfNeeded: factor)
      let output = target.assumingMemoryBound(to: Int64.self)
      for index in 0..<count {
        let (value, fits) = bigEndian(bytes(index), as: Int64.self)
        let (product, overflow) = value.multipliedReportingOverflow(by: factor)
        output[index] = product
        isExact = isExact && fits && !overflow
      }
    case .bytesToDecimal128(let factor):
      let output = target.assumingMemoryBound(to: Int128.self)
      for index in 0..<count {
        let (value, fits) = bigEndian(bytes(index), as: Int128.self)
        let (product, overflow) = value.multipliedReportingOverflow(by: factor)
        output[index] = product
        isExact = isExact && fits && !overflow
      }
    default:
      isExact = false
    }
    guard isExact else { throw .damaged("a decimal is out of the range of the type it is read as") }
  }

  /// A two's complement number, and whether it fits.
  @inline(__always)
  private static func bigEndian<Value: FixedWidthInteger & SignedInteger>(
    _ bytes: UnsafeRawBufferPointer, as type: Value.Type
  ) -> (Value, Bool) {
    var value: Value = 0
    let width = Value.bitWidth / 8
    guard let first = bytes.first else { return (0, true) }
    if first >= 0x80 { value = -1 }
    let surplus = max(0, bytes.count - width)
    for index in 0..<surplus where bytes[index] != UInt8(truncatingIfNeeded: value) { return (0, false) }
    let sign = value
    for index in surplus..<bytes.count { value = value &<< 8 | Value(truncatingIfNeeded: bytes[index]) }
    return (value, surplus == 0 || (value < 0) == (sign < 0))
  }

  @inline(__always) private static func wide(_ value: Int128, _ factor: Int128) -> (Int128, Bool) {
    let (product, overflow) = value.multipliedReportingOverflow(by: factor)
    return (product, !overflow)
  }

  @inline(__always)
  private static func map<Source: BitwiseCopyable, Target: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, _ body: (Source) -> (Target, Bool)
  ) -> Bool {
    let output = target.assumingMemoryBound(to: Target.self)
    var isExact = true
    for index in 0..<count {
      let value = source.loadUnaligned(fromByteOffset: index &* MemoryLayout<Source>.size, as: Source.self)
      let (result, fits) = body(value)
      output[index] = result
      isExact = isExact && fits
    }
    return isExact
  }

  /// Nanoseconds of the day, then the Julian day; 2,440,588 is 1970-01-01.
  private static func int96(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int, _ perSecond: Int64
  ) -> Bool {
    let output = target.assumingMemoryBound(to: Int64.self)
    let divisor = 1_000_000_000 / perSecond
    var isExact = true
    for index in 0..<count {
      let value = source + index &* 12
      let nanoseconds = Int64(littleEndian: value.loadUnaligned(as: Int64.self))
      let julian = Int64(Int32(littleEndian: value.loadUnaligned(fromByteOffset: 8, as: Int32.self)))
      let (days, over) = (julian &- 2_440_588).multipliedReportingOverflow(by: 86_400 &* perSecond)
      let units = nanoseconds / divisor &- (nanoseconds % divisor < 0 ? 1 : 0)
      let (sum, carry) = days.addingReportingOverflow(units)
      output[index] = sum
      isExact = isExact && !over && !carry
    }
    return isExact
  }
}
