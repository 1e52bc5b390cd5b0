/// A value computed from the columns of one row: SQL's three-valued logic, Spark's semantics.
public indirect enum ColumnExpression: Hashable, Sendable {
  /// A column, or a field nested in it.
  case column(ColumnPath)
  case literal(Scalar)
  case comparison(Comparison, ColumnExpression, ColumnExpression)
  /// True when all are true, false when any is false, else null.
  case and([ColumnExpression])
  /// True when any is true, false when all are false, else null.
  case or([ColumnExpression])
  case not(ColumnExpression)
  /// Never null.
  case isNull(ColumnExpression)
  /// Whether the value equals any of the list; null when it is null, or nothing is equal and the list has a null.
  case isIn(ColumnExpression, [Scalar])
  /// SQL's LIKE: `%` any characters, `_` one character, `escape` (`nil`: the backslash) takes the next literally.
  case like(ColumnExpression, pattern: String, escape: Character?)
  case cast(ColumnExpression, DataType)
  case arithmetic(Arithmetic, ColumnExpression, ColumnExpression)
  case negate(ColumnExpression)
  /// A named function, for example `upper`.
  case call(String, [ColumnExpression])
  /// The first branch whose condition is true, else the last expression.
  case conditional([ConditionalBranch], otherwise: ColumnExpression)
}

/// One `WHEN condition THEN value`.
public struct ConditionalBranch: Hashable, Sendable {
  public var condition: ColumnExpression
  public var value: ColumnExpression

  public init(condition: ColumnExpression, value: ColumnExpression) {
    self.condition = condition
    self.value = value
  }
}

/// The six comparisons, and `<=>`, which takes two nulls as equal and is never null itself.
public enum Comparison: Hashable, Sendable, CaseIterable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, nullSafeEqual
}

public enum Arithmetic: Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, remainder
}

/// A column's name, then the names of fields nested in it.
public struct ColumnPath: Hashable, Sendable {
  /// Never empty.
  public var names: [String]

  public init(_ names: [String]) {
    precondition(!names.isEmpty, "a path has a name")
    self.names = names
  }

  public init(_ name: String) {
    names = [name]
  }
}

/// A condition on rows: an expression that is true, false or null. A row is kept when it is true.
public struct ColumnPredicate: Hashable, Sendable {
  public var expression: ColumnExpression

  public init(_ expression: ColumnExpression) {
    self.expression = expression
  }
}
