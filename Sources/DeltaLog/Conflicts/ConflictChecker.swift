internal import Columnar

/// Decides whether a commit can follow another one that was made first, by what both did and what this one read.
///
/// The rules are those of Spark, with less strictness where the outcome is the same as if one commit had been made and
/// seen after the other: rows that were only put into other files are still there, and two commits may delete different
/// rows of one file.
package enum ConflictChecker {
  /// Judges one commit; of several, each from what the one before left.
  ///
  /// - Returns: the commit as if it had been prepared from the winner's version, or what stands against it.
  /// - Throws: `unsupportedFeatures` when the winner made the table one that this library can't write, `corruptLog`
  ///   when the winner's row ids can't be understood.
  package static func check(
    _ mine: PreparedCommit, against winner: WinningCommit,
    implementing implemented: Set<String> = WriterFeatures.implemented
  ) throws(DeltaError) -> ConflictVerdict {
    var rebased = mine
    rebased.readVersion = winner.version
    if let conflict = try checkProtocol(mine, winner, implemented, &rebased) { return .conflicts(conflict) }
    if let conflict = checkMetadata(mine, winner, &rebased) { return .conflicts(conflict) }
    if let conflict = checkDomains(mine, winner) { return .conflicts(conflict) }
    if let conflict = checkApplications(mine, winner) { return .conflicts(conflict) }
    if let domain = winner.domains[RowTracking.domain], !domain.removed { try rebased.rowIds.observe(domain) }
    if mine.reads.everyFile, let conflict = checkEveryFile(winner) { return .conflicts(conflict) }
    if let conflict = checkAppends(mine, winner) { return .conflicts(conflict) }
    var files = FileConflicts(mine, winner)
    if let conflict = files.check(&rebased) { return .conflicts(conflict) }
    return .rebases(rebased, files.resolutions)
  }

  // MARK: Protocol

  /// Features that a commit prepared without them goes together with: nothing of it would have to be different, or the
  /// property that turns them on is judged as a change of the metadata.
  private static let harmlessFeatures: Set<String> = [
    "appendOnly", "changeDataFeed", "columnMapping", "timestampNtz", "deletionVectors", "rowTracking",
    "domainMetadata", "icebergCompatV1", "icebergCompatV2", "icebergCompatV3", "v2Checkpoint", "catalogManaged",
    "typeWidening", "inCommitTimestamp", "vacuumProtocolCheck", "checkpointProtection",
  ]

  private static func checkProtocol(
    _ mine: PreparedCommit, _ winner: WinningCommit, _ implemented: Set<String>, _ rebased: inout PreparedCommit
  ) throws(DeltaError) -> CommitConflict? {
    let read = FeatureSet(mine.protocolVersions)
    let own = mine.actions.firstProtocol.map(FeatureSet.init)
    guard let changed = winner.protocolVersions else {
      if let own, !own.names.isSuperset(of: read.names), winner.changesAnything {
        return CommitConflict(
          .protocolChanged, winner,
          "changed the table while this commit drops a feature, for which it was not looked at")
      }
      return nil
    }
    try FeatureGate.checkWritable(changed, winner.metadata ?? mine.metadata, implementing: implemented)
    if own != nil {
      return CommitConflict(.protocolChanged, winner, "changed the table's protocol, which this commit changes, too")
    }
    let now = FeatureSet(changed)
    if let dropped = read.names.subtracting(now.names).min() {
      return CommitConflict(
        .protocolChanged, winner, "dropped the feature '\(dropped)', which this commit may make use of")
    }
    let added = now.names.subtracting(read.names).filter {
      !harmlessFeatures.contains(FeatureRules.rule($0)?.name ?? $0)
    }
    if let feature = added.min() {
      return CommitConflict(
        .protocolChanged, winner, "added the feature '\(feature)', which this commit was prepared without")
    }
    rebased.protocolVersions = changed
    return nil
  }

  // MARK: Metadata

  private static func checkMetadata(
    _ mine: PreparedCommit, _ winner: WinningCommit, _ rebased: inout PreparedCommit
  ) -> CommitConflict? {
    guard let changed = winner.metadata else { return nil }
    let change = MetadataChange(from: mine.metadata, to: changed)
    if mine.actions.firstMetadata != nil {
      return CommitConflict(
        .metadataChanged, winner, "changed the table's \(change.subject), and this commit changes its metadata, too")
    }
    if mine.reads.definition {
      return CommitConflict(
        .metadataChanged, winner, "changed the table's \(change.subject), which this commit sets to what they were")
    }
    if let obstacle = change.obstacle(under: rebased.protocolVersions) {
      return CommitConflict(.metadataChanged, winner, "changed the table's \(obstacle)")
    }
    rebased.metadata = changed
    if change.enablesRowTracking, mine.copiesRows { rebased.preservesRowIds = false }
    return nil
  }

  // MARK: Domains and applications

  /// Spec: Delta § Domain Metadata
  private static func checkDomains(_ mine: PreparedCommit, _ winner: WinningCommit) -> CommitConflict? {
    var domains = mine.reads.domains
    for case .domainMetadata(let domain) in mine.actions { domains.insert(domain.domain) }
    domains.remove(RowTracking.domain)
    guard let domain = domains.intersection(winner.domains.keys).min() else { return nil }
    return CommitConflict(
      .domainMetadataChanged, winner, "changed the metadata domain '\(domain)', which this commit uses, too")
  }

  /// Spec: Delta § Transaction Identifiers
  private static func checkApplications(_ mine: PreparedCommit, _ winner: WinningCommit) -> CommitConflict? {
    var appIds = mine.reads.appIds
    for case .transaction(let transaction) in mine.actions { appIds.insert(transaction.appId) }
    guard let appId = appIds.intersection(winner.appIds).min() else { return nil }
    return CommitConflict(
      .concurrentTransaction, winner,
      "recorded a transaction of the application '\(appId)', whose last one this commit goes on from")
  }

  private static func checkEveryFile(_ winner: WinningCommit) -> CommitConflict? {
    if let path = winner.addedPaths.first {
      return CommitConflict(.concurrentAppend, winner, "changed the file \(path), and this commit is about all files")
    }
    return winner.removedPaths.first.map { path in
      CommitConflict(.concurrentDeleteRead, winner, "removed the file \(path), and this commit is about all files")
    }
  }

  // MARK: Appends

  private static func checkAppends(_ mine: PreparedCommit, _ winner: WinningCommit) -> CommitConflict? {
    switch mine.isolationLevel {
    case .snapshotIsolation: return nil
    case .writeSerializable where winner.isBlindAppend && !mine.changesDefinition: return nil
    case .writeSerializable, .serializable: break
    }
    let files = winner.newFiles
    if files.isEmpty || mine.reads.isBlind { return nil }
    guard let matcher = ReadMatcher(mine) else {
      return CommitConflict(
        .concurrentAppend, winner, "added the file \(files[0].path), and this commit reads the table")
    }
    for file in files {
      if let clause = matcher.clause(reading: file) {
        return CommitConflict(.concurrentAppend, winner, "added the file \(file.path), \(clause)")
      }
    }
    return nil
  }
}

