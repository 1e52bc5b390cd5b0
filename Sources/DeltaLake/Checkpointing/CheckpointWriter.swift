internal import Columnar
internal import DeltaLog
internal import ObjectStorage
internal import Parquet

/// Writes the state of a version as a checkpoint.
///
/// Nothing of the table is held: the rows of the older checkpoint stream through, less those that commits since then have
/// named, and the commits' own follow. Statistics, which a snapshot doesn't keep, come along that way.
///
/// A classic checkpoint is one file that appears whole, and only after what is in it was read back. The file actions of a
/// V2 checkpoint are in sidecars, which nobody looks at before the checkpoint that names them is there.
///
/// Spec: Delta § Checkpoints
struct CheckpointWriter {
  private let snapshot: Snapshot
  private let durability: Durability
  private let retention: LogRetention
  /// Another writer's checkpoint of the version says the same, unless it is damaged.
  private var condition = WriteCondition.ifAbsent

  init(_ snapshot: Snapshot, durability: Durability, now: Timestamp = .now()) {
    self.snapshot = snapshot
    self.durability = durability
    retention = LogRetention(TableProperties(snapshot.metadata), now: now)
  }

  private var log: LogDirectory { LogDirectory(location: snapshot.location) }
  private var properties: TableProperties { TableProperties(snapshot.metadata) }
  private var isV2: Bool { snapshot.protocol.hasActive("v2Checkpoint", snapshot.metadata) }

  /// How often another way to the version is tried: by the log as it is after a clean-up, or without a damaged checkpoint.
  private static let attemptLimit = 16

  /// A damaged checkpoint of the version is replaced; older ones that are damaged are done without.
  ///
  /// - Parameter trail: the way to the version, if its checkpoint is hardly there yet; `nil`: the log is listed.
  /// - Returns: what `_last_checkpoint` is to say; of an older writer's checkpoint when the version has one already.
  /// - Throws: ``DeltaError``; the table is as it was then.
  mutating func write(along trail: LogTrail? = nil) async throws -> WrittenCheckpoint {
    var listing = if let trail { trail.listing } else { try await listing() }
    var segment = try LogSegment.choose(listing, asOf: snapshot.version)
    var isOfWholeLog = false
    for _ in 1..<Self.attemptLimit {
      do {
        let made = try await write(from: segment)
        // What is there of somebody else may be damaged, and holds what it holds.
        return made.file == nil && trail != nil ? try await write() : made
      } catch let error as DeltaError where error.mayBeOfTheListing {
        let newer = try await log.list()
        if newer.lacksFiles(of: listing) {
          segment = try LogSegment.choose(newer, asOf: snapshot.version)
        } else {
          guard error.code == .corruptCheckpoint else { throw error }
          let damaged = segment.checkpoint?.files.map(\.name)
          if !isOfWholeLog { segment = try LogSegment.choose(newer, asOf: snapshot.version) }
          // The whole log may have a better one, which is not to blame.
          if segment.checkpoint?.files.map(\.name) == damaged {
            if segment.checkpoint?.version == snapshot.version { condition = .always }
            segment = try segment.fallingBack(because: error)
          }
        }
        listing = newer
        isOfWholeLog = true
      }
    }
    return try await write(from: segment)
  }

  private func write(from segment: LogSegment) async throws -> WrittenCheckpoint {
    if let existing = segment.checkpoint, existing.version == snapshot.version, segment.deltas.isEmpty {
      if let damage = try await damage(of: existing) { throw damage }
      return WrittenCheckpoint(
        hint: LastCheckpointHint(
          version: existing.version, parts: existing.files.count > 1 ? Int64(existing.files.count) : nil))
    }
    var replay = LogReplay(options: Self.replayOptions)
    try await LogFileReader(log: log).forEach(segment.deltas.reversed()) { file, bytes in
      try replay.apply(commit: bytes, file)
    }
    let rows = try await CheckpointFileRows(
      of: snapshot, layout: layout, older: segment.checkpoint, replay: replay,
      tombstonesExpireBefore: retention.tombstoneCutoff)
    return isV2 ? try await writeV2(rows) : try await writeClassic(rows)
  }

  private func damage(of checkpoint: LogCheckpoint) async throws -> DeltaError? {
    do {
      var replay = LogReplay()
      try await CheckpointReader(log: log).read(checkpoint, into: &replay)
      return nil
    } catch let error as DeltaError where error.code == .corruptCheckpoint {
      return error
    }
  }

  private static var replayOptions: LogReplay.Options {
    var options = LogReplay.Options()
    options.keepsTombstones = true
    options.keepsExtras = true
    options.keptCommitBytes = .max
    return options
  }

  /// The log from the checkpoint on that a hint says, or all of it.
  private func listing() async throws -> LogListing {
    if let hint = try await log.hint(), hint.version <= snapshot.version {
      let tail = try await log.list(from: hint.firstName)
      if tail.confirms(hint) { return tail }
    }
    return try await log.list()
  }

  // MARK: What is in it

  private var layout: CheckpointLayout {
    get throws(DeltaError) {
      var layout = CheckpointLayout()
      layout.hasJSONStatistics = properties.checkpointsHoldStatisticsAsJSON
      layout.isV2 = isV2
      if properties.checkpointsHoldStatisticsAsStruct {
        let mapping = try snapshot.columnMapping()
        let selection = StatisticsSelection(
          mapping, partitionColumns: snapshot.metadata.partitionColumns, properties: properties,
          clusteringColumns: try snapshot.definition().clusteringColumns ?? [])
        layout.parsedStatistics = selection.parsedType
        let partitions = mapping.physicalFields(of: snapshot.metadata.partitionColumns)
        if !partitions.isEmpty { layout.parsedPartitionValues = StructType(partitions) }
      }
      return layout
    }
  }

