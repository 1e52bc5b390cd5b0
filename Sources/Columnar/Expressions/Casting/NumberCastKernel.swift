extension Column {
  /// Every number goes through `Int64`, `Int128` or `Double` unless it only gets wider: a loop for each pair of types
  /// would be hundreds.
  func castFromNumber(to target: DataType) -> Column? {
    switch type {
    case .byte: return widened(Int8.self, to: target)
    case .short: return widened(Int16.self, to: target)
    case .integer: return widened(Int32.self, to: target)
    case .long: return castLong(to: target)
    case .unsignedByte: return widened(UInt8.self, to: target)
    case .unsignedShort: return widened(UInt16.self, to: target)
    case .unsignedInteger: return widened(UInt32.self, to: target)
    case .unsignedLong:
      return mapped(UInt64.self, to: .decimal(precision: 38, scale: 0)) { Int128($0) }.castDecimal(0, to: target)
    case .float16:
      let wide = mapped(UInt16.self, to: .float) { HalfFloat.value($0) }
      return target == .float ? wide : wide.castFromNumber(to: target)
    case .float:
      // The shortest digits of a float are not those of the double.
      if case .decimal(let precision, let scale) = target { return fromDigits(Float.self, precision, scale) }
      let wide = mapped(Float.self, to: .double) { Double($0) }
      return target == .double ? wide : wide.castDouble(to: target)
    case .double:
      if case .decimal(let precision, let scale) = target { return fromDigits(Double.self, precision, scale) }
      return castDouble(to: target)
    case .decimal(let precision, let scale):
      if precision > 18 { return castDecimal(scale, to: target) }
      if case .decimal(let newPrecision, let newScale) = target {
        return toDecimal(Int64.self, scale, newPrecision, newScale)
      }
      return mapped(Int64.self, to: .decimal(precision: 38, scale: scale)) { Int128($0) }.castDecimal(scale, to: target)
    default: return nil
    }
  }

  private func widened<In: FixedWidthInteger & BitwiseCopyable>(_ input: In.Type, to target: DataType) -> Column? {
    let wide = mapped(In.self, to: .long) { Int64(truncatingIfNeeded: $0) }
    return target == .long ? wide : wide.castLong(to: target)
  }

  func castFromBoolean(to target: DataType) -> Column? {
    guard case .boolean(let bits) = storage else { return nil }
    let values = Buffer(uninitialized: count)
    let bytes = values.mutablePointer.assumingMemoryBound(to: Int8.self)
    for row in 0..<count { bytes[row] = bits.isSet(row) ? 1 : 0 }
    let numbers = with(.byte, .fixed(values))
    return target == .byte ? numbers : numbers.castFromNumber(to: target)
  }

  // MARK: From whole numbers

  private func castLong(to target: DataType) -> Column? {
    switch target {
    case .boolean: return with(target, .boolean(tested(Int64.self) { $0 != 0 }))
    case .byte: return narrowed(Int8.self, target)
    case .short: return narrowed(Int16.self, target)
    case .integer: return narrowed(Int32.self, target)
    case .long: return self
    case .unsignedByte: return narrowed(UInt8.self, target)
    case .unsignedShort: return narrowed(UInt16.self, target)
    case .unsignedInteger: return narrowed(UInt32.self, target)
    case .unsignedLong: return narrowed(UInt64.self, target)
    case .float: return mapped(Int64.self, to: target) { Float($0) }
    case .double: return mapped(Int64.self, to: target) { Double($0) }
    case .decimal(let precision, let scale): return toDecimal(Int64.self, 0, precision, scale)
    case .timestamp(let unit):
      return mapped(Int64.self, to: target, placeholder: Int64(0)) { seconds in
        let (result, overflow) = seconds.multipliedReportingOverflow(by: unit.perSecond)
        return overflow ? nil : result
      }
    default: return nil
    }
  }

  private func narrowed<Out: FixedWidthInteger & BitwiseCopyable>(_ output: Out.Type, _ target: DataType) -> Column {
    mapped(Int64.self, to: target, placeholder: Out(0)) { Out(exactly: $0) }
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

  /// From unscaled `Int128`s.
  private func castDecimal(_ scale: Int, to target: DataType) -> Column? {
    let power = Decimal128.power(scale) ?? 1
    switch target {
    case .decimal(let precision, let newScale): return toDecimal(Int128.self, scale, precision, newScale)
    case .boolean: return with(target, .boolean(tested(Int128.self) { $0 != 0 }))
    case .float: return mapped(Int128.self, to: target) { Float(Decimal128.double($0, scale: scale)) }
    case .double: return mapped(Int128.self, to: target) { Decimal128.double($0, scale: scale) }
    case .unsignedLong: return mapped(Int128.self, to: target, placeholder: UInt64(0)) { UInt64(exactly: $0 / power) }
    case .timestamp(let unit):
      return mapped(Int128.self, to: target, placeholder: Int64(0)) { value in
        let (product, overflow) = value.multipliedReportingOverflow(by: Int128(unit.perSecond))
        return overflow ? nil : Int64(exactly: product / power)
      }
    default:
      guard target.isWholeNumber else { return nil }
      let whole = mapped(Int128.self, to: .long, placeholder: Int64(0)) { Int64(exactly: $0 / power) }
      return whole.castLong(to: target)
    }
  }

  // MARK: From floating point

  private func castDouble(to target: DataType) -> Column? {
    switch target {
    case .boolean: return with(target, .boolean(tested(Double.self) { $0 != 0 }))
    case .float: return mapped(Double.self, to: target) { Float($0) }
    case .unsignedLong:
      return mapped(Double.self, to: target, placeholder: UInt64(0)) { UInt64(exactly: $0.rounded(.towardZero)) }
    case .timestamp(let unit):
      return mapped(Double.self, to: target, placeholder: Int64(0)) { value in
        Int64(exactly: (value * Double(unit.perSecond)).rounded(.towardZero))
      }
    default:
      guard target.isWholeNumber else { return nil }
      let whole = mapped(Double.self, to: .long, placeholder: Int64(0)) { Int64(exactly: $0.rounded(.towardZero)) }
      return whole.castLong(to: target)
    }
  }

  /// The decimal nearest to what the number prints as, as Spark does it: 0.1 becomes 0.1.
  private func fromDigits<In: BinaryFloatingPoint & BitwiseCopyable & LosslessStringConvertible>(
    _ input: In.Type, _ precision: Int, _ scale: Int
  ) -> Column {
    let wide = mapped(In.self, to: .decimal(precision: 38, scale: scale), placeholder: Int128(0)) { value in
      guard value.isFinite else { return nil }
      var text = value.description
      return text.withUTF8 { bytes in
        Decimal128.parse(bytes).flatMap { Decimal128.rescale($0.unscaled, from: $0.scale, to: scale) }
      }
    }
    return wide.toDecimal(Int128.self, scale, precision, scale)
  }
}
