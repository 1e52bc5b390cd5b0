internal import Columnar
public import DeltaLog

extension DeltaTable {
  /// Changes columns, properties or rules of the table, all in one commit.
  ///
  /// ```swift
  /// try await table.alter([.addColumns([AddedColumn(StructField("note", .string))])])
  /// ```
  ///
  /// Rows are looked at only for rules that they must keep: NOT NULL and constraints. When a feature is dropped whose
  /// traces older versions have, the versions before and after get checkpoints.
  ///
  /// - Throws: ``DeltaError``: `.operationRefused` with the way out, `.invalidArgument`, `.alreadyExists`,
  ///   `.constraintViolation` when rows break a new rule, `.conflict`.
  @discardableResult
  public func alter(_ changes: [SchemaChange], options: CommitOptions = CommitOptions()) async throws -> Commit? {
    var transaction = try await transaction(options: options)
    guard let base = transaction.base, !base.hasSeen(options.appTransaction) else { return nil }
    let before = try TableDefinition(base)
    var requests = FeatureRequest()
    let plain = try changes.map { change throws(DeltaError) in
      try requests.taking(change, current: base.metadata.configuration)
    }
    let result = try before.applying(plain)
    if !result.requirements.isEmpty {
      try await base.check(result.requirements)
      transaction.changes.reads.wholeTable = true
    }
    if result.table.clusteringColumns != nil {
      if !plain.droppedFeatures.contains("clustering") { requests.features.insert("clustering") }
      transaction.changes.reads.domains.insert(ClusteringDomain.name)
    }
    var metadata = try result.table.writtenMetadata()
    if metadata.isTrue("delta.enableRowTracking"), !base.metadata.isTrue("delta.enableRowTracking") {
      metadata = RowTracking.enabling(metadata)
      transaction.changes.adds = try await base.filesWithoutRowIds()
      transaction.changes.reads.everyFile = true
    }
    var versions = try ProtocolUpgrade.upgraded(base.protocol, for: metadata, result.table.schema, requests)
    let dropping = FeatureDropping(base: base, durability: options.durability)
    let removals = try await dropping.removals(
      of: plain.droppedFeatures, from: result.table, versions ?? base.protocol)
    if let last = removals.last {
      metadata = last.metadata
      versions = last.protocolVersions
      transaction.changes.domains = removals.flatMap(\.removedDomains)
      transaction.changes.reads.wholeTable = true
    }
    try FeatureConditions.check(versions ?? base.protocol, metadata, result.table.schema)
    if let readiness = try IcebergReadiness(base, metadata, versions ?? base.protocol, result.table.schema) {
      try await readiness.check()
      transaction.changes.reads.everyFile = true
    }
    if metadata != base.metadata { transaction.changes.metadata = metadata }
    transaction.changes.protocolVersions = versions
    if result.table.clusteringColumns != before.clusteringColumns,
      let domain = try result.table.clusteringDomain()
    {
      transaction.changes.domains.append(domain)
    }
    guard metadata != base.metadata || versions != nil || !transaction.changes.domains.isEmpty else { return nil }
    transaction.changes.operation = try CommitOperation(plain, before: before, after: result.table, versions)
    return await dropping.finish(try await transaction.commit(), removals)
  }
}

extension [SchemaChange] {
  fileprivate var droppedFeatures: [String] {
    compactMap { if case .dropFeature(let name) = $0 { name } else { nil } }
  }
}

extension Snapshot {
  /// The files that must get ids for their rows before the table may track them, to be added anew.
  ///
  /// Spec: Delta § Writer Requirements for Row Tracking
  fileprivate func filesWithoutRowIds() async throws -> [AddFile] {
    let rows = (0..<state.files.count).filter {
      state.files.baseRowId(at: $0) == nil || state.files.defaultRowCommitVersion(at: $0) == nil
    }
    return try await AddFileLoader(snapshot: self).files(rows).map { file in
      var file = file
      file.dataChange = false
      return file
    }
  }
}

