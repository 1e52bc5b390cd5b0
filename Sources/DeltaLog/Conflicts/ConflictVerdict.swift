/// What becomes of a commit when another one was made first.
package enum ConflictVerdict: Sendable {
  /// It can be made after the other one, once the resolutions (if any) are carried out.
  case rebases(PreparedCommit, [ConflictResolution])
  case conflicts(CommitConflict)
}

/// What must be read and computed before a commit can follow the other one, since both touched the same file and yet not
/// the same rows. Who can't do it takes ``conflict`` instead.
package struct ConflictResolution: Sendable {
  package enum Kind: Sendable {
    /// Both commits deleted rows of one file.
    case mergeDeletionVectors(DeletionVectorMerge)
    /// The other commit put the rows of files that this one deletes from into other files: evaluate the deletion's
    /// condition on `files`, and commit what it finds there. Of `paths` nothing is left in the commit.
    case deleteFrom(files: [AddFile], insteadOf: [String])
    /// The other commit deleted rows of a file that this one puts into others: rows deleted in `after` and not in
    /// `before` must be deleted where this commit put them.
    case deleteFromRearranged(path: String, before: DeletionVectorDescriptor?, after: DeletionVectorDescriptor)
  }

  package var kind: Kind
  /// The verdict when it is not carried out.
  package var conflict: CommitConflict
}

/// Two commits that deleted rows of one data file.
///
/// Spec: Delta § Deletion Vectors
package struct DeletionVectorMerge: Sendable {
  package var path: String
  /// What was deleted before both; `nil`: nothing.
  package var base: DeletionVectorDescriptor?
  /// The file as this commit adds it.
  package var mine: AddFile
  /// The file as the other commit added it.
  package var winner: AddFile
  /// Whether both may have deleted the same row: a row that is only deleted is as well deleted once.
  package var allowsOverlap: Bool

  /// The rows to delete, or `nil` when both commits deleted the same row and that matters.
  package func merged(
    base: RoaringBitmapArray?, mine: RoaringBitmapArray, winner: RoaringBitmapArray
  ) -> RoaringBitmapArray? {
    let base = base ?? RoaringBitmapArray()
    let overlap = mine.subtracting(base).intersection(winner.subtracting(base))
    return overlap.isEmpty || allowsOverlap ? mine.union(winner) : nil
  }
}

extension PreparedCommit {
  /// Puts the outcome of a merge into the commit.
  ///
  /// - Parameters:
  ///   - vector: of ``DeletionVectorMerge/merged(base:mine:winner:)``; `nil` when it deletes all rows of the file.
  ///   - rowCount: of the data file, deleted rows included.
  package mutating func apply(
    _ merge: DeletionVectorMerge, _ vector: DeletionVectorDescriptor?, rowCount: Int64, at time: Timestamp
  ) {
    for index in actions.indices {
      switch actions[index] {
      case .remove(let file) where file.path == merge.path:
        actions[index] = .remove(merge.winner.removed(at: time, dataChange: file.dataChange))
      case .add(let file) where file.path == merge.path:
        guard let vector else { continue }
        actions[index] = .add(
          merge.winner.with(deletionVector: vector, rowCount: rowCount, dataChange: file.dataChange))
      default: break
      }
    }
    if vector == nil {
      actions.removeAll { if case .add(let file) = $0 { file.path == merge.path } else { false } }
    }
  }
}
