internal import DeltaLog
internal import ObjectStorage

/// Carries out what a commit needs to follow another one that touched the same file and yet not the same rows. A class,
/// since it keeps what was written, to take it back when the commit is not made after all.
final class ConflictResolver {
  private let location: TableLocation
  private let vectors: DeletionVectorWriter

  init(location: TableLocation, durability: Durability) {
    self.location = location
    vectors = DeletionVectorWriter(location: location, durability: durability)
  }

  /// Puts the outcome into the commit.
  ///
  /// - Throws: ``DeltaError`` with `.conflict` for what can't be brought together, `.corruptDeletionVector`.
  func resolve(_ resolution: ConflictResolution, in commit: inout PreparedCommit) async throws {
    switch resolution.kind {
    case .mergeDeletionVectors(let merge):
      guard let rows = try await merged(merge), let rowCount = merge.mine.recordCount else {
        throw resolution.conflict.error()
      }
      let left = rowCount - rows.cardinality
      let vector = left > 0 ? try await vectors.write([rows]).first : nil
      commit.apply(merge, vector, rowCount: rowCount, at: .now())
    case .deleteFrom, .deleteFromRearranged: throw resolution.conflict.error()
    }
  }

  /// Removes what was written, as far as that is possible.
  func abandon() async { await vectors.abandon() }

  /// What both commits delete; `nil` when they delete the same row, and that matters.
  private func merged(_ merge: DeletionVectorMerge) async throws -> RoaringBitmapArray? {
    guard let mine = merge.mine.deletionVector, let winner = merge.winner.deletionVector else { return nil }
    let reader = DeletionVectorReader(location: location)
    let base = if let base = merge.base { try await reader.read(base).rows } else { RoaringBitmapArray() }
    return merge.merged(base: base, mine: try await reader.read(mine).rows, winner: try await reader.read(winner).rows)
  }
}

extension AddFile {
  /// Rows of the data file, deleted ones included; `nil` when the statistics don't say.
  fileprivate var recordCount: Int64? { stats.flatMap { FileStatistics(json: $0, columns: [])?.numRecords } }
}
