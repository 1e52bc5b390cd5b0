internal import Columnar

// Adding, dropping, renaming and moving columns.

extension TableDefinition {
  mutating func add(_ column: AddedColumn) throws(DeltaError) {
    let (steps, path) = try structPlace(column.parent)
    let isRepeated = steps.contains { if case .field = $0 { false } else { true } }
    var field = column.field
    field.metadata = field.metadata.filter { FieldMetadata.describing.contains($0.key) }
    let made = column.field.metadata.keys.first { key in
      [FieldMetadata.currentDefault, FieldMetadata.existsDefault, FieldMetadata.generationExpression].contains(key)
        || key.hasPrefix("delta.identity.")
    }
    switch made {
    case nil: break
    case FieldMetadata.currentDefault?, FieldMetadata.existsDefault?:
      throw .refusedChange(
        "Column `\(field.name)` can't be added with a default, since rows that are there would not have it. Add the "
          + "column, then set its default for rows to come.")
    default:
      throw .refusedChange(
        "Column `\(field.name)` can't be added as a generated or identity column, since rows that are there would have no "
          + "value. Add a plain column and fill it.")
    }
    guard field.isNullable else {
      throw .refusedChange(
        "Column `\(field.name)` can't be added as NOT NULL, since it is null in rows that are there. Add it, fill it, then "
          + "set NOT NULL.")
    }
    try SchemaChecks.checkField(field, at: path, isRepeated: isRepeated, self)
    if steps.isEmpty, isTrue("delta.enableChangeDataFeed") {
      try SchemaChecks.checkChangeFeedNames(StructType([field]))
    }
    schema = try schema.replacingStruct(at: steps) { (structure) throws(DeltaError) in
      var structure = structure
      try Self.checkIsFree(field.name, in: structure, at: path)
      let index = try Self.index(of: column.position, in: structure, at: path) ?? structure.fields.count
      structure.fields.insert(field, at: index)
      return structure
    }
  }

  mutating func drop(_ paths: [ColumnPath]) throws(DeltaError) {
    guard columnMappingMode != .none else { throw .needsColumnMapping("Dropping columns") }
    var gone: [ColumnPath] = []
    for path in paths {
      let place = try schema.place(of: path)
      guard place.isField else {
        throw .invalidChange("`\(path.description)` is no column or field of a struct, and can't be dropped.")
      }
      gone.append(place.path)
    }
    for path in gone {
      let rules = rulesReading(path, except: gone)
      if !rules.isEmpty { throw .columnInUse(path, "dropped", by: rules) }
      let isLaidOut = layoutUsing(path) ?? clusteredInside(path)
      if let reason = isLaidOut { throw .columnInLayout(path, "dropped", reason) }
    }
    for path in gone {
      // One path may lead into another that is gone already.
      guard let place = try? schema.place(of: path), case .field(let index)? = place.steps.last else { continue }
      let partitionCount = place.isTopLevel ? metadata.partitionColumns.count : 0
      schema = try schema.replacingStruct(at: place.steps.dropLast()) { (structure) throws(DeltaError) in
        guard structure.fields.count > 1 + partitionCount else { throw .lastColumn(path) }
        var structure = structure
        structure.fields.remove(at: index)
        return structure
      }
    }
  }

  private func clusteredInside(_ path: ColumnPath) -> String? {
    clusteringColumns?.contains { $0.overlaps(path) } ?? false ? "the table is clustered by it" : nil
  }

  mutating func rename(_ path: ColumnPath, to name: String) throws(DeltaError) {
    guard columnMappingMode != .none else { throw .needsColumnMapping("Renaming columns") }
    let place = try schema.place(of: path)
    guard place.isField, case .field(let index)? = place.steps.last else {
      throw .invalidChange("`\(path.description)` is no column or field of a struct, and has no name to change.")
    }
    let old = place.field.name
    if old == name { return }
    let parent = Array(place.path.names.dropLast())
    try SchemaChecks.checkName(name, in: parent, columnMappingMode)
    if place.isTopLevel, isTrue("delta.enableChangeDataFeed") {
      try SchemaChecks.checkChangeFeedNames(StructType([StructField(name, place.type)]))
    }
    let rules = rulesReading(place.path)
    if !rules.isEmpty { throw .columnInUse(place.path, "renamed", by: rules) }
    schema = try schema.replacingStruct(at: place.steps.dropLast()) { (structure) throws(DeltaError) in
      var structure = structure
      var others = structure
      others.fields.remove(at: index)
      try Self.checkIsFree(name, in: others, at: parent)
      structure.fields[index].name = name
      return structure
    }
    // Files and statistics know partition and clustering columns by their physical names, which stay.
    if place.isTopLevel {
      metadata.partitionColumns = metadata.partitionColumns.map { FieldNames.areSame($0, old) ? name : $0 }
    }
    clusteringColumns = clusteringColumns?.map { column in
      guard column.names.count >= place.path.names.count, column.overlaps(place.path) else { return column }
      var names = column.names
      names[place.path.names.count - 1] = name
      return ColumnPath(names)
    }
  }

  mutating func move(_ path: ColumnPath, to position: ColumnPosition) throws(DeltaError) {
    let place = try schema.place(of: path)
    guard place.isField, case .field(let index)? = place.steps.last else {
      throw .invalidChange("`\(path.description)` is no column or field of a struct, and has no place among others.")
    }
    let parent = Array(place.path.names.dropLast())
    schema = try schema.replacingStruct(at: place.steps.dropLast()) { (structure) throws(DeltaError) in
      var structure = structure
      if case .after(let name) = position, FieldNames.areSame(name, place.field.name) {
        throw .invalidChange("Column `\(place.field.name)` can't be moved behind itself.")
      }
      let field = structure.fields.remove(at: index)
      let target = try Self.index(of: position, in: structure, at: parent) ?? structure.fields.count
      structure.fields.insert(field, at: target)
      return structure
    }
  }

  // MARK: Places

  /// The steps to the struct that a path leads to, through the array or map around it, and its path.
  private func structPlace(_ parent: ColumnPath?) throws(DeltaError) -> ([FieldPlace.Step], [String]) {
    guard let parent else { return ([], []) }
    let place = try schema.place(of: parent)
    switch place.type {
    case .struct: return (place.steps, place.path.names)
    case .array(let array):
      if case .struct = array.element { return (place.steps + [.element], place.path.names + ["element"]) }
    case .map(let map):
      if case .struct = map.value { return (place.steps + [.value], place.path.names + ["value"]) }
    default: break
    }
    throw .invalidChange(
      "Column `\(place.path.description)` is of type \(place.type.sqlName.prefix(120)), which has no fields to add to.")
  }

  private static func index(
    of position: ColumnPosition?, in structure: StructType, at path: [String]
  ) throws(DeltaError) -> Int? {
    switch position {
    case nil: return nil
    case .first: return 0
    case .after(let name):
      let names = FieldNames(structure.fields)
      guard case .one(let index) = names.find(name) else {
        throw .noSuchColumn(name, in: path, suggestion: names.suggestion(for: name))
      }
      return index + 1
    }
  }

  private static func checkIsFree(_ name: String, in structure: StructType, at path: [String]) throws(DeltaError) {
    if let other = structure.fields.first(where: { FieldNames.areSame($0.name, name) }) {
      throw .nameTaken(name, by: other.name, in: path)
    }
  }
}
