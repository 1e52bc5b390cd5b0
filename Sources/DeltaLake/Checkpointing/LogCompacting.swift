public import DeltaLog
public import ObjectStorage

extension DeltaTable {
  /// Writes what a range of commits comes to into one file, which readers may take in place of them.
  ///
  /// - Returns: whether the file is new; a compaction of the range may have been there.
  /// - Throws: ``DeltaError``: `.invalidArgument` for a range of less than two versions, `.versionNotFound` when one of
  ///   them is gone, `.storageFailed`.
  ///
  /// Spec: Delta § Log Compaction Files
  @discardableResult
  public func compactLog(_ versions: ClosedRange<Version>, durability: Durability = .full) async throws -> Bool {
    guard versions.lowerBound >= 0, versions.lowerBound < versions.upperBound else {
      throw DeltaError.invalidArgument("A log compaction stands for two commits or more.")
    }
    let snapshot = try await snapshot()
    try snapshot.checkWritable()
    guard versions.upperBound <= snapshot.version else {
      throw DeltaError.invalidArgument(
        "The table is at version \(snapshot.version): there is no version \(versions.upperBound) to compact.")
    }
    let log = LogDirectory(location: location)
    let listing = try await log.list()
    let commits = listing.commits.filter { versions.contains($0.version) }
    guard Version(commits.count) - 1 == versions.upperBound - versions.lowerBound else {
      throw DeltaError.versionNotFound(
        versions.first { listing.commit($0) == nil } ?? versions.lowerBound,
        available: listing.commits.first.map { $0.version...max($0.version, listing.latestVersion ?? 0) },
        because: "its commit file is not there")
    }
    var compaction = LogCompaction()
    do {
      try await LogFileReader(log: log).forEach(commits) { file, bytes in
        compaction.apply(try CommitScanner.actions(in: bytes, file: file.name, version: file.version))
      }
    } catch let error as DeltaError where error.isOfMissingLogFile {
      throw DeltaError.versionNotFound(versions.lowerBound, available: nil, because: "the log is being cleaned up")
    }
    let name = LogFile.compactionName(versions)
    do {
      let outcome = try await location.store.write(
        CommitText.bytes(of: compaction.actions), to: TableLocation.logDirectory + "/" + name, .ifAbsent,
        durability: durability)
      return outcome != .alreadyExists
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
  }
}
