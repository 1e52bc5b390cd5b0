import Columnar
import DeltaLog
import ObjectStorage
import Parquet
import Synchronization
import _TestSupport

@testable import DeltaLake

/// What must hold of a table in every state of a ``TableScenario``:
///
/// - Versions follow on one another without a gap, from the oldest that must be there to the latest.
/// - Each holds what the operation that committed it made of the version before: all of it, once, in the order of the log.
/// - What was reported as committed is there, as the version that was reported. What failed is nowhere. What has not
///   ended, or could not be told, is there wholly or not at all.
/// - Each version that must be there can be read, with all bytes of all its files; an older one rightly or not at all.
/// - The latest is the same with checkpoints as from the commits alone, and nothing that is used is damaged.
/// - Readers saw versions as they are.
/// - Nothing fails but by an injected failure, or by losing to another's commit.
struct TableCheck: Sendable {
  private let operations: [TableOperation]
  private let base: TableBase
  private let view: @Sendable (any ObjectStore) -> any ObjectStore
  private let versions: ModelVersions
  private let failuresAreInjected: Bool
  private let isDurable: Bool
  private let files = DataFileContents()
  private let tags = CommitTags()

  init(
    _ operations: [TableOperation], on base: TableBase, view: @escaping @Sendable (any ObjectStore) -> any ObjectStore,
    failuresAreInjected: Bool, isDurable: Bool
  ) {
    self.operations = operations
    self.view = view
    self.base = base
    versions = base.versions
    self.failuresAreInjected = failuresAreInjected
    self.isDurable = isDurable
  }

  func check(_ state: ScenarioState<TableOperation.Report>) async throws {
    let log = try await LogContents(state.store, tags)
    let made = try committed(log)
    try await checkTable(state, log, made.versions)
    try checkReports(state, made)
  }

  // MARK: The log

  /// What the versions should hold by the commits that are there, and which commit of the operations each is.
  private func committed(_ log: LogContents) throws -> (versions: ModelVersions, makers: [String: Version]) {
    var versions = versions
    var makers: [String: Version] = [:]
    guard let latest = log.tags.keys.max() else { return (versions, makers) }
    try require(latest >= base.lastVersion, "version \(base.lastVersion) is gone")
    for version in base.lastVersion + 1..<max(latest + 1, base.lastVersion + 1) {
      guard let tag = log.tags[version] else {
        throw ScenarioViolation("version \(version) is missing before \(latest)")
      }
      guard let commit = operations.lazy.flatMap(\.commits).first(where: { $0.name == tag }) else {
        throw ScenarioViolation("nobody commits '\(tag ?? "")', which is version \(version)")
      }
      if let other = makers.updateValue(version, forKey: commit.name) {
        throw ScenarioViolation("'\(commit.name)' is there twice, as versions \(other) and \(version)")
      }
      var table = versions[version - 1] ?? ModelTable()
      commit.effect(&table, versions)
      versions[version] = table
    }
    return (versions, makers)
  }

  /// The oldest version that must be there: those before a checkpoint may go once they have expired.
  private func oldestVersion(_ log: LogContents) -> Version {
    guard operations.contains(where: { $0.traits.contains(.cleans) }) else { return 0 }
    return log.checkpoints.filter { $0 <= base.lastVersion }.max() ?? 0
  }

  // MARK: The table

  private func checkTable(
    _ state: ScenarioState<TableOperation.Report>, _ log: LogContents, _ versions: ModelVersions
  ) async throws {
    guard let latest = versions.keys.max() else {
      let found = try await DeltaTable(store: view(state.store)).existing()
      return try require(found == nil, "there is a table")
    }
    let oldest = oldestVersion(log)
    for version in oldest...latest { try require(log.tags[version] != nil, "commit \(version) is gone") }
    for version in 0...latest {
      let expected = versions[version] ?? ModelTable()
      try await state.part("version \(version), \(version < oldest ? "if it is there, " : "")holds \(expected)") {
        store in
        let snapshot: Snapshot
        do {
          snapshot = try await DeltaTable(store: view(store)).snapshot(asOf: .version(version))
        } catch  where version < oldest {
          return
        }
        try require(snapshot.version == version, "version \(version) is read as \(snapshot.version)")
        let found = try await files.model(of: snapshot)
        try require(found == expected, "version \(version) holds \(found) in place of \(expected)")
      }
    }
    let expected = versions[latest] ?? ModelTable()
    let hasAlternative = (!log.checkpoints.isEmpty || log.hasCompactions) && log.tags[0] != nil
    try await state.part("the latest, \(latest), holds \(expected)") { store in
      let newest = try await DeltaTable(store: view(store)).snapshot()
      try require(newest.version == latest, "the latest version is read as \(newest.version), not \(latest)")
      if isDurable { try require(newest.warnings.isEmpty, "there are warnings: \(newest.warnings)") }
      let scanned = try await newest.model()
      try require(scanned == expected, "a scan of version \(latest) gives \(scanned) in place of \(expected)")
      if hasAlternative { try await checkAgainstCommits(newest, store) }
    }
  }

  /// Reads the table without its checkpoints and compactions.
  private func checkAgainstCommits(_ newest: Snapshot, _ store: any ObjectStore) async throws {
    let plain = try await DeltaTable(store: StoreWithCommitsAlone(base: store)).snapshot(asOf: .version(newest.version))
    try require(plain.log.checkpointVersion == nil, "a checkpoint was used though there is none")
    func files(_ snapshot: Snapshot) -> Set<String> {
      Set(snapshot.files.map { "\($0.path) \($0.sizeInBytes) \($0.partitionValues.sorted { $0.key < $1.key })" })
    }
    try require(files(plain) == files(newest), "checkpoint and compactions have other files than the commits")
    try require(
      plain.metadata == newest.metadata && plain.protocol == newest.protocol
        && plain.state.transactions == newest.state.transactions && plain.state.domains == newest.state.domains,
      "checkpoint and compactions say something else of the table than the commits")
  }

