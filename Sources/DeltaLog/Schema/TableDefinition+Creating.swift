package import Columnar

extension TableDefinition {
  /// A table that is yet to be, checked as a whole: names, types, partitioning, clustering, expressions. Its columns have
  /// ids and names for files if the properties ask for column mapping.
  ///
  /// The protocol is the caller's to raise to what the table needs.
  ///
  /// - Parameters:
  ///   - metadata: id, name, description and creation time; its `schemaString` is replaced.
  ///   - schema: as users want it. For that of data see ``storing(_:)``.
  /// - Throws: `schemaMismatch`, `invalidArgument`, `operationRefused`.
  package init(
    creating schema: StructType, partitionColumns: [String] = [], clusteringColumns: [ColumnPath]? = nil,
    properties: [String: String] = [:], _ metadata: TableMetadata, protocol protocolVersions: ProtocolVersions,
    physicalName: @escaping (String) -> String = FieldNaming.randomName
  ) throws(DeltaError) {
    var metadata = metadata
    metadata.schemaString = #"{"type":"struct","fields":[]}"#
    metadata.configuration = properties
    metadata.partitionColumns = []
    try self.init(metadata, protocol: protocolVersions)
    if let text = properties[ColumnMapping.modeProperty] {
      guard let mode = ColumnMapping.Mode(rawValue: text.lowercased()) else {
        throw .invalidChange("\(ColumnMapping.modeProperty) can be none, name or id, not `\(text)`.")
      }
      columnMappingMode = mode
    }
    if properties[FieldNaming.maximumIdProperty] != nil {
      throw .invalidChange("`\(FieldNaming.maximumIdProperty)` is kept by the table itself, and can't be set.")
    }
    self.schema = schema
    let names = FieldNames(schema.fields)
    for name in partitionColumns {
      guard case .one(let index) = names.find(name) else {
        throw .noSuchColumn(name, in: [], suggestion: names.suggestion(for: name))
      }
      self.metadata.partitionColumns.append(schema.fields[index].name)
    }
    self.clusteringColumns = clusteringColumns
    try SchemaChecks.checkNew(self)
    if let clusteringColumns {
      var exact: [ColumnPath] = []
      for column in clusteringColumns { exact.append(try schema.place(of: column).path) }
      self.clusteringColumns = exact
    }
    try nameNewFields(physicalName)
    self.metadata.schemaString = try SchemaJSON.string(for: self.schema)
    writtenSchema = self.schema
  }

  /// The schema of a table for some data: types that a table can have, all columns may be null, and no metadata but
  /// comments.
  ///
  /// - Throws: `schemaMismatch` naming a column that no type of a table's holds.
  package static func storing(_ incoming: StructType) throws(DeltaError) -> StructType {
    guard case .struct(let schema) = try StorableType.storing(.struct(incoming), at: SchemaPlace()) else {
      return incoming
    }
    return schema
  }
}
