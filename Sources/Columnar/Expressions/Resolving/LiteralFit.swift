/// How a literal sits among the values of a column's type, so that comparing needs no cast of the column.
enum LiteralFit: Equatable {
  /// It is this value of the type.
  case exact(Scalar)
  /// It lies between this value of the type and the next.
  case above(Scalar)
  /// Greater than every value of the type.
  case tooLarge
  /// Less than every value of the type.
  case tooSmall
  /// Both sides have to be converted to a third type.
  case otherType

  init(_ literal: Scalar, in type: DataType) throws(ExpressionError) {
    switch (literal, type) {
    case (.string(let text), _) where type != .string: self = try Self.parsed(text, type)
    case (.string, .string), (.boolean, .boolean), (.binary, .binary), (.date, .date): self = .exact(literal)
    case (_, .double):
      guard let number = literal.number else { throw .mismatch("A comparison", type, literal.type) }
      self = .exact(.double(number))
    case (_, .float):
      guard let number = literal.number else { throw .mismatch("A comparison", type, literal.type) }
      let narrow = Float(number)
      self = Double(narrow) == number || number.isNaN ? .exact(.float(narrow)) : .otherType
    case (_, .decimal(let precision, let scale)) where precision <= 38:
      guard let number = literal.exactNumber else {
        if literal.number == nil { throw .mismatch("A comparison", type, literal.type) }
        self = .otherType
        return
      }
      self = Self.decimal(number, precision: precision, scale: scale)
    case (_, .date), (_, .timestamp), (_, .timestampNtz):
      guard let instant = literal.instant else { throw .mismatch("A comparison", type, literal.type) }
      self = Self.instant(instant, type)
    case (_, .time):
      guard let value: Int64 = literal.whole() else { throw .mismatch("A comparison", type, literal.type) }
      self = .exact(.long(value))
    default:
      if type.isWholeNumber, literal.number != nil {
        self = Self.whole(literal, type)
      } else {
        guard TypeRules.comparable(type, literal.type) != nil else {
          throw .mismatch("A comparison", type, literal.type)
        }
        self = .otherType
      }
    }
  }

  /// The least and greatest value of a type with such; `nil` for others.
  static func bounds(of type: DataType) -> (least: Scalar, greatest: Scalar)? {
    switch type {
    case .byte: (.byte(.min), .byte(.max))
    case .short: (.short(.min), .short(.max))
    case .integer: (.integer(.min), .integer(.max))
    case .long: (.long(.min), .long(.max))
    case .unsignedByte: (.short(0), .short(255))
    case .unsignedShort: (.integer(0), .integer(65_535))
    case .unsignedInteger: (.long(0), .long(4_294_967_295))
    case .unsignedLong: (.unsignedLong(0), .unsignedLong(.max))
    case .decimal(let precision, let scale):
      Decimal128.power(precision).map {
        (.decimal(1 - $0, precision: precision, scale: scale), .decimal($0 - 1, precision: precision, scale: scale))
      }
    case .date: (.date(.min), .date(.max))
    case .timestamp(let unit): (.timestamp(unit.bounds.lowerBound), .timestamp(unit.bounds.upperBound))
    case .timestampNtz(let unit): (.timestampNtz(unit.bounds.lowerBound), .timestampNtz(unit.bounds.upperBound))
    default: nil
    }
  }

  private static func parsed(_ string: String, _ type: DataType) throws(ExpressionError) -> LiteralFit {
    var text = string
    let value: Scalar? = text.withUTF8 { bytes in
      switch type {
      case .boolean: return TextCast.boolean(bytes).map { .boolean($0) }
      case .binary: return .binary(Array(bytes))
      case .date: return DateText.date(bytes).map { .date($0) }
      case .timestamp, .int96: return DateText.timestamp(bytes).map { .timestamp($0) }
      case .timestampNtz: return DateText.timestamp(bytes, keepingWallClock: true).map { .timestampNtz($0) }
      default:
        guard type.isNumber else { return nil }
        if type.isFloatingPoint { return TextCast.double(bytes).map { .double($0) } }
        if let number = Decimal128.parse(TextCast.trimmed(bytes)), number.scale <= 38 {
          return .decimal(number.unscaled, precision: 38, scale: number.scale)
        }
        return TextCast.double(bytes).map { .double($0) }
      }
    }
    guard let value else {
      if TypeRules.comparable(type, .string) == nil { throw .mismatch("A comparison", type, .string) }
      if type == .uuid { return .otherType }
      throw .notALiteral(string, type)
    }
    if type == .int96 { return .otherType }
    return try LiteralFit(value, in: type)
  }

