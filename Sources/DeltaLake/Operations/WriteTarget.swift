internal import Columnar
internal import DeltaLog

/// The table that rows are written to, as it will be with them.
struct WriteTarget {
  let metadata: TableMetadata
  let protocolVersions: ProtocolVersions
  let schema: Schema
  /// `nil`: as it is.
  let changedMetadata: TableMetadata?
  /// `nil`: as it is.
  let changedProtocol: ProtocolVersions?
  private let fit: WriteFit

  init(base: Snapshot?, incoming: Schema, options: WriteOptions) throws(DeltaError) {
    let table: TableDefinition
    if let base {
      table = try Self.changed(base, incoming, options)
    } else {
      table = try NewTable.definition(
        columns: try TableDefinition.storing(incoming), partitionColumns: options.partitionColumns ?? [], properties: options.properties)
    }
    metadata = try table.writtenMetadata()
    protocolVersions = table.protocolVersions
    schema = table.schema
    changedMetadata = base?.metadata == metadata ? nil : metadata
    changedProtocol = base?.protocol == protocolVersions ? nil : protocolVersions
    try SchemaChecks.checkRowsCanBeWritten(schema)
    fit = try WriteFit(incoming, to: schema)
  }

  private static func changed(
    _ base: Snapshot, _ incoming: Schema, _ options: WriteOptions
  ) throws(DeltaError) -> TableDefinition {
    let table = try TableDefinition(base)
    if !options.properties.isEmpty {
      throw .invalidArgument("Properties are set when a table is created; of one that is there, alter them.")
    }
    if let columns = options.partitionColumns, columns != base.metadata.partitionColumns,
      options.schemaMode != .overwrite
    {
      throw .otherPartitioning(columns, than: base.metadata.partitionColumns)
    }
    switch options.schemaMode {
    case .enforce: return table
    case .merge: return try table.merging(incoming)
    case .overwrite: return try table.overwriting(with: incoming, partitionColumns: options.partitionColumns)
    }
  }

  /// Incoming rows as rows of the table.
  func fitted(_ batch: RecordBatch) throws(DeltaError) -> RecordBatch {
    RecordBatch(schema: schema, columns: batch.columns, rowCount: batch.rowCount)
  }
}