extension FeatureRequest {
  /// The change without what it asks of the protocol, with properties checked.
  ///
  /// - Parameter current: the table's properties.
  fileprivate mutating func taking(
    _ change: SchemaChange, current: [String: String]
  ) throws(DeltaError) -> SchemaChange {
    guard case .setProperties(var properties) = change else { return change }
    let request = try FeatureRequest(takingFrom: &properties)
    features.formUnion(request.features)
    minReaderVersion = request.minReaderVersion ?? minReaderVersion
    minWriterVersion = request.minWriterVersion ?? minWriterVersion
    return .setProperties(try TableProperties.checked(properties, current: current))
  }
}

extension Snapshot {
  /// Looks at the rows that there are.
  ///
  /// - Throws: `constraintViolation` for the first requirement that some break.
  fileprivate func check(_ requirements: [RowRequirement]) async throws {
    for requirement in requirements {
      // Null is no truth: such rows break it, too.
      let broken = ColumnExpression.not(
        .comparison(.nullSafeEqual, requirement.condition.expression, .literal(.boolean(true))))
      var scan = try scan().where(ColumnPredicate(broken))
      scan.isOrdered = false
      scan = try scan.select(Array(Set(requirement.condition.columns.map { $0.names[0] })).sorted())
      var count: Int64 = 0
      for try await batch in scan.batches() { count += Int64(batch.rowCount) }
      if count > 0 { throw requirement.violated(by: count) }
    }
  }
}

extension CommitOperation {
  /// What the history calls the changes: by the first of them.
  fileprivate init(
    _ changes: [SchemaChange], before: TableDefinition, after: TableDefinition, _ versions: ProtocolVersions?
  ) throws(DeltaError) {
    func column(_ path: ColumnPath) -> Column {
      Column(
        after.schema.field(at: path) ?? StructField(path.names[path.names.count - 1], .null),
        in: Array(path.names.dropLast()))
    }
    switch changes.first {
    case .addColumns(let columns):
      self = .addColumns(
        columns.map { added in
          var column = Column(added.field, in: added.parent?.names ?? [])
          switch added.position {
          case .first: column.position = "FIRST"
          case .after(let name): column.position = "AFTER " + name
          case nil: break
          }
          return column
        })
    case .dropColumns(let paths): self = .dropColumns(paths.map(\.names))
    case .renameColumn(let path, let name):
      self = .renameColumn(path.names, to: Array(path.names.dropLast()) + [name])
    case .moveColumn(let path, _), .changeType(let path, _), .setNotNull(let path), .dropNotNull(let path),
      .setComment(let path, _), .setDefault(let path, _), .dropDefault(let path), .synchronizeIdentity(let path, _):
      self = .changeColumn(column(path))
    case .setProperties(let properties):
      if let versions, properties.isEmpty {
        self = .upgradeProtocol(to: versions)
      } else {
        self = .setProperties(properties)
      }
    case .unsetProperties(let names, let ifExists): self = .unsetProperties(names, ifExists: ifExists)
    case .addConstraint(let name, let condition): self = .addConstraint(name, condition)
    case .dropConstraint(let name, _):
      self = .dropConstraint(name, before.checkConstraints.first { $0.name.lowercased() == name.lowercased() }?.sql)
    case .clusterBy(let paths):
      func text(_ paths: [ColumnPath]?) -> String {
        (paths ?? []).map { $0.names.joined(separator: ".") }.joined(separator: ",")
      }
      self = .cluster(by: text(paths), before: text(before.clusteringColumns))
    case .dropFeature(let name): self = .dropFeature(try FeatureRequest.rule(name).name)
    case nil: self = .manualUpdate
    }
  }
}

extension StructType {
  /// The field that a path through structs leads to.
  fileprivate func field(at path: ColumnPath) -> StructField? {
    var type = self
    var found: StructField?
    for name in path.names {
      found = type.fields.first { $0.name.lowercased() == name.lowercased() }
      if case .struct(let inner)? = found?.type { type = inner } else { type = StructType([]) }
    }
    return found
  }
}