  /// What the table itself is said to be: the newest word of each kind.
  private var tableActions: [Action] {
    var actions: [Action] = [.protocol(snapshot.protocol), .metadata(snapshot.metadata)]
    for transaction in snapshot.state.transactions.values.sorted(by: { $0.appId < $1.appId }) {
      if !retention.isExpired(transaction) { actions.append(.transaction(transaction)) }
    }
    actions += snapshot.state.domains.values.sorted { $0.domain < $1.domain }.map(Action.domainMetadata)
    return actions
  }

  // MARK: Classic

  private func writeClassic(_ rows: CheckpointFileRows) async throws -> WrittenCheckpoint {
    let layout = try layout
    let sink = MemorySink()
    let parquet = try ParquetWriter(
      schema: layout.schema, options: Self.parquetOptions, to: sink, workers: Surroundings.current.workers)
    let actions = tableActions
    try await parquet.write(try CheckpointRows(layout).batch(of: actions))
    try await rows.forEach { try await parquet.write($0) }
    let written = try await parquet.finish()
    let name = LogFile.checkpointName(snapshot.version)
    let counts = try await CheckpointVerification.count(sink.bytes, name: name)
    try check(counts.adds == snapshot.state.files.count && counts.rows == written.rowCount, name, counts)
    let file = try await put(sink.bytes, name)
    return WrittenCheckpoint(
      hint: LastCheckpointHint(
        version: snapshot.version, size: written.rowCount, sizeInBytes: Int64(sink.bytes.count),
        numOfAddFiles: Int64(counts.adds)), file: file)
  }

  // MARK: V2

  /// Rows in a sidecar, at the most.
  private static let sidecarRowCount = 1 << 20

  private func writeV2(_ rows: CheckpointFileRows) async throws -> WrittenCheckpoint {
    let sidecars = try await writeSidecars(rows)
    let layout = try layout
    let sink = MemorySink()
    let parquet = try ParquetWriter(
      schema: layout.schema, options: Self.parquetOptions, to: sink, workers: Surroundings.current.workers)
    var actions: [Action] = [.checkpointMetadata(CheckpointMetadata(version: snapshot.version))] + tableActions
    actions += sidecars.files.map(Action.sidecar)
    try await parquet.write(try CheckpointRows(layout).batch(of: actions))
    _ = try await parquet.finish()
    let name = LogFile.checkpointName(snapshot.version, UniqueID(), isJSON: false)
    let counts = try await CheckpointVerification.count(sink.bytes, name: name)
    try check(counts.rows == actions.count && sidecars.adds == snapshot.state.files.count, name, counts)
    let file = try await put(sink.bytes, name)
    let size = sidecars.files.reduce(Int64(sink.bytes.count)) { $0 + $1.sizeInBytes }
    return WrittenCheckpoint(
      hint: LastCheckpointHint(
        version: snapshot.version, size: Int64(actions.count) + sidecars.rows, sizeInBytes: size,
        numOfAddFiles: Int64(sidecars.adds)), file: file)
  }

  private func writeSidecars(
    _ rows: CheckpointFileRows
  ) async throws -> (files: [SidecarFile], adds: Int, rows: Int64) {
    var layout = try layout
    layout.hasTableActions = false
    let schema = layout.schema
    var sidecars = SidecarWriter(log: log, schema: schema, durability: durability, options: Self.parquetOptions)
    try await rows.forEach { batch in
      let files = batch.selecting(schema)
      try await sidecars.write(files)
      if sidecars.openRowCount >= Self.sidecarRowCount { try await sidecars.close() }
    }
    try await sidecars.close()
    return (sidecars.files, sidecars.addCount, sidecars.rowCount)
  }

  // MARK: The file

  private static let parquetOptions: ParquetWriterOptions = {
    var options = ParquetWriterOptions()
    options.rowGroupRowLimit = 1 << 17
    return options
  }()

  /// - Returns: `nil` when another writer's is there.
  private func put(_ bytes: [UInt8], _ name: String) async throws -> LogFile? {
    do {
      if let file = try await put(bytes, name, condition) { return file }
      // Nobody reads an empty one, which is what a writer has left that was stopped.
      guard try await log.metadata(of: name)?.size == 0 else { return nil }
      return try await put(bytes, name, .always)
    } catch let error as StorageError {
      throw DeltaError.storage(error)
    }
  }

  private func put(_ bytes: [UInt8], _ name: String, _ condition: WriteCondition) async throws -> LogFile? {
    let outcome = try await snapshot.location.store.write(
      bytes, to: TableLocation.logDirectory + "/" + name, condition, durability: durability)
    guard case .written(let written) = outcome else { return nil }
    return LogFile(parsing: name, written)
  }

  private func check(_ isRight: Bool, _ name: String, _ counts: CheckpointVerification.Counts) throws(DeltaError) {
    guard !isRight else { return }
    throw DeltaError(
      .corruptCheckpoint,
      "The checkpoint \(name) was not written: read back, it has \(counts.rows) rows and \(counts.adds) files, where the "
        + "table has \(snapshot.state.files.count) files. The log is as it was; check it with `fsck`.",
      path: name, version: snapshot.version)
  }
}
