public import Columnar

/// Writes a Parquet file, batch after batch.
///
///     let writer = try ParquetWriter(schema: schema, to: sink)
///     for try await batch in batches { try await writer.write(batch) }
///     let file = try await writer.finish()
///
/// Each batch is encoded as it comes; what stays in memory is one compressed row group. After an error in its values, or
/// of the sink, the file is given up: every further call throws. A class, since it is the state of one file; it is for one task at a time.
public final class ParquetWriter {
  public let schema: Schema
  private let options: ParquetWriterOptions
  private let layout: WriteSchema
  private let workers: (any TaskExecutor)?
  private let workspaces: PageWorkspaces
  private let columns: [ColumnChunkWriter]
  private var output: SinkBuffer
  private var file: FileAssembly
  private var pending = PendingBatches()
  private var groupRowCount = 0
  private var state = State.open

  private enum State {
    case open, finished
    case failed(any Error)
  }

  /// Rows encoded at a time: enough to be worth a task, few enough to be small in memory.
  private static let sliceRowCount = 1 << 16
  private static let sliceByteCount = 64 << 20
  /// Values below which tasks cost more than they bring.
  private static let inlineValueCount = 1 << 15

  /// Nothing is written yet.
  ///
  /// - Parameters:
  ///   - schema: what batches must have. Field ids are taken from the metadata `parquet.field.id`, those of elements,
  ///     keys and values from `parquet.field.nested.ids` of the field around.
  ///   - workers: threads on which the columns of large batches are encoded in parallel; `nil`: on the caller's.
  /// - Throws: ``ParquetError`` with code `unsupported` for types that Parquet doesn't have, `schemaMismatch` for a Bloom
  ///   filter of a column that is not there or can have none.
  public init(
    schema: Schema, options: ParquetWriterOptions = ParquetWriterOptions(), to sink: any ByteSink,
    workers: (any TaskExecutor)? = nil
  ) throws(ParquetError) {
    self.schema = schema
    self.options = options.clamped
    self.workers = workers
    layout = try WriteSchema(schema)
    try Self.checkBloomFilters(options.bloomFilterColumns, layout)
    workspaces = PageWorkspaces(options.compression)
    var columns: [ColumnChunkWriter] = []
    for leaf in layout.leaves { columns.append(try ColumnChunkWriter(leaf, self.options)) }
    self.columns = columns
    output = SinkBuffer(sink)
    file = FileAssembly(layout, self.options)
  }

  /// About the bytes of the file if it were finished now.
  public var estimatedByteCount: Int {
    output.offset + groupByteCount + pending.byteCount
  }

  /// Rows given so far.
  public private(set) var rowCount: Int64 = 0

