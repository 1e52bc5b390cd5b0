extension FunctionTable {
  /// Operators on the bits of whole numbers, and other arithmetic by name.
  static let bitFunctions: [FunctionRule] = [
    bits("&", { $0 & $1 }), bits("|", { $0 | $1 }), bits("^", { $0 ^ $1 }),
    FunctionRule("~", ["bit_not"], 1...1) { arguments throws(ExpressionError) in
      let type = try whole(arguments[0], "~")
      return .init(
        parameters: [type], result: type,
        body: .unary { column, type throws(ColumnError) in
          try column.cast(to: .long).mapped(Int64.self, to: .long) { ~$0 }.cast(to: type)
        })
    },
    shift("shiftleft") { value, by in
      value &<< by
    } narrow: { value, by in
      value &<< by
    },
    shift("shiftright") { value, by in
      value &>> by
    } narrow: { value, by in
      value &>> by
    },
    shift("shiftrightunsigned") { value, by in
      Int64(bitPattern: UInt64(bitPattern: value) &>> UInt64(truncatingIfNeeded: by))
    } narrow: { value, by in
      Int32(bitPattern: UInt32(bitPattern: value) &>> UInt32(truncatingIfNeeded: by))
    },
    FunctionRule("bit_count", [], of: .long, gives: .integer) { column, type in
      column.mapped(Int64.self, to: type) { Int32(truncatingIfNeeded: $0.nonzeroBitCount) }
    },
  ]

  private static func whole(_ argument: Resolved, _ name: String) throws(ExpressionError) -> DataType {
    let type = TypeRules.computed(argument.type)
    guard type.isWholeNumber || type == .null else { throw .mismatch(name, argument.type) }
    return type == .null ? .integer : type
  }

  private static func bits(
    _ name: String, _ body: @escaping @Sendable (Int64, Int64) -> Int64
  ) -> FunctionRule {
    FunctionRule(name, [], 2...2) { arguments throws(ExpressionError) in
      let (a, b) = (try whole(arguments[0], name), try whole(arguments[1], name))
      guard let type = TypeRules.number(a, b, floatsMeetInDouble: false) else { throw .mismatch(name, a, b) }
      return .init(
        parameters: [type, type], result: type,
        body: .columns { columns, count, type throws(ColumnError) in
          let (x, y) = (try columns[0].cast(to: .long), try columns[1].cast(to: .long))
          let wide = ArithmeticKernel.plain(Int64.self, .long, x, y, body) ?? Column(nulls: count, of: .long)
          return try wide.cast(to: type)
        })
    }
  }

  /// Shifts by the number modulo the width, as Java does; of ints and longs.
  private static func shift(
    _ name: String, _ wide: @escaping @Sendable (Int64, Int64) -> Int64,
    narrow: @escaping @Sendable (Int32, Int32) -> Int32
  ) -> FunctionRule {
    FunctionRule(name, [], 2...2) { arguments throws(ExpressionError) in
      let type: DataType = try whole(arguments[0], name) == .long ? .long : .integer
      return .init(
        parameters: [type, type], result: type,
        body: .columns { columns, count, type throws(ColumnError) in
          let result =
            type == .long
            ? ArithmeticKernel.plain(Int64.self, type, columns[0], columns[1], wide)
            : ArithmeticKernel.plain(Int32.self, type, columns[0], columns[1], narrow)
          return result ?? Column(nulls: count, of: type)
        })
    }
  }
}
