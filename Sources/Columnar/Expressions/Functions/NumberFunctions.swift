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
    },
    FunctionRule("sign", ["signum"], of: .double, gives: .double) { column, type in
      column.mapped(Double.self, to: type) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    },
    rounding("ceil", ["ceiling"], .up),
    rounding("floor", [], .down),
    FunctionRule("round", [], 1...2) { arguments throws(ExpressionError) in
      var type = try number(arguments[0], "round")
      let digits: Int
      if arguments.count > 1 {
        guard let literal = arguments[1].literal, let value: Int32 = literal.whole() else {
          throw ExpressionError(.typeMismatch, "round needs its number of decimals as a literal.")
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
        body: .unary { column, type throws(ColumnError) in try NumberKernel.rounded(column, digits, type) })
    },
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
    },
    FunctionRule("pmod", [], of: [.long, .long], gives: .long) { columns, _, type in
      ArithmeticKernel.checked(Int64.self, type, Int64(0), columns[0], columns[1]) { value, modulus -> Int64? in
        if modulus == 0 { return nil }
        if modulus == -1 { return 0 }
        let remainder = value % modulus
        return remainder < 0 ? (remainder &+ modulus) % modulus : remainder
      } ?? columns[0]
    },
  ]

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
  /// Half away from zero at `digits` decimals; negative digits are tens, hundreds, …
  static func rounded(_ column: Column, _ digits: Int, _ type: DataType) throws(ColumnError) -> Column {
    switch column.type {
    case .double: return column.mapped(Double.self, to: type) { Self.rounded($0, digits) }
    case .float: return column.mapped(Float.self, to: type) { Float(Self.rounded(Double($0), digits)) }
    case .decimal(_, let scale):
      guard let values = column.unscaledValues(), case .decimal(_, let kept) = type else { break }
      let wide = DataType.decimal(precision: 38, scale: kept)
      let result = column.with(wide, .fixed(values)).mapped(Int128.self, to: wide, placeholder: Int128(0)) { value in
        guard let rounded = Decimal128.rescale(value, from: scale, to: digits) else { return nil }
        return Decimal128.rescale(rounded, from: digits, to: kept)
      }
      return try result.cast(to: type)
    default:
      if digits >= 0 { return column }
      let wide = DataType.decimal(precision: 38, scale: 0)
      let result = try column.cast(to: wide).mapped(Int128.self, to: wide, placeholder: Int128(0)) { value in
        Decimal128.rescale(value, from: 0, to: digits).flatMap { Decimal128.rescale($0, from: digits, to: 0) }
      }
      return try result.cast(to: type)
    }
    return Column(nulls: column.count, of: type)
  }

  /// By way of the shortest decimal digits, as Spark does: 2.675 rounds to 2.68 though the double is a little less.
  private static func rounded(_ value: Double, _ digits: Int) -> Double {
    guard value.isFinite, value.magnitude < 1e18 else { return value }
    var text = value.description
    return text.withUTF8 { bytes in
      guard let number = Decimal128.parse(bytes),
        let result = Decimal128.rescale(number.unscaled, from: number.scale, to: digits)
      else { return value }
      return digits >= 0
        ? Decimal128.double(result, scale: digits)
        : Decimal128.double(Decimal128.multiply(result, powerOfTen: -digits) ?? 0, scale: 0)
    }
  }
}
