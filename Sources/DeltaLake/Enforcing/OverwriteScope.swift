package import Columnar
package import DeltaLog

/// The condition of the rows that an overwrite replaces, which its own rows must meet: they would else stand beside what
/// was to be replaced, and stay when the same is overwritten again.
package struct OverwriteScope: Sendable {
  /// As the user says it.
  package let text: String
  /// Resolved against the table's schema; what asks for the time has one answer.
  package let condition: ColumnPredicate

  /// - Throws: ``DeltaError`` with `.invalidArgument` for unknown columns, and for what is no condition.
  package init(_ predicate: ColumnPredicate, in schema: Schema, now: Int64 = Clock.now) throws(DeltaError) {
    text = "\(predicate)"
    do throws(ExpressionError) {
      condition = try ColumnPredicate(predicate.expression.settled(at: now, in: schema)).resolved(against: schema)
    } catch {
      throw .invalidCondition(error)
    }
  }
}
