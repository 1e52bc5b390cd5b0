extension Column {
  func castFromNumber(to target: DataType) -> Column? {
    switch type {
    case .byte: return castWhole(Int8.self, to: target)
    case .short: return castWhole(Int16.self, to: target)
    case .integer: return castWhole(Int32.self, to: target)
    case .long: return castWhole(Int64.self, to: target)
    case .unsignedByte: return castWhole(UInt8.self, to: target)
    case .unsignedShort: return castWhole(UInt16.self, to: target)
    case .unsignedInteger: return castWhole(UInt32.self, to: target)
    case .unsignedLong: return castWhole(UInt64.self, to: target)
    case .float16:
      let wide = mapped(UInt16.self, to: .float) { HalfFloat.value($0) }
      return target == .float ? wide : wide.castFloating(Float.self, to: target)
    case .float: return castFloating(Float.self, to: target)
    case .double: return castFloating(Double.self, to: target)
    case .decimal(let precision, let scale):
      return precision <= 18
        ? castDecimal(Int64.self, scale, to: target) : castDecimal(Int128.self, scale, to: target)
    default: return nil
    }
  }

  func castFromBoolean(to target: DataType) -> Column? {
    guard case .boolean(let bits) = storage else { return nil }
    let values = Buffer(uninitialized: count)
    let bytes = values.mutablePointer.assumingMemoryBound(to: Int8.self)
    for row in 0..<count { bytes[row] = bits.isSet(row) ? 1 : 0 }
    let numbers = with(.byte, .fixed(values))
    return target == .byte ? numbers : numbers.castWhole(Int8.self, to: target)
  }

  // MARK: From whole numbers

  private func castWhole<In: FixedWidthInteger & BitwiseCopyable>(_ input: In.Type, to target: DataType) -> Column? {
    switch target {
    case .boolean: return with(target, .boolean(tested(In.self) { $0 != 0 }))
    case .byte: return narrowed(In.self, Int8.self, target)
    case .short: return narrowed(In.self, Int16.self, target)
    case .integer: return narrowed(In.self, Int32.self, target)
    case .long: return narrowed(In.self, Int64.self, target)
    case .unsignedByte: return narrowed(In.self, UInt8.self, target)
    case .unsignedShort: return narrowed(In.self, UInt16.self, target)
    case .unsignedInteger: return narrowed(In.self, UInt32.self, target)
    case .unsignedLong: return narrowed(In.self, UInt64.self, target)
    case .float: return mapped(In.self, to: target) { Float($0) }
    case .double: return mapped(In.self, to: target) { Double($0) }
    case .decimal(let precision, let scale): return toDecimal(In.self, 0, precision, scale)
    case .timestamp(let unit):
      return mapped(In.self, to: target, placeholder: Int64(0)) { value in
        guard let seconds = Int64(exactly: value) else { return nil }
        let (result, overflow) = seconds.multipliedReportingOverflow(by: unit.perSecond)
        return overflow ? nil : result
      }
    default: return nil
    }
  }

  @inline(__always)
  private func narrowed<In: FixedWidthInteger & BitwiseCopyable, Out: FixedWidthInteger & BitwiseCopyable>(
    _ input: In.Type, _ output: Out.Type, _ target: DataType
  ) -> Column {
    if In.isSigned == Out.isSigned, In.bitWidth <= Out.bitWidth {
      return mapped(In.self, to: target) { Out(truncatingIfNeeded: $0) }
    }
    return mapped(In.self, to: target, placeholder: Out(0)) { Out(exactly: $0) }
  }

  // MARK: Decimals

  /// From a whole number or unscaled decimal of scale `old`.
  private func toDecimal<In: FixedWidthInteger & BitwiseCopyable>(
    _ input: In.Type, _ old: Int, _ precision: Int, _ scale: Int
  ) -> Column {
    let type = DataType.decimal(precision: precision, scale: scale)
    let limit = Decimal128.power(precision) ?? .max
    let shift = scale - old
    let power = Decimal128.power(abs(shift)) ?? 1
    if precision <= 18 {
      return mapped(In.self, to: type, placeholder: Int64(0)) { value in
        Self.rescaled(Int128(truncatingIfNeeded: value), shift, power, limit).map { Int64(truncatingIfNeeded: $0) }
      }
    }
    return mapped(In.self, to: type, placeholder: Int128(0)) {
      Self.rescaled(Int128(truncatingIfNeeded: $0), shift, power, limit)
    }
  }

  @inline(__always)
  private static func rescaled(_ value: Int128, _ shift: Int, _ power: Int128, _ limit: Int128) -> Int128? {
    var result = value
    if shift > 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: power)
      if overflow { return nil }
      result = product
    } else if shift < 0 {
      result = Decimal128.divideRounding(value, power)
    }
    return result < limit && result > -limit ? result : nil
  }

  private func castDecimal<In: FixedWidthInteger & BitwiseCopyable>(
    _ input: In.Type, _ scale: Int, to target: DataType
  ) -> Column? {
    let power = Decimal128.power(scale) ?? 1
    switch target {
    case .decimal(let precision, let newScale): return toDecimal(In.self, scale, precision, newScale)
    case .boolean: return with(target, .boolean(tested(In.self) { $0 != 0 }))
    case .float: return mapped(In.self, to: target) { Float(Decimal128.double(Int128($0), scale: scale)) }
    case .double: return mapped(In.self, to: target) { Decimal128.double(Int128($0), scale: scale) }
    case .byte: return whole(In.self, power, Int8.self, target)
    case .short: return whole(In.self, power, Int16.self, target)
    case .integer: return whole(In.self, power, Int32.self, target)
    case .long: return whole(In.self, power, Int64.self, target)
    case .unsignedByte: return whole(In.self, power, UInt8.self, target)
    case .unsignedShort: return whole(In.self, power, UInt16.self, target)
    case .unsignedInteger: return whole(In.self, power, UInt32.self, target)
    case .unsignedLong: return whole(In.self, power, UInt64.self, target)
    case .timestamp(let unit):
      return mapped(In.self, to: target, placeholder: Int64(0)) { value in
        let (product, overflow) = Int128(value).multipliedReportingOverflow(by: Int128(unit.perSecond))
        return overflow ? nil : Int64(exactly: product / power)
      }
    default: return nil
    }
  }

  private func whole<In: FixedWidthInteger & BitwiseCopyable, Out: FixedWidthInteger & BitwiseCopyable>(
    _ input: In.Type, _ power: Int128, _ output: Out.Type, _ target: DataType
  ) -> Column {
    mapped(In.self, to: target, placeholder: Out(0)) { Out(exactly: Int128($0) / power) }
  }

  // MARK: From floating point

  private func castFloating<In: BinaryFloatingPoint & BitwiseCopyable & LosslessStringConvertible>(
    _ input: In.Type, to target: DataType
  ) -> Column? {
    switch target {
    case .boolean: return with(target, .boolean(tested(In.self) { $0 != 0 }))
    case .float: return mapped(In.self, to: target) { Float($0) }
    case .double: return mapped(In.self, to: target) { Double($0) }
    case .byte: return truncated(In.self, Int8.self, target)
    case .short: return truncated(In.self, Int16.self, target)
    case .integer: return truncated(In.self, Int32.self, target)
    case .long: return truncated(In.self, Int64.self, target)
    case .unsignedByte: return truncated(In.self, UInt8.self, target)
    case .unsignedShort: return truncated(In.self, UInt16.self, target)
    case .unsignedInteger: return truncated(In.self, UInt32.self, target)
    case .unsignedLong: return truncated(In.self, UInt64.self, target)
    case .decimal(let precision, let scale):
      // The decimal nearest to what the number prints as, as Spark does it: 0.1 becomes 0.1.
      let convert = { (value: In) -> Int128? in
        guard value.isFinite else { return nil }
        var text = value.description
        return text.withUTF8 { bytes in
          guard let parsed = Decimal128.parse(bytes),
            let result = Decimal128.rescale(parsed.unscaled, from: parsed.scale, to: scale),
            Decimal128.fits(result, precision: precision)
          else { return nil }
          return result
        }
      }
      if precision <= 18 {
        return mapped(In.self, to: target, placeholder: Int64(0)) { value in
          convert(value).map { Int64(truncatingIfNeeded: $0) }
        }
      }
      return mapped(In.self, to: target, placeholder: Int128(0), convert)
    case .timestamp(let unit):
      return mapped(In.self, to: target, placeholder: Int64(0)) { value in
        Int64(exactly: (Double(value) * Double(unit.perSecond)).rounded(.towardZero))
      }
    default: return nil
    }
  }

  private func truncated<In: BinaryFloatingPoint & BitwiseCopyable, Out: FixedWidthInteger & BitwiseCopyable>(
    _ input: In.Type, _ output: Out.Type, _ target: DataType
  ) -> Column {
    mapped(In.self, to: target, placeholder: Out(0)) { Out(exactly: $0.rounded(.towardZero)) }
  }
}
