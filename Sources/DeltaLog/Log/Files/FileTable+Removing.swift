extension FileTable {
  /// What takes a file of the table away.
  package func removal(of row: Int, at time: Timestamp, dataChange: Bool = true) -> RemoveFile {
    RemoveFile(
      path: path(at: row), deletionTimestamp: time, dataChange: dataChange, extendedFileMetadata: true,
      partitionValues: partitionValues(at: row), sizeInBytes: sizes[row], tags: extras[row]?.tags,
      deletionVector: deletionVector(at: row), baseRowId: baseRowId(at: row),
      defaultRowCommitVersion: defaultRowCommitVersion(at: row))
  }
}
