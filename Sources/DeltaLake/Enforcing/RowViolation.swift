public import Columnar

/// A row that a table does not take, and why.
public struct RowViolation: Hashable, Sendable {
  /// The rule that the row breaks.
  public enum Rule: Hashable, Sendable {
    case notNull
    /// A CHECK constraint that is false or null for the row.
    case check(name: String, condition: String)
    /// A column's invariant that is false or null for the row.
    case invariant(condition: String)
    /// The value brought for a generated column is not that of its expression.
    case generated(expression: String)
    /// The value has no counterpart in the column's type.
    case type(from: DataType, to: DataType)
    /// More characters than the column takes, as in `varchar(5)`.
    case length(limit: String)
    /// A string that is not UTF-8.
    case text
    /// A decimal of more digits than its type has.
    case precision(Int)
    /// A rule that has no outcome for the row: a number overflows, a divisor is zero, or a cast has no counterpart. The rule
    /// is in words, as in: the CHECK constraint `small` (a * b < 100).
    case incomputable(rule: String)
    /// The condition of what is overwritten is false or null for the row, which would come back on the next overwrite.
    case overwrite(condition: String)
  }

  public let rule: Rule
  /// The column, or what is nested in it; `nil` for a CHECK constraint and the condition of an overwrite.
  public let column: ColumnPath?
  /// The row's number in the source, counted from 1.
  public let rowNumber: Int64
  /// The value, or for a condition those of the columns that it reads, as in `id = -1, v = NULL`. Long ones are cut.
  public let value: String

  package init(_ rule: Rule, column: ColumnPath?, rowNumber: Int64, value: String) {
    self.rule = rule
    self.column = column
    self.rowNumber = rowNumber
    self.value = value
  }
}

extension RowViolation: CustomStringConvertible {
  /// One sentence: the row, the column, the rule and the value.
  public var description: String { "Row \(rowNumber): \(reason)." }

  /// What is wrong, without the row.
  public var reason: String {
    let name = "column `\(column?.names.joined(separator: ".") ?? "")`"
    return switch rule {
    case .notNull: "\(name) is NOT NULL, but the row has no value for it"
    case .check(let check, let condition):
      "the CHECK constraint `\(check)` (\(condition.prefix(200))) is not true for \(value)"
    case .invariant(let condition): "the invariant of \(name) (\(condition.prefix(200))) is not true for \(value)"
    case .generated(let expression): "\(name) is generated as \(expression.prefix(200)), which is not \(value)"
    case .type(let old, let new):
      "the \(old.sqlName.prefix(80)) \(value) of \(name) is no value of the table's \(new.sqlName.prefix(80))"
    case .length(let limit): "\(name) is \(limit), which \(value) is too long for"
    case .text: "\(name) has a string that is not UTF-8: \(value)"
    case .precision(let digits): "\(name) has a decimal of more than \(digits) digits: \(value)"
    case .incomputable(let rule):
      "\(rule) can't be computed for \(value): a number overflows, a divisor is zero, or a cast has no value"
    case .overwrite(let condition):
      "the condition of what is overwritten (\(condition.prefix(200))) is not true for \(value)"
    }
  }
}