extension WinningCommit {
  var changesAnything: Bool {
    !adds.isEmpty || !removes.isEmpty || !domains.isEmpty || metadata != nil || protocolVersions != nil
  }
}

extension [Action] {
  package var firstProtocol: ProtocolVersions? {
    for case .protocol(let versions) in self { return versions }
    return nil
  }

  package var firstMetadata: TableMetadata? {
    for case .metadata(let metadata) in self { return metadata }
    return nil
  }
}

/// Tells whether a transaction would have read a file.
private struct ReadMatcher {
  private let reads: TransactionReads
  private let mapping: ColumnMapping
  private let partitionFields: [(logical: String, physical: StructField)]
  private let columns: [[StatisticsColumn]]

  /// `nil` when the table's schema can't be understood.
  init?(_ mine: PreparedCommit) {
    reads = mine.reads
    guard let schema = try? SchemaJSON.parse(mine.metadata.schemaString),
      let mode = try? ColumnMapping.mode(of: mine.metadata, protocol: mine.protocolVersions),
      let mapping = try? ColumnMapping(schema: schema, mode: mode)
    else { return nil }
    self.mapping = mapping
    partitionFields = mine.metadata.partitionColumns.compactMap { name in
      mapping.physicalFields(of: [name]).first.map { (name, $0) }
    }
    let partitionColumns = Set(mine.metadata.partitionColumns)
    columns = mine.reads.predicates.map { predicate in
      predicate.expression.columns.filter { $0.names.count > 1 || !partitionColumns.contains($0.names[0]) }
        .compactMap { StatisticsColumn($0, in: mapping) }
    }
  }

  /// Why the file would have been read, in words; `nil` when it would not.
  func clause(reading file: AddFile) -> String? {
    if reads.wholeTable { return "and this commit reads the whole table" }
    if !reads.partitions.isEmpty {
      guard let key = try? PartitionKey(file.partitionValues, of: partitionFields.map(\.physical)) else {
        return "whose partition can't be understood"
      }
      if reads.partitions.contains(key) { return "which is in a partition that this commit reads" }
    }
    guard !reads.predicates.isEmpty else { return nil }
    var values: [String: Scalar] = [:]
    for (name, field) in partitionFields {
      let text = file.partitionValues[field.name] ?? nil
      guard let value = try? PartitionValues.scalar(text, of: field.type, column: name) else { continue }
      values[name] = value
    }
    for (predicate, columns) in zip(reads.predicates, columns) {
      let statistics = file.stats.flatMap { FileStatistics(json: $0, columns: columns) }
      if statistics?.numRecords == 0 { continue }
      if DataSkipping.mayMatch(predicate, partitionValues: values, statistics: statistics) {
        return "which may have rows for this commit's condition \(predicate)"
      }
    }
    return nil
  }
}
