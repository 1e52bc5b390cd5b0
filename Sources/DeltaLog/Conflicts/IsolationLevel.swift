/// What a commit may have missed of the commits that were made while it was prepared.
public enum IsolationLevel: String, Hashable, Sendable {
  /// Nothing: the table's history is one of commits made one after the other, in the order of their versions.
  case serializable = "Serializable"
  /// Rows that others only appended: the commits could have been made one after the other, if perhaps in another order.
  case writeSerializable = "WriteSerializable"
  /// Anything that doesn't touch the same files: for commits that rearrange rows and change none.
  case snapshotIsolation = "SnapshotIsolation"
}

extension IsolationLevel {
  /// The level that a commit needs: of the table, or the least one for a commit that changes no rows.
  ///
  /// - Parameters:
  ///   - changesData: whether the operation is one that may change rows, even if this time it changed none.
  ///   - table: as the table's properties have it.
  package static func needed(
    by actions: some Sequence<Action>, changesData: Bool, in table: IsolationLevel
  ) -> IsolationLevel {
    for action in actions {
      switch action {
      case .add(let file) where !file.dataChange: continue
      case .remove(let file) where !file.dataChange: continue
      case .change(let file) where !file.dataChange: continue
      case .domainMetadata(let domain) where domain.domain == RowTracking.domain: continue
      case .commitInfo: continue
      default: return table
      }
    }
    return table == .writeSerializable && changesData ? table : .snapshotIsolation
  }
}
