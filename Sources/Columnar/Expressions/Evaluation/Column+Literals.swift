extension Column {
  /// A column of scalars. Whole numbers fit any numeric type that holds them exactly; timestamps are in microseconds
  /// whatever the type's unit, rounded down.
  ///
  /// - Throws: `typeMismatch` when a scalar is no value of the type, or the type is nested.
  public init(_ type: DataType, scalars: [Scalar]) throws(ColumnError) {
    switch type {
    case .null where scalars.allSatisfy(\.isNull): self.init(nulls: scalars.count, of: .null)
    case .boolean:
      self.init(booleans: try Self.values(scalars, type) { if case .boolean(let value) = $0 { value } else { nil } })
    case .byte: self.init(type, numbers: try Self.values(scalars, type) { $0.whole() as Int8? })
    case .short: self.init(type, numbers: try Self.values(scalars, type) { $0.whole() as Int16? })
    case .integer: self.init(type, numbers: try Self.values(scalars, type) { $0.whole() as Int32? })
    case .long, .time: self.init(type, numbers: try Self.values(scalars, type) { $0.whole() as Int64? })
    case .unsignedByte: self.init(type, numbers: try Self.values(scalars, type) { $0.whole() as UInt8? })
    case .unsignedShort: self.init(type, numbers: try Self.values(scalars, type) { $0.whole() as UInt16? })
    case .unsignedInteger: self.init(type, numbers: try Self.values(scalars, type) { $0.whole() as UInt32? })
    case .unsignedLong: self.init(type, numbers: try Self.values(scalars, type) { $0.whole() as UInt64? })
    case .float:
      self.init(
        floats: try Self.values(scalars, type) { scalar in
          if case .float(let value) = scalar { return value }
          return scalar.number.flatMap { Float(exactly: $0) }
        })
    case .double: self.init(doubles: try Self.values(scalars, type) { $0.number })
    case .decimal(let precision, let scale) where precision <= 38:
      let values: [Int128?] = try Self.values(scalars, type) { scalar in
        guard let number = scalar.exactNumber,
          let (value, isExact) = Decimal128.floor(number.unscaled, from: number.scale, to: scale), isExact,
          Decimal128.fits(value, precision: precision)
        else { return nil }
        return value
      }
      self.init(decimals: values, precision: precision, scale: scale)
    case .string:
      self.init(strings: try Self.values(scalars, type) { if case .string(let value) = $0 { value } else { nil } })
    case .binary:
      self.init(binaries: try Self.values(scalars, type) { if case .binary(let value) = $0 { value } else { nil } })
    case .date:
      self.init(dates: try Self.values(scalars, type) { if case .date(let value) = $0 { value } else { nil } })
    case .timestamp(let unit), .timestampNtz(let unit):
      self.init(
        type,
        numbers: try Self.values(scalars, type) { scalar in
          switch scalar {
          case .timestamp(let value), .timestampNtz(let value): unit.exactly(value)
          default: nil
          }
        })
    default:
      guard scalars.allSatisfy(\.isNull) else { throw Self.noValue(scalars.first { !$0.isNull } ?? .null, type) }
      self.init(nulls: scalars.count, of: type)
    }
  }

  private static func values<Value>(
    _ scalars: [Scalar], _ type: DataType, _ body: (Scalar) -> Value?
  ) throws(ColumnError) -> [Value?] {
    try scalars.mapThrowing { scalar throws(ColumnError) in
      if scalar.isNull { return nil }
      guard let value = body(scalar) else { throw noValue(scalar, type) }
      return value
    }
  }

  private static func noValue(_ scalar: Scalar, _ type: DataType) -> ColumnError {
    ColumnError(.typeMismatch, "\(TextCast.text(scalar).prefix(80)) is not a value of type \(type.sqlName).")
  }
}

extension Scalar {
  /// A whole number that the type holds.
  func whole<Value: FixedWidthInteger>() -> Value? {
    guard let number = exactNumber, let (value, isExact) = Decimal128.floor(number.unscaled, from: number.scale, to: 0),
      isExact
    else { return nil }
    return Value(exactly: value)
  }
}
