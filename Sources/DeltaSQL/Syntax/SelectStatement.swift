internal import Columnar
internal import DeltaLake

/// A query as it is written; nothing is looked up yet. Offsets are bytes of its text.
struct SelectStatement: Hashable, Sendable {
  /// Never empty.
  var items: [Item]
  var table: TableReference
  var condition: Condition?
  var limit: Int?

  /// One part of the list behind SELECT.
  struct Item: Hashable, Sendable {
    var value: Value
    /// What AS calls it.
    var name: String?
    var offset: Int

    enum Value: Hashable, Sendable {
      case allColumns
      case column(ColumnPath)
      /// `count(*)`.
      case rowCount
    }
  }

  /// A table, and the state of it to read.
  struct TableReference: Hashable, Sendable {
    var place: Place
    var moment: Moment
    var offset: Int

    enum Place: Hashable, Sendable {
      case name(String)
      /// Backticks around what may be either: a path unless a table of that name is given.
      case nameOrPath(String)
      case path(String)
    }
  }

  /// What stands behind WHERE.
  struct Condition: Hashable, Sendable {
    var expression: ColumnExpression
    var offset: Int
    /// Where each name is first written.
    var nameOffsets: [String: Int]
  }
}
