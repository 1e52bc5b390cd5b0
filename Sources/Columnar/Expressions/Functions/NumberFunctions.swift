#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension FunctionTable {
  /// Functions of numbers. Overflow and undefined results are null.
  static let numberFunctions: [FunctionRule] = [
    FunctionRule("abs", [], 1...1) { arguments throws(ExpressionError) in
      let type = try number(arguments[0], "abs")
      return .init(
        parameters: [type], result: type,
        body: .unary { column, type throws(ColumnError) in
          let zero = try Column(type, scalars: [type.isFloatingPoint ? .double(0) : .long(0)])
          guard let isNegative = CompareKernel.bits(.less, column, zero, isConstant: true),
            let negated = ArithmeticKernel.negate(column)
          else { return column }
          return try Evaluation.choose([isNegative], [Operand(negated), Operand(column)], count: column.count, type)
        })
    }.partial,
    FunctionRule("sign", ["signum"], of: .double, gives: .double) { column, type in
      column.mapped(Double.self, to: type) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    },
    rounding("ceil", ["ceiling"], .up).partial,
    rounding("floor", [], .down).partial,
    rounded("round", isHalfEven: false).partial, rounded("bround", isHalfEven: true).partial,
    double("sqrt") { $0.squareRoot() },
    double("exp") { exp($0) },
    double("ln") { $0 > 0 ? log($0) : nil },
    double("log10") { $0 > 0 ? log10($0) : nil },
    double("log2") { $0 > 0 ? log2($0) : nil },
    FunctionRule("power", ["pow"], of: [.double, .double], gives: .double) { columns, _, type in
      ArithmeticKernel.checked(Double.self, type, Double(0), columns[0], columns[1]) { pow($0, $1) } ?? columns[0]
    },
    FunctionRule("isnan", [], of: [.double], gives: .boolean) { columns, _, _ in
      // Null is not NaN.
      Column(truth: columns[0].tested(Double.self) { $0.isNaN }.intersection(columns[0].validBits))
    },
    FunctionRule("div", [], of: [.long, .long], gives: .long) { columns, _, type in
      ArithmeticKernel.wholeQuotient(columns[0], columns[1]) ?? Column(nulls: columns[0].count, of: type)
    }.partial,
    FunctionRule("pmod", [], 2...2) { arguments throws(ExpressionError) in
      let (a, b) = (try number(arguments[0], "pmod"), try number(arguments[1], "pmod"))
      guard let type = TypeRules.number(a, b, floatsMeetInDouble: false) else { throw .mismatch("pmod", a, b) }
      return .init(
        parameters: [type, type], result: type,
        body: .columns { columns, count, type throws(ColumnError) in
          try NumberKernel.positiveRemainder(columns[0], columns[1], type)
        })
    }.partial,
  ]

  /// To a number of decimals; the half away from zero or, as bankers do, to the even neighbour.
  private static func rounded(_ name: String, isHalfEven: Bool) -> FunctionRule {
    FunctionRule(name, [], 1...2) { arguments throws(ExpressionError) in
      var type = try number(arguments[0], name)
      let digits: Int
      if arguments.count > 1 {
        guard let literal = arguments[1].literal, let value: Int32 = literal.whole() else {
          throw ExpressionError(.typeMismatch, "\(name) needs its number of decimals as a literal.")
        }
        digits = max(-40, min(40, Int(value)))
      } else {
        digits = 0
      }
      let argument = type
      if case .decimal(let precision, let scale) = type {
        let kept = max(0, min(scale, digits))
        type = .decimal(precision: min(38, max(precision - scale + kept + 1, 1)), scale: kept)
      }
      return .init(
        parameters: [argument, .integer].prefix(arguments.count).map { $0 }, result: type, kept: [0],
        body: .unary { column, type throws(ColumnError) in
          try NumberKernel.rounded(column, digits, type, isHalfEven: isHalfEven)
        })
    }
  }

  private static func number(_ argument: Resolved, _ name: String) throws(ExpressionError) -> DataType {
    if argument.type == .null || argument.type == .string { return .double }
    let type = TypeRules.computed(argument.type)
    guard type.isNumber else { throw .mismatch(name, argument.type) }
    return type
  }

  private static func double(_ name: String, _ body: @escaping @Sendable (Double) -> Double?) -> FunctionRule {
    FunctionRule(name, [], of: .double, gives: .double) { column, type in
      column.mapped(Double.self, to: type, placeholder: 0) { body($0) }
    }
  }

  /// To a long, or to a decimal without decimals.
  private static func rounding(
    _ name: String, _ aliases: [String], _ rule: FloatingPointRoundingRule
  ) -> FunctionRule {
    FunctionRule(name, aliases, 1...1) { arguments throws(ExpressionError) in
      let type = try number(arguments[0], name)
      guard case .decimal(let precision, let scale) = type else {
        let parameter: DataType = type.isWholeNumber ? .long : .double
        return .init(
          parameters: [parameter], result: .long,
          body: .unary { column, type in
            if column.type == type { return column }
            return column.mapped(Double.self, to: type, placeholder: Int64(0)) { Int64(exactly: $0.rounded(rule)) }
          })
      }
      let result = DataType.decimal(precision: min(38, precision - scale + 1), scale: 0)
      return .init(
        parameters: [type], result: result,
        body: .unary { column, type throws(ColumnError) in
          guard let values = column.unscaledValues(), let power = Decimal128.power(scale) else {
            return Column(nulls: column.count, of: type)
          }
          let wide = DataType.decimal(precision: 38, scale: 0)
          let whole = column.with(wide, .fixed(values)).mapped(Int128.self, to: wide) { value in
            rule == .down ? value.flooringQuotient(power) : 0 &- (0 &- value).flooringQuotient(power)
          }
          return try whole.cast(to: type)
        })
    }
  }
}

