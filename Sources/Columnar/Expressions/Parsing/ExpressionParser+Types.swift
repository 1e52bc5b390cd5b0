extension ExpressionParser {
  private static let plainTypes: [String: DataType] = [
    "VOID": .null, "BOOLEAN": .boolean, "TINYINT": .byte, "BYTE": .byte, "SMALLINT": .short, "SHORT": .short,
    "INT": .integer, "INTEGER": .integer, "BIGINT": .long, "LONG": .long, "FLOAT": .float, "REAL": .float,
    "DOUBLE": .double, "STRING": .string, "BINARY": .binary, "DATE": .date, "TIMESTAMP": .timestamp(.microseconds),
    "TIMESTAMP_LTZ": .timestamp(.microseconds), "TIMESTAMP_NTZ": .timestampNtz(.microseconds), "VARIANT": .variant,
    "UTINYINT": .unsignedByte, "USMALLINT": .unsignedShort, "UINTEGER": .unsignedInteger, "UBIGINT": .unsignedLong,
    "HALF": .float16, "UUID": .uuid, "INT96": .int96, "INTERVAL": .interval,
  ]

  private static let units: [Int: TimeUnit] = [3: .milliseconds, 6: .microseconds, 9: .nanoseconds]

  /// A type as Spark SQL writes it.
  mutating func type() throws(ExpressionError) -> DataType {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Self.depthLimit else { throw tooDeep }
    guard case .word(let word) = token.kind else { throw unexpected("a type") }
    let start = token
    advance()
    switch word.uppercased() {
    case "DECIMAL", "DEC", "NUMERIC":
      let numbers = try parameters()
      let precision = numbers.first ?? 10
      let scale = numbers.count > 1 ? numbers[1] : 0
      guard numbers.count <= 2, (1...38).contains(precision), (0...precision).contains(scale) else {
        throw failure("DECIMAL takes 1 to 38 digits and no more decimals than digits.", at: start)
      }
      return .decimal(precision: precision, scale: scale)
    case "VARCHAR", "CHAR":
      _ = try parameters()
      return .string
    case "TIMESTAMP" where token.kind == .sign("("):
      return .timestamp(try unit(start))
    case "TIMESTAMP_NTZ" where token.kind == .sign("("):
      return .timestampNtz(try unit(start))
    case "TIME": return .time(try unit(start))
    case "BINARY" where token.kind == .sign("("):
      guard let length = try parameters().first else { throw unexpected("a length") }
      return .fixedBinary(length: length)
    case "ARRAY":
      try expect("<")
      let element = try type()
      try expect(">")
      return .array(ArrayType(element))
    case "MAP":
      try expect("<")
      let key = try type()
      try expect(",")
      let value = try type()
      try expect(">")
      return .map(MapType(key: key, value: value))
    case "STRUCT": return try structType()
    default:
      if let type = Self.plainTypes[word.uppercased()] { return type }
      let near = Suggestion.nearest(to: word, among: Self.plainTypes.keys.sorted())
      throw failure("There is no type \(word)." + (near.map { " Did you mean \($0)?" } ?? ""), at: start)
    }
  }

  private mutating func structType() throws(ExpressionError) -> DataType {
    try expect("<")
    var fields: [StructField] = []
    repeat {
      guard token.kind != .sign(">") else { break }
      switch token.kind {
      case .word(let name), .quoted(let name):
        advance()
        _ = skip(":")
        fields.append(StructField(name, try type()))
      default: throw unexpected("a field's name")
      }
    } while skip(",")
    try expect(">")
    return .struct(StructType(fields))
  }

  private mutating func unit(_ start: Token) throws(ExpressionError) -> TimeUnit {
    guard let digits = try parameters().first, let unit = Self.units[digits] else {
      throw failure("Times have 3, 6 or 9 decimals of a second, as in TIMESTAMP(6).", at: start)
    }
    return unit
  }

  /// Numbers in parentheses, if there are.
  private mutating func parameters() throws(ExpressionError) -> [Int] {
    guard skip("(") else { return [] }
    var numbers: [Int] = []
    repeat {
      guard case .number(let digits, suffix: "") = token.kind, let number = Int(digits), number <= 1 << 20 else {
        throw unexpected("a number")
      }
      numbers.append(number)
      advance()
    } while skip(",")
    try expect(")")
    return numbers
  }
}
