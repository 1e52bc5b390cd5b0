package import Columnar

extension SchemaChecks {
  /// Whatever fills a column that rows bring no value for: an expression, a default or a series, one of them at most.
  static func checkMadeUpValues(of field: StructField, in table: TableDefinition) throws(DeltaError) {
    let identity = try IdentityColumn(field)
    let made = [
      identity.map { _ in "an identity column" }, field.generationExpression.map { _ in "generated" },
      field.defaultExpression.map { _ in "a column with a default" },
    ].compactMap { $0 }
    if made.count > 1 {
      throw .invalidChange("Column `\(field.name)` can't be \(made.joined(separator: " and ")) at once.")
    }
    if identity != nil, table.isPartitionColumn(field.name) {
      throw .invalidChange(
        "The table can't be partitioned by `\(field.name)`, an identity column: each row would be alone.")
    }
    if let sql = field.defaultExpression { try checkDefault(sql, of: field) }
    if let sql = field.generationExpression { try checkGeneration(sql, of: field, in: table.schema) }
  }

  /// A default is one value, the same whatever the row, that the column can hold.
  package static func checkDefault(_ sql: String, of field: StructField) throws(DeltaError) {
    let what = "The default of column `\(field.name)`"
    let type: DataType
    do throws(ExpressionError) {
      let expression = try ColumnExpression(parsing: sql)
      let columns = expression.columns.filter { !$0.isClockFunction }
      guard columns.isEmpty else {
        let names = columns.map(\.description).sorted().joined(separator: ", ")
        throw ExpressionError(.typeMismatch, "A default reads no columns, but this one names \(names).")
      }
      let bound = try expression.bound(to: StructType([]))
      type = bound.type
      let row = RecordBatch(schema: StructType([]), columns: [], rowCount: 1)
      if let failed = try? bound.evaluateStrictly(on: row).failed, failed[0] { throw ExpressionError.incomputable }
    } catch {
      throw .invalidExpression(sql, for: what, error)
    }
    if field.type == .variant, type != .null {
      throw .invalidChange("\(what) can't be \(sql.prefix(80)): columns of type VARIANT default to NULL.")
    }
    guard (try? WriteFit.fit(type, field.type, at: [field.name])) != nil else {
      throw .invalidChange(
        "\(what) can't be \(sql.prefix(80)): it is \(type.sqlName.prefix(80)) and the column "
          + "\(field.type.sqlName.prefix(80)). Cast it, as in CAST(\(sql.prefix(60)) AS \(field.type.sqlName.prefix(80)))."
      )
    }
  }

  /// A generated column is computed from columns that rows bring, gives its own type, and the same each time.
  static func checkGeneration(_ sql: String, of field: StructField, in schema: StructType) throws(DeltaError) {
    let what = "The expression of generated column `\(field.name)`"
    do throws(ExpressionError) {
      let expression = try ColumnExpression(parsing: sql)
      if expression.readsClock(in: schema) {
        throw ExpressionError(.typeMismatch, "It must give the same value each time, so it can't ask for the time.")
      }
      for column in try expression.resolved(against: schema).columns {
        guard let source = schema[column.names[0]], source.generationExpression == nil else {
          throw ExpressionError(
            .typeMismatch, "It reads `\(column.names[0])`, which is generated itself. Repeat that column's expression.")
        }
      }
      let type = try expression.bound(to: schema).type
      guard type == field.type else {
        throw ExpressionError(
          .typeMismatch,
          "It gives \(type.sqlName.prefix(80)), but the column is \(field.type.sqlName.prefix(80)). Cast it.")
      }
    } catch {
      throw .invalidExpression(sql, for: what, error)
    }
  }

  /// A condition on the columns of one row.
  static func checkCondition(_ sql: String, named name: String, in schema: StructType) throws(DeltaError) {
    do throws(ExpressionError) {
      let predicate = try ColumnPredicate(parsing: sql)
      _ = try predicate.resolved(against: schema)
    } catch {
      throw .invalidExpression(sql, for: "The CHECK constraint `\(name)`", error)
    }
  }
}
