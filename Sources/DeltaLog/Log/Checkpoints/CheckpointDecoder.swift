package import Columnar

/// A batch of a checkpoint as table state: the files that still count, and what else the batch says.
package struct CheckpointPart: Sendable {
  package var facts = TableFacts()
  package var files = FileTable()
  package var tombstones = FileTable()
  /// Where the rest of the checkpoint is.
  package var sidecars: [SidecarFile] = []
  package var checkpointMetadata: CheckpointMetadata?

  package init() {}
}

/// Turns the batches of a checkpoint or sidecar into parts of a table's state, leaf by leaf.
///
/// A value without mutable state: several threads may decode batches of one checkpoint at a time.
package struct CheckpointDecoder: Sendable {
  private let newer: NewerFiles
  private let keepsTombstones: Bool
  private let keepsExtras: Bool

  init(newer: NewerFiles, keepsTombstones: Bool, keepsExtras: Bool) {
    self.newer = newer
    self.keepsTombstones = keepsTombstones
    self.keepsExtras = keepsExtras
  }

  /// Decodes a batch that was read with a ``CheckpointSchema``.
  ///
  /// - Parameters:
  ///   - file: the name of the checkpoint or sidecar, for errors and for finding statistics again.
  ///   - version: the checkpoint's.
  ///   - firstRow: the row of the file that is the batch's first.
  /// - Throws: `corruptCheckpoint`.
  package func decode(
    _ batch: RecordBatch, file: String, version: Version, firstRow: Int64
  ) throws(DeltaError) -> CheckpointPart {
    defer { withExtendedLifetime(batch) {} }
    var part = CheckpointPart()
    let source = LogSource(name: file, version: version, kind: .parquet)
    if let add = StructLeaf(batch["add"]) {
      part.files = try files(add, isAdd: true, source, firstRow)
    }
    if keepsTombstones, let remove = StructLeaf(batch["remove"]) {
      part.tombstones = try files(remove, isAdd: false, source, firstRow)
    }
    try readTableActions(batch, file, version, &part)
    return part
  }

  private func files(
    _ action: StructLeaf, isAdd: Bool, _ source: LogSource, _ firstRow: Int64
  ) throws(DeltaError) -> FileTable {
    let rows = action.rows
    if rows.isEmpty { return FileTable() }
    guard firstRow >= 0, firstRow + Int64(action.column.count) <= UInt32.max else {
      throw .corruptCheckpoint(
        "The checkpoint \(source.name) has more than \(UInt32.max) rows.", path: source.name, version: source.version)
    }
    do throws(CheckpointDamage) {
      let files = CheckpointFiles(
        action: action, isAdd: isAdd, source: source, firstRow: UInt32(firstRow), keepsExtras: keepsExtras)
      return try files.table(rows, unless: newer)
    } catch {
      throw .corruptCheckpoint(
        "The checkpoint \(source.name) is damaged: \(error.problem) in row \(firstRow + Int64(error.row)).",
        path: source.name, version: source.version)
    }
  }

  private func readTableActions(
    _ batch: RecordBatch, _ file: String, _ version: Version, _ part: inout CheckpointPart
  ) throws(DeltaError) {
    func required<Value>(_ value: Value?, _ name: String) throws(DeltaError) -> Value {
      guard let value else {
        throw .corruptCheckpoint(
          "The checkpoint \(file) is damaged: an action without \(name).", path: file, version: version)
      }
      return value
    }
    if let leaf = StructLeaf(batch["protocol"]) {
      for row in leaf.rows.map(Int.init) {
        let reader = try required(leaf.number("minReaderVersion", row), "minReaderVersion")
        let writer = try required(leaf.number("minWriterVersion", row), "minWriterVersion")
        part.facts.protocolVersions = ProtocolVersions(
          minReaderVersion: Int32(clamping: reader), minWriterVersion: Int32(clamping: writer),
          readerFeatures: leaf.list("readerFeatures", row), writerFeatures: leaf.list("writerFeatures", row))
      }
    }
    if let leaf = StructLeaf(batch["metaData"]) {
      for row in leaf.rows.map(Int.init) {
        let format = StructLeaf(leaf["format"])
        part.facts.metadata = TableMetadata(
          id: leaf.text("id", row) ?? "", name: leaf.text("name", row), description: leaf.text("description", row),
          format: TableMetadata.FileFormat(
            provider: format?.text("provider", row) ?? "parquet",
            options: (format?.map("options", row) ?? [:]).compactMapValues { $0 }),
          schemaString: try required(leaf.text("schemaString", row), "schemaString"),
          partitionColumns: leaf.list("partitionColumns", row) ?? [],
          createdTime: leaf.number("createdTime", row).map(Timestamp.init(milliseconds:)),
          configuration: (leaf.map("configuration", row) ?? [:]).compactMapValues { $0 })
      }
    }
    if let leaf = StructLeaf(batch["txn"]) {
      for row in leaf.rows.map(Int.init) {
        let transaction = AppTransaction(
          appId: try required(leaf.text("appId", row), "appId"),
          version: try required(leaf.number("version", row), "version"),
          lastUpdated: leaf.number("lastUpdated", row).map(Timestamp.init(milliseconds:)))
        part.facts.transactions[transaction.appId] = transaction
      }
    }
    if let leaf = StructLeaf(batch["domainMetadata"]) {
      for row in leaf.rows.map(Int.init) {
        let domain = try required(leaf.text("domain", row), "domain")
        part.facts.domains[domain] = DomainMetadata(
          domain: domain, configuration: leaf.text("configuration", row) ?? "",
          removed: leaf.boolean("removed", row) ?? false)
      }
    }
    if let leaf = StructLeaf(batch["sidecar"]) {
      for row in leaf.rows.map(Int.init) {
        part.sidecars.append(
          SidecarFile(
            path: try required(leaf.text("path", row), "path"), sizeInBytes: leaf.number("sizeInBytes", row) ?? 0,
            modificationTime: Timestamp(milliseconds: leaf.number("modificationTime", row) ?? 0),
            tags: leaf.map("tags", row)))
      }
    }
    if let leaf = StructLeaf(batch["checkpointMetadata"]) {
      for row in leaf.rows.map(Int.init) {
        part.checkpointMetadata = CheckpointMetadata(
          version: leaf.number("version", row) ?? version, tags: leaf.map("tags", row))
      }
    }
  }
}

/// What is wrong with one row of a checkpoint batch.
struct CheckpointDamage: Error {
  let problem: String
  let row: Int32
}
