extension ColumnExpression {
  /// The expression made to fit a schema: names as the schema has them, literals as values of the type they are
  /// compared with, casts written out. Resolving again changes nothing.
  ///
  /// Names are found as Spark finds them: the exact one, else the only one that differs in case alone.
  ///
  /// - Throws: `unknownColumn`, `ambiguousColumn`, `unknownFunction`, `typeMismatch`, `invalidLiteral`, `tooDeep`.
  public func resolved(against schema: Schema) throws(ExpressionError) -> ColumnExpression {
    try Resolver(schema: schema).resolve(self).expression
  }

  /// The expression ready to be evaluated on batches of a schema; throws as ``resolved(against:)`` does.
  public func bound(to schema: Schema) throws(ExpressionError) -> BoundExpression {
    BoundExpression(node: try Resolver(schema: schema).resolve(self).node)
  }

  /// The value for each row of a batch. For many batches of one schema, bind once: ``bound(to:)``.
  public func evaluate(on batch: RecordBatch) throws -> Column {
    try bound(to: batch.schema).evaluate(on: batch)
  }

  /// The columns it reads, as written.
  public var columns: Set<ColumnPath> {
    var columns: Set<ColumnPath> = []
    collect(into: &columns)
    return columns
  }

  /// The expressions directly inside of this one.
  package var operands: [ColumnExpression] {
    switch self {
    case .column, .literal: []
    case .comparison(_, let first, let second), .arithmetic(_, let first, let second): [first, second]
    case .and(let parts), .or(let parts), .call(_, let parts): parts
    case .not(let inner), .isNull(let inner), .isIn(let inner, _), .like(let inner, _, _), .cast(let inner, _),
      .negate(let inner):
      [inner]
    case .conditional(let branches, let otherwise): branches.flatMap { [$0.condition, $0.value] } + [otherwise]
    }
  }

  private func collect(into columns: inout Set<ColumnPath>) {
    if case .column(let path) = self { columns.insert(path) }
    for operand in operands { operand.collect(into: &columns) }
  }
}

extension ColumnPredicate {
  /// The condition made to fit a schema; see ``ColumnExpression/resolved(against:)``.
  ///
  /// - Throws: also `typeMismatch` when it is not a condition but a value.
  public func resolved(against schema: Schema) throws(ExpressionError) -> ColumnPredicate {
    ColumnPredicate(try condition(in: schema).expression)
  }

  /// The condition ready to be evaluated on batches of a schema: ``BoundExpression/evaluateRows(of:)``.
  public func bound(to schema: Schema) throws(ExpressionError) -> BoundExpression {
    BoundExpression(node: try condition(in: schema).node)
  }

  /// A set bit for each row where the condition is true; null counts as false.
  public func evaluate(on batch: RecordBatch) throws -> Bitmap {
    try bound(to: batch.schema).evaluateRows(of: batch)
  }

  /// The columns it reads, as written.
  public var columns: Set<ColumnPath> { expression.columns }

  private func condition(in schema: Schema) throws(ExpressionError) -> Resolved {
    let resolved = try Resolver(schema: schema).resolve(expression)
    if resolved.type == .null { return try Resolver.cast(resolved, to: .boolean) }
    guard resolved.type == .boolean else {
      throw ExpressionError(
        .typeMismatch,
        "A condition is needed, which is true or false, but this is of type \(resolved.type.sqlName). "
          + "Compare it with something.")
    }
    return resolved
  }
}
