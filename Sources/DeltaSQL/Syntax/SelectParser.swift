internal import Columnar
internal import DeltaLake

/// Reads one query:
///
///     SELECT [ALL] * | column [AS name] | count(*) [AS name], …
///     FROM name | 'path' [VERSION AS OF n | TIMESTAMP AS OF 'time'] [WHERE condition] [LIMIT n] [;]
///
/// Words have no case; a name in backticks is one whatever is in it. Expressions, comments and quotes are those of
/// conditions everywhere else: the same parser reads on.
struct SelectParser {
  private var parser: ExpressionParser

  /// - Throws: `syntax`, `invalidLiteral`, `tooDeep`, with the place in the text.
  static func parse(_ text: String) throws(ExpressionError) -> SelectStatement {
    var reader = SelectParser(parser: try ExpressionParser(text))
    return try reader.statement()
  }

  private mutating func statement() throws(ExpressionError) -> SelectStatement {
    try checkStart()
    try checkSubqueries()
    parser.advance()
    try quantifier()
    var items: [SelectStatement.Item] = []
    repeat { items.append(try item()) } while parser.skip(",")
    try checkClause()
    guard parser.skipWord("FROM") else { throw misspelt(["FROM"], or: "a comma or FROM") }
    let table = try table()
    var statement = SelectStatement(items: items, table: table)
    if parser.skipWord("WHERE") {
      statement.condition = try condition()
      try checkClause()
    }
    if parser.skipWord("LIMIT") {
      statement.limit = try limit()
      try checkClause()
    }
    try end(of: statement)
    return statement
  }

  // MARK: What is refused

  private func unsupported(_ what: String, at token: Token? = nil) -> ExpressionError {
    parser.failure("\(what) is not supported yet.", at: token)
  }

  /// The statement's first word is SELECT.
  private func checkStart() throws(ExpressionError) {
    guard !parser.isWord("SELECT") else { return }
    if parser.token.kind == .end { throw parser.failure("The query is empty: write SELECT … FROM a table.") }
    if case .word(let word) = parser.token.kind {
      let upper = word.uppercased()
      if UnsupportedSyntax.queries.contains(upper) { throw unsupported("A query that begins with \(upper)") }
      if UnsupportedSyntax.statements.contains(upper) {
        throw parser.failure("\(upper) is not a query: only SELECT is answered.")
      }
    }
    throw misspelt(["SELECT"], or: "SELECT")
  }

  /// No parenthesis opens a query of its own.
  private func checkSubqueries() throws(ExpressionError) {
    for (index, token) in parser.tokens.enumerated().dropLast() where token.kind == .sign("(") {
      let next = parser.tokens[index + 1]
      if case .word(let word) = next.kind, word.uppercased() == "SELECT" { throw unsupported("A subquery", at: next) }
    }
  }

  /// The next word begins none of the clauses that are not there yet.
  private func checkClause() throws(ExpressionError) {
    guard case .word(let word) = parser.token.kind, let clause = UnsupportedSyntax.clauses[word.uppercased()] else {
      return
    }
    throw unsupported(clause)
  }

  /// Something else is there than `wanted`, perhaps one of `words` misspelt.
  private func misspelt(_ words: [String], or wanted: String) -> ExpressionError {
    if case .word(let word) = parser.token.kind, let near = Suggestion.nearest(to: word, among: words),
      near != word.uppercased()
    {
      return parser.failure("Expected \(wanted), but found \(word). Did you mean \(near)?")
    }
    return parser.unexpected(wanted)
  }

  // MARK: The list behind SELECT

  /// What may stand before the columns: ALL, which says nothing unless it is a column itself.
  private mutating func quantifier() throws(ExpressionError) {
    if parser.isWord("ALL"), startsItem(parser.peek(1)) { parser.advance() }
    if parser.isWord("DISTINCT") { throw unsupported("SELECT DISTINCT") }
    guard parser.isWord("TOP") else { return }
    switch parser.peek(1) {
    case .number, .sign("("):
      throw parser.failure("SELECT TOP is not supported: LIMIT at the end says how many rows.")
    default: return
    }
  }

