extension AddFile {
  /// The action that takes the file away again, with everything that readers of the change want to know.
  ///
  /// Spec: Delta § Add File and Remove File
  package func removed(at time: Timestamp, dataChange: Bool = true) -> RemoveFile {
    RemoveFile(
      path: path, deletionTimestamp: time, dataChange: dataChange, extendedFileMetadata: true,
      partitionValues: partitionValues, sizeInBytes: sizeInBytes, stats: stats, tags: tags,
      deletionVector: deletionVector, baseRowId: baseRowId, defaultRowCommitVersion: defaultRowCommitVersion)
  }

  /// The same data file with other rows deleted: bounds are no longer tight, ids stay.
  ///
  /// - Parameters:
  ///   - rowCount: of the data file, deleted rows included.
  ///   - vector: all rows that are deleted now, those that were before among them.
  package func with(
    deletionVector vector: DeletionVectorDescriptor, rowCount: Int64, dataChange: Bool = true
  ) -> AddFile {
    var copy = self
    copy.stats = StatisticsJSON.wide(
      stats, rowCount: rowCount, deletedBefore: deletionVector?.cardinality ?? 0)
    copy.deletionVector = vector
    copy.dataChange = dataChange
    return copy
  }
}
