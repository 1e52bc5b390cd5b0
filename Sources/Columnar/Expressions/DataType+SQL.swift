extension DataType {
  /// The type as Spark SQL writes it, for example `BIGINT` or `ARRAY<STRING>`; ours for those that SQL lacks.
  public var sqlName: String {
    switch self {
    case .null: "VOID"
    case .boolean: "BOOLEAN"
    case .byte: "TINYINT"
    case .short: "SMALLINT"
    case .integer: "INT"
    case .long: "BIGINT"
    case .unsignedByte: "UTINYINT"
    case .unsignedShort: "USMALLINT"
    case .unsignedInteger: "UINTEGER"
    case .unsignedLong: "UBIGINT"
    case .float16: "HALF"
    case .float: "FLOAT"
    case .double: "DOUBLE"
    case .decimal(let precision, let scale): "DECIMAL(\(precision),\(scale))"
    case .string: "STRING"
    case .binary: "BINARY"
    case .fixedBinary(let length): "BINARY(\(length))"
    case .date: "DATE"
    case .time(let unit): "TIME(\(unit.digits))"
    case .timestamp(.microseconds): "TIMESTAMP"
    case .timestamp(let unit): "TIMESTAMP(\(unit.digits))"
    case .timestampNtz(.microseconds): "TIMESTAMP_NTZ"
    case .timestampNtz(let unit): "TIMESTAMP_NTZ(\(unit.digits))"
    case .int96: "INT96"
    case .interval: "INTERVAL"
    case .uuid: "UUID"
    case .variant: "VARIANT"
    case .struct(let type):
      "STRUCT<" + type.fields.map { "\(SQLText.identifier($0.name)): \($0.type.sqlName)" }.joined(separator: ", ") + ">"
    case .array(let type): "ARRAY<\(type.element.sqlName)>"
    case .map(let type): "MAP<\(type.key.sqlName), \(type.value.sqlName)>"
    }
  }
}

extension TimeUnit {
  /// The decimals of a second that a unit is.
  var digits: Int {
    switch self {
    case .milliseconds: 3
    case .microseconds: 6
    case .nanoseconds: 9
    }
  }
}

/// Pieces of SQL text.
enum SQLText {
  /// A name, in backticks when it could be read as something else.
  static func identifier(_ name: String) -> String {
    let isPlain =
      !name.isEmpty && !(48...57).contains(name.utf8.first ?? 48)
      && name.utf8.allSatisfy { $0 == 95 || (48...57).contains($0) || (97...122).contains($0 | 0x20) }
    if isPlain, !reserved.contains(name.uppercased()) { return name }
    // By scalars: with a combining mark behind it a backtick is another character, and still ends a name.
    var result = "`"
    for scalar in name.unicodeScalars {
      if scalar == "`" { result += "`" }
      result.unicodeScalars.append(scalar)
    }
    return result + "`"
  }

  /// Words that the parser takes for something else than a column's name.
  static let reserved: Set<String> = [
    "AND", "OR", "NOT", "IN", "IS", "NULL", "TRUE", "FALSE", "LIKE", "BETWEEN", "ESCAPE", "CASE", "WHEN", "THEN",
    "ELSE", "END", "CAST", "TRY_CAST", "AS", "DIV", "DISTINCT", "FROM",
  ]

  /// A string literal with what needs it escaped.
  static func string(_ value: String) -> String {
    var result = "'"
    for scalar in value.unicodeScalars {
      switch scalar {
      case "'": result += "\\'"
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      // Three digits, since ones that follow could be taken along.
      case "\0": result += "\\000"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }
}
