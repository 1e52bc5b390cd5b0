internal import Columnar

/// What a leaf's values become in memory: the way from the physical type of a file to the storage of the type asked for.
///
/// Spec: Parquet LogicalTypes
enum LeafStorage {
  /// Nothing is kept but how many there are.
  case null
  /// Bits.
  case boolean
  /// Values of `width` bytes, from physical ones by `conversion`.
  case fixed(FixedConversion, width: Int)
  /// Offsets and bytes, from `byteArray` or from fixed ones of any length.
  case strings(isUTF8: Bool)

  /// The way from a file's leaf to `type`, or `nil` if there is none that keeps every value.
  ///
  /// - Parameters:
  ///   - length: of `fixedLengthByteArray` values.
  ///   - fileType: what the file says its values are.
  init?(_ physical: PhysicalType, length: Int, fileType: DataType, to type: DataType) {
    switch (type, physical) {
    case (.null, _):
      self = .null
    case (.boolean, .boolean):
      self = .boolean
    case (.string, .byteArray), (.binary, .byteArray), (.string, .fixedLengthByteArray),
      (.binary, .fixedLengthByteArray):
      self = .strings(isUTF8: type == .string)
    case (.decimal(let precision, let scale), _):
      guard let storage = Self.decimal(physical, length, fileType, precision, scale) else { return nil }
      self = storage
    default:
      guard let width = type.fixedWidth,
        let conversion = Self.conversion(physical, length, fileType, to: type, width: width)
      else { return nil }
      self = .fixed(conversion, width: width)
    }
  }

  private static func conversion(
    _ physical: PhysicalType, _ length: Int, _ fileType: DataType, to type: DataType, width: Int
  ) -> FixedConversion? {
    switch (type, fileType, physical) {
    case (.byte, .byte, .int32), (.unsignedByte, .unsignedByte, .int32):
      return .narrow8
    case (.short, .short, .int32), (.unsignedShort, .unsignedShort, .int32):
      return .narrow16
    case (.byte, .short, .int32), (.byte, .integer, .int32):
      return .narrow8Checked
    case (.short, .byte, .int32), (.short, .integer, .int32), (.short, .unsignedByte, .int32):
      return .narrow16Checked
    case (.integer, .byte, .int32), (.integer, .short, .int32), (.integer, .integer, .int32),
      (.integer, .unsignedByte, .int32), (.integer, .unsignedShort, .int32),
      (.unsignedInteger, .unsignedByte, .int32), (.unsignedInteger, .unsignedShort, .int32),
      (.unsignedInteger, .unsignedInteger, .int32), (.date, .date, .int32), (.float, .float, .float):
      return .copy
    case (.long, .byte, .int32), (.long, .short, .int32), (.long, .integer, .int32), (.long, .unsignedByte, .int32),
      (.long, .unsignedShort, .int32):
      return .widen(1)
    case (.long, .unsignedInteger, .int32):
      return .widenUnsigned
    case (.long, .long, .int64), (.unsignedLong, .unsignedLong, .int64), (.double, .double, .double),
      (.int96, .int96, .int96):
      return .copy
    case (.double, .float, .float):
      return .floatToDouble
    case (.double, .byte, .int32), (.double, .short, .int32), (.double, .integer, .int32):
      return .integerToDouble
    case (.float16, .float16, .fixedLengthByteArray), (.uuid, .uuid, .fixedLengthByteArray),
      (.interval, .interval, .fixedLengthByteArray), (.fixedBinary, .fixedBinary, .fixedLengthByteArray),
      (.fixedBinary, .uuid, .fixedLengthByteArray), (.uuid, .fixedBinary, .fixedLengthByteArray):
      return length == width ? .copy : nil
    case (.time(let to), .time(let from), _):
      return scaling(physical, from: from, to: to)
    case (.timestamp(let to), .timestamp(let from), .int64), (.timestampNtz(let to), .timestampNtz(let from), .int64),
      (.timestamp(let to), .timestampNtz(let from), .int64), (.timestampNtz(let to), .timestamp(let from), .int64):
      return scaling(physical, from: from, to: to)
    case (.timestamp(let to), .int96, .int96), (.timestampNtz(let to), .int96, .int96):
      return .int96(unitsPerSecond: to.perSecond)
    case (.timestampNtz(let to), .date, .int32):
      return .widen(86_400 * to.perSecond)
    default:
      return nil
    }
  }

  private static func scaling(_ physical: PhysicalType, from: TimeUnit, to: TimeUnit) -> FixedConversion? {
    switch physical {
    case .int32: return to.perSecond >= from.perSecond ? .widen(to.perSecond / from.perSecond) : nil
    case .int64:
      if from == to { return .copy }
      return to.perSecond > from.perSecond
        ? .multiply(to.perSecond / from.perSecond) : .divide(from.perSecond / to.perSecond)
    default: return nil
    }
  }

  private static func decimal(
    _ physical: PhysicalType, _ length: Int, _ fileType: DataType, _ precision: Int, _ scale: Int
  ) -> LeafStorage? {
    var up = scale
    switch fileType {
    case .decimal(let filePrecision, let fileScale):
      up = scale - fileScale
      if precision > 38 {
        let isBytes = physical == .byteArray || physical == .fixedLengthByteArray
        return up == 0 && isBytes && filePrecision > 38 ? .strings(isUTF8: false) : nil
      }
    case .byte, .short, .integer, .long, .unsignedByte, .unsignedShort: break
    default: return nil
    }
    guard up >= 0, up <= 38, precision <= 38 else { return nil }
    var factor: Int128 = 1
    for _ in 0..<up { factor *= 10 }
    let isWide = precision > 18
    switch physical {
    case .int32:
      return .fixed(isWide ? .integer32ToDecimal128(factor) : .integer32ToDecimal64(factor), width: isWide ? 16 : 8)
    case .int64:
      if !isWide, factor == 1 { return .fixed(.copy, width: 8) }
      return .fixed(isWide ? .integer64ToDecimal128(factor) : .integer64ToDecimal64(factor), width: isWide ? 16 : 8)
    case .byteArray, .fixedLengthByteArray:
      return .fixed(isWide ? .bytesToDecimal128(factor) : .bytesToDecimal64(factor), width: isWide ? 16 : 8)
    default: return nil
    }
  }
}

/// How a value of a physical type becomes one of another width or unit.
enum FixedConversion: Hashable {
  /// The bytes are the value.
  case copy
  /// INT32 to its low 8 or 16 bits.
  case narrow8, narrow16
  case narrow8Checked, narrow16Checked
  /// INT32 to `Int64`, times a factor.
  case widen(Int64)
  case widenUnsigned
  case floatToDouble, integerToDouble
  /// INT64 times or by a number; the quotient rounds down.
  case multiply(Int64), divide(Int64)
  /// INT96 to a count of units.
  case int96(unitsPerSecond: Int64)
  case integer32ToDecimal64(Int128), integer32ToDecimal128(Int128)
  case integer64ToDecimal64(Int128), integer64ToDecimal128(Int128)
  /// Big-endian two's complement bytes, of one length or each of its own.
  case bytesToDecimal64(Int128), bytesToDecimal128(Int128)
}