  /// Whether a column can begin with the token, where one that is complete can't go on with it.
  private func startsItem(_ token: Token.Kind) -> Bool {
    switch token {
    case .word(let word): !["FROM", "AS"].contains(word.uppercased())
    case .quoted, .string, .bytes, .number, .sign("*"), .sign("("): true
    case .sign, .end: false
    }
  }

  private mutating func item() throws(ExpressionError) -> SelectStatement.Item {
    let start = parser.token
    if parser.isWord("FROM") { throw parser.unexpected("a column, * or count(*)") }
    if case .string = start.kind {
      throw parser.failure("A text in quotes is a value, which is not supported here yet; names stand in backticks.")
    }
    let value = try value()
    var item = SelectStatement.Item(value: value, name: nil, offset: start.range.lowerBound)
    if parser.skipWord("AS") {
      guard value != .allColumns else { throw parser.failure("All columns can't have one name.", at: start) }
      item.name = try newName()
      return item
    }
    try checkClause()
    switch parser.token.kind {
    case .sign(","), .sign(";"), .sign(")"), .end: return item
    // Whether it is FROM, the caller looks.
    case .word(let word) where Suggestion.nearest(to: word, among: ["FROM", "WHERE", "LIMIT"]) != nil: return item
    case .word, .quoted: throw parser.failure("A new name for a column takes AS before it.")
    default: throw unsupported("An expression in the list behind SELECT", at: start)
    }
  }

  private mutating func value() throws(ExpressionError) -> SelectStatement.Item.Value {
    let start = parser.token
    if parser.skip("*") { return .allColumns }
    if case .word(let word) = start.kind, parser.peek(1) == .sign("("),
      UnsupportedSyntax.aggregates.contains(word.uppercased())
    {
      guard word.uppercased() == "COUNT" else { throw unsupported("\(word)(…)") }
      guard parser.peek(2) == .sign("*"), parser.peek(3) == .sign(")") else {
        throw unsupported("count of anything but *")
      }
      for _ in 0..<4 { parser.advance() }
      return .rowCount
    }
    if parser.peek(1) == .sign("."), parser.peek(2) == .sign("*") { throw unsupported("A * of one table") }
    guard case .column(let path) = try parser.expression() else {
      throw unsupported("An expression in the list behind SELECT", at: start)
    }
    return .column(path)
  }

  private mutating func newName() throws(ExpressionError) -> String {
    switch parser.token.kind {
    case .word(let name) where !["FROM", "WHERE", "AS"].contains(name.uppercased()):
      parser.advance()
      return name
    case .quoted(let name) where !name.isEmpty:
      parser.advance()
      return name
    default: throw parser.unexpected("a name")
    }
  }

  // MARK: The table

  private mutating func table() throws(ExpressionError) -> SelectStatement.TableReference {
    let start = parser.token
    let place = try place()
    let moment = try moment()
    try checkClause()
    switch parser.token.kind {
    case .sign(","): throw unsupported("More than one table")
    case .word where parser.isWord("AS"): throw unsupported("Another name for a table")
    case .word where parser.isWord("WHERE") || parser.isWord("LIMIT"): break
    case .word, .quoted:
      let words = ["WHERE", "LIMIT", "VERSION", "TIMESTAMP"]
      guard case .word(let word) = parser.token.kind, Suggestion.nearest(to: word, among: words) != nil else {
        throw unsupported("Another name for a table")
      }
      throw misspelt(words, or: "WHERE, LIMIT or the end of the query")
    default: break
    }
    return SelectStatement.TableReference(place: place, moment: moment, offset: start.range.lowerBound)
  }

  /// Words that are a table's name in backticks alone.
  static let reserved: Set<String> =
    Set(UnsupportedSyntax.clauses.keys).union(["AS", "FROM", "LIMIT", "SELECT", "VALUES", "WHERE"])

