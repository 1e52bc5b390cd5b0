package import Columnar
package import DeltaLog

/// Makes rows of a table out of incoming ones: columns are put in place and converted, what is missing is made up, and
/// every rule of the table is held against each row. Made once for a write; batches may be enforced by many workers.
///
/// Spec: Delta § Column Invariants
/// Spec: Delta § CHECK Constraints
/// Spec: Delta § Generated Columns
/// Spec: Delta § Default Columns
package struct RowEnforcer: Sendable {
  private let fit: WriteFit
  private let schema: StructType
  private let identities: IdentityAllocator
  private let checksValues: Bool
  /// One value for each column that a default fills.
  private let defaults: [Int: Column]
  private let limits: [(column: Int, limit: LengthLimit, text: String)]
  private let generated: [Generated]
  private let conditions: [Condition]
  /// Partition columns for which the empty value is null, with what makes it so.
  private let emptyIsNull: [(column: Int, isGenerated: Bool, value: BoundExpression)]

  private struct Generated: Sendable {
    var column: GeneratedColumn
    var value: BoundExpression
    /// For values that the rows bring.
    var test: BoundExpression?
  }

  private struct Condition: Sendable {
    var rule: RowViolation.Rule
    var column: ColumnPath?
    var columns: Set<ColumnPath>
    var test: BoundExpression
    /// In words; `nil`: what can't be computed is null.
    var strictly: String?
  }

  /// - Parameters:
  ///   - fit: made for the table's schema.
  ///   - identities: shared by all enforcers of one transaction.
  ///   - now: what defaults that ask for the time get, in microseconds since the epoch.
  ///   - scope: what each row must meet beside the table's own rules.
  ///   - checksValues: whether strings are checked to be UTF-8 and decimals to have no more digits than their type. Rows
  ///     that this library read from Parquet have been.
  /// - Throws: `unsupportedFeatures` naming a rule of the table's that can't be evaluated, `schemaMismatch` for a schema
  ///   that no file can be written with.
  package init(
    _ table: TableDefinition, _ fit: WriteFit, identities: IdentityAllocator, now: Int64 = Clock.now,
    scope: OverwriteScope? = nil, checksValues: Bool = true
  ) throws {
    try SchemaChecks.checkRowsCanBeWritten(table.schema)
    self.fit = fit
    self.identities = identities
    self.checksValues = checksValues
    let schema = table.schema
    self.schema = schema
    var defaults: [Int: Column] = [:]
    var limits: [(Int, LengthLimit, String)] = []
    for (index, field) in schema.fields.enumerated() {
      if case .defaultValue(let sql) = fit.sources[index] {
        defaults[index] = try Self.defaultValue(sql, of: field, at: now)
      }
      if let limit = try field.lengthLimit() {
        limits.append((index, limit, field.metadata[FieldMetadata.lengthLimit]?.stringValue ?? ""))
      }
    }
    self.defaults = defaults
    self.limits = limits
    func bound(
      _ expression: ColumnExpression, _ sql: String, _ name: String
    ) throws(DeltaError) -> BoundExpression {
      do throws(ExpressionError) {
        return try expression.settled(at: now, in: schema).bound(to: schema)
      } catch {
        throw .unusableExpression(sql, of: name, error)
      }
    }
    emptyIsNull = try Self.emptyIsNull(table)
    generated = try table.generatedColumns().map { column in
      let name = "the generated column `\(column.field.name)`"
      let test = ColumnExpression.comparison(.nullSafeEqual, .column(ColumnPath(column.field.name)), column.value)
      return Generated(
        column: column, value: try bound(column.value, column.sql, name),
        test: fit.isGiven(column.index) ? try bound(test, column.sql, name) : nil)
    }
    var conditions = try table.constraints().map { constraint in
      let test = try bound(constraint.condition, constraint.sql, constraint.name)
      let rule: RowViolation.Rule
      var column: ColumnPath?
      switch constraint.kind {
      case .check(let name): rule = .check(name: name, condition: constraint.sql)
      case .invariant(let path): (rule, column) = (.invariant(condition: constraint.sql), path)
      }
      return Condition(
        rule: rule, column: column, columns: constraint.condition.columns, test: test,
        strictly: "\(constraint.name) (\(constraint.sql.prefix(200)))")
    }
    if let scope {
      let test = try bound(scope.condition.expression, scope.text, "the condition of what is overwritten")
      conditions.append(
        Condition(
          rule: .overwrite(condition: scope.text), column: nil, columns: scope.condition.columns, test: test))
    }
    self.conditions = conditions
  }

  /// The log can't tell an empty partition value from null, so rules are held against what readers will see.
  ///
  /// Spec: Delta § Partition Value Serialization
  private static func emptyIsNull(_ table: TableDefinition) throws -> [(Int, Bool, BoundExpression)] {
    let generated = Set(try table.generatedColumns().map(\.index))
    return try table.schema.fields.indices.compactMap { index in
      let field = table.schema.fields[index]
      guard table.isPartitionColumn(field.name) else { return nil }
      let empty: Scalar
      switch field.type {
      case .string: empty = .string("")
      case .binary: empty = .binary([])
      default: return nil
      }
      let value = ColumnExpression.call("nullif", [.column(ColumnPath(field.name)), .literal(empty)])
      return (index, generated.contains(index), try value.bound(to: table.schema))
    }
  }

  private static func defaultValue(_ sql: String, of field: StructField, at now: Int64) throws -> Column {
    let none = StructType([])
    let value: Column
    do {
      let (result, failed) = try ColumnExpression(parsing: sql).settled(at: now, in: none).bound(to: none)
        .evaluateStrictly(on: RecordBatch(schema: none, columns: [], rowCount: 1))
      if failed != nil { throw ExpressionError.incomputable }
      value = result
    } catch let error as ExpressionError {
      throw DeltaError.unusableDefault(sql, of: field.name, error.message, cause: error)
    }
    var fitting = ColumnFitting()
    let fit: WriteFit.ValueFit
    do throws(DeltaError) {
      fit = try WriteFit.fit(value.type, field.type, at: [field.name])
    } catch {
      throw DeltaError.unusableDefault(sql, of: field.name, error.message, cause: error)
    }
    let column = try fitting.fit(value, fit, to: field.type, at: [field.name])
    guard fitting.misfits.isEmpty else {
      throw DeltaError.unusableDefault(
        sql, of: field.name, "\(ValueText.text(value, 0)) is no value of its type \(field.type.sqlName.prefix(80)).")
    }
    return column
  }

  // MARK: Rows

  /// The rows as the table's, and which of them it takes.
  ///
  /// - Parameters:
  ///   - batch: of the schema that the fit was made for.
  ///   - firstRow: the rows of the source before this batch, for messages.
  ///   - misfits: values that the source could not make anything of.
  /// - Throws: `invalidArgument` for a batch of another schema, `constraintViolation` when an identity column has no
  ///   values left.
  package func enforce(
    _ batch: RecordBatch, firstRow: Int64 = 0, misfits: [SourceMisfit] = []
  ) throws -> EnforcedBatch {
    guard batch.columns.count == fit.incoming.fields.count else {
      throw DeltaError.invalidArgument(
        "The batch has \(batch.columns.count) columns, not the \(fit.incoming.fields.count) of the schema that was said."
      )
    }
    var check = Check(rowCount: batch.rowCount)
    for misfit in misfits {
      check.add(
        .type(from: .string, to: misfit.type), ColumnPath(misfit.column), misfit.rows, isReplaced: true,
        [(nil, misfit.texts)])
    }
    var columns = try columns(of: batch, &check)
    try limitLengths(&columns, &check)
    try nullEmptyValues(&columns, batch.rowCount, areGenerated: false)
    try generate(&columns, batch.rowCount, &check)
    try nullEmptyValues(&columns, batch.rowCount, areGenerated: true)
    let rows = RecordBatch(schema: schema, columns: columns, rowCount: batch.rowCount)
    checkNulls(rows, &check)
    if checksValues { checkValues(rows, &check) }
    try checkConditions(rows, &check)
    return EnforcedBatch(
      rows: rows, accepted: check.broken?.inverted(), firstRow: firstRow, failures: check.failures)
  }

  /// What has been found wrong.
  private struct Check {
    let rowCount: Int
    var failures: [EnforcedBatch.RuleFailure] = []
    /// Rows that break any rule.
    var broken: Bitmap?
    /// Rows with a value that has no counterpart in the table or can't be computed: what was put in its place proves nothing.
    var unfit: Bitmap?

    /// - Parameter isReplaced: whether the table's column has something else in those rows than what was brought.
    mutating func add(
      _ rule: RowViolation.Rule, _ column: ColumnPath?, _ rows: Bitmap, isReplaced: Bool = false,
      _ subjects: @autoclosure () -> [(name: String?, column: Column)]
    ) {
      var rows = rows
      if let unfit, !rule.isType { rows = rows.subtracting(unfit) }
      if isReplaced { unfit = Column.union(unfit, rows) }
      guard rows.setCount > 0 else { return }
      failures.append(.init(rule: rule, column: column, rows: rows, subjects: subjects()))
      broken = Column.union(broken, rows)
    }
  }

  private func columns(of batch: RecordBatch, _ check: inout Check) throws -> [Column] {
    var columns: [Column] = []
    columns.reserveCapacity(schema.fields.count)
    for (index, field) in schema.fields.enumerated() {
      switch fit.sources[index] {
      case .incoming(let position, let valueFit):
        let column = batch.columns[position]
        guard column.type == fit.incoming.fields[position].type else {
          throw DeltaError.foreignBatch([field.name], column.type)
        }
        var misfits = ColumnFitting()
        columns.append(try misfits.fit(column, valueFit, to: field.type, at: [field.name]))
        for misfit in misfits.misfits {
          check.add(
            .type(from: misfit.from, to: misfit.to), ColumnPath(misfit.path), misfit.rows, isReplaced: true,
            [(nil, column)])
        }
      case .nulls, .generated: columns.append(Column(nulls: batch.rowCount, of: field.type))
      case .defaultValue: columns.append(try repeated(defaults[index], batch.rowCount, field))
      case .identity: columns.append(try identities.values(batch.rowCount, of: index, field))
      }
    }
    return columns
  }

  private func repeated(_ value: Column?, _ count: Int, _ field: StructField) throws -> Column {
    guard let value, value.nullCount == 0 else { return Column(nulls: count, of: field.type) }
    if field.type.isNested { return try value.taking([Int32](repeating: 0, count: count)) }
    return Column(repeating: value.scalar(at: 0), count: count, of: field.type)
  }

  private func limitLengths(_ columns: inout [Column], _ check: inout Check) throws {
    for (index, limit, text) in limits {
      var limiting = LengthLimiting()
      let name = schema.fields[index].name
      let column = columns[index]
      columns[index] = try limiting.limit(column, limit, at: [name])
      for flagged in limiting.tooLong {
        check.add(.length(limit: text), flagged.path, flagged.rows, [(nil, column)])
      }
    }
  }

  private func nullEmptyValues(_ columns: inout [Column], _ rowCount: Int, areGenerated: Bool) throws {
    for (index, isGenerated, value) in emptyIsNull where isGenerated == areGenerated {
      columns[index] = try value.evaluate(on: RecordBatch(schema: schema, columns: columns, rowCount: rowCount))
    }
  }

  private func generate(_ columns: inout [Column], _ rowCount: Int, _ check: inout Check) throws {
    for generated in generated {
      let rows = RecordBatch(schema: schema, columns: columns, rowCount: rowCount)
      let index = generated.column.index
      let name = generated.column.field.name
      let failed: Bitmap?
      if let test = generated.test {
        let result = try test.evaluateRowsStrictly(of: rows)
        failed = result.failed
        let broken = result.rows.inverted()
        check.add(
          .generated(expression: generated.column.sql), ColumnPath(name), failed.map(broken.subtracting) ?? broken,
          [(nil, columns[index])])
      } else {
        (columns[index], failed) = try generated.value.evaluateStrictly(on: rows)
      }
      guard let failed else { continue }
      let rule = "column `\(name)`, which is generated as \(generated.column.sql.prefix(200)),"
      check.add(
        .incomputable(rule: rule), ColumnPath(name), failed, isReplaced: true,
        Self.subjects(generated.column.value.columns, rows))
    }
  }

  /// The values of some columns, for messages.
  private static func subjects(
    _ columns: Set<ColumnPath>, _ rows: RecordBatch
  ) -> [(name: String?, column: Column)] {
    columns.map(\.description).sorted().compactMap { name in
      guard let column = try? ColumnExpression(parsing: name).evaluate(on: rows) else { return nil }
      return (name, column)
    }
  }

  private func checkNulls(_ rows: RecordBatch, _ check: inout Check) {
    for (field, column) in zip(schema.fields, rows.columns) {
      for flagged in column.forbiddenNulls(isNullable: field.isNullable, at: [field.name]) {
        check.add(.notNull, flagged.path, flagged.rows, [(nil, column)])
      }
    }
  }

  private func checkValues(_ rows: RecordBatch, _ check: inout Check) {
    for (index, column) in rows.columns.enumerated() where fit.isGiven(index) {
      for flagged in column.unstorableValues(at: [schema.fields[index].name]) {
        let place = try? schema.place(of: flagged.path)
        let rule: RowViolation.Rule =
          if case .decimal(let precision, _)? = place?.type { .precision(precision) } else { .text }
        check.add(rule, flagged.path, flagged.rows, [(nil, column)])
      }
    }
  }

  private func checkConditions(_ rows: RecordBatch, _ check: inout Check) throws {
    for condition in conditions {
      let (met, failed) =
        try condition.strictly == nil
        ? (condition.test.evaluateRows(of: rows), nil) : condition.test.evaluateRowsStrictly(of: rows)
      let broken = met.inverted()
      let subjects = { Self.subjects(condition.columns, rows) }
      check.add(condition.rule, condition.column, failed.map(broken.subtracting) ?? broken, subjects())
      if let failed, let rule = condition.strictly {
        check.add(.incomputable(rule: rule), condition.column, failed, subjects())
      }
    }
  }
}

extension RowViolation.Rule {
  fileprivate var isType: Bool { if case .type = self { true } else { false } }
}
