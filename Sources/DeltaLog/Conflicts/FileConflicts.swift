/// The files that two commits touched, one by one.
struct FileConflicts {
  private let mine: PreparedCommit
  private let winner: WinningCommit
  private let adds: [String: AddFile]
  private let removes: [String: RemoveFile]
  private let isPureDelete: Bool
  private(set) var resolutions: [ConflictResolution] = []
  private var rearranged: [String] = []

  init(_ mine: PreparedCommit, _ winner: WinningCommit) {
    self.mine = mine
    self.winner = winner
    (adds, removes) = mine.files
    isPureDelete = mine.isPureDelete
  }

  mutating func check(_ rebased: inout PreparedCommit) -> CommitConflict? {
    for path in winner.removedPaths + winner.addedPaths.filter({ winner.removes[$0] == nil }) {
      guard let change = winner.change(of: path) else { continue }
      let isRead = mine.reads.files.contains(path)
      let touches = removes[path] != nil || adds[path] != nil
      guard isRead || touches || mine.reads.wholeTable else { continue }
      if let conflict = check(path, change, isRead: isRead, &rebased) { return conflict }
    }
    guard let first = rearranged.first else { return nil }
    resolutions.append(
      ConflictResolution(
        kind: .deleteFrom(files: winner.rearrangedFiles, insteadOf: rearranged),
        conflict: CommitConflict(
          .concurrentDeleteDelete, winner,
          "put the rows of the file \(first), from which this commit deletes, into others")))
    let paths = Set(rearranged)
    rebased.actions.removeAll { action in
      switch action {
      case .add(let file): paths.contains(file.path)
      case .remove(let file): paths.contains(file.path)
      default: false
      }
    }
    return nil
  }

  private mutating func check(
    _ path: String, _ change: WinningCommit.Change, isRead: Bool, _ rebased: inout PreparedCommit
  ) -> CommitConflict? {
    switch change {
    case .recommitted(let file): return checkRecommitted(path, file, &rebased)
    case .removed: return checkRemoved(path, isRead: isRead, &rebased)
    case .rearranged: return checkRearranged(path, &rebased)
    case .rowsDeleted(let before, let after): return checkRowsDeleted(path, before, after, isRead: isRead, &rebased)
    }
  }

  /// The file is still there, so that what this commit does to it holds; only its ids may be new.
  private func checkRecommitted(
    _ path: String, _ file: AddFile, _ rebased: inout PreparedCommit
  ) -> CommitConflict? {
    if adds[path] != nil, removes[path] == nil {
      // Both say something about a file and change none of its rows: then the one that was first has said it.
      if isRecommit(path) { drop(path, &rebased) } else { return addedTwice(path) }
      return nil
    }
    for index in rebased.actions.indices {
      switch rebased.actions[index] {
      case .add(var mine) where mine.path == path:
        mine.baseRowId = file.baseRowId ?? mine.baseRowId
        mine.defaultRowCommitVersion = file.defaultRowCommitVersion ?? mine.defaultRowCommitVersion
        rebased.actions[index] = .add(mine)
      case .remove(var mine) where mine.path == path:
        mine.baseRowId = file.baseRowId ?? mine.baseRowId
        mine.defaultRowCommitVersion = file.defaultRowCommitVersion ?? mine.defaultRowCommitVersion
        rebased.actions[index] = .remove(mine)
      default: break
      }
    }
    return nil
  }

  private func checkRemoved(_ path: String, isRead: Bool, _ rebased: inout PreparedCommit) -> CommitConflict? {
    if adds[path] != nil, removes[path] == nil {
      guard isRecommit(path) else { return addedTwice(path) }
      // The file must not come back.
      drop(path, &rebased)
      return nil
    }
    if isRead || mine.reads.wholeTable {
      return CommitConflict(.concurrentDeleteRead, winner, "removed the file \(path), which this commit read")
    }
    return CommitConflict(.concurrentDeleteDelete, winner, "removed the file \(path), which this commit removes, too")
  }

  private mutating func checkRearranged(_ path: String, _ rebased: inout PreparedCommit) -> CommitConflict? {
    // Only read: its rows are still there.
    if removes[path] == nil {
      if adds[path] != nil { drop(path, &rebased) }
      return nil
    }
    guard mine.isRowWise, isPureDelete, removes[path]?.dataChange == true else {
      return CommitConflict(
        .concurrentDeleteDelete, winner, "put the rows of the file \(path), which this commit removes, into others")
    }
    rearranged.append(path)
    return nil
  }

  private mutating func checkRowsDeleted(
    _ path: String, _ before: RemoveFile, _ after: AddFile, isRead: Bool, _ rebased: inout PreparedCommit
  ) -> CommitConflict? {
    let conflict = CommitConflict(
      removes[path] != nil && !isRead ? .concurrentDeleteDelete : .concurrentDeleteRead, winner,
      "deleted rows of the file \(path), which this commit \(removes[path] == nil ? "read" : "changes, too")")
    guard let vector = after.deletionVector else { return conflict }
    guard let remove = removes[path] else {
      if adds[path] != nil {
        drop(path, &rebased)
        return nil
      }
      return mine.isRowWise ? nil : conflict
    }
    if !remove.dataChange {
      resolutions.append(
        ConflictResolution(
          kind: .deleteFromRearranged(path: path, before: before.deletionVector, after: vector), conflict: conflict))
      retarget(path, after, &rebased)
      return nil
    }
    guard mine.isRowWise else { return conflict }
    if let add = adds[path] {
      guard add.deletionVector != nil else { return conflict }
      let merge = DeletionVectorMerge(
        path: path, base: before.deletionVector, mine: add, winner: after, allowsOverlap: isPureDelete)
      resolutions.append(ConflictResolution(kind: .mergeDeletionVectors(merge), conflict: conflict))
      return nil
    }
    // All its rows go, those that are gone already among them.
    guard isPureDelete else { return conflict }
    retarget(path, after, &rebased)
    return nil
  }

  /// Whether this commit adds a file that is there, without changing its rows.
  private func isRecommit(_ path: String) -> Bool { adds[path]?.dataChange == false }

  private func addedTwice(_ path: String) -> CommitConflict {
    CommitConflict(.concurrentAppend, winner, "changed the file \(path), which this commit adds")
  }

  private func drop(_ path: String, _ rebased: inout PreparedCommit) {
    rebased.actions.removeAll { if case .add(let file) = $0 { file.path == path } else { false } }
    rebased.reads.files.remove(path)
  }

  /// Lets a removal be one of the file as the winner left it.
  private func retarget(_ path: String, _ after: AddFile, _ rebased: inout PreparedCommit) {
    for index in rebased.actions.indices {
      guard case .remove(let file) = rebased.actions[index], file.path == path else { continue }
      var now = after.removed(at: file.deletionTimestamp ?? after.modificationTime, dataChange: file.dataChange)
      now.deletionTimestamp = file.deletionTimestamp
      rebased.actions[index] = .remove(now)
    }
  }
}