  private mutating func place() throws(ExpressionError) -> SelectStatement.TableReference.Place {
    let wanted = "a table's name, or its path in quotes"
    switch parser.token.kind {
    case .string(let path):
      guard !path.isEmpty else { throw parser.failure("A path can't be empty.") }
      parser.advance()
      return .path(path)
    case .quoted(let name):
      guard !name.isEmpty else { throw parser.failure("A name can't be empty.") }
      guard parser.peek(1) != .sign(".") else { throw unsupported("A table's name with a dot") }
      parser.advance()
      return name.contains("/") ? .nameOrPath(name) : .name(name)
    case .word(let word):
      let upper = word.uppercased()
      if upper == "VALUES" { throw unsupported("A table made by VALUES") }
      if Self.reserved.contains(upper) { throw parser.unexpected(wanted) }
      if parser.peek(1) == .sign("(") { throw unsupported("A table made by \(word)") }
      guard parser.peek(1) == .sign(".") else {
        parser.advance()
        return .name(word)
      }
      // As Spark writes it: delta.`/path`.
      guard upper == "DELTA", case .quoted(let path) = parser.peek(2), !path.isEmpty, parser.peek(3) != .sign(".")
      else {
        throw unsupported("A table's name with a dot")
      }
      for _ in 0..<3 { parser.advance() }
      return .path(path)
    default: throw parser.unexpected(wanted)
    }
  }

  private mutating func moment() throws(ExpressionError) -> Moment {
    let isVersion = parser.isWord("VERSION")
    guard isVersion || parser.isWord("TIMESTAMP") else { return .latest }
    parser.advance()
    try parser.expectWord("AS")
    try parser.expectWord("OF")
    if isVersion {
      guard case .number(let digits, suffix: "") = parser.token.kind, let version = Version(digits) else {
        throw parser.unexpected("a version's number")
      }
      parser.advance()
      return .version(version)
    }
    guard case .string(let text) = parser.token.kind else {
      throw parser.unexpected("a time in quotes, such as '2024-02-29T12:00:00Z'")
    }
    guard let timestamp = Timestamp(text) else {
      throw parser.failure(
        "'\(text.prefix(60))' is no time: write one such as 2024-02-29 or 2024-02-29T12:00:00Z.", code: .invalidLiteral)
    }
    parser.advance()
    return .timestamp(timestamp)
  }

  // MARK: The rest

  private mutating func condition() throws(ExpressionError) -> SelectStatement.Condition {
    let first = parser.at
    let expression = try parser.expression()
    var offsets: [String: Int] = [:]
    for index in first..<parser.at {
      let token = parser.tokens[index]
      guard case .word(let name) = token.kind else {
        if case .quoted(let name) = token.kind, offsets[name] == nil { offsets[name] = token.range.lowerBound }
        continue
      }
      if parser.tokens[index + 1].kind == .sign("("), UnsupportedSyntax.aggregates.contains(name.uppercased()) {
        throw parser.failure("\(name)(…) takes many rows together, where WHERE looks at each alone.", at: token)
      }
      if offsets[name] == nil { offsets[name] = token.range.lowerBound }
    }
    return SelectStatement.Condition(
      expression: expression, offset: parser.tokens[first].range.lowerBound, nameOffsets: offsets)
  }

  private mutating func limit() throws(ExpressionError) -> Int {
    guard case .number(let digits, suffix: "") = parser.token.kind, let count = Int(digits) else {
      throw parser.unexpected("a number of rows")
    }
    parser.advance()
    return count
  }

  private mutating func end(of statement: SelectStatement) throws(ExpressionError) {
    if parser.skip(";") {
      guard parser.token.kind == .end else {
        throw parser.failure("One query is answered at a time, and behind the semicolon there is more.")
      }
    }
    if parser.token.kind == .end { return }
    switch (statement.condition, statement.limit) {
    case (_, .some): throw parser.unexpected("the end of the query")
    case (.some, nil): throw misspelt(["LIMIT"], or: "LIMIT or the end of the query")
    case (nil, nil): throw misspelt(["WHERE", "LIMIT"], or: "WHERE, LIMIT or the end of the query")
    }
  }
}
