/// An expression that fits a schema, twice: as a value of the language with exact names and the casts written out, and
/// bound for evaluation.
struct Resolved {
  let expression: ColumnExpression
  let node: BoundNode

  var type: DataType { node.type }

  /// The literal that it is, null included.
  var literal: Scalar? { if case .literal(let value) = expression { value } else { nil } }

  /// A literal that is not null, or an expression of the null type.
  var isNullLiteral: Bool { literal?.isNull ?? false }

  init(_ expression: ColumnExpression, _ kind: BoundNode.Kind, _ type: DataType) {
    self.expression = expression
    node = BoundNode(kind: kind, type: type)
  }

  /// A literal as a value of `type`.
  init(literal: Scalar, as type: DataType) throws(ExpressionError) {
    let column: Column
    do { column = try Column(type, scalars: [literal]) } catch { throw ExpressionError(.invalidLiteral, error.message) }
    self.init(.literal(literal), .constant(column), type)
  }

  static let falsehood = Resolved(.literal(.boolean(false)), .constant(Column(booleans: [false])), .boolean)
}

/// Finds names in a schema, checks types and inserts casts.
struct Resolver {
  let schema: Schema
  /// What functions that ask for the time say, in microseconds since the epoch.
  let now = Clock.now

  /// Nested expressions beyond this are refused: each level takes stack.
  static let depthLimit = 200

  func resolve(_ expression: ColumnExpression, depth: Int = 0) throws(ExpressionError) -> Resolved {
    guard depth < Self.depthLimit else {
      throw ExpressionError(.tooDeep, "The expression nests more than \(Self.depthLimit) levels deep. Split it up.")
    }
    switch expression {
    case .column(let path):
      if let value = path.clockValue(at: now, in: schema) { return try Resolved(literal: value, as: value.type) }
      return try NameResolution(schema: schema).resolve(path)
    case .call(let name, let arguments) where arguments.isEmpty && Clock.value(of: name, at: now) != nil:
      let value = Clock.value(of: name, at: now) ?? .null
      return try Resolved(literal: value, as: value.type)
    case .literal(let value): return try Resolved(literal: value, as: value.type)
    case .comparison(let comparison, let first, let second):
      return try compare(comparison, try resolve(first, depth: depth + 1), try resolve(second, depth: depth + 1))
    case .and(let parts):
      let parts = try parts.mapThrowing { part throws(ExpressionError) in try condition(part, "AND", depth) }
      return Resolved(.and(parts.map(\.expression)), .and(parts.map(\.node)), .boolean)
    case .or(let parts):
      let parts = try parts.mapThrowing { part throws(ExpressionError) in try condition(part, "OR", depth) }
      if parts.isEmpty { return .falsehood }
      return Resolved(.or(parts.map(\.expression)), .or(parts.map(\.node)), .boolean)
    case .not(let inner):
      let inner = try condition(inner, "NOT", depth)
      return Resolved(.not(inner.expression), .not(inner.node), .boolean)
    case .isNull(let inner):
      let inner = try resolve(inner, depth: depth + 1)
      return Resolved(.isNull(inner.expression), .isNull(inner.node), .boolean)
    case .isIn(let inner, let list): return try membership(try resolve(inner, depth: depth + 1), list)
    case .like(let inner, let pattern, let escape):
      return try like(try resolve(inner, depth: depth + 1), pattern, escape)
    case .cast(let inner, let type): return try explicitCast(try resolve(inner, depth: depth + 1), type)
    case .arithmetic(let operation, let first, let second):
      return try arithmetic(operation, try resolve(first, depth: depth + 1), try resolve(second, depth: depth + 1))
    case .negate(let inner): return try negate(try resolve(inner, depth: depth + 1))
    case .call(let name, let arguments):
      return try call(
        name, try arguments.mapThrowing { argument throws(ExpressionError) in try resolve(argument, depth: depth + 1) })
    case .conditional(let branches, let otherwise): return try conditional(branches, otherwise, depth)
    }
  }

  // MARK: Conditions

  private func condition(_ part: ColumnExpression, _ what: String, _ depth: Int) throws(ExpressionError) -> Resolved {
    let resolved = try resolve(part, depth: depth + 1)
    if resolved.type == .null { return try Self.cast(resolved, to: .boolean) }
    guard resolved.type == .boolean else { throw .mismatch(what, resolved.type) }
    return resolved
  }

  private func like(_ inner: Resolved, _ pattern: String, _ escape: Character?) throws(ExpressionError) -> Resolved {
    guard let compiled = LikePattern(pattern, escape: escape ?? "\\") else {
      throw ExpressionError(
        .invalidLiteral,
        "In the LIKE pattern '\(pattern.prefix(80))' the escape '\(escape ?? "\\")' must stand before %, _ or itself.")
    }
    guard inner.type.canCast(to: .string) else { throw .mismatch("LIKE", inner.type) }
    let text = try Self.cast(inner, to: .string)
    return Resolved(.like(text.expression, pattern: pattern, escape: escape), .like(text.node, compiled), .boolean)
  }

  private func conditional(
    _ branches: [ConditionalBranch], _ otherwise: ColumnExpression, _ depth: Int
  ) throws(ExpressionError) -> Resolved {
    var conditions: [Resolved] = []
    var values: [Resolved] = []
    for branch in branches {
      conditions.append(try condition(branch.condition, "WHEN", depth))
      values.append(try resolve(branch.value, depth: depth + 1))
    }
    values.append(try resolve(otherwise, depth: depth + 1))
    let type = try Self.commonType(values, "CASE")
    values = try values.mapThrowing { value throws(ExpressionError) in try Self.cast(value, to: type) }
    let last = values.removeLast()
    return Resolved(
      .conditional(
        zip(conditions, values).map { ConditionalBranch(condition: $0.expression, value: $1.expression) },
        otherwise: last.expression),
      .conditional(zip(conditions, values).map { ($0.node, $1.node) }, otherwise: last.node), type)
  }

  static func commonType(_ values: [Resolved], _ what: String) throws(ExpressionError) -> DataType {
    var type = DataType.null
    for value in values {
      guard let common = TypeRules.common(type, value.type) else { throw .mismatch(what, type, value.type) }
      type = common
    }
    return type
  }

  // MARK: Casts

  private func explicitCast(_ inner: Resolved, _ type: DataType) throws(ExpressionError) -> Resolved {
    guard inner.type.canCast(to: type) else {
      throw ExpressionError(.typeMismatch, "\(inner.type.sqlName) cannot be cast to \(type.sqlName).")
    }
    return Resolved(.cast(inner.expression, type), .cast(inner.node), type)
  }

  /// A cast that the reader did not write: of a literal at once, of nulls to any type.
  static func cast(_ inner: Resolved, to type: DataType) throws(ExpressionError) -> Resolved {
    if inner.type == type { return inner }
    guard inner.type.canCast(to: type) else {
      throw ExpressionError(.typeMismatch, "\(inner.type.sqlName) cannot be taken as \(type.sqlName).")
    }
    if let literal = inner.literal, case .constant(let column) = inner.node.kind {
      do {
        let value = try column.cast(to: type).scalar(at: 0)
        if value.isNull != literal.isNull { throw ExpressionError.notALiteral(TextCast.text(literal), type) }
        // Nested and other types without scalars stay casts.
        if value.isNull || value.type == type { return try Resolved(literal: value, as: type) }
      } catch let error as ExpressionError {
        throw error
      } catch {
        throw ExpressionError(.invalidLiteral, "\(error)")
      }
    }
    return Resolved(.cast(inner.expression, type), .cast(inner.node), type)
  }
}
