internal import Columnar
public import DeltaLog
internal import ObjectStorage

/// What a restore did.
public struct RestoreReport: Sendable {
  /// `nil` when the table was in that state already.
  public var commit: Commit?
  /// The version whose state the table has now.
  public var version: Version
  /// Files that came back.
  public var restoredFileCount = 0
  /// Files that left.
  public var removedFileCount = 0
}

extension DeltaTable {
  /// Sets the table back to an earlier version or time: a new version with the rows, schema and properties of that one.
  /// Nothing of the history is lost, and the protocol never goes back.
  ///
  /// That the files are still there is checked before anything is committed.
  ///
  /// - Parameter ignoresMissingFiles: whether files that have been vacuumed are left out, with their rows, rather than
  ///   an error.
  /// - Throws: ``DeltaError``: `.versionNotFound`, `.missingDataFile` naming files that are gone, `.conflict`.
  @discardableResult
  public func restore(
    to moment: Moment, ignoresMissingFiles: Bool = false, options: CommitOptions = CommitOptions()
  ) async throws -> RestoreReport {
    var transaction = try await transaction(options: options)
    let target = try await snapshot(asOf: moment)
    guard let base = transaction.base else { preconditionFailure("a transaction of a table has a base") }
    var plan = try RestorePlan(from: base, to: target)
    var report = RestoreReport(version: target.version)
    if plan.isEmpty || base.hasSeen(options.appTransaction) { return report }
    try FeatureGate.checkWritable(
      plan.protocolVersions ?? base.protocol, plan.metadata, implementing: WriterFeatures.implemented)
    try plan.checkForIceberg()
    let missing = try await plan.missingFiles(in: target)
    if !missing.isEmpty {
      guard ignoresMissingFiles else { throw DeltaError.cannotRestore(missing, to: target.version) }
      plan.leaveOut(missing)
    }
    let now = Timestamp.now()
    transaction.changes.adds = try await AddFileLoader(snapshot: target).files(plan.restored).map { file in
      var file = file
      file.dataChange = true
      return file
    }
    transaction.changes.removes = plan.removed.map { base.state.files.removal(of: $0, at: now) }
    transaction.changes.reads.wholeTable = true
    transaction.changes.reads.definition = true
    if plan.metadata != base.metadata { transaction.changes.metadata = plan.metadata }
    transaction.changes.protocolVersions = plan.protocolVersions
    if let clustering = plan.clustering { transaction.changes.domains.append(clustering) }
    transaction.changes.operation = .restore(to: target.version)
    transaction.changes.metrics = plan.metrics(target)
    report.restoredFileCount = plan.restored.count
    report.removedFileCount = plan.removed.count
    report.commit = try await transaction.commit()
    return report
  }
}

/// Which files come and go to make one version out of another.
struct RestorePlan {
  private let base: Snapshot
  private let target: Snapshot
  /// Rows of the target's file table.
  private(set) var restored: [Int]
  /// Rows of the present file table.
  let removed: [Int]
  /// The target's, but for what must not go back: ids of columns and identity values that were given since, the versions
  /// that are protected, and the times that commits carry.
  let metadata: TableMetadata

  init(from base: Snapshot, to target: Snapshot) throws(DeltaError) {
    self.base = base
    self.target = target
    metadata = try Self.metadata(from: base, to: target)
    let present = Set((0..<base.state.files.count).map { base.state.files.key(at: $0) })
    let wanted = Set((0..<target.state.files.count).map { target.state.files.key(at: $0) })
    restored = (0..<target.state.files.count).filter { !present.contains(target.state.files.key(at: $0)) }
    removed = (0..<base.state.files.count).filter { !wanted.contains(base.state.files.key(at: $0)) }
  }

  var isEmpty: Bool {
    restored.isEmpty && removed.isEmpty && metadata == base.metadata && clustering == nil
  }

  private static func metadata(from base: Snapshot, to target: Snapshot) throws(DeltaError) -> TableMetadata {
    var metadata = target.metadata
    let schema = try IdentityColumn.keepingMarks(of: base.schema, in: target.schema)
    if schema != target.schema { metadata.schemaString = try SchemaJSON.string(for: schema) }
    for key in lastingProperties {
      metadata.configuration[key] = base.metadata.configuration[key]
    }
    let key = FieldNaming.maximumIdProperty
    let ids = [target, base].compactMap { $0.metadata.configuration[key].flatMap { Int64($0) } }
    if let greatest = ids.max(), metadata.configuration[ColumnMapping.modeProperty] != nil {
      metadata.configuration[key] = String(greatest)
    }
    return metadata
  }