enum NumberKernel {
  /// The remainder with the sign of the modulus' absolute value: never negative for a positive modulus.
  static func positiveRemainder(_ a: Column, _ b: Column, _ type: DataType) throws(ColumnError) -> Column {
    let none = Column(nulls: a.count, of: type)
    switch type {
    case .double, .float:
      let (x, y) = (try a.cast(to: .double), try b.cast(to: .double))
      let result = ArithmeticKernel.checked(Double.self, .double, Double(0), x, y) { value, modulus -> Double? in
        if modulus == 0 { return nil }
        let remainder = value.truncatingRemainder(dividingBy: modulus)
        return remainder < 0 ? (remainder + modulus).truncatingRemainder(dividingBy: modulus) : remainder
      }
      return try (result ?? none).cast(to: type)
    case .decimal(_, let scale):
      guard let left = a.unscaledValues(), let right = b.unscaledValues() else { return none }
      let wide = DataType.decimal(precision: 38, scale: scale)
      let result = ArithmeticKernel.checked(
        Int128.self, wide, Int128(0), a.with(wide, .fixed(left)), b.with(wide, .fixed(right))
      ) { value, modulus in positiveRemainder(value, modulus) }
      return try (result ?? none).cast(to: type)
    default:
      let (x, y) = (try a.cast(to: .long), try b.cast(to: .long))
      let result = ArithmeticKernel.checked(Int64.self, .long, Int64(0), x, y) { value, modulus in
        positiveRemainder(value, modulus)
      }
      return try (result ?? none).cast(to: type)
    }
  }

  @inline(__always)
  private static func positiveRemainder<Value: FixedWidthInteger & SignedInteger>(
    _ value: Value, _ modulus: Value
  ) -> Value? {
    if modulus == 0 { return nil }
    if modulus == -1 { return 0 }
    let remainder = value % modulus
    return remainder < 0 ? (remainder &+ modulus) % modulus : remainder
  }

  /// At `digits` decimals; negative digits are tens, hundreds, …
  static func rounded(
    _ column: Column, _ digits: Int, _ type: DataType, isHalfEven: Bool
  ) throws(ColumnError) -> Column {
    @inline(__always) func rescale(_ value: Int128, from old: Int, to new: Int) -> Int128? {
      isHalfEven && new < old
        ? Decimal128.rescaleHalfEven(value, from: old, to: new) : Decimal128.rescale(value, from: old, to: new)
    }
    switch column.type {
    case .double:
      return column.mapped(Double.self, to: type) { Self.rounded($0, digits, { rescale($0, from: $1, to: $2) }) }
    case .float:
      return column.mapped(Float.self, to: type) {
        Float(Self.rounded(Double($0), digits, { rescale($0, from: $1, to: $2) }))
      }
    case .decimal(_, let scale):
      guard let values = column.unscaledValues(), case .decimal(_, let kept) = type else { break }
      let wide = DataType.decimal(precision: 38, scale: kept)
      let result = column.with(wide, .fixed(values)).mapped(Int128.self, to: wide, placeholder: Int128(0)) { value in
        guard let rounded = rescale(value, from: scale, to: digits) else { return nil }
        return Decimal128.rescale(rounded, from: digits, to: kept)
      }
      return try result.cast(to: type)
    default:
      if digits >= 0 { return column }
      let wide = DataType.decimal(precision: 38, scale: 0)
      let result = try column.cast(to: wide).mapped(Int128.self, to: wide, placeholder: Int128(0)) { value in
        rescale(value, from: 0, to: digits).flatMap { Decimal128.rescale($0, from: digits, to: 0) }
      }
      return try result.cast(to: type)
    }
    return Column(nulls: column.count, of: type)
  }

  /// By way of the shortest decimal digits, as Spark does: 2.675 rounds to 2.68 though the double is a little less.
  private static func rounded(
    _ value: Double, _ digits: Int, _ rescale: (Int128, Int, Int) -> Int128?
  ) -> Double {
    guard value.isFinite, value.magnitude < 1e18 else { return value }
    var text = value.description
    return text.withUTF8 { bytes in
      guard let number = Decimal128.parse(bytes),
        let result = rescale(number.unscaled, number.scale, digits)
      else { return value }
      return digits >= 0
        ? Decimal128.double(result, scale: digits)
        : Decimal128.double(Decimal128.multiply(result, powerOfTen: -digits) ?? 0, scale: 0)
    }
  }
}
