/// The columns of a table by name, for conditions written in Swift: `scan.where { $0.km > 5 && $0.city == "Oslo" }`.
///
/// Any name is a column; whether the table has it shows when the condition is resolved against a schema.
@dynamicMemberLookup
public struct ColumnReferences: Sendable {
  public init() {}

  /// A column whose name is a Swift identifier: `$0.city`.
  public subscript(dynamicMember name: String) -> ColumnExpression { .column(ColumnPath(name)) }

  /// A column of any name, or a field nested in it: `$0["odd name"]`, `$0["address", "city"]`.
  public subscript(_ name: String, _ nested: String...) -> ColumnExpression { .column(ColumnPath([name] + nested)) }
}

/// What can stand beside a column in an operator: Swift values and other expressions.
public protocol ExpressionConvertible {
  var columnExpression: ColumnExpression { get }
}

/// A Swift value that is a literal of the expression language.
public protocol LiteralConvertible: ExpressionConvertible {
  var scalar: Scalar { get }
}

extension LiteralConvertible {
  public var columnExpression: ColumnExpression { .literal(scalar) }
}

extension ColumnExpression: ExpressionConvertible {
  public var columnExpression: ColumnExpression { self }
}

extension ColumnPredicate: ExpressionConvertible {
  public var columnExpression: ColumnExpression { expression }
}

extension Int: LiteralConvertible { public var scalar: Scalar { .long(Int64(self)) } }
extension Int8: LiteralConvertible { public var scalar: Scalar { .byte(self) } }
extension Int16: LiteralConvertible { public var scalar: Scalar { .short(self) } }
extension Int32: LiteralConvertible { public var scalar: Scalar { .integer(self) } }
extension Int64: LiteralConvertible { public var scalar: Scalar { .long(self) } }
extension Float: LiteralConvertible { public var scalar: Scalar { .float(self) } }
extension Double: LiteralConvertible { public var scalar: Scalar { .double(self) } }
extension Bool: LiteralConvertible { public var scalar: Scalar { .boolean(self) } }
extension String: LiteralConvertible { public var scalar: Scalar { .string(self) } }
extension Scalar: LiteralConvertible { public var scalar: Scalar { self } }

extension Optional: ExpressionConvertible where Wrapped: LiteralConvertible {
  public var columnExpression: ColumnExpression { .literal(self?.scalar ?? .null) }
}

extension ColumnPredicate {
  /// A condition written in Swift: `ColumnPredicate { $0.km > 5 && $0.city == "Oslo" }`.
  public init(_ build: (ColumnReferences) -> ColumnPredicate) {
    self = build(ColumnReferences())
  }
}

// MARK: Operators

extension ColumnExpression {
  // Disfavoured, so that outside of a condition `==` still says whether two expressions are the same.
  @_disfavoredOverload
  public static func == (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnPredicate {
    ColumnPredicate(.comparison(.equal, first, second.columnExpression))
  }

  @_disfavoredOverload
  public static func != (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnPredicate {
    ColumnPredicate(.comparison(.notEqual, first, second.columnExpression))
  }

  public static func < (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnPredicate {
    ColumnPredicate(.comparison(.less, first, second.columnExpression))
  }

  public static func <= (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnPredicate {
    ColumnPredicate(.comparison(.lessOrEqual, first, second.columnExpression))
  }

  public static func > (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnPredicate {
    ColumnPredicate(.comparison(.greater, first, second.columnExpression))
  }

  public static func >= (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnPredicate {
    ColumnPredicate(.comparison(.greaterOrEqual, first, second.columnExpression))
  }

  public static func + (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnExpression {
    .arithmetic(.add, first, second.columnExpression)
  }

  public static func - (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnExpression {
    .arithmetic(.subtract, first, second.columnExpression)
  }

  public static func * (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnExpression {
    .arithmetic(.multiply, first, second.columnExpression)
  }

  public static func / (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnExpression {
    .arithmetic(.divide, first, second.columnExpression)
  }

  public static func % (first: ColumnExpression, second: some ExpressionConvertible) -> ColumnExpression {
    .arithmetic(.remainder, first, second.columnExpression)
  }

  public static func + (first: some LiteralConvertible, second: ColumnExpression) -> ColumnExpression {
    .arithmetic(.add, first.columnExpression, second)
  }

  public static func - (first: some LiteralConvertible, second: ColumnExpression) -> ColumnExpression {
    .arithmetic(.subtract, first.columnExpression, second)
  }

  public static func * (first: some LiteralConvertible, second: ColumnExpression) -> ColumnExpression {
    .arithmetic(.multiply, first.columnExpression, second)
  }

  public static func / (first: some LiteralConvertible, second: ColumnExpression) -> ColumnExpression {
    .arithmetic(.divide, first.columnExpression, second)
  }

  public static prefix func - (operand: ColumnExpression) -> ColumnExpression { .negate(operand) }
}

extension ColumnExpression {
  /// True where it is null, else false.
  public var isNull: ColumnPredicate { ColumnPredicate(.isNull(self)) }

  /// True where it is not null, else false.
  public var isNotNull: ColumnPredicate { ColumnPredicate(.not(.isNull(self))) }

  /// A boolean column as a condition.
  public var isTrue: ColumnPredicate { ColumnPredicate(self) }

  /// Whether it equals any of the values.
  public func isIn(_ values: [some LiteralConvertible]) -> ColumnPredicate {
    ColumnPredicate(.isIn(self, values.map(\.scalar)))
  }

  /// Whether it lies between two bounds, both included.
  public func isBetween(_ low: some ExpressionConvertible, _ high: some ExpressionConvertible) -> ColumnPredicate {
    self >= low && self <= high
  }

  /// SQL's LIKE: `%` any characters, `_` one; the backslash takes the next literally.
  public func isLike(_ pattern: String) -> ColumnPredicate {
    ColumnPredicate(.like(self, pattern: pattern, escape: nil))
  }

  /// Equality that takes two nulls as equal and is never null.
  public func isSame(as other: some ExpressionConvertible) -> ColumnPredicate {
    ColumnPredicate(.comparison(.nullSafeEqual, self, other.columnExpression))
  }

  /// The values as another type.
  public func cast(to type: DataType) -> ColumnExpression { .cast(self, type) }

  /// A field of a struct column. Traps when the expression is not a column.
  public func field(_ name: String) -> ColumnExpression {
    guard case .column(let path) = self else { preconditionFailure("only columns have fields") }
    return .column(ColumnPath(path.names + [name]))
  }
}

extension ColumnPredicate {
  public static func && (first: ColumnPredicate, second: ColumnPredicate) -> ColumnPredicate {
    if case .and(let parts) = first.expression { return ColumnPredicate(.and(parts + [second.expression])) }
    return ColumnPredicate(.and([first.expression, second.expression]))
  }

  public static func || (first: ColumnPredicate, second: ColumnPredicate) -> ColumnPredicate {
    if case .or(let parts) = first.expression { return ColumnPredicate(.or(parts + [second.expression])) }
    return ColumnPredicate(.or([first.expression, second.expression]))
  }

  public static prefix func ! (operand: ColumnPredicate) -> ColumnPredicate {
    ColumnPredicate(.not(operand.expression))
  }
}
