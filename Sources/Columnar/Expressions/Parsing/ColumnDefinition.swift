/// A column as `CREATE TABLE` and `ALTER TABLE` define it:
///
///     name TYPE [NOT NULL] [DEFAULT expression] [COMMENT 'text']
///          [GENERATED ALWAYS AS (expression)] [GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY [(START WITH n INCREMENT BY n)]]
public struct ColumnDefinition: Hashable, Sendable {
  public var name: String
  public var type: DataType
  public var isNullable = true
  /// Of strings that are not to be longer: `varchar(5)` or `char(3)`.
  public var lengthLimit: String?
  public var comment: String?
  /// SQL.
  public var defaultExpression: String?
  /// SQL.
  public var generationExpression: String?
  public var identity: Identity?

  /// A column whose values the table makes up.
  public struct Identity: Hashable, Sendable {
    public var start: Int64 = 1
    public var step: Int64 = 1
    /// Whether rows may bring their own values.
    public var allowsExplicitInsert = false
  }

  public init(_ name: String, _ type: DataType) {
    self.name = name
    self.type = type
  }

  /// Reads definitions separated by commas: `id BIGINT NOT NULL, city STRING COMMENT 'where'`.
  ///
  /// - Throws: `syntax`, `invalidLiteral`, `tooDeep`, with the place in the text.
  public static func parse(_ text: String) throws(ExpressionError) -> [ColumnDefinition] {
    var parser = try ExpressionParser(text)
    var definitions: [ColumnDefinition] = []
    repeat { definitions.append(try parser.columnDefinition()) } while parser.skip(",")
    guard parser.token.kind == .end else { throw parser.unexpected("a comma or the end") }
    return definitions
  }
}

extension DataType {
  /// Reads a type as Spark SQL writes it: `DECIMAL(10, 2)`, `ARRAY<STRING>`.
  ///
  /// - Throws: `syntax`, with the place in the text.
  public init(parsing text: String) throws(ExpressionError) {
    var parser = try ExpressionParser(text)
    self = try parser.type()
    guard parser.token.kind == .end else { throw parser.unexpected("the end of the type") }
  }
}

extension ExpressionParser {
  fileprivate mutating func columnDefinition() throws(ExpressionError) -> ColumnDefinition {
    let name: String
    switch token.kind {
    case .word(let word), .quoted(let word): name = word
    default: throw unexpected("a column's name")
    }
    advance()
    _ = skip(":")
    let first = at
    var definition = ColumnDefinition(name, try type())
    definition.lengthLimit = try lengthLimit(first)
    while try option(of: &definition) {}
    return definition
  }

  /// The limit that a type has which was just read.
  private func lengthLimit(_ first: Int) throws(ExpressionError) -> String? {
    // A field of a struct may be called so, but has no parentheses behind it.
    let limiting = (first..<at).first {
      guard case .word(let word) = tokens[$0].kind, ["CHAR", "VARCHAR"].contains(word.uppercased()) else {
        return false
      }
      return $0 == first || tokens[$0 + 1].kind == .sign("(")
    }
    guard let index = limiting, case .word(let word) = tokens[index].kind else { return nil }
    guard index == first else {
      throw failure("\(word) inside of another type is not kept: say STRING there.", at: tokens[index])
    }
    guard at == first + 4, case .number(let digits, suffix: "") = tokens[first + 2].kind else {
      throw failure("\(word) takes a length, as in \(word)(10).", at: tokens[index])
    }
    return "\(word.lowercased())(\(digits))"
  }

  /// - Returns: whether there was one.
  private mutating func option(of definition: inout ColumnDefinition) throws(ExpressionError) -> Bool {
    if skipWord("NOT") {
      try expectWord("NULL")
      definition.isNullable = false
    } else if skipWord("NULL") {
      definition.isNullable = true
    } else if skipWord("COMMENT") {
      guard case .string(let text) = token.kind else { throw unexpected("a text in quotes") }
      advance()
      definition.comment = text
    } else if skipWord("DEFAULT") {
      // Not looser than OR, so that what follows a default is not taken into it.
      definition.defaultExpression = try sqlText { (parser) throws(ExpressionError) in _ = try parser.parse(.sum) }
    } else if skipWord("GENERATED") {
      try generated(&definition)
    } else {
      return false
    }
    return true
  }

  private mutating func generated(_ definition: inout ColumnDefinition) throws(ExpressionError) {
    let isByDefault = skipWord("BY")
    try expectWord(isByDefault ? "DEFAULT" : "ALWAYS")
    try expectWord("AS")
    guard skipWord("IDENTITY") else {
      if isByDefault { throw unexpected("IDENTITY") }
      try expect("(")
      definition.generationExpression = try sqlText { (parser) throws(ExpressionError) in _ = try parser.parse(.any) }
      return try expect(")")
    }
    var identity = ColumnDefinition.Identity()
    identity.allowsExplicitInsert = isByDefault
    if skip("(") {
      while !skip(")") {
        if skipWord("START") {
          try expectWord("WITH")
          identity.start = try wholeNumber()
        } else {
          try expectWord("INCREMENT")
          try expectWord("BY")
          identity.step = try wholeNumber()
        }
        _ = skip(",")
      }
    }
    definition.identity = identity
  }

  private mutating func wholeNumber() throws(ExpressionError) -> Int64 {
    let isNegative = skip("-")
    guard case .number(let digits, suffix: "") = token.kind, let number = Int64((isNegative ? "-" : "") + digits) else {
      throw unexpected("a whole number")
    }
    advance()
    return number
  }

  /// The text of what `body` reads.
  private mutating func sqlText(
    _ body: (inout ExpressionParser) throws(ExpressionError) -> Void
  ) throws(ExpressionError) -> String {
    let start = token.range.lowerBound
    try body(&self)
    let end = tokens[max(0, at - 1)].range.upperBound
    return String(decoding: Array(source.utf8)[start..<max(start, end)], as: UTF8.self)
  }
}
