public import Columnar
public import DeltaLog

/// A table at one version: what it is and which files hold its rows. Immutable, whatever happens to the table.
public struct Snapshot: Sendable {
  package private(set) var location: TableLocation
  package let state: TableState
  let commitTime: Timestamp?
  /// How the state was found.
  public let log: LogSummary
  /// The commit file of the version, to tell whether it is still the same.
  let lastCommit: LogFile?
  /// The commits that were put on top of a state since all of it was loaded.
  let refreshedCommitCount: Int
  /// When the newest checkpoint was written that the state is known to have.
  private(set) var checkpointTime: Timestamp?
  /// The way that the state came; `nil` when it was too long to be kept.
  private(set) var trail: LogTrail?
  /// The newest version when the log was last listed.
  private(set) var listedVersion: Version
  /// What `_last_checkpoint` said when all of the state was loaded by it; `nil` where it wasn't, or says something newer.
  private(set) var hint: LastCheckpointHint?
  /// When a checksum was last written in the row of commits that led here, if that is known.
  private(set) var checksumTime: Timestamp?
  /// The version's checksum: as its file says it, where that is in line with the log, or counted for a commit of one's own.
  /// The next version's is counted on from it.
  let checksum: VersionChecksum?
  /// What was damaged or contradictory and could be done without, in words.
  public var warnings: [String] { loadWarnings + checksumWarnings }
  /// Of the files that the state came from: true of what is built on it, too.
  let loadWarnings: [String]
  /// Of this version's checksum alone.
  private let checksumWarnings: [String]
  /// The table's columns. Empty when the log's schema can't be understood, which only a snapshot for inspection can
  /// be of.
  public let schema: Schema
  private let schemaFailure: DeltaError?

  init(
    location: TableLocation, state: TableState, log: LogSummary, lastCommit: LogFile?, commitTime: Timestamp?,
    refreshedCommitCount: Int = 0, checkpointTime: Timestamp? = nil, trail: LogTrail? = nil,
    listedVersion: Version? = nil, hint: LastCheckpointHint? = nil, checksum: VersionChecksum? = nil,
    checksumTime: Timestamp? = nil, warnings: [String], checksumWarnings: [String] = []
  ) {
    self.location = location
    self.state = state
    self.commitTime = commitTime
    self.checkpointTime = checkpointTime
    self.trail = trail
    self.listedVersion = listedVersion ?? state.version
    self.hint = hint
    self.checksum = checksum
    self.checksumTime = checksumTime
    loadWarnings = warnings
    self.checksumWarnings = checksumWarnings
    self.log = log
    self.lastCommit = lastCommit
    self.refreshedCommitCount = refreshedCommitCount
    do throws(DeltaError) {
      schema = try SchemaJSON.parse(state.metadata.schemaString)
      schemaFailure = nil
    } catch {
      schema = StructType([])
      schemaFailure = error
    }
  }

  public var version: Version { state.version }
  public var metadata: TableMetadata { state.metadata }
  public var `protocol`: ProtocolVersions { state.protocolVersions }

  /// The same of a table that is reached in another way.
  func at(_ location: TableLocation) -> Snapshot {
    var snapshot = self
    snapshot.location = location
    return snapshot
  }

  /// The same, once the log was listed again.
  func listed() -> Snapshot {
    var snapshot = self
    snapshot.listedVersion = version
    return snapshot
  }

  /// The same, once its checksum was written.
  func withChecksum(at time: Timestamp) -> Snapshot {
    var snapshot = self
    snapshot.checksumTime = time
    return snapshot
  }

  /// The same, once a checkpoint of the version was written.
  ///
  /// - Parameter keepingTime: whether the older checkpoint's time goes on to count.
  func checkpointed(by file: LogFile, keepingTime: Bool) -> Snapshot {
    var snapshot = self
    if !keepingTime { snapshot.checkpointTime = file.modificationTime }
    snapshot.trail = LogTrail(LogCheckpoint(files: [file]), [])
    snapshot.hint = nil
    return snapshot
  }

  /// When the version was committed: by the commit itself where the table keeps that, else by its file's time; `nil`
  /// when the commit file is gone.
  public var timestamp: Timestamp? {
    if InCommitTimestampRule(state.protocolVersions, state.metadata)?.covers(version) == true,
      let inCommit = state.commitInfo?.inCommitTimestamp
    {
      return inCommit
    }
    return commitTime
  }

  /// The data files that hold the table's rows.
  public var fileCount: Int { state.files.count }

  /// The data files' bytes; saturates.
  public var sizeInBytes: Int64 { state.files.totalSizeInBytes ?? .max }

  /// The newest version that an application committed under its id, for exactly-once writing.
  ///
  /// Spec: Delta § Transaction Identifiers
  public func transaction(_ appId: String) -> AppTransaction? { state.transactions[appId] }

  /// The configuration that a feature or application keeps with the table.
  ///
  /// Spec: Delta § Domain Metadata
  public func domainMetadata(_ domain: String) -> DomainMetadata? { state.domains[domain] }

  /// The rows of all files, deleted ones left out; `nil` when a file's statistics don't say.
  ///
  /// Reads the statistics of files that came from a checkpoint.
  public func rowCount() async throws -> Int64? {
    if let known = state.files.totalRecordCount { return known }
    return try await rowCount(ofFiles: Array(0..<state.files.count))
  }

  /// As ``rowCount()``, of some files of the file table.
  func rowCount(ofFiles files: [Int]) async throws -> Int64? {
    var total: Int64 = 0
    var isKnown = true
    var seen = 0
    try await StatisticsLoader(snapshot: self).forEachChunk(of: files, columns: []) { chunk in
      for (row, file) in chunk.files.enumerated() {
        seen += 1
        let deleted = state.files.deletedRowCount(at: file)
        guard let count = chunk.table.rowCount(at: row), deleted >= 0, deleted <= count else {
          isKnown = false
          continue
        }
        let (sum, overflow) = total.addingReportingOverflow(count - deleted)
        if overflow { isKnown = false }
        total = sum
      }
    }
    return isKnown && seen == files.count ? total : nil
  }

  /// Whether the log's schema is at least JSON.
  package var schemaIsJSON: Bool { (try? MetadataJSON.parse(state.metadata.schemaString)) != nil }

  /// Whether this library may read the rows.
  ///
  /// - Throws: ``DeltaError``: `.unsupportedFeatures`, or what is wrong with the schema.
  public func checkReadable() throws(DeltaError) {
    try FeatureGate.checkReadable(
      state.protocolVersions, state.metadata, hasCatalog: location.catalogCommits != nil)
    if let schemaFailure { throw schemaFailure }
    for column in state.metadata.partitionColumns where schema[column] == nil {
      throw .corruptLog(
        "The table is partitioned by \(column), but its schema has no column of that exact name.", version: version)
    }
  }

  /// How rows get their stable ids; `nil` for a table that doesn't track rows.
  package var rowTracking: RowTracking? { RowTracking(state.metadata, protocol: state.protocolVersions) }

  /// Names, types and properties of the columns as files have them.
  package func columnMapping() throws(DeltaError) -> ColumnMapping {
    try ColumnMapping(
      schema: schema, mode: try ColumnMapping.mode(of: state.metadata, protocol: state.protocolVersions))
  }
}

extension Snapshot: CustomStringConvertible {
  public var description: String { "version \(version) of \(location.description)" }
}

/// Which log files a snapshot came from.
public struct LogSummary: Hashable, Sendable {
  /// `nil`: from the first commit on.
  public let checkpointVersion: Version?
  /// Commits (and compactions) read after it.
  public let commitCount: Int
}
