public import DeltaLake

/// A question to a table in SQL.
///
/// ```swift
/// let events = try DeltaTable("Fixtures/tables/events")
/// let query = try SQLQuery("SELECT city, km FROM events VERSION AS OF 3 WHERE km > 170", tables: ["events": events])
/// for try await batch in try await query.batches() {
///   print(batch.rowCount)
/// }
/// ```
///
/// What is answered is one SELECT of one table: columns, which AS may rename, or `count(*)`; the state of the table by
/// `VERSION AS OF 3` or `TIMESTAMP AS OF '2024-02-29T12:00:00Z'`; WHERE with any condition of
/// ``Scan/where(sql:)``; LIMIT. The rest of SQL is refused by its name, with its place.
///
/// A table is one of those given, or a path in quotes, whatever names were given: a text from somebody else can so read
/// any table that the process can, unless ``opensPaths`` says no.
public struct SQLQuery: Sendable {
  /// As it was given.
  public let text: String
  /// Whether a path in the text is opened; else tables are those given alone.
  public var opensPaths = true
  /// Threads that decode; `nil` for as many as each table says.
  public var threadCount: Int?

  private let statement: SelectStatement
  private let tables: [String: DeltaTable]

  /// Reads the text; no table is touched.
  ///
  /// - Parameter tables: by name, which in the text may be in another case.
  /// - Throws: ``DeltaError`` with `.invalidArgument` and, as its `byteOffset`, the place in the text, when that is no
  ///   query, or one that is not answered yet.
  public init(_ text: String, tables: [String: DeltaTable] = [:]) throws(DeltaError) {
    self.text = text
    self.tables = tables
    do {
      statement = try SelectParser.parse(text)
    } catch {
      throw .invalidQuery(error)
    }
  }

  /// Opens the table, and finds the columns in it.
  ///
  /// Costs what ``DeltaTable/snapshot(asOf:)`` costs; no row is read.
  ///
  /// - Throws: ``DeltaError``: `.invalidArgument`, with the place, for names that nothing has and types that don't go
  ///   together; those of opening the table.
  public func prepare() async throws -> PreparedQuery {
    var table = try table()
    if let threadCount { table.threadCount = threadCount }
    let snapshot = try await table.snapshot(asOf: statement.table.moment)
    return PreparedQuery(try SelectPlan(statement, of: snapshot, text: text))
  }

  /// The answer, batch by batch; see ``prepare()``.
  public func batches() async throws -> RecordBatches { try await prepare().batches() }

  /// The answer as values of a Swift type, columns by name; see ``prepare()``.
  public func rows<Row: Decodable & Sendable>(as type: Row.Type) async throws -> Rows<Row> {
    try await prepare().rows(as: type)
  }

  private func table() throws(DeltaError) -> DeltaTable {
    do throws(ExpressionError) {
      switch statement.table.place {
      case .name(let name):
        guard let table = try named(name) else { throw .unknownTable(name, among: Array(tables.keys)) }
        return table
      case .nameOrPath(let name):
        if let table = try named(name) { return table }
        return try opened(name)
      case .path(let path): return try opened(path)
      }
    } catch {
      throw .invalidQuery(error.placed(at: statement.table.offset, in: text))
    }
  }

  /// The table given by that exact name, else the only one that differs in case alone.
  private func named(_ name: String) throws(ExpressionError) -> DeltaTable? {
    if let table = tables[name] { return table }
    let names = tables.keys.filter { $0.lowercased() == name.lowercased() }
    guard names.count < 2 else { throw .ambiguousTable(name, among: names) }
    return names.first.flatMap { tables[$0] }
  }

  private func opened(_ path: String) throws(ExpressionError) -> DeltaTable {
    guard opensPaths else {
      throw ExpressionError(.unknownTable, "Tables are not to be opened by their paths here.")
    }
    do throws(DeltaError) {
      return try DeltaTable(path)
    } catch {
      throw ExpressionError(.unknownTable, error.message)
    }
  }
}

/// A query whose tables are open: what its answer's columns are, and the answer as often as it is asked for.
public struct PreparedQuery: Sendable {
  private let plan: SelectPlan

  init(_ plan: SelectPlan) { self.plan = plan }

  /// The answer's columns.
  public var schema: Schema { plan.schema }

  /// The states of the tables that the query reads, in the order in which it names them.
  public var snapshots: [Snapshot] { [plan.snapshot] }

  /// The answer, batch by batch. Each iteration reads anew, as much as the question needs: `count(*)` without a
  /// condition, or with one on partition columns alone, costs no data file where the log knows the answer.
  public func batches() -> RecordBatches { plan.batches() }

  /// The answer as values of a Swift type, columns by name.
  public func rows<Row: Decodable & Sendable>(as type: Row.Type) -> Rows<Row> { Rows(batches: batches()) }
}