  // MARK: What was reported

  private func checkReports(
    _ state: ScenarioState<TableOperation.Report>, _ made: (versions: ModelVersions, makers: [String: Version])
  ) throws {
    for (operation, progress) in zip(operations, state.operations) {
      switch progress {
      case .running: break
      case .returned(let report): try checkReport(report, of: operation, made)
      case .threw(let error):
        if isUnknown(error) { continue }
        // Of several commits those before the failure stay.
        if operation.commits.count == 1, let version = made.makers[operation.commits[0].name] {
          throw ScenarioViolation("'\(operation)' failed and is version \(version): \(error)")
        }
        if !failuresAreInjected { try require(isLoss(error), "'\(operation)' failed: \(error)") }
      }
    }
  }

  private func checkReport(
    _ report: TableOperation.Report, of operation: TableOperation,
    _ made: (versions: ModelVersions, makers: [String: Version])
  ) throws {
    for (name, reported) in report.commits {
      guard let version = made.makers[name] else {
        throw ScenarioViolation("'\(name)' was reported as committed and is gone")
      }
      if let reported { try require(version == reported, "'\(name)' is version \(version) and said \(reported)") }
    }
    try require(report.reads.map(\.version) == report.reads.map(\.version).sorted(), "a reader went back")
    for (version, table) in report.reads {
      guard let right = made.versions[version] else { continue }
      try require(table == right, "a reader saw version \(version) as \(table) in place of \(right)")
    }
  }

  private func isUnknown(_ error: any Error) -> Bool { (error as? DeltaError)?.code == .outcomeUnknown }

  /// Whether it is what comes of others' being faster.
  private func isLoss(_ error: any Error) -> Bool {
    guard let code = (error as? DeltaError)?.code else { return false }
    switch code {
    case .conflict: return true
    // Another has made the table.
    case .alreadyExists: return base.lastVersion < 0
    // What was to be restored has been cleaned up.
    case .versionNotFound: return operations.contains { $0.traits.contains(.cleans) }
    default: return false
    }
  }

  /// What the check knows of an operation.
  static func text(of progress: OperationProgress<TableOperation.Report>) -> String {
    switch progress {
    case .running: "running"
    case .returned(let report):
      (report.commits.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value ?? -1)" }
        + report.reads.map { "read \($0.version): \($0.table)" }).joined(separator: "; ")
    case .threw(let error as DeltaError): "failed \(error.code)"
    case .threw(let error): "failed \(error)"
    }
  }
}

/// Which versions a log has, by its files alone.
private struct LogContents {
  /// For each commit what its writer noted.
  var tags: [Version: String?] = [:]
  /// The versions of checkpoints.
  var checkpoints: Set<Version> = []
  var hasCompactions = false

  init(_ store: any ObjectStore, _ known: CommitTags) async throws {
    for object in try await store.list("_delta_log") {
      guard let file = LogFile(parsing: String(object.name), sizeInBytes: Int64(object.size)) else { continue }
      switch file.kind {
      case .commit:
        tags[file.version] = .some(try known.tag(of: try await store.read(object.path), file))
      case .classicCheckpoint, .uuidCheckpoint, .checkpointPart: checkpoints.insert(file.version)
      case .compaction: hasCompactions = true
      case .checksum, .stagedCommit: break
      }
    }
  }
}

/// What writers noted in commits, each read once. A class, since it keeps them.
private final class CommitTags: Sendable {
  private let known = Mutex<[[UInt8]: String?]>([:])

  func tag(of bytes: [UInt8], _ file: LogFile) throws -> String? {
    if let tag = known.withLock({ $0[bytes] }) { return tag }
    let tag = try CommitScanner.commitInfo(in: bytes, file: file.name, version: file.version)?.userMetadata
    known.withLock { $0[bytes] = .some(tag) }
    return tag
  }
}

/// The rows of data files, each read once. A class, since it keeps them.
private final class DataFileContents: Sendable {
  private let known = Mutex<[[UInt8]: [Int64]]>([:])

  /// What a snapshot holds, by the files that it names.
  func model(of snapshot: Snapshot) async throws -> ModelTable {
    var model = ModelTable(
      columns: snapshot.schema.fields.map(\.name), note: snapshot.metadata.configuration[ModelTable.noteProperty])
    for file in snapshot.files {
      let bytes = try await snapshot.location.store.read(PercentEncoding.decoded(file.path))
      try require(bytes.count == file.sizeInBytes, "\(file.path) has \(bytes.count) bytes, not \(file.sizeInBytes)")
      for id in try await ids(in: bytes) {
        let old = model.rows.updateValue((file.partitionValues["part"] ?? nil) ?? "none", forKey: id)
        try require(old == nil, "row \(id) is there twice")
      }
    }
    return model
  }

  private func ids(in bytes: [UInt8]) async throws -> [Int64] {
    if let ids = known.withLock({ $0[bytes] }) { return ids }
    let file = try await ParquetFile.open(BytesInMemory(bytes: bytes))
    var ids: [Int64] = []
    for try await batch in RecordBatches(of: file) {
      for row in 0..<batch.rowCount {
        if case .long(let id) = batch["id"]?.scalar(at: row) { ids.append(id) }
      }
    }
    let found = ids
    known.withLock { $0[bytes] = found }
    return ids
  }
}

private struct BytesInMemory: ByteSource {
  let bytes: [UInt8]
  var name: String { "a data file" }

  func size() async throws -> Int { bytes.count }

  func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    ranges.map { range in bytes[range].withUnsafeBytes { Buffer(copying: $0) } }
  }
}
