/// The files that two commits touched, one by one.
struct FileConflicts {
  private let mine: PreparedCommit
  private let winner: WinningCommit
  private let adds: [String: AddFile]
  private let removes: [String: RemoveFile]
  private let isPureDelete: Bool
  private(set) var resolutions: [ConflictResolution] = []
  private var rearranged: [String] = []
  /// Files that this commit adds no more, by path: what comes of the judgements is done to its actions all at once.
  private var dropped: Set<String> = []
  /// Files whose ids are new, as the winner has them.
  private var renewed: [String: AddFile] = [:]
  /// Removals that are ones of the file as the winner left it.
  private var retargeted: [String: AddFile] = [:]

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
      if let conflict = check(path, change, isRead: isRead) { return conflict }
    }
    if let first = rearranged.first {
      resolutions.append(
        ConflictResolution(
          kind: .deleteFrom(files: winner.rearrangedFiles, insteadOf: rearranged),
          conflict: CommitConflict(
            .concurrentDeleteDelete, winner,
            "put the rows of the file \(first), from which this commit deletes, into others")))
    }
    rebased.actions = outcome(of: rebased.actions)
    rebased.reads.files.subtract(dropped)
    return nil
  }

  /// This commit's actions after the winner's.
  private func outcome(of actions: [Action]) -> [Action] {
    let gone = Set(rearranged)
    if gone.isEmpty, dropped.isEmpty, renewed.isEmpty, retargeted.isEmpty { return actions }
    return actions.compactMap { action in
      switch action {
      case .add(var file):
        if gone.contains(file.path) || dropped.contains(file.path) { return nil }
        guard let now = renewed[file.path] else { return action }
        file.baseRowId = now.baseRowId ?? file.baseRowId
        file.defaultRowCommitVersion = now.defaultRowCommitVersion ?? file.defaultRowCommitVersion
        return .add(file)
      case .remove(var file):
        if gone.contains(file.path) { return nil }
        if let after = retargeted[file.path] {
          var now = after.removed(at: file.deletionTimestamp ?? after.modificationTime, dataChange: file.dataChange)
          now.deletionTimestamp = file.deletionTimestamp
          return .remove(now)
        }
        guard let now = renewed[file.path] else { return action }
        file.baseRowId = now.baseRowId ?? file.baseRowId
        file.defaultRowCommitVersion = now.defaultRowCommitVersion ?? file.defaultRowCommitVersion
        return .remove(file)
      default: return action
      }
    }
  }

  private mutating func check(
    _ path: String, _ change: WinningCommit.Change, isRead: Bool
  ) -> CommitConflict? {
    switch change {
    case .recommitted(let file): return checkRecommitted(path, file)
    case .removed: return checkRemoved(path, isRead: isRead)
    case .rearranged: return checkRearranged(path)
    case .rowsDeleted(let before, let after): return checkRowsDeleted(path, before, after, isRead: isRead)
    }
  }

  /// The file is still there, so that what this commit does to it holds; only its ids may be new.
  private mutating func checkRecommitted(_ path: String, _ file: AddFile) -> CommitConflict? {
    if adds[path] != nil, removes[path] == nil {
      // Both say something about a file and change none of its rows: then the one that was first has said it.
      if isRecommit(path) { dropped.insert(path) } else { return addedTwice(path) }
      return nil
    }
    if adds[path] != nil || removes[path] != nil { renewed[path] = file }
    return nil
  }

  private mutating func checkRemoved(_ path: String, isRead: Bool) -> CommitConflict? {
    if adds[path] != nil, removes[path] == nil {
      guard isRecommit(path) else { return addedTwice(path) }
      // The file must not come back.
      dropped.insert(path)
      return nil
    }
    if isRead || mine.reads.wholeTable {
      return CommitConflict(.concurrentDeleteRead, winner, "removed the file \(path), which this commit read")
    }
    return CommitConflict(.concurrentDeleteDelete, winner, "removed the file \(path), which this commit removes, too")
  }

  private mutating func checkRearranged(_ path: String) -> CommitConflict? {
    // Only read: its rows are still there.
    if removes[path] == nil {
      if adds[path] != nil { dropped.insert(path) }
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
    _ path: String, _ before: RemoveFile, _ after: AddFile, isRead: Bool
  ) -> CommitConflict? {
    let conflict = CommitConflict(
      removes[path] != nil && !isRead ? .concurrentDeleteDelete : .concurrentDeleteRead, winner,
      "deleted rows of the file \(path), which this commit \(removes[path] == nil ? "read" : "changes, too")")
    guard let vector = after.deletionVector else { return conflict }
    guard let remove = removes[path] else {
      if adds[path] != nil {
        dropped.insert(path)
        return nil
      }
      return mine.isRowWise ? nil : conflict
    }
    if !remove.dataChange {
      resolutions.append(
        ConflictResolution(
          kind: .deleteFromRearranged(path: path, before: before.deletionVector, after: vector), conflict: conflict))
      retargeted[path] = after
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
    retargeted[path] = after
    return nil
  }

  /// Whether this commit adds a file that is there, without changing its rows.
  private func isRecommit(_ path: String) -> Bool { adds[path]?.dataChange == false }

  private func addedTwice(_ path: String) -> CommitConflict {
    CommitConflict(.concurrentAppend, winner, "changed the file \(path), which this commit adds")
  }
}
