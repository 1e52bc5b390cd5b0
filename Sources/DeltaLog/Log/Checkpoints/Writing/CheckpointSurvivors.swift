package import Columnar

/// Which rows of an older checkpoint a newer one takes over: the files that no commit has named since. What the table
/// itself is said to be is written anew.
///
/// Spec: Delta § Action Reconciliation
package struct CheckpointSurvivors: Sendable {
  private let newer: NewerFiles
  /// Milliseconds: tombstones from before it are left out.
  private let expiry: Int64

  package init(_ newer: NewerFiles, tombstonesExpireBefore expiry: Timestamp) {
    self.newer = newer
    self.expiry = expiry.milliseconds
  }

  /// - Parameters:
  ///   - batch: of the checkpoint, with at least `path` and `deletionVector` of `add` and `remove`.
  ///   - file: for errors.
  /// - Returns: a set bit for each row to take over.
  /// - Throws: `corruptCheckpoint`.
  package func rows(of batch: RecordBatch, file: String, version: Version) throws(DeltaError) -> Bitmap {
    defer { withExtendedLifetime(batch) {} }
    var isKept = [Bool](repeating: false, count: batch.rowCount)
    do throws(CheckpointDamage) {
      if let add = StructLeaf(batch["add"]) {
        for row in try CheckpointKeys(add).survivors(add.rows, unless: newer).rows { isKept[Int(row)] = true }
      }
      if let remove = StructLeaf(batch["remove"]) {
        let times = NumberLeaf(remove["deletionTimestamp"])
        for row in try CheckpointKeys(remove).survivors(remove.rows, unless: newer).rows
        where times?.value(Int(row)) ?? 0 >= expiry {
          isKept[Int(row)] = true
        }
      }
    } catch {
      throw .corruptCheckpoint(
        "The checkpoint \(file) is damaged: \(error.problem) in one of its rows.", path: file, version: version)
    }
    return Bitmap(isKept)
  }
}
