/// One row of the table of functions.
struct FunctionRule: Sendable {
  /// What a call with these arguments takes and gives.
  struct Settled {
    /// Arguments are cast to these.
    var parameters: [DataType]
    var result: DataType
    /// The arguments that are evaluated; `nil`: all. Others are literals that the body already has.
    var kept: [Int]?
    var body: FunctionBody
    /// `string(x)` and the like.
    var isCast = false
    var traits = CallTraits()
  }

  let name: String
  let aliases: [String]
  let arguments: ClosedRange<Int>
  let settle: @Sendable ([Resolved]) throws(ExpressionError) -> Settled

  init(
    _ name: String, _ aliases: [String] = [], _ arguments: ClosedRange<Int>,
    _ settle: @escaping @Sendable ([Resolved]) throws(ExpressionError) -> Settled
  ) {
    self.name = name
    self.aliases = aliases
    self.arguments = arguments
    self.settle = settle
  }

  /// The same, where null means that the value can't be computed.
  var partial: FunctionRule {
    FunctionRule(name, aliases, arguments) { [settle] arguments throws(ExpressionError) in
      var settled = try settle(arguments)
      settled.traits.isPartial = true
      return settled
    }
  }

  /// The same, where rows come to some of the arguments alone.
  func choosing(_ choice: CallTraits.Choice) -> FunctionRule {
    FunctionRule(name, aliases, arguments) { [settle] arguments throws(ExpressionError) in
      var settled = try settle(arguments)
      settled.traits.choice = choice
      return settled
    }
  }

  /// A function of one value.
  init(
    _ name: String, _ aliases: [String] = [], of parameter: DataType, gives result: DataType,
    _ body: @escaping @Sendable (Column, DataType) throws(ColumnError) -> Column
  ) {
    self.init(name, aliases, 1...1) { _ throws(ExpressionError) in
      Settled(parameters: [parameter], result: result, body: .unary(body))
    }
  }

  /// A function of columns of fixed types, the last of which may be left out down to `optional`.
  init(
    _ name: String, _ aliases: [String] = [], of parameters: [DataType], optional: Int = 0, gives result: DataType,
    _ body: @escaping @Sendable ([Column], Int, DataType) throws(ColumnError) -> Column
  ) {
    self.init(name, aliases, parameters.count - optional...parameters.count) { arguments throws(ExpressionError) in
      Settled(parameters: Array(parameters.prefix(arguments.count)), result: result, body: .columns(body))
    }
  }
}

/// All functions, by lower-case name.
enum FunctionTable {
  private static let rules: [String: FunctionRule] = {
    var rules: [String: FunctionRule] = [:]
    let all = [
      textFunctions, textSearchFunctions, textShapeFunctions, patternFunctions, choiceFunctions, nestedFunctions,
      dateFunctions, dateMakingFunctions, numberFunctions, realFunctions, bitFunctions, castFunctions,
    ]
    for rule in all.joined() {
      for name in [rule.name] + rule.aliases { rules[name] = rule }
    }
    return rules
  }()

  static func rule(named name: String) -> FunctionRule? { rules[name] ?? rules[name.lowercased()] }

  static var names: some Sequence<String> { rules.keys.sorted() }

  /// Why a function that Spark has is not here, for those that are often looked for.
  static func reasonForAbsence(of name: String) -> String? {
    switch name.lowercased() {
    case "rand", "random", "randn", "uuid", "monotonically_increasing_id", "shuffle":
      "it gives another value each time, so that nothing could be checked with it"
    case "count", "sum", "avg", "mean", "min", "max", "first", "last", "collect_list", "collect_set", "stddev",
      "variance", "median", "any_value", "bool_and", "bool_or", "every", "some", "percentile", "approx_count_distinct":
      "it takes the values of many rows, and an expression has those of one"
    case "row_number", "rank", "dense_rank", "lag", "lead", "ntile":
      "it needs the order of many rows, and an expression has one"
    case "current_user", "user", "session_user", "current_catalog", "current_database", "current_schema", "version":
      "it asks for the session, and there is none"
    case "input_file_name", "spark_partition_id", "input_file_block_start": "it asks where a row is kept"
    case "explode", "posexplode", "inline", "stack": "it makes several rows of one"
    case "transform", "filter", "exists", "forall", "aggregate", "reduce", "zip_with", "map_filter":
      "it takes a function, which expressions here can't spell"
    case "reflect", "java_method", "try_reflect": "it calls Java"
    default: nil
    }
  }

  /// `bigint(x)` is CAST(x AS BIGINT).
  private static let castFunctions: [FunctionRule] = [
    ("boolean", .boolean), ("tinyint", .byte), ("smallint", .short), ("int", .integer), ("bigint", .long),
    ("float", .float), ("double", .double), ("string", .string), ("binary", .binary), ("date", .date),
    ("timestamp", .timestamp(.microseconds)),
  ].map { name, type in
    FunctionRule(name, [], 1...1) { arguments throws(ExpressionError) in
      guard arguments[0].type.canCast(to: type) else { throw .mismatch(name, arguments[0].type) }
      return .init(
        parameters: [arguments[0].type], result: type, body: .unary { column, _ in column }, isCast: true)
    }
  }
}
