/// An expression bound to a schema: names are positions, types are settled, patterns and lists are compiled. Bind once,
/// evaluate on each batch of that schema.
public struct BoundExpression: Sendable {
  /// The type of the values it evaluates to.
  public var type: DataType { node.type }
  let node: BoundNode

  /// The value for each row.
  ///
  /// - Throws: `ExpressionError` when the batch is not of the schema it was bound to, `ColumnError` when a result
  ///   outgrows a column.
  public func evaluate(on batch: RecordBatch) throws -> Column {
    try Evaluation(batch: batch).evaluate(node).expanded(to: batch.rowCount)
  }

  /// A set bit for each row where the value is true; null counts as false.
  public func evaluateRows(of batch: RecordBatch) throws -> Bitmap {
    let result = try Evaluation(batch: batch).evaluate(node)
    guard result.type == .boolean else { return Bitmap(repeating: false, count: batch.rowCount) }
    if result.isConstant { return Bitmap(repeating: result.column.trueBits[0], count: batch.rowCount) }
    return result.column.trueBits
  }
}

/// A node of a bound expression and the type of its value.
struct BoundNode: Sendable {
  indirect enum Kind: Sendable {
    /// Positions from the batch's columns down.
    case column([Int])
    /// One row.
    case constant(Column)
    case comparison(Comparison, BoundNode, BoundNode)
    case and([BoundNode])
    case or([BoundNode])
    case not(BoundNode)
    case isNull(BoundNode)
    case isIn(BoundNode, ValueSet)
    case like(BoundNode, LikePattern)
    case cast(BoundNode)
    case arithmetic(Arithmetic, BoundNode, BoundNode)
    case negate(BoundNode)
    case call(FunctionBody, [BoundNode], CallTraits)
    /// Null where the inner one can't be computed, and that is no failure.
    case lenient(BoundNode)
    case conditional([(condition: BoundNode, value: BoundNode)], otherwise: BoundNode)
  }

  let kind: Kind
  let type: DataType
}
