/// Some rows of a table or file, column by column.
public struct RecordBatch: Sendable {
  public let schema: Schema
  /// In schema order: `columns.count == schema.fields.count`, each of `rowCount` rows.
  public let columns: [Column]
  public let rowCount: Int

  public init(schema: Schema, columns: [Column], rowCount: Int) {
    precondition(columns.count == schema.fields.count, "a column for each field")
    precondition(columns.allSatisfy { $0.count == rowCount }, "columns of one length")
    self.schema = schema
    self.columns = columns
    self.rowCount = rowCount
  }

  /// The column of that exact name.
  public subscript(name: String) -> Column? {
    schema.index(of: name).map { columns[$0] }
  }
}
