extension Resolver {
  /// Arithmetic in one type: whole numbers in the wider, divided as doubles; decimals by Spark's rules; strings as
  /// doubles; days added to and taken from dates.
  func arithmetic(_ operation: Arithmetic, _ first: Resolved, _ second: Resolved) throws(ExpressionError) -> Resolved {
    if first.type == .date, second.type.isWholeNumber, operation == .add || operation == .subtract {
      return try call(operation == .add ? "date_add" : "date_sub", [first, second])
    }
    if second.type == .date, first.type.isWholeNumber, operation == .add {
      return try call("date_add", [second, first])
    }
    let a = first.type == .string ? .double : TypeRules.computed(first.type == .null ? second.type : first.type)
    let b = second.type == .string ? .double : TypeRules.computed(second.type == .null ? first.type : second.type)
    if a == .null {
      // Stays arithmetic, since a null alone would have no type when the expression is resolved again.
      return Self.arithmetic(operation, try Self.cast(first, to: .double), try Self.cast(second, to: .double), .double)
    }
    guard a.isNumber, b.isNumber else { throw .mismatch(Self.name(operation), first.type, second.type) }
    if a.isDecimal || b.isDecimal, !a.isFloatingPoint, !b.isFloatingPoint {
      return try decimals(operation, first, a, second, b)
    }
    guard var type = TypeRules.number(a, b, floatsMeetInDouble: false) else {
      throw .mismatch(Self.name(operation), first.type, second.type)
    }
    if operation == .divide { type = .double }
    return Self.arithmetic(operation, try Self.cast(first, to: type), try Self.cast(second, to: type), type)
  }

  private func decimals(
    _ operation: Arithmetic, _ first: Resolved, _ a: DataType, _ second: Resolved, _ b: DataType
  ) throws(ExpressionError) -> Resolved {
    guard let x = Self.decimalOperand(first, a), let y = Self.decimalOperand(second, b) else {
      throw .mismatch(Self.name(operation), first.type, second.type)
    }
    let left = try Self.cast(first, to: .decimal(precision: x.precision, scale: x.scale))
    let right = try Self.cast(second, to: .decimal(precision: y.precision, scale: y.scale))
    return Self.arithmetic(operation, left, right, DecimalArithmetic.resultType(operation, x, y))
  }

  /// A whole literal counts with the digits it has, not with those of its type.
  private static func decimalOperand(_ operand: Resolved, _ type: DataType) -> DecimalArithmetic.Operand? {
    if type.isWholeNumber, let value = operand.literal?.exactNumber?.unscaled {
      return .init(precision: max(1, Decimal128.digits(value)), scale: 0)
    }
    return TypeRules.asDecimal(type)
  }

  private static func arithmetic(
    _ operation: Arithmetic, _ first: Resolved, _ second: Resolved, _ type: DataType
  ) -> Resolved {
    Resolved(
      .arithmetic(operation, first.expression, second.expression), .arithmetic(operation, first.node, second.node), type
    )
  }

  static func name(_ operation: Arithmetic) -> String {
    switch operation {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .remainder: "%"
    }
  }

  func negate(_ inner: Resolved) throws(ExpressionError) -> Resolved {
    if inner.type == .null { return inner }
    let type = inner.type == .string ? .double : TypeRules.computed(inner.type)
    guard type.isNumber else { throw .mismatch("-", inner.type) }
    let number = try Self.cast(inner, to: type)
    return Resolved(.negate(number.expression), .negate(number.node), type)
  }

  /// Operators by the names that they have as functions.
  private static let operators: [String: Arithmetic] = [
    "mod": .remainder, "try_add": .add, "try_subtract": .subtract, "try_multiply": .multiply, "try_divide": .divide,
    "try_mod": .remainder,
  ]

  /// `TRY_CAST(x AS T)` is this call of a cast.
  static let tryCast = "try_cast"

  /// The same, but that what can't be computed is null wherever that would be a failure.
  private static func trying(_ name: String, _ arguments: [Resolved], _ value: Resolved) -> Resolved {
    Resolved(.call(name, arguments.map(\.expression)), .lenient(value.node), value.type)
  }

  func call(_ name: String, _ arguments: [Resolved]) throws(ExpressionError) -> Resolved {
    if arguments.count == 2, let operation = Self.operators[name.lowercased()] {
      let value = try arithmetic(operation, arguments[0], arguments[1])
      return name.lowercased() == "mod" ? value : Self.trying(name.lowercased(), arguments, value)
    }
    switch (name.lowercased(), arguments.count) {
    case (Self.tryCast, 1):
      guard case .cast = arguments[0].expression else {
        throw ExpressionError(.typeMismatch, "TRY_CAST is spelt TRY_CAST(value AS type).")
      }
      return Self.trying(Self.tryCast, arguments, arguments[0])
    case ("negative", 1): return try negate(arguments[0])
    case ("positive", 1): return arguments[0]
    case ("equal_null", 2): return try compare(.nullSafeEqual, arguments[0], arguments[1])
    default: break
    }
    guard let rule = FunctionTable.rule(named: name) else {
      if let reason = FunctionTable.reasonForAbsence(of: name) {
        throw ExpressionError(.unknownFunction, "The function \(name) can't be used here: \(reason).")
      }
      let near = Suggestion.nearest(to: name.lowercased(), among: FunctionTable.names)
      throw ExpressionError(
        .unknownFunction, "There is no function \(name)." + (near.map { " Did you mean \($0)?" } ?? ""))
    }
    guard rule.arguments.contains(arguments.count) else {
      let wanted =
        rule.arguments.lowerBound == rule.arguments.upperBound
        ? "\(rule.arguments.lowerBound)"
        : rule.arguments.upperBound == .max
          ? "\(rule.arguments.lowerBound) or more" : "\(rule.arguments.lowerBound) to \(rule.arguments.upperBound)"
      throw ExpressionError(.typeMismatch, "\(name) takes \(wanted) arguments, not \(arguments.count).")
    }
    let settled = try rule.settle(arguments)
    var cast: [Resolved] = []
    for (argument, type) in zip(arguments, settled.parameters) {
      guard argument.type == type || argument.type.canCast(to: type) else {
        throw .mismatch(name, argument.type)
      }
      cast.append(try Self.cast(argument, to: type))
    }
    let expression: ColumnExpression =
      settled.isCast ? .cast(cast[0].expression, settled.result) : .call(rule.name, cast.map(\.expression))
    if settled.isCast { return Resolved(expression, .cast(cast[0].node), settled.result) }
    let kept = (settled.kept ?? Array(cast.indices)).map { cast[$0].node }
    return Resolved(expression, .call(settled.body, kept, settled.traits), settled.result)
  }
}
