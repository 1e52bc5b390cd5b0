package import Columnar

extension TableDefinition {
  /// The table with its schema replaced by that of the data which replaces all of its rows.
  ///
  /// A column that keeps its name and type keeps what the table knows of it: its comment, NOT NULL, default,
  /// expression, id and name in files. New columns may be null.
  ///
  /// - Parameter partitionColumns: the new ones; `nil` keeps the table's.
  /// - Throws: `operationRefused` when a constraint or generated column needs what would be gone; what
  ///   ``SchemaChecks`` refuses.
  package func overwriting(
    with incoming: StructType, partitionColumns: [String]? = nil,
    physicalName: @escaping (String) -> String = FieldNaming.randomName
  ) throws(DeltaError) -> TableDefinition {
    var result = self
    let names = FieldNames(schema.fields)
    var kept: Set<Int> = []
    var fields: [StructField] = []
    for field in incoming.fields {
      let type = try StorableType.storing(field.type, at: ColumnPath([field.name]))
      if case .one(let index) = names.find(field.name), Self.haveSameShape(schema.fields[index].type, type) {
        kept.insert(index)
        var old = schema.fields[index]
        // No file is left that was written with another type.
        old.metadata[TypeWidening.changesKey] = nil
        fields.append(old)
      } else {
        fields.append(
          StructField(
            field.name, type, metadata: field.metadata.filter { FieldMetadata.describing.contains($0.key) }))
      }
    }
    result.schema = StructType(fields)
    let gone = schema.fields.indices.filter { !kept.contains($0) }.map { ColumnPath([schema.fields[$0].name]) }
    for path in gone {
      let rules = rulesReading(path, except: gone)
      let isReplaced = result.schema[path.names[0]] != nil
      if !rules.isEmpty { throw .columnInUse(path, isReplaced ? "given another type" : "dropped", by: rules) }
      if !isReplaced, clusteringColumns?.contains(where: { $0.overlaps(path) }) ?? false {
        throw .columnInLayout(path, "dropped", "the table is clustered by it")
      }
    }
    let newNames = FieldNames(fields)
    result.metadata.partitionColumns = []
    for name in partitionColumns ?? metadata.partitionColumns {
      guard case .one(let index) = newNames.find(name) else {
        throw .noSuchColumn(name, in: [], suggestion: newNames.suggestion(for: name))
      }
      result.metadata.partitionColumns.append(fields[index].name)
    }
    try IcebergCompat.checkPartitioning(
      from: metadata.partitionColumns.compactMap { schema[$0] },
      to: result.metadata.partitionColumns.compactMap { result.schema[$0] }, protocolVersions, metadata)
    try SchemaChecks.checkNew(result)
    try result.nameNewFields(physicalName)
    return result
  }

  /// Whether types differ in no more than nullability and metadata of fields.
  private static func haveSameShape(_ old: DataType, _ new: DataType) -> Bool {
    switch (old, new) {
    case (.struct(let old), .struct(let new)):
      old.fields.count == new.fields.count
        && zip(old.fields, new.fields).allSatisfy { $0.name == $1.name && haveSameShape($0.type, $1.type) }
    case (.array(let old), .array(let new)): haveSameShape(old.element, new.element)
    case (.map(let old), .map(let new)): haveSameShape(old.key, new.key) && haveSameShape(old.value, new.value)
    default: old == new
    }
  }
}
