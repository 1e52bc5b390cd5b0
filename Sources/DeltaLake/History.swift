public import DeltaLog

extension DeltaTable {
  /// The commits whose files are still there, newest first.
  ///
  /// Costs a listing and a small read a commit.
  ///
  /// - Throws: ``DeltaError``: `.notFound`, `.corruptLog`.
  public func history(limit: Int? = nil) async throws -> [CommitHistoryEntry] {
    let log = LogDirectory(location: location)
    let listing = try await log.list()
    guard !listing.isEmpty else { throw DeltaError.notATable(location) }
    let times = CommitTimestamps(listing.commits)
    let commits = Array(listing.commits.reversed().prefix(max(0, limit ?? .max)))
    var timesByVersion: [Version: Timestamp] = [:]
    for (version, timestamp) in times.commits { timesByVersion[version] = timestamp }
    var history: [CommitHistoryEntry] = []
    history.reserveCapacity(commits.count)
    try await LogFileReader(log: log).forEach(commits) { file, bytes in
      let info = try CommitScanner.commitInfo(in: bytes, file: file.name, version: file.version)
      history.append(CommitHistoryEntry(file.version, info, fileTime: timesByVersion[file.version]))
    }
    return history
  }

  /// The bytes of a commit: a JSON action a line.
  ///
  /// - Throws: ``DeltaError`` with `.versionNotFound`.
  public func commit(_ version: Version) async throws -> [UInt8] {
    let log = LogDirectory(location: location)
    let listing = try await log.list()
    guard !listing.isEmpty else { throw DeltaError.notATable(location) }
    guard let file = listing.commit(version) else {
      let available = listing.commits.first.flatMap { first in
        listing.commits.last.map { first.version...$0.version }
      }
      throw DeltaError.versionNotFound(version, available: available, because: "its commit file is not there")
    }
    return try await log.read(file.name)
  }
}
