extension Column {
  /// The value of one row. Convenient, not fast. Traps when `row` is outside.
  ///
  /// Types without a scalar of their own come as the nearest: unsigned and half-width numbers as the next wider,
  /// `time` as a long of its unit, timestamps of other units and INT96 as microseconds (rounded down), fixed binary,
  /// intervals and UUIDs as binary, and so do the unscaled bytes of a decimal beyond 38 digits.
  /// Nested values and variants have none: `null`.
  public func scalar(at row: Int) -> Scalar {
    precondition(row >= 0 && row < count, "row outside of the column")
    if isNull(row) { return .null }
    defer { withExtendedLifetime(self) {} }
    switch storage {
    case .null, .structure, .list, .map, .variant: return .null
    case .boolean(let bits): return .boolean(bits[row])
    case .dictionary(let codes, let values):
      let code = Int(codes.value(Int32.self, at: row))
      return code >= 0 && code < values.count ? values.scalar(at: code) : .null
    case .bytes:
      let bytes = byteArray(at: row)
      return type == .string ? .string(String(decoding: bytes, as: UTF8.self)) : .binary(bytes)
    case .fixed(let buffer): return Self.scalar(type, buffer, row)
    }
  }

  /// The bytes of one row of a `bytes` or fixed-width column.
  func byteArray(at row: Int) -> [UInt8] {
    switch storage {
    case .bytes(let offsets, let data):
      let start = Int(offsets.value(Int32.self, at: row))
      let end = Int(offsets.value(Int32.self, at: row + 1))
      return data.slice(start..<end).values(of: UInt8.self)
    case .fixed(let buffer):
      let width = type.fixedWidth ?? 0
      return buffer.slice(row * width..<(row + 1) * width).values(of: UInt8.self)
    default: return []
    }
  }

  private static func scalar(_ type: DataType, _ buffer: Buffer, _ row: Int) -> Scalar {
    switch type {
    case .byte: .byte(buffer.value(Int8.self, at: row))
    case .short: .short(buffer.value(Int16.self, at: row))
    case .integer: .integer(buffer.value(Int32.self, at: row))
    case .long, .time: .long(buffer.value(Int64.self, at: row))
    case .unsignedByte: .short(Int16(buffer.value(UInt8.self, at: row)))
    case .unsignedShort: .integer(Int32(buffer.value(UInt16.self, at: row)))
    case .unsignedInteger: .long(Int64(buffer.value(UInt32.self, at: row)))
    case .unsignedLong: .unsignedLong(buffer.value(UInt64.self, at: row))
    case .float16: .float(HalfFloat.value(buffer.value(UInt16.self, at: row)))
    case .float: .float(buffer.value(Float.self, at: row))
    case .double: .double(buffer.value(Double.self, at: row))
    case .date: .date(buffer.value(Int32.self, at: row))
    case .timestamp(let unit): .timestamp(unit.microseconds(buffer.value(Int64.self, at: row)))
    case .timestampNtz(let unit): .timestampNtz(unit.microseconds(buffer.value(Int64.self, at: row)))
    case .int96:
      .timestamp(
        INT96.microseconds(
          nanosecondsOfDay: buffer.unaligned(Int64.self, at: row * 12),
          julianDay: buffer.unaligned(Int32.self, at: row * 12 + 8)))
    case .decimal(let precision, let scale):
      precision <= 18
        ? .decimal(Int128(buffer.value(Int64.self, at: row)), precision: precision, scale: scale)
        : .decimal(buffer.value(Int128.self, at: row), precision: precision, scale: scale)
    default:
      .binary(
        buffer.slice(row * (type.fixedWidth ?? 0)..<(row + 1) * (type.fixedWidth ?? 0)).values(of: UInt8.self))
    }
  }
}

extension Buffer {
  /// One value of the buffer as an array of them. Traps outside.
  func value<Value: BitwiseCopyable>(_ type: Value.Type, at index: Int) -> Value {
    unaligned(type, at: index * MemoryLayout<Value>.stride)
  }

  func unaligned<Value: BitwiseCopyable>(_ type: Value.Type, at offset: Int) -> Value {
    precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= count, "value outside of the buffer")
    defer { withExtendedLifetime(memory) {} }
    return pointer.loadUnaligned(fromByteOffset: offset, as: type)
  }
}

extension TimeUnit {
  /// A count of these units in microseconds, rounded down, clamped to what 64 bits hold.
  func microseconds(_ value: Int64) -> Int64 {
    switch self {
    case .microseconds: return value
    case .nanoseconds: return value.flooringQuotient(1000)
    case .milliseconds:
      let (result, overflow) = value.multipliedReportingOverflow(by: 1000)
      return overflow ? (value < 0 ? .min : .max) : result
    }
  }
}

extension FixedWidthInteger {
  /// The quotient rounded towards minus infinity; `divisor` is positive.
  @inline(__always) func flooringQuotient(_ divisor: Self) -> Self {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient &- 1 : quotient
  }
}

/// Spec: Parquet thrift § Type
enum INT96 {
  static let julianDayOfEpoch: Int64 = 2_440_588

  /// Rounded down, clamped to what 64 bits hold.
  static func microseconds(nanosecondsOfDay: Int64, julianDay: Int32) -> Int64 {
    let days = Int128(julianDay) - Int128(julianDayOfEpoch)
    return Int64(clamping: days * 86_400_000_000 + Int128(nanosecondsOfDay.flooringQuotient(1000)))
  }
}
