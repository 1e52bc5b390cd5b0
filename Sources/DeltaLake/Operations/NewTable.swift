internal import Columnar
internal import DeltaLog

/// What a table is when it is made.
enum NewTable {
  /// - Parameters:
  ///   - columns: of any types; those that only Parquet has become the nearest that Delta has.
  ///   - properties: as users set them, features and protocol versions among them.
  /// - Throws: ``DeltaError`` naming the column, property or feature that can't be.
  static func definition(
    columns: Schema, partitionColumns: [String], properties: [String: String], name: String? = nil,
    comment: String? = nil
  ) throws(DeltaError) -> TableDefinition {
    guard case .struct(let schema) = try StorableType.storing(.struct(columns), at: ColumnPath("")) else {
      preconditionFailure("a struct is stored as a struct")
    }
    var properties = properties
    let request = try FeatureRequest(takingFrom: &properties)
    let metadata = TableMetadata(
      id: UniqueID().description, name: name, description: comment, schemaString: try SchemaJSON.string(for: schema),
      partitionColumns: partitionColumns, createdTime: .now())
    let start = ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2)
    var table = try TableDefinition(metadata, protocol: start)
    if !properties.isEmpty { table = try table.applying([.setProperties(properties)]).table }
    try SchemaChecks.checkNew(table)
    table.protocolVersions = try ProtocolUpgrade.forNewTable(try table.writtenMetadata(), table.schema, request)
    try FeatureConditions.check(table.protocolVersions, try table.writtenMetadata(), table.schema)
    return table
  }
}

extension TableDefinition {
  init(_ snapshot: Snapshot) throws(DeltaError) {
    try self.init(
      snapshot.metadata, protocol: snapshot.protocol,
      clustering: snapshot.domainMetadata(ClusteringDomain.name))
  }
}
