import Testing

@testable import DeltaLog

@Suite("Conflicts of two commits") struct ConflictMatrixTests {
  typealias Operations = ConflictOperations

  // Rows lose against columns, both in the order of `ConflictOperations.all`:
  //   . goes together                    m if both deleted other rows of a file
  //   P the protocol changed             d if what is deleted is looked up in the files that rows were put into
  //   M the metadata changed             r if rows deleted are deleted again where this commit put them
  //   A rows were added that are read    R rows are gone that were read
  //   T an application wrote, too        D a file is gone that is removed
  //   X a metadata domain changed

  static let serializable = [
    "append  . . . . . . . . . . . . M M . P . . . . .",
    "append2 . . . . . . . . . . . . M M . P . . . . .",
    "insert  . A . . . . . . . R . . M M . P A . A . .",
    "delete  A . . m m m A R . A d . M M . P . . . . .",
    "delete2 . . . m m m A R . R d . M M . P . . . . .",
    "update  A . . m m A A R . R D . M M . P . . . . .",
    "rewrite . . . R R R A R . R D . M M . P . . . . .",
    "drop    A . A . . A A R A A d . M M . P . . . . .",
    "merge   A . A R R A A R A A D . M M . P . . . . .",
    "replace A A A R R A A R A A D . M M . P A . A . .",
    "compact . . . r r r R R r R D . M M . P . . . . .",
    "tune    . . . . . . . . . . . M M M . P . . M . .",
    "freeze  . . . . . . . . . . . M M M . P . . M . .",
    "widen   . . . . . . . . . . . M M M . P . . M . .",
    "upgrade . . . . . . . . . . . . M M P P . . . . .",
    "check   A A A R R A A R A A . M M M P P A . M . .",
    "stream  . . . . . . . . . . . . M M . P T . . . .",
    "domain  . . . . . . . . . . . . M M . P . X . . .",
    "count   . . . . . . . . . . . M M M . P . . M . .",
    "stats   . . . . . . . . . . . . M M . P . . . . .",
    "vacuum  . . . . . . . . . . . . M M . P . . . . .",
  ]

  static let writeSerializable = [
    "append  . . . . . . . . . . . . M M . P . . . . .",
    "append2 . . . . . . . . . . . . M M . P . . . . .",
    "insert  . . . . . . . . . R . . M M . P . . . . .",
    "delete  . . . m m m A R . A d . M M . P . . . . .",
    "delete2 . . . m m m A R . R d . M M . P . . . . .",
    "update  . . . m m A A R . R D . M M . P . . . . .",
    "rewrite . . . R R R A R . R D . M M . P . . . . .",
    "drop    . . A . . A A R A A d . M M . P . . . . .",
    "merge   . . A R R A A R A A D . M M . P . . . . .",
    "replace . . A R R A A R A A D . M M . P . . . . .",
    "compact . . . r r r R R r R D . M M . P . . . . .",
    "tune    . . . . . . . . . . . M M M . P . . M . .",
    "freeze  . . . . . . . . . . . M M M . P . . M . .",
    "widen   . . . . . . . . . . . M M M . P . . M . .",
    "upgrade . . . . . . . . . . . . M M P P . . . . .",
    "check   A A A R R A A R A A . M M M P P A . M . .",
    "stream  . . . . . . . . . . . . M M . P T . . . .",
    "domain  . . . . . . . . . . . . M M . P . X . . .",
    "count   . . . . . . . . . . . M M M . P . . M . .",
    "stats   . . . . . . . . . . . . M M . P . . . . .",
    "vacuum  . . . . . . . . . . . . M M . P . . . . .",
  ]

  @Test(
    "Every operation goes together with every other, or is stopped by the rule that is theirs",
    arguments: [IsolationLevel.serializable, .writeSerializable])
  func matrix(_ level: IsolationLevel) throws {
    let expected = level == .serializable ? Self.serializable : Self.writeSerializable
    for (mine, row) in zip(Operations.all, expected) {
      let cells = row.split(separator: " ")
      try #require(cells.count == Operations.all.count + 1 && cells[0] == mine.name)
      for (winner, cell) in zip(Operations.all, cells.dropFirst()) {
        let verdict = try ConflictChecker.check(mine.losing(level), against: winner.winning(version: 5))
        #expect(code(verdict) == cell, "\(mine.name) after \(winner.name)")
        guard case .conflicts(let conflict) = verdict else { continue }
        #expect(conflict.version == 5 && conflict.clause.contains("version 5 (\(winner.operation.name))"))
        let error = conflict.error()
        #expect(error.code == .conflict && error.version == 5 && error.message.hasPrefix(conflict.clause))
      }
    }
    #expect(expected.count == Operations.all.count)
  }

  private func code(_ verdict: ConflictVerdict) -> String {
    switch verdict {
    case .conflicts(let conflict):
      switch conflict.kind {
      case .protocolChanged: "P"
      case .metadataChanged: "M"
      case .concurrentAppend: "A"
      case .concurrentDeleteRead: "R"
      case .concurrentDeleteDelete: "D"
      case .concurrentTransaction: "T"
      case .domainMetadataChanged: "X"
      }
    case .rebases(_, let resolutions):
      switch resolutions.first?.kind {
      case nil: "."
      case .mergeDeletionVectors: "m"
      case .deleteFrom: "d"
      case .deleteFromRearranged: "r"
      }
    }
  }
}
