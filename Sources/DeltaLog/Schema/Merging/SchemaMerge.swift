package import Columnar

extension TableDefinition {
  /// The table with what incoming data has more: new columns and fields at the end of their struct, void columns given
  /// a type, and types widened where the table allows that. What the data lacks stays.
  ///
  /// New fields may be null, whatever the data says: rows that the table has are. Types that do not go together stay as
  /// they are for ``WriteFit`` to refuse.
  ///
  /// - Throws: `schemaMismatch`, `operationRefused` for columns that the table can't have.
  package func merging(
    _ incoming: StructType, physicalName: @escaping (String) -> String = FieldNaming.randomName
  ) throws(DeltaError) -> TableDefinition {
    var result = self
    result.schema = try SchemaMerge(table: self).merge(schema, incoming, at: [])
    if result.schema == schema { return self }
    if isTrue("delta.enableChangeDataFeed") { try SchemaChecks.checkChangeFeedNames(result.schema) }
    try result.nameNewFields(physicalName)
    return result
  }
}

private struct SchemaMerge {
  let table: TableDefinition

  func merge(_ old: StructType, _ incoming: StructType, at path: [String]) throws(DeltaError) -> StructType {
    let names = FieldNames(incoming.fields)
    if let (first, second) = names.duplicate { throw .duplicateColumns(first, second, in: path) }
    var fields: [StructField] = []
    var used: Set<Int> = []
    for var field in old.fields {
      if case .one(let index) = names.find(field.name) {
        used.insert(index)
        let type = try merge(field.type, incoming.fields[index].type, in: &field, [], at: path + [field.name])
        field.type = type
      }
      fields.append(field)
    }
    for (index, field) in incoming.fields.enumerated() where !used.contains(index) {
      let place = ColumnPath(path + [field.name])
      let added = StructField(
        field.name, try StorableType.storing(field.type, at: place),
        metadata: field.metadata.filter { FieldMetadata.describing.contains($0.key) })
      try SchemaChecks.checkField(added, at: path, isRepeated: false, table)
      fields.append(added)
    }
    return StructType(fields)
  }

  /// - Parameters:
  ///   - field: the nearest field, which keeps the record of type changes.
  ///   - inField: from there to this type.
  private func merge(
    _ old: DataType, _ incoming: DataType, in field: inout StructField, _ inField: [String], at path: [String]
  ) throws(DeltaError) -> DataType {
    if old == incoming || incoming == .null { return old }
    switch (old, incoming) {
    case (.struct(let old), .struct(let incoming)): return .struct(try merge(old, incoming, at: path))
    case (.array(let old), .array(let incoming)):
      let element = try merge(
        old.element, incoming.element, in: &field, inField + ["element"], at: path + ["element"])
      return .array(ArrayType(element, containsNull: old.containsNull))
    case (.map(let old), .map(let incoming)):
      let key = try merge(old.key, incoming.key, in: &field, inField + ["key"], at: path + ["key"])
      let value = try merge(old.value, incoming.value, in: &field, inField + ["value"], at: path + ["value"])
      return .map(MapType(key: key, value: value, valueContainsNull: old.valueContainsNull))
    case (.null, _): return try StorableType.storing(incoming, at: ColumnPath(path))
    default:
      guard let storable = try? StorableType.storing(incoming, at: ColumnPath(path)),
        TypeWidening.isSupportedByEvolution(from: old, to: storable), table.isTrue(TypeWidening.property),
        table.rulesReading(ColumnPath(path)).isEmpty,
        !table.isHeldByIceberg || TypeWidening.isSupportedByIceberg(from: old, to: storable)
      else { return old }
      TypeWidening.record(old, storable, in: &field, at: inField)
      return storable
    }
  }
}
