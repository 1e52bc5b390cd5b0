extension Column {
  /// The same values under a type that differs only in names, nullability and metadata of fields: O(columns).
  ///
  /// Returns `nil` when the types differ in more than that.
  public func relabeled(as type: DataType) -> Column? {
    if type == self.type { return self }
    let storage: ColumnStorage
    switch (type, self.storage) {
    case (.struct(let type), .structure(let children)):
      guard type.fields.count == children.count else { return nil }
      var relabeled: [Column] = []
      relabeled.reserveCapacity(children.count)
      for (field, child) in zip(type.fields, children) {
        guard let child = child.relabeled(as: field.type) else { return nil }
        relabeled.append(child)
      }
      storage = .structure(relabeled)
    case (.array(let type), .list(let offsets, let elements)):
      guard let elements = elements.relabeled(as: type.element) else { return nil }
      storage = .list(offsets: offsets, elements: elements)
    case (.map(let type), .map(let offsets, let keys, let values)):
      guard let keys = keys.relabeled(as: type.key), let values = values.relabeled(as: type.value) else { return nil }
      storage = .map(offsets: offsets, keys: keys, values: values)
    default: return nil
    }
    return Column(type, count: count, validity: validity, nullCount: nullCount, storage: storage)
  }
}

extension RecordBatch {
  /// The same columns under a schema that differs only in names, nullability and metadata of fields, or `nil` when
  /// it differs in more than that.
  public func relabeled(as schema: Schema) -> RecordBatch? {
    guard schema.fields.count == columns.count else { return nil }
    var relabeled: [Column] = []
    relabeled.reserveCapacity(columns.count)
    for (field, column) in zip(schema.fields, columns) {
      guard let column = column.relabeled(as: field.type) else { return nil }
      relabeled.append(column)
    }
    return RecordBatch(schema: schema, columns: relabeled, rowCount: rowCount)
  }
}
