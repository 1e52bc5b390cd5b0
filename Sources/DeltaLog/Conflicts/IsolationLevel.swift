/// What a commit may have missed of the commits that were made while it was prepared.
public enum IsolationLevel: String, Hashable, Sendable {
  /// Nothing: the table's history is one of commits made one after the other, in the order of their versions.
  case serializable = "Serializable"
  /// Rows that others only appended: the commits could have been made one after the other, if perhaps in another order.
  case writeSerializable = "WriteSerializable"
  /// Anything that doesn't touch the same files: for commits that rearrange rows and change none.
  case snapshotIsolation = "SnapshotIsolation"
}
