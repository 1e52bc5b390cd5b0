/// A count, size or time that commits note of what was done, by the name that Spark gives it.
///
/// Spec: Delta § Commit Provenance Information
package struct OperationMetric: Hashable, Sendable {
  package let name: String

  package init(_ name: String) {
    self.name = name
  }

  // Of writes.
  package static let files = OperationMetric("numFiles")
  package static let outputRows = OperationMetric("numOutputRows")
  package static let outputBytes = OperationMetric("numOutputBytes")

  // Of deletes, updates and OPTIMIZE.
  package static let addedFiles = OperationMetric("numAddedFiles")
  package static let addedBytes = OperationMetric("numAddedBytes")
  package static let removedFiles = OperationMetric("numRemovedFiles")
  package static let removedBytes = OperationMetric("numRemovedBytes")
  package static let addedChangeFiles = OperationMetric("numAddedChangeFiles")
  package static let deletedRows = OperationMetric("numDeletedRows")
  package static let updatedRows = OperationMetric("numUpdatedRows")
  /// Rows that stayed as they are but had to be written anew.
  package static let copiedRows = OperationMetric("numCopiedRows")
  /// Updated ones count as added and as removed.
  package static let deletionVectorsAdded = OperationMetric("numDeletionVectorsAdded")
  package static let deletionVectorsRemoved = OperationMetric("numDeletionVectorsRemoved")
  package static let deletionVectorsUpdated = OperationMetric("numDeletionVectorsUpdated")
  package static let executionMilliseconds = OperationMetric("executionTimeMs")
  package static let scanMilliseconds = OperationMetric("scanTimeMs")
  package static let rewriteMilliseconds = OperationMetric("rewriteTimeMs")

  // Of OPTIMIZE.
  package static let minFileSize = OperationMetric("minFileSize")
  package static let p25FileSize = OperationMetric("p25FileSize")
  package static let medianFileSize = OperationMetric("p50FileSize")
  package static let p75FileSize = OperationMetric("p75FileSize")
  package static let maxFileSize = OperationMetric("maxFileSize")

  // Of merges.
  package static let sourceRows = OperationMetric("numSourceRows")
  package static let targetRowsInserted = OperationMetric("numTargetRowsInserted")
  package static let targetRowsUpdated = OperationMetric("numTargetRowsUpdated")
  package static let targetRowsMatchedUpdated = OperationMetric("numTargetRowsMatchedUpdated")
  package static let targetRowsNotMatchedBySourceUpdated = OperationMetric("numTargetRowsNotMatchedBySourceUpdated")
  package static let targetRowsDeleted = OperationMetric("numTargetRowsDeleted")
  package static let targetRowsMatchedDeleted = OperationMetric("numTargetRowsMatchedDeleted")
  package static let targetRowsNotMatchedBySourceDeleted = OperationMetric("numTargetRowsNotMatchedBySourceDeleted")
  package static let targetRowsCopied = OperationMetric("numTargetRowsCopied")
  package static let targetBytesAdded = OperationMetric("numTargetBytesAdded")
  package static let targetBytesRemoved = OperationMetric("numTargetBytesRemoved")
  package static let targetFilesAdded = OperationMetric("numTargetFilesAdded")
  package static let targetFilesRemoved = OperationMetric("numTargetFilesRemoved")
  package static let targetChangeFilesAdded = OperationMetric("numTargetChangeFilesAdded")
  package static let targetDeletionVectorsAdded = OperationMetric("numTargetDeletionVectorsAdded")
  package static let targetDeletionVectorsRemoved = OperationMetric("numTargetDeletionVectorsRemoved")
  package static let targetDeletionVectorsUpdated = OperationMetric("numTargetDeletionVectorsUpdated")

  // Of RESTORE.
  package static let tableSizeAfterRestore = OperationMetric("tableSizeAfterRestore")
  package static let filesAfterRestore = OperationMetric("numOfFilesAfterRestore")
  package static let restoredFiles = OperationMetric("numRestoredFiles")
  package static let restoredFilesSize = OperationMetric("restoredFilesSize")
  package static let removedFilesSize = OperationMetric("removedFilesSize")

  // Of CLONE and CONVERT.
  package static let sourceTableSize = OperationMetric("sourceTableSize")
  package static let sourceFiles = OperationMetric("sourceNumOfFiles")
  package static let copiedFiles = OperationMetric("numCopiedFiles")
  package static let copiedFilesSize = OperationMetric("copiedFilesSize")
  package static let convertedFiles = OperationMetric("numConvertedFiles")

  // Of VACUUM.
  package static let filesToDelete = OperationMetric("numFilesToDelete")
  package static let sizeToDelete = OperationMetric("sizeOfDataToDelete")
  package static let deletedFiles = OperationMetric("numDeletedFiles")
  package static let vacuumedDirectories = OperationMetric("numVacuumedDirectories")
}
