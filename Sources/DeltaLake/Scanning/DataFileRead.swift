internal import Columnar
internal import DeltaLog
internal import Parquet

/// What to read of one data file.
struct DataFileRead: Sendable {
  let file: FileReference
  let sizeInBytes: Int64?
  let layout: ReadLayout
  /// Values for `layout.constantNames`.
  let constants: [Scalar]
  /// In logical names.
  let predicate: ColumnPredicate?
  /// The rows to leave out or, for change feeds, the only ones to give.
  let selection: RowSelection
  let baseRowId: Int64?
  let defaultRowCommitVersion: Version?
  /// Whether the file's batches come with the positions of their rows, whatever is made of them.
  var includesRowPositions = false

  /// The row groups that may hold rows: one footer read, then indexes where they help.
  func opened(batchRowCount: Int) async throws -> OpenedDataFile {
    try await describingFailure { () async throws -> OpenedDataFile in
      let parquet = try await ParquetFile.open(source)
      let rowGroups = try await parquet.rowGroups(try parquetRead(batchRowCount: batchRowCount))
      return OpenedDataFile(read: self, rowGroups: rowGroups, fileRowCount: parquet.rowCount)
    }
  }

  var source: ObjectByteSource {
    ObjectByteSource(file: file, knownSize: sizeInBytes.flatMap { Int(exactly: $0) })
  }

  func parquetRead(batchRowCount: Int) throws -> ParquetRead {
    var read = ParquetRead()
    read.schema = layout.fileSchema
    read.matching = layout.matching
    read.predicate = try physicalPredicate()
    read.excludedRows = selection.excludedRows
    read.batchRowCount = batchRowCount
    read.includesRowPositions = includesRowPositions || layout.needsRowPositions
    return read
  }

  /// The output columns of a batch of the file.
  func assemble(_ parquet: ParquetBatch) throws -> RecordBatch {
    let rowCount = parquet.batch.rowCount
    var columns: [Column] = []
    columns.reserveCapacity(layout.sources.count)
    for (field, source) in zip(layout.output.fields, layout.sources) {
      switch source {
      case .file(let index):
        let column = parquet.batch.columns[index]
        guard let named = column.relabeled(as: field.type) else {
          throw DeltaError(
            .invalidSchema,
            "Column \(field.name) of \(file.name) was read as \(column.type), where the table has \(field.type).",
            path: file.name)
        }
        columns.append(named)
      case .constant(let index):
        columns.append(Column(repeating: constants[index], count: rowCount, of: field.type))
      case .rowId(let materialized):
        guard let positions = parquet.rowPositions else { preconditionFailure("row positions were asked for") }
        columns.append(
          RowTracking.rowIds(
            positions: positions, materialized: materialized.map { parquet.batch.columns[$0] }, baseRowId: baseRowId))
      case .rowCommitVersion(let materialized):
        columns.append(
          RowTracking.rowCommitVersions(
            count: rowCount, materialized: materialized.map { parquet.batch.columns[$0] },
            defaultVersion: defaultRowCommitVersion))
      }
    }
    return RecordBatch(schema: layout.output, columns: columns, rowCount: rowCount)
  }

  /// The predicate over the file's columns: constants put in, names made physical.
  private func physicalPredicate() throws -> ColumnPredicate? {
    guard let predicate else { return nil }
    let values = Dictionary(zip(layout.constantNames, constants), uniquingKeysWith: { first, _ in first })
    let expression = predicate.expression.mappingColumns { path in
      if let value = values[path.names[0]] { return .literal(value) }
      return .column(layout.mapping.physicalPath(of: path) ?? path)
    }
    return ColumnPredicate(expression)
  }

  /// Runs `body`; what it throws comes out as a ``DeltaError`` that names the file.
  func describingFailure<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch {
      throw DeltaError.dataFile(file.name, failure: error)
    }
  }
}
