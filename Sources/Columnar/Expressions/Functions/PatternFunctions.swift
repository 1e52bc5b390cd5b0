extension FunctionTable {
  /// Functions of regular expressions. Patterns are literals: they are compiled once.
  static let patternFunctions: [FunctionRule] = [
    FunctionRule("rlike", ["regexp", "regexp_like"], 2...2) { arguments throws(ExpressionError) in
      if arguments[1].isNullLiteral || arguments[1].type == .null {
        return .init(
          parameters: [.string, .string], result: .boolean, kept: [0],
          body: .unary { column, type in Column(nulls: column.count, of: type) })
      }
      let pattern = try RegularExpression(try literalText(arguments[1], "rlike"))
      return .init(
        parameters: [.string, .string], result: .boolean, kept: [0],
        body: .unary { column, _ in
          var scratch = RegularExpression.Scratch()
          var found = [Bool](repeating: false, count: column.count)
          column.forEachBytes { row, bytes in
            if let bytes { found[row] = pattern.isFound(in: bytes, &scratch) }
          }
          return Column(truth: Bitmap(found), validity: column.validity)
        })
    }
  ]
}
