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
  /// Which rows the new ones replace; `nil`: it is not by a condition.
  let scope: OverwriteScope?
  private let table: TableDefinition
  private let enforcer: RowEnforcer
  private let identities: IdentityAllocator

  /// Columns whose statistics are kept whatever the properties say.
  var clusteringColumns: [ColumnPath]? { table.clusteringColumns }

  init(base: Snapshot?, incoming: Schema, options: WriteOptions) throws {
    if let base {
      table = try Self.changed(base, incoming, options)
    } else {
      table = try NewTable.definition(
        columns: try TableDefinition.storing(incoming), partitionColumns: options.partitionColumns ?? [],
        properties: options.properties)
    }
    metadata = try table.writtenMetadata()
    schema = table.schema
    var upgraded: ProtocolVersions?
    if let base, base.metadata != metadata {
      upgraded = try ProtocolUpgrade.upgraded(base.protocol, for: metadata, table.schema)
    }
    protocolVersions = upgraded ?? table.protocolVersions
    changedMetadata = base?.metadata == metadata ? nil : metadata
    changedProtocol = base == nil ? protocolVersions : upgraded
    if changedMetadata != nil || changedProtocol != nil {
      try FeatureConditions.check(protocolVersions, metadata, schema)
    }
    identities = try IdentityAllocator(table.schema)
    if case .overwriteWhere(let predicate) = options.mode {
      scope = try OverwriteScope(predicate, in: base?.schema ?? table.schema)
    } else {
      scope = nil
    }
    enforcer = try RowEnforcer(
      table, try WriteFit(incoming, to: table.schema), identities: identities, scope: scope)
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
    if options.schemaMode == .overwrite {
      guard case .overwrite = options.mode else { throw .partialSchemaOverwrite }
    }
    switch options.schemaMode {
    case .enforce: return table
    case .merge: return try table.merging(incoming)
    case .overwrite: return try table.overwriting(with: incoming, partitionColumns: options.partitionColumns)
    }
  }

  /// Incoming rows as rows of the table, and which of them it takes.
  func enforce(_ batch: SourceBatch) throws -> EnforcedBatch {
    try enforcer.enforce(batch.rows, firstRow: batch.firstRow, misfits: batch.misfits)
  }

  /// What the table says of itself once the rows are written, if that is anything new: identity columns count on.
  func finalMetadata() throws -> TableMetadata? {
    guard let advanced = identities.advanced(table.schema) else { return changedMetadata }
    var table = table
    table.schema = advanced
    return try table.writtenMetadata()
  }
}
