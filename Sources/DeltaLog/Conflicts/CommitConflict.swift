/// Why a commit can't be made any more: which other commit came first, and what rule stands against having both.
package struct CommitConflict: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case protocolChanged
    case metadataChanged
    /// Rows were added that the commit should have read.
    case concurrentAppend
    /// Rows are gone that the commit read.
    case concurrentDeleteRead
    /// A file that the commit removes is gone.
    case concurrentDeleteDelete
    /// An application's transaction was recorded by someone else.
    case concurrentTransaction
    case domainMetadataChanged
  }

  package var kind: Kind
  /// The version of the commit that came first.
  package var version: Version
  /// One sentence: what it did, and which part of this commit that is in the way of.
  package var clause: String

  init(_ kind: Kind, _ winner: WinningCommit, _ clause: String) {
    self.kind = kind
    version = winner.version
    self.clause = "Meanwhile \(winner.name) \(clause)"
  }

  package func error(fileID: String = #fileID, line: Int = #line) -> DeltaError {
    DeltaError(
      .conflict, "\(clause). Nothing was committed: start again from the latest version.", version: version,
      fileID: fileID, line: line)
  }
}
