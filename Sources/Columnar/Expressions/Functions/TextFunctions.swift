extension FunctionTable {
  /// Functions of strings. Positions count Unicode code points from 1, as Spark's do.
  static let textFunctions: [FunctionRule] = [
    FunctionRule("upper", ["ucase"], of: .string, gives: .string) { column, _ throws(ColumnError) in
      try TextKernel.map(column, ascii: { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 }) { $0.uppercased() }
    },
    FunctionRule("lower", ["lcase"], of: .string, gives: .string) { column, _ throws(ColumnError) in
      try TextKernel.map(column, ascii: { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }) { $0.lowercased() }
    },
    FunctionRule("length", ["char_length", "character_length", "len"], 1...1) { arguments throws(ExpressionError) in
      if arguments[0].type == .binary {
        return .init(
          parameters: [.binary], result: .integer, body: .unary { column, type in TextKernel.byteCounts(column, type) })
      }
      return .init(
        parameters: [.string], result: .integer,
        body: .unary { column, type in
          column.mappedBytes(to: type, placeholder: Int32(0)) { Int32(truncatingIfNeeded: TextKernel.codePoints($0)) }
        })
    },
    FunctionRule("octet_length", [], of: .string, gives: .integer) { column, type in TextKernel.byteCounts(column, type)
    },
    FunctionRule("reverse", [], of: .string, gives: .string) { column, _ throws(ColumnError) in
      try TextKernel.map(column, ascii: nil) { text in
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.reversed())
        return String(result)
      }
    },
    FunctionRule("substring", ["substr"], of: [.string, .integer, .integer], optional: 1, gives: .string) {
      columns, count, _ throws(ColumnError) in
      try TextKernel.rows(columns, count) { row, bytes in
        let start = Int(columns[1].integer(row))
        let length = columns.count > 2 ? Int(columns[2].integer(row)) : Int(Int32.max)
        return TextKernel.substring(bytes, from: start, count: length)
      }
    },
    FunctionRule("left", [], of: [.string, .integer], gives: .string) { columns, count, _ throws(ColumnError) in
      try TextKernel.rows(columns, count) { row, bytes in
        TextKernel.substring(bytes, from: 1, count: Int(columns[1].integer(row)))
      }
    },
    FunctionRule("right", [], of: [.string, .integer], gives: .string) { columns, count, _ throws(ColumnError) in
      try TextKernel.rows(columns, count) { row, bytes in
        let wanted = max(0, Int(columns[1].integer(row)))
        return wanted == 0
          ? TextKernel.substring(bytes, from: 1, count: 0) : TextKernel.substring(bytes, from: -wanted, count: wanted)
      }
    },
    FunctionRule("concat", [], 1...Int.max) { arguments throws(ExpressionError) in
      .init(
        parameters: arguments.map { _ in .string }, result: .string,
        body: .columns { columns, count, type throws(ColumnError) in try TextKernel.concatenate(columns, count) })
    },
    FunctionRule("replace", [], of: [.string, .string, .string], optional: 1, gives: .string) {
      columns, count, _ throws(ColumnError) in
      try TextKernel.eachString(columns, count) { texts in
        TextKernel.replacing(texts[0], texts[1], with: texts.count > 2 ? texts[2] : [])
      }
    },
    FunctionRule("startswith", ["starts_with"], of: [.string, .string], gives: .boolean) {
      columns, count, _ throws(ColumnError) in
      TextKernel.test(columns, count) { $0.starts(with: $1) }
    },
    FunctionRule("endswith", ["ends_with"], of: [.string, .string], gives: .boolean) {
      columns, count, _ throws(ColumnError) in
      TextKernel.test(columns, count) { $0.count >= $1.count && $0.suffix($1.count).elementsEqual($1) }
    },
    FunctionRule("contains", [], of: [.string, .string], gives: .boolean) { columns, count, _ throws(ColumnError) in
      TextKernel.test(columns, count) { TextKernel.position(of: $1, in: $0[...]) != nil }
    },
  ]
}

extension Column {
  /// A value of an `integer` column; 0 for other storage.
  func integer(_ row: Int) -> Int32 { storage.buffer?.value(Int32.self, at: row) ?? 0 }
}
