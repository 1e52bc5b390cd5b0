internal import Columnar
internal import DeltaLog

/// What a table is when it is made.
enum NewTable {
  /// - Parameters:
  ///   - properties: as users set them, features and protocol versions among them.
  /// - Throws: ``DeltaError`` naming the column, property or feature that can't be.
  static func definition(
    columns: Schema, partitionColumns: [String] = [], clusteringColumns: [ColumnPath]? = nil,
    properties: [String: String], name: String? = nil, comment: String? = nil
  ) throws(DeltaError) -> TableDefinition {
    var properties = properties
    let request = try FeatureRequest(takingFrom: &properties)
    var metadata = TableMetadata(
      id: UniqueID().description, name: name, description: comment, schemaString: "", createdTime: .now())
    metadata.configuration = try TableProperties.checked(properties)
    if metadata.isTrue("delta.enableRowTracking") { metadata = RowTracking.enabling(metadata) }
    var table = try TableDefinition(
      creating: columns, partitionColumns: partitionColumns, clusteringColumns: clusteringColumns,
      properties: metadata.configuration, metadata,
      protocol: ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2))
    let written = try table.writtenMetadata()
    var needed = request
    if clusteringColumns != nil { needed.features.insert("clustering") }
    table.protocolVersions = try ProtocolUpgrade.forNewTable(written, table.schema, needed)
    try FeatureConditions.check(table.protocolVersions, written, table.schema)
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