  /// Appends the rows of a batch. Those of small batches are looked at when there are more of them, or at the end.
  ///
  /// A batch of other columns is refused before anything is done: the file can go on without it.
  ///
  /// - Throws: ``ParquetError`` with code `schemaMismatch` for a batch of other columns, `invalidValue` for values that a
  ///   column can't hold, such as a null in one that is not nullable, `invalidState` after an error or `finish()`; what
  ///   the sink throws; `CancellationError`.
  public func write(_ batch: RecordBatch) async throws {
    try checkIsOpen()
    try checkFits(batch)
    do {
      try Task.checkCancellation()
      let isLarge = batch.rowCount >= PendingBatches.largeRowCount
      if !isLarge { pending.append(batch) }
      if isLarge || pending.isFull { try await encodePending() }
      if isLarge { try await encode(batch.columns, rowCount: batch.rowCount) }
      rowCount += Int64(batch.rowCount)
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Completes the file. The sink has all its bytes then; finishing it is its owner's.
  ///
  /// - Throws: as ``write(_:)``.
  public func finish() async throws -> WrittenParquetFile {
    try checkIsOpen()
    do {
      try await encodePending()
      if groupRowCount > 0 { try await finishRowGroup() }
      let result = try await file.finish(rowCount: rowCount, &output)
      state = .finished
      return result
    } catch {
      state = .failed(error)
      throw error
    }
  }

  // MARK: Row groups

  private var groupByteCount: Int { columns.reduce(0) { $0 + $1.byteCount } }

  private func encodePending() async throws {
    let count = pending.rowCount
    if count > 0 { try await encode(pending.take(schema), rowCount: count) }
  }

  private func encode(_ source: [Column], rowCount: Int) async throws {
    let byteCount = source.reduce(0) { $0 + $1.approximateByteCount }
    let slice = max(
      1, min(Self.sliceRowCount, Int(Double(Self.sliceByteCount) / Double(max(1, byteCount)) * Double(rowCount))))
    var start = 0
    while start < rowCount {
      try Task.checkCancellation()
      let room = options.rowGroupRowLimit - groupRowCount
      let count = min(rowCount - start, room, slice)
      try await encode(source, rows: start..<start + count)
      start += count
      groupRowCount += count
      if groupRowCount == options.rowGroupRowLimit || groupByteCount >= options.rowGroupByteLimit {
        try await finishRowGroup()
      }
    }
  }

  private func encode(_ source: [Column], rows: Range<Int>) async throws {
    guard let workers, isWorthTasks(rows.count) else {
      return try workspaces.with { (workspace) throws(ParquetError) in
        for column in columns { try column.append(source[column.leaf.column], rows: rows, workspace) }
      }
    }
    let workspaces = workspaces
    // The largest first, so that none of the threads ends long after the others.
    let bySize = columns.map { ($0, $0.byteCount) }.sorted { $0.1 > $1.1 }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (column, _) in bySize {
        let values = source[column.leaf.column]
        group.addTask(executorPreference: workers) {
          try Task.checkCancellation()
          try workspaces.with { (workspace) throws(ParquetError) in
            try column.append(values, rows: rows, workspace)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func finishRowGroup() async throws {
    let chunks = try await finishChunks()
    try await file.append(chunks, rowCount: groupRowCount, &output)
    groupRowCount = 0
  }

  private func finishChunks() async throws -> [EncodedChunk] {
    guard let workers, isWorthTasks(groupRowCount) else {
      return try workspaces.with { (workspace) throws(ParquetError) in
        var chunks: [EncodedChunk] = []
        for column in columns { chunks.append(try column.finishChunk(workspace)) }
        return chunks
      }
    }
    let workspaces = workspaces
    return try await withThrowingTaskGroup(of: EncodedChunk.self) { group in
      for column in columns {
        group.addTask(executorPreference: workers) {
          try workspaces.with { (workspace) throws(ParquetError) in try column.finishChunk(workspace) }
        }
      }
      var chunks: [EncodedChunk] = []
      for try await chunk in group { chunks.append(chunk) }
      return chunks.sorted { $0.leaf.index < $1.leaf.index }
    }
  }

  private func isWorthTasks(_ rowCount: Int) -> Bool {
    columns.count > 1 && rowCount * columns.count >= Self.inlineValueCount
  }

  // MARK: Checks

  private func checkIsOpen() throws(ParquetError) {
    switch state {
    case .open: return
    case .finished: throw .writerIsFinished()
    case .failed(let error): throw .writerHasFailed(error)
    }
  }

  private static func checkBloomFilters(_ names: Set<String>, _ layout: WriteSchema) throws(ParquetError) {
    for name in names.sorted() {
      guard let leaf = layout.leaves.first(where: { $0.name == name }) else { throw .noBloomFilterColumn(name) }
      guard BloomFilterBuilder.isFor(leaf.form), leaf.type != .null else { throw .noBloomFilter(name, leaf.type) }
    }
  }

  private func checkFits(_ batch: RecordBatch) throws(ParquetError) {
    guard batch.columns.count == schema.fields.count else {
      throw .batchHasColumns(batch.columns.count, expected: schema.fields.count)
    }
    for (index, field) in schema.fields.enumerated() {
      let name = batch.schema.fields[index].name
      let type = batch.columns[index].type
      guard name == field.name, type.holds(sameAs: field.type) else {
        throw .batchColumn(name, type, expectedName: field.name, field.type)
      }
    }
  }
}

extension DataType {
  /// Whether values are the same in memory, names included; nullability and metadata may differ.
  fileprivate func holds(sameAs other: DataType) -> Bool {
    switch (self, other) {
    case (.struct(let type), .struct(let other)):
      return type.fields.count == other.fields.count
        && zip(type.fields, other.fields).allSatisfy { $0.name == $1.name && $0.type.holds(sameAs: $1.type) }
    case (.array(let type), .array(let other)):
      return type.element.holds(sameAs: other.element)
    case (.map(let type), .map(let other)):
      return type.key.holds(sameAs: other.key) && type.value.holds(sameAs: other.value)
    default:
      return self == other
    }
  }
}
