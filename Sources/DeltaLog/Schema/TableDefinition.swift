package import Columnar

/// What a table is apart from its rows: what the rules of writing decide from, and what changes of the schema change.
package struct TableDefinition: Hashable, Sendable {
  /// The columns that users see.
  package var schema: StructType
  package var metadata: TableMetadata
  package var protocolVersions: ProtocolVersions
  /// How columns are named in files. A change that turns mapping on sets it before the protocol says so.
  package var columnMappingMode: ColumnMapping.Mode
  /// By the users' names; `nil` for a table that is not clustered.
  package var clusteringColumns: [ColumnPath]?

  /// What `metadata.schemaString` spells.
  var writtenSchema: StructType

  /// - Parameter clustering: the table's `delta.clustering` domain, if it has one.
  /// - Throws: ``DeltaError`` when the schema, its column mapping or the clustering can't be understood.
  package init(
    _ metadata: TableMetadata, protocol protocolVersions: ProtocolVersions, clustering: DomainMetadata? = nil
  ) throws(DeltaError) {
    self.metadata = metadata
    self.protocolVersions = protocolVersions
    schema = try SchemaJSON.parse(metadata.schemaString)
    writtenSchema = schema
    columnMappingMode = try ColumnMapping.mode(of: metadata, protocol: protocolVersions)
    guard let clustering else { return }
    let mapping = try ColumnMapping(schema: schema, mode: columnMappingMode)
    clusteringColumns = try ClusteringDomain.columns(in: clustering.configuration, mapping)
  }

  /// The metadata to commit: its schema text is made anew when the schema changed.
  ///
  /// - Throws: `schemaMismatch` naming a column whose type a table can't have.
  package func writtenMetadata() throws(DeltaError) -> TableMetadata {
    if schema == writtenSchema { return metadata }
    var metadata = metadata
    metadata.schemaString = try SchemaJSON.string(for: schema)
    return metadata
  }

  /// The domain to commit for the table's clustering, by the names in files; `nil` for a table without.
  package func clusteringDomain() throws(DeltaError) -> DomainMetadata? {
    guard let clusteringColumns else { return nil }
    let mapping = try ColumnMapping(schema: schema, mode: columnMappingMode)
    return DomainMetadata(
      domain: ClusteringDomain.name,
      configuration: ClusteringDomain.text(clusteringColumns.map { mapping.physicalPath(of: $0) ?? $0 }), removed: false
    )
  }

  package func isTrue(_ property: String) -> Bool { metadata.isTrue(property) }

  /// Whether a column is one of those that rows are laid out by in directories.
  package func isPartitionColumn(_ name: String) -> Bool {
    metadata.partitionColumns.contains { FieldNames.areSame($0, name) }
  }
}

/// The columns that a table is clustered by, as its domain metadata keeps them.
///
/// Spec: Delta § Writer Requirements for Clustered Table
package enum ClusteringDomain {
  package static let name = "delta.clustering"
  private static let columnsKey = "clusteringColumns"

  /// Paths as lists of names, which is how writers have them; the protocol's own example has plain names.
  static func columns(in configuration: String, _ mapping: ColumnMapping) throws(DeltaError) -> [ColumnPath] {
    guard let tree = try? MetadataJSON.parse(configuration).objectValue, let list = tree[columnsKey]?.arrayValue else {
      throw .corruptLog("The domain metadata `\(name)` is not a list of columns in JSON.")
    }
    var columns: [ColumnPath] = []
    for item in list {
      let names = item.stringValue.map { [$0] } ?? item.arrayValue?.compactMap(\.stringValue) ?? []
      guard !names.isEmpty, let path = mapping.logicalPath(of: ColumnPath(names)) else {
        throw .corruptLog(
          "The domain metadata `\(name)` names `\(names.joined(separator: "."))`, which is no column of the table.")
      }
      columns.append(path)
    }
    return columns
  }

  static func text(_ columns: [ColumnPath]) -> String {
    MetadataJSON.string(
      .object([
        columnsKey: .array(columns.map { .array($0.names.map { .string($0) }) }), "domainName": .string(name),
      ]))
  }
}
