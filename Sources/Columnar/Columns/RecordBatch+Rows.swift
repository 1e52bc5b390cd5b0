extension RecordBatch {
  /// The rows of a range, sharing memory. Traps when `range` reaches outside.
  public func slice(_ range: Range<Int>) -> RecordBatch {
    RecordBatch(schema: schema, columns: columns.map { $0.slice(range) }, rowCount: range.count)
  }

  /// The rows whose bit is set, in order. Traps unless there is a bit a row.
  public func filtered(by rows: Bitmap) -> RecordBatch {
    precondition(rows.count == rowCount, "a bit a row")
    let selection = Selection(rows)
    return RecordBatch(
      schema: schema, columns: columns.map { $0.filtered(by: selection) }, rowCount: selection.count)
  }

  /// The rows at `indices`, in that order; see ``Column/taking(_:)-([Int32])``.
  public func taking(_ indices: [Int32]) throws(ColumnError) -> RecordBatch {
    let rows = Buffer(copying: indices)
    return RecordBatch(
      schema: schema, columns: try columns.mapThrowing { column throws(ColumnError) in try column.taking(rows) },
      rowCount: indices.count)
  }

  /// Only the columns of a schema, by name. Traps when one is missing.
  public func selecting(_ schema: Schema) -> RecordBatch {
    RecordBatch(
      schema: schema,
      columns: schema.fields.map { field in
        guard let column = self[field.name] else { preconditionFailure("the batch has no column \(field.name)") }
        return column
      }, rowCount: rowCount)
  }

  /// The rows of all batches, one after the other.
  ///
  /// - Throws: `typeMismatch` when the columns' types differ or there is no batch; `tooLarge`.
  public static func concatenating(_ batches: [RecordBatch]) throws(ColumnError) -> RecordBatch {
    guard let first = batches.first else {
      throw ColumnError(.typeMismatch, "Nothing to concatenate: without a batch there is no schema.")
    }
    for batch in batches where batch.columns.count != first.columns.count {
      throw ColumnError(
        .typeMismatch, "Batches of \(first.columns.count) and \(batch.columns.count) columns cannot be one batch.")
    }
    let columns = try first.columns.indices.mapThrowing { index throws(ColumnError) in
      try Column.concatenating(batches.map { $0.columns[index] })
    }
    return RecordBatch(schema: first.schema, columns: columns, rowCount: batches.reduce(0) { $0 + $1.rowCount })
  }
}

/// Equal schemas and equal values; see ``Column``'s equality.
extension RecordBatch: Equatable {
  public static func == (first: RecordBatch, second: RecordBatch) -> Bool {
    first.rowCount == second.rowCount && first.schema == second.schema && first.columns == second.columns
  }
}
