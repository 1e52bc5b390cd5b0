extension FunctionTable {
  /// Functions that pick one of their arguments, or ask whether one is null.
  static let choiceFunctions: [FunctionRule] = [
    FunctionRule("coalesce", [], 1...Int.max) { arguments throws(ExpressionError) in
      try choosing(arguments, "coalesce") { columns, count, type throws(ColumnError) in
        try Evaluation.choose(
          columns.dropLast().map(\.validBits), columns.map { Operand($0) }, count: count, type)
      }
    }.choosing(.firstNotNull),
    FunctionRule("nvl", ["ifnull"], 2...2) { arguments throws(ExpressionError) in
      try choosing(arguments, "nvl") { columns, count, type throws(ColumnError) in
        try Evaluation.choose([columns[0].validBits], columns.map { Operand($0) }, count: count, type)
      }
    }.choosing(.firstNotNull),
    FunctionRule("if", ["iff"], 3...3) { arguments throws(ExpressionError) in
      let type = try Resolver.commonType(Array(arguments[1...]), "if")
      return .init(
        parameters: [.boolean, type, type], result: type,
        body: .columns { columns, count, type throws(ColumnError) in
          try Evaluation.choose([columns[0].trueBits], columns[1...].map { Operand($0) }, count: count, type)
        })
    }.choosing(.ifTrue),
    FunctionRule("nvl2", [], 3...3) { arguments throws(ExpressionError) in
      let type = try Resolver.commonType(Array(arguments[1...]), "nvl2")
      return .init(
        parameters: [arguments[0].type, type, type], result: type,
        body: .columns { columns, count, type throws(ColumnError) in
          try Evaluation.choose([columns[0].validBits], columns[1...].map { Operand($0) }, count: count, type)
        })
    }.choosing(.ifNotNull),
    FunctionRule("nullif", [], 2...2) { arguments throws(ExpressionError) in
      guard let common = TypeRules.comparable(arguments[0].type, arguments[1].type), TypeRules.isComparable(common)
      else { throw .mismatch("nullif", arguments[0].type, arguments[1].type) }
      let type = TypeRules.computed(common)
      return .init(
        parameters: [type, type], result: type,
        body: .columns { columns, _, _ throws(ColumnError) in
          guard let equal = CompareKernel.bits(.equal, columns[0], columns[1], isConstant: false) else {
            return columns[0]
          }
          let isSame = Column(truth: equal, validity: Bitmap.intersection(columns[0].validity, columns[1].validity))
          return columns[0].masked(by: isSame.trueBits.inverted())
        })
    },
    FunctionRule("greatest", [], 2...Int.max) { arguments throws(ExpressionError) in
      try extreme(arguments, "greatest", .greater)
    },
    FunctionRule("least", [], 2...Int.max) { arguments throws(ExpressionError) in
      try extreme(arguments, "least", .less)
    },
    FunctionRule("isnull", [], 1...1) { arguments throws(ExpressionError) in
      .init(
        parameters: [arguments[0].type], result: .boolean,
        body: .columns { columns, _, _ in Column(truth: columns[0].nullBits) })
    },
    FunctionRule("isnotnull", [], 1...1) { arguments throws(ExpressionError) in
      .init(
        parameters: [arguments[0].type], result: .boolean,
        body: .columns { columns, _, _ in Column(truth: columns[0].validBits) })
    },
    FunctionRule("size", ["array_size", "cardinality"], 1...1) { arguments throws(ExpressionError) in
      switch arguments[0].type {
      case .array, .map: break
      default: throw .mismatch("size", arguments[0].type)
      }
      return .init(
        parameters: [arguments[0].type], result: .integer,
        body: .unary { column, type in
          guard let offsets = column.storage.offsets else { return Column(nulls: column.count, of: type) }
          let counts = Buffer(uninitialized: column.count * 4)
          let target = counts.mutablePointer.assumingMemoryBound(to: Int32.self)
          offsets.withValues(of: Int32.self) { offsets in
            for row in 0..<column.count { target[row] = offsets[row &+ 1] &- offsets[row] }
          }
          return column.with(type, .fixed(counts))
        })
    },
  ]

  private static func choosing(
    _ arguments: [Resolved], _ name: String,
    _ body: @escaping @Sendable ([Column], Int, DataType) throws(ColumnError) -> Column
  ) throws(ExpressionError) -> FunctionRule.Settled {
    let type = try Resolver.commonType(arguments, name)
    return .init(parameters: arguments.map { _ in type }, result: type, body: .columns(body))
  }

  /// The greatest or least of the arguments that are not null.
  private static func extreme(
    _ arguments: [Resolved], _ name: String, _ comparison: Comparison
  ) throws(ExpressionError) -> FunctionRule.Settled {
    let type = TypeRules.computed(try Resolver.commonType(arguments, name))
    guard TypeRules.isComparable(type) else { throw .mismatch(name, type) }
    return .init(
      parameters: arguments.map { _ in type }, result: type,
      body: .columns { columns, count, type throws(ColumnError) in
        var best = columns[0]
        for column in columns.dropFirst() {
          guard let bits = CompareKernel.bits(comparison, column, best, isConstant: false) else { continue }
          let wins = bits.union(best.nullBits).intersection(column.validBits)
          best = try Evaluation.choose([wins], [Operand(column), Operand(best)], count: count, type)
        }
        return best
      })
  }
}
