internal import Columnar
internal import DeltaLake

/// A query on a snapshot: what is read, and what is made of it.
struct SelectPlan: Sendable {
  let snapshot: Snapshot
  /// The answer's columns.
  let schema: Schema
  private let scan: Scan
  /// The answer's columns among those of the scan; `nil` for a row of counts.
  private let positions: [Int]?
  private let limit: Int?

  /// - Throws: ``DeltaError`` with the place in `text`, of which the statement is.
  init(_ statement: SelectStatement, of snapshot: Snapshot, text: String) throws(DeltaError) {
    self.snapshot = snapshot
    limit = statement.limit
    let scope = ColumnScope(statement.table, snapshot.schema, text: text)
    var predicate: ColumnPredicate?
    // What is asked for twice is read once.
    var sources: [String] = []
    do throws(ExpressionError) {
      if let condition = statement.condition { predicate = try scope.predicate(condition) }
      if statement.items.contains(where: { $0.value == .rowCount }) {
        schema = try Self.counts(statement.items, scope)
        positions = nil
      } else {
        let columns = try Self.columns(statement.items, scope)
        schema = StructType(columns.map(\.field))
        var places: [String: Int] = [:]
        positions = columns.map { column in
          if let place = places[column.source] { return place }
          places[column.source] = sources.count
          sources.append(column.source)
          return sources.count - 1
        }
      }
    } catch {
      throw .invalidQuery(error)
    }
    var scan = try snapshot.scan().select(sources)
    if let predicate { scan = try scan.where(predicate) }
    self.scan = scan
  }

  func batches() -> RecordBatches {
    guard let positions else { return counts() }
    let rows = limit.map(scan.limit) ?? scan
    guard rows.schema != schema else { return rows.batches() }
    let schema = schema
    return rows.batches().mapping(to: schema) { batch in
      RecordBatch(schema: schema, columns: positions.map { batch.columns[$0] }, rowCount: batch.rowCount)
    }
  }

  private func counts() -> RecordBatches {
    let (scan, schema) = (scan, schema)
    return RecordBatches(schema, limit: limit) {
      let column = Column(repeating: .long(try await scan.count()), count: 1, of: .long)
      return RecordBatch(schema: schema, columns: schema.fields.map { _ in column }, rowCount: 1)
    }
  }

  // MARK: The answer's columns

  private struct OutputColumn {
    var field: StructField
    /// The table's column.
    var source: String
  }

  private static func columns(
    _ items: [SelectStatement.Item], _ scope: ColumnScope
  ) throws(ExpressionError) -> [OutputColumn] {
    var columns: [OutputColumn] = []
    var names: Set<String> = []
    for item in items {
      var fields: [StructField] = []
      switch item.value {
      case .allColumns: fields = scope.schema.fields
      case .column(let path): fields = [try scope.field(path, at: item.offset)]
      case .rowCount: break
      }
      for source in fields {
        var field = source
        field.name = item.name ?? field.name
        try check(field.name, &names, item, scope)
        columns.append(OutputColumn(field: field, source: source.name))
      }
    }
    return columns
  }

  private static func counts(_ items: [SelectStatement.Item], _ scope: ColumnScope) throws(ExpressionError) -> Schema {
    if let column = items.first(where: { $0.value != .rowCount }) {
      throw scope.failure("Columns beside count(*) take GROUP BY, which is not supported yet.", at: column.offset)
    }
    var fields: [StructField] = []
    var names: Set<String> = []
    for item in items {
      fields.append(StructField(item.name ?? "count(*)", .long, isNullable: false))
      try check(fields[fields.count - 1].name, &names, item, scope)
    }
    return StructType(fields)
  }

  /// Columns of an answer have names of their own, as those of a table have.
  private static func check(
    _ name: String, _ names: inout Set<String>, _ item: SelectStatement.Item, _ scope: ColumnScope
  ) throws(ExpressionError) {
    guard names.insert(name.lowercased()).inserted else {
      throw scope.failure("Two columns are called \(name): give one another name by AS.", at: item.offset)
    }
  }
}
