/// What a function does with columns of the types its row of the table settled on.
enum FunctionBody: Sendable {
  /// Of one plain column; null gives null. Called once a distinct value of a dictionary.
  case unary(@Sendable (Column, DataType) throws(ColumnError) -> Column)
  /// Of plain columns of `count` rows each.
  case columns(@Sendable (_ arguments: [Column], _ count: Int, DataType) throws(ColumnError) -> Column)
}