  private static func whole(_ literal: Scalar, _ type: DataType) -> LiteralFit {
    guard let bounds = bounds(of: type), let least = bounds.least.exactNumber,
      let greatest = bounds.greatest.exactNumber
    else { return .otherType }
    let floor: (value: Int128, isExact: Bool)
    if let number = literal.exactNumber {
      guard let result = Decimal128.floor(number.unscaled, from: number.scale, to: 0) else { return .otherType }
      floor = result
    } else {
      let number = literal.number ?? .nan
      // NaN is greater than all.
      if !(number < 1e30) { return .tooLarge }
      if number < -1e30 { return .tooSmall }
      let down = number.rounded(.down)
      floor = (Int128(down), down == number)
    }
    if floor.value > greatest.unscaled { return .tooLarge }
    if floor.value < least.unscaled { return .tooSmall }
    guard let value = Scalar(whole: floor.value, as: type) else { return .otherType }
    return floor.isExact ? .exact(value) : .above(value)
  }

  private static func decimal(
    _ number: (unscaled: Int128, scale: Int), precision: Int, scale: Int
  ) -> LiteralFit {
    guard let floor = Decimal128.floor(number.unscaled, from: number.scale, to: scale) else {
      return number.unscaled < 0 ? .tooSmall : .tooLarge
    }
    guard let limit = Decimal128.power(precision) else { return .otherType }
    if floor.value >= limit { return .tooLarge }
    if floor.value <= -limit { return .tooSmall }
    let value = Scalar.decimal(floor.value, precision: precision, scale: scale)
    return floor.isExact ? .exact(value) : .above(value)
  }

  private static func instant(_ microseconds: Int128, _ type: DataType) -> LiteralFit {
    let step: Int128
    switch type {
    case .date: step = 86_400_000_000
    case .timestamp(.milliseconds), .timestampNtz(.milliseconds): step = 1000
    default: step = 1
    }
    let floor = microseconds.flooringQuotient(step)
    let isExact = microseconds % step == 0
    switch type {
    case .date:
      guard let days = Int32(exactly: floor) else { return microseconds < 0 ? .tooSmall : .tooLarge }
      return isExact ? .exact(.date(days)) : .above(.date(days))
    case .timestamp(let unit), .timestampNtz(let unit):
      guard let value = Int64(exactly: floor * step), unit.bounds.contains(value) else {
        return microseconds < 0 ? .tooSmall : .tooLarge
      }
      let scalar: Scalar = if case .timestamp = type { .timestamp(value) } else { .timestampNtz(value) }
      return isExact ? .exact(scalar) : .above(scalar)
    default: return .otherType
    }
  }
}

extension TimeUnit {
  /// The microseconds that 64 bits of these units reach.
  var bounds: ClosedRange<Int64> {
    self == .nanoseconds ? Int64.min / 1000 + 1...Int64.max / 1000 : Int64.min...Int64.max
  }
}

extension Scalar {
  /// A whole number as the scalar that the type's columns give; `nil` when it does not fit.
  init?(whole value: Int128, as type: DataType) {
    switch type {
    case .byte: guard let value = Int8(exactly: value) else { return nil }; self = .byte(value)
    case .short, .unsignedByte: guard let value = Int16(exactly: value) else { return nil }; self = .short(value)
    case .integer, .unsignedShort: guard let value = Int32(exactly: value) else { return nil }; self = .integer(value)
    case .long, .unsignedInteger: guard let value = Int64(exactly: value) else { return nil }; self = .long(value)
    case .unsignedLong: guard let value = UInt64(exactly: value) else { return nil }; self = .unsignedLong(value)
    default: return nil
    }
  }
}