  private static let lastingProperties = [
    "delta.enableInCommitTimestamps", "delta.inCommitTimestampEnablementVersion",
    "delta.inCommitTimestampEnablementTimestamp", "delta.requireCheckpointProtectionBeforeVersion",
  ]

  /// What the rows are to be clustered by, where that changes: the columns of the present clustering may not be there.
  ///
  /// Spec: Delta § Clustered Table
  var clustering: DomainMetadata? {
    let (now, then) = (base.domainMetadata(ClusteringDomain.name), target.domainMetadata(ClusteringDomain.name))
    if now?.configuration == then?.configuration { return nil }
    return then ?? now.map { DomainMetadata(domain: $0.domain, configuration: $0.configuration, removed: true) }
  }

  /// The features of both versions; `nil` when the present protocol has them all.
  var protocolVersions: ProtocolVersions? {
    let present = FeatureSet(base.protocol)
    let all = present.union(FeatureSet(target.protocol))
    return all == present ? nil : all.versions(atLeast: base.protocol)
  }

  /// What was compatible with Iceberg then need not be any more, since the protocol has got features.
  ///
  /// - Throws: `operationRefused` with what is wrong.
  func checkForIceberg() throws(DeltaError) {
    let versions = protocolVersions ?? base.protocol
    guard metadata != base.metadata || versions != base.protocol else { return }
    try FeatureConditions.refuse(FeatureConditions.icebergViolations(versions, metadata, target.schema))
    try IcebergCompat.checkPartitioning(
      from: base.metadata.partitionColumns.compactMap { base.schema[$0] },
      to: metadata.partitionColumns.compactMap { target.schema[$0] }, versions, metadata)
  }

  /// Restored files that are not in the store any more, or whose deletion vectors are not.
  func missingFiles(in target: Snapshot) async throws -> [Int] {
    let needed = try neededFiles(target)
    var missing: Set<Int> = []
    try await needed.indices.forEach(workingAhead: 16) { index -> [Int] in
      let (file, rows) = needed[index]
      do {
        _ = try await file.store.metadata(of: file.path)
        return []
      } catch let error as StorageError where error.code == .notFound {
        return rows
      }
    } then: { _, rows in
      missing.formUnion(rows)
    }
    return missing.sorted()
  }

  /// Each file that must be there, and the restored rows that need it: one file holds many deletion vectors.
  private func neededFiles(_ target: Snapshot) throws(DeltaError) -> [(FileReference, [Int])] {
    let table = target.state.files
    let vectors = DeletionVectorReader(location: target.location)
    var needed: [(FileReference, [Int])] = []
    var places: [String: Int] = [:]
    for row in restored {
      needed.append((try FileReference(decoding: table.path(at: row), in: target.location), [row]))
      guard let vector = table.deletionVector(at: row), let file = try vectors.file(of: vector) else { continue }
      if let place = places[file.name] {
        needed[place].1.append(row)
      } else {
        places[file.name] = needed.count
        needed.append((file, [row]))
      }
    }
    return needed
  }

  mutating func leaveOut(_ rows: [Int]) {
    let gone = Set(rows)
    restored.removeAll(where: gone.contains)
  }

  func metrics(_ target: Snapshot) -> [OperationMetric: Int64] {
    let files = target.state.files
    let old = base.state.files
    return [
      .tableSizeAfterRestore: target.sizeInBytes, .filesAfterRestore: Int64(files.count),
      .restoredFiles: Int64(restored.count), .removedFiles: Int64(removed.count),
      .restoredFilesSize: restored.reduce(0) { $0 &+ max(0, files.sizes[$1]) },
      .removedFilesSize: removed.reduce(0) { $0 &+ max(0, old.sizes[$1]) },
    ]
  }
}

extension FileTable {
  /// What tells a logical file from others: path and deletion vector.
  fileprivate func key(at row: Int) -> String {
    path(at: row) + (deletionVector(at: row).map { "\0" + $0.uniqueId } ?? "")
  }
}
