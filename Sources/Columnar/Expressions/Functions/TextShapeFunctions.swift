extension FunctionTable {
  /// Functions that fill up, cut and exchange parts of strings.
  static let textShapeFunctions: [FunctionRule] = [
    padding("lpad", atStart: true), padding("rpad", atStart: false),
    trimming("trim", ["btrim"], head: true, tail: true), trimming("ltrim", [], head: true, tail: false),
    trimming("rtrim", [], head: false, tail: true),
    FunctionRule("repeat", [], of: [.string, .integer], gives: .string) { columns, count, _ throws(ColumnError) in
      try TextKernel.each(columns, count) { row throws(ColumnError) in
        let text = columns[0].byteArray(at: row)
        let times = text.isEmpty ? 0 : max(0, Int(columns[1].integer(row)))
        let (total, overflow) = text.count.multipliedReportingOverflow(by: times)
        guard !overflow, total <= TextKernel.longestResult else { throw .tooLarge("bytes", overflow ? .max : total) }
        return Array(repeatElement(text, count: times).joined())
      }
    },
    FunctionRule("initcap", [], of: .string, gives: .string) { column, _ throws(ColumnError) in
      try TextKernel.map(column, ascii: nil) { text in
        var isStart = true
        return text.reduce(into: "") { result, character in
          result += isStart ? character.uppercased() : character.lowercased()
          isStart = character == " "
        }
      }
    },
    FunctionRule("translate", [], of: [.string, .string, .string], gives: .string) {
      columns, count, _ throws(ColumnError) in
      try TextKernel.each(columns, count) { row throws(ColumnError) in
        TextKernel.translated(
          columns[0].byteArray(at: row), columns[1].byteArray(at: row), columns[2].byteArray(at: row))
      }
    },
    FunctionRule("chr", ["char"], of: [.long], gives: .string) { columns, count, _ throws(ColumnError) in
      try TextKernel.each(columns, count) { row throws(ColumnError) in
        guard case .long(let code) = columns[0].scalar(at: row), code >= 0 else { return [] }
        return Array(String(Unicode.Scalar(UInt8(truncatingIfNeeded: code))).utf8)
      }
    },
    FunctionRule("concat_ws", [], 1...Int.max) { arguments throws(ExpressionError) in
      .init(
        parameters: arguments.map { _ in .string }, result: .string,
        body: .columns { columns, count, _ throws(ColumnError) in
          try TextKernel.each([columns[0]], count) { row throws(ColumnError) in
            let parts = columns.dropFirst().filter { !$0.isNull(row) }.map { $0.byteArray(at: row) }
            return Array(parts.joined(separator: columns[0].byteArray(at: row)))
          }
        })
    },
  ]

  private static func padding(_ name: String, atStart: Bool) -> FunctionRule {
    FunctionRule(name, [], of: [.string, .integer, .string], optional: 1, gives: .string) {
      columns, count, _ throws(ColumnError) in
      try TextKernel.each(columns, count) { row throws(ColumnError) in
        try TextKernel.padded(
          columns[0].byteArray(at: row), to: Int(columns[1].integer(row)),
          with: columns.count > 2 ? columns[2].byteArray(at: row) : [32], atStart: atStart)
      }
    }
  }

  /// Blanks, or with two arguments the characters of the first, as Spark has it.
  private static func trimming(_ name: String, _ aliases: [String], head: Bool, tail: Bool) -> FunctionRule {
    FunctionRule(name, aliases, 1...2) { arguments throws(ExpressionError) in
      guard arguments.count == 2 else {
        return .init(
          parameters: [.string], result: .string,
          body: .unary { column, _ throws(ColumnError) in
            try TextKernel.window(column) { TextKernel.trimmed($0, head: head, tail: tail) }
          })
      }
      return .init(
        parameters: [.string, .string], result: .string,
        body: .columns { columns, count, _ throws(ColumnError) in
          try TextKernel.rows([columns[1], columns[0]], count) { row, bytes in
            let characters = Set(String(decoding: columns[0].byteArray(at: row), as: UTF8.self).unicodeScalars)
            return TextKernel.trimmed(bytes, characters, head: head, tail: tail)
          }
        })
    }
  }
}

extension TextKernel {
  /// No function makes a single string longer than that.
  static let longestResult = 1 << 26

  /// A string for each row in which no column is null.
  static func each(
    _ columns: [Column], _ count: Int, _ body: (Int) throws(ColumnError) -> [UInt8]
  ) throws(ColumnError) -> Column {
    var builder = BytesBuilder(capacity: count)
    for row in 0..<count {
      if columns.contains(where: { $0.isNull(row) }) {
        builder.appendNull()
      } else {
        try builder.append(try body(row))
      }
    }
    return builder.finish(.string)
  }

  /// To a number of code points: cut when longer, else filled up with the other string's, over and over.
  static func padded(
    _ text: [UInt8], to length: Int, with filling: [UInt8], atStart: Bool
  ) throws(ColumnError) -> [UInt8] {
    let length = max(0, length)
    let points = text.count { $0 & 0xC0 != 0x80 }
    if points >= length || filling.isEmpty {
      return text.withUnsafeBufferPointer { Array(substring($0, from: 1, count: length)) }
    }
    let missing = length - points
    let (bytes, overflow) = missing.multipliedReportingOverflow(by: 4)
    guard !overflow, bytes <= longestResult else { throw .tooLarge("bytes", overflow ? .max : bytes) }
    let perRound = filling.count { $0 & 0xC0 != 0x80 }
    guard perRound > 0 else { return text }
    var fill = Array(repeatElement(filling, count: missing / perRound).joined())
    fill += filling.withUnsafeBufferPointer { Array(substring($0, from: 1, count: missing % perRound)) }
    return atStart ? fill + text : text + fill
  }

  static func trimmed(_ bytes: Bytes, _ characters: Set<Unicode.Scalar>, head: Bool, tail: Bool) -> Bytes {
    let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
    var rest = text[...]
    while head, let first = rest.first, characters.contains(first) { rest.removeFirst() }
    while tail, let last = rest.last, characters.contains(last) { rest.removeLast() }
    let start = text.utf8Count(before: rest.startIndex)
    let end = text.utf8Count(before: rest.endIndex)
    return end <= bytes.count ? Bytes(rebasing: bytes[start..<end]) : bytes
  }

  /// Each character of `old` becomes the one at its place in `new`, or nothing.
  static func translated(_ text: [UInt8], _ old: [UInt8], _ new: [UInt8]) -> [UInt8] {
    var places: [Unicode.Scalar: Unicode.Scalar?] = [:]
    let replacements = Array(String(decoding: new, as: UTF8.self).unicodeScalars)
    for (index, scalar) in String(decoding: old, as: UTF8.self).unicodeScalars.enumerated()
    where places[scalar] == nil {
      places[scalar] = .some(index < replacements.count ? replacements[index] : nil)
    }
    var result = String.UnicodeScalarView()
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if let replacement = places[scalar] {
        if let replacement { result.append(replacement) }
      } else {
        result.append(scalar)
      }
    }
    return Array(String(result).utf8)
  }
}

extension String.UnicodeScalarView {
  fileprivate func utf8Count(before index: Index) -> Int {
    String(self).utf8.distance(from: String(self).utf8.startIndex, to: index)
  }
}
