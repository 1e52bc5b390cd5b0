internal import Columnar

// Types, nullability, defaults and constraints.

extension TableDefinition {
  mutating func changeType(of path: ColumnPath, to type: DataType) throws(DeltaError) {
    let place = try schema.place(of: path)
    let old = place.type
    if old == type { return }
    guard StorableType.isStorable(type) || type.isNested && old == .null else {
      if type.isNested { throw .notWider(place.path, old, type) }
      throw .notStorable(type, at: SchemaPlace(path: place.path.names, depth: place.path.names.count))
    }
    guard TypeWidening.isSupported(from: old, to: type) else { throw .notWider(place.path, old, type) }
    if old != .null {
      guard isTrue(TypeWidening.property) else { throw .wideningOff(place.path, old, type) }
      if isHeldByIceberg, !TypeWidening.isSupportedByIceberg(from: old, to: type) {
        throw .wideningUnknownToIceberg(place.path, old, type)
      }
    }
    let rules = rulesReading(place.path)
    if !rules.isEmpty { throw .columnInUse(place.path, "given another type", by: rules) }
    if place.field.generationExpression != nil {
      throw .refusedChange(
        "Column `\(place.field.name)` can't be given another type: an expression computes it, which would give the old one."
      )
    }
    schema = try schema.replacingType(at: place.steps) { (_) throws(DeltaError) in type }
    let steps = Array(place.steps.dropLast(place.pathInField.count))
    schema = try schema.replacingField(at: steps) { (field) throws(DeltaError) in
      var field = field
      TypeWidening.record(old, type, in: &field, at: place.pathInField)
      return field
    }
    if old == .null { try nameNewFields() }
  }

  mutating func setNotNull(_ path: ColumnPath) throws(DeltaError) -> RowRequirement? {
    let place = try schema.place(of: path)
    if !place.isNullable { return nil }
    guard !place.isRepeated, place.isField else {
      throw .refusedChange(
        "`\(place.path.description)` is inside an array or map and can't be made NOT NULL there. Check it with a constraint."
      )
    }
    if place.type == .null {
      throw .invalidChange("Column `\(place.path.description)` is of type VOID, which has no values but null.")
    }
    try updateField(path) { $0.isNullable = false }
    // A field of a struct that is null itself is not missing.
    let value = ColumnExpression.column(place.path)
    var parts: [ColumnExpression] = [.not(.isNull(value))]
    if place.path.names.count > 1 { parts.insert(.isNull(.column(ColumnPath(place.path.names.dropLast()))), at: 0) }
    return RowRequirement(
      reason: .notNull(place.path), condition: ColumnPredicate(parts.count == 1 ? parts[0] : .or(parts)))
  }

  mutating func dropNotNull(_ path: ColumnPath) throws(DeltaError) {
    let place = try schema.place(of: path)
    if place.isNullable { return }
    switch place.steps.last {
    case .field: try updateField(path) { $0.isNullable = true }
    case .element:
      schema = try schema.replacingType(at: place.steps.dropLast()) { (type) throws(DeltaError) in
        guard case .array(let array) = type else { return type }
        return .array(ArrayType(array.element, containsNull: true))
      }
    case .value:
      schema = try schema.replacingType(at: place.steps.dropLast()) { (type) throws(DeltaError) in
        guard case .map(let map) = type else { return type }
        return .map(MapType(key: map.key, value: map.value, valueContainsNull: true))
      }
    case .key, nil: throw .invalidChange("The keys of a map are never null.")
    }
  }

  mutating func setDefault(_ sql: String, of path: ColumnPath) throws(DeltaError) {
    let place = try schema.place(of: path)
    guard place.isTopLevel else {
      throw .refusedChange("`\(place.path.description)` is inside of a column, and only whole columns have defaults.")
    }
    var field = place.field
    field.metadata[FieldMetadata.currentDefault] = .string(sql)
    try SchemaChecks.checkMadeUpValues(of: field, in: self)
    try updateField(path) { $0.metadata[FieldMetadata.currentDefault] = .string(sql) }
  }

  mutating func addConstraint(_ name: String, _ sql: String) throws(DeltaError) -> RowRequirement {
    guard !name.isEmpty else { throw .invalidChange("A CHECK constraint needs a name.") }
    if let other = checkConstraints.first(where: { FieldNames.areSame($0.name, name) }) {
      throw DeltaError(
        .alreadyExists,
        "There is a CHECK constraint `\(other.name)` already (\(other.sql.prefix(200))). Drop it first, or choose another "
          + "name.")
    }
    let condition: ColumnPredicate
    do throws(ExpressionError) {
      condition = try ColumnPredicate(parsing: sql)
      _ = try condition.resolved(against: schema)
    } catch {
      throw .invalidExpression(sql, for: "The CHECK constraint `\(name)`", error)
    }
    // Names are looked up in lower case by other writers.
    let key = FieldNames.folded(name)
    metadata.configuration[TableConstraint.propertyPrefix + key] = sql
    return RowRequirement(reason: .check(name: key), condition: condition)
  }

  mutating func dropConstraint(_ name: String, ifExists: Bool) throws(DeltaError) {
    let keys = metadata.configuration.keys.filter {
      FieldNames.areSame($0, TableConstraint.propertyPrefix + name)
    }
    if keys.isEmpty, !ifExists {
      throw .constraintNotFound(name, suggestion: Suggestion.nearest(to: name, among: checkConstraints.map(\.name)))
    }
    for key in keys { metadata.configuration[key] = nil }
  }

  mutating func cluster(by paths: [ColumnPath]) throws(DeltaError) {
    try SchemaChecks.checkClustering(paths, of: self)
    var columns: [ColumnPath] = []
    for path in paths { columns.append(try schema.place(of: path).path) }
    clusteringColumns = columns
  }

  mutating func synchronizeIdentity(_ path: ColumnPath, with extreme: Int64) throws(DeltaError) {
    let place = try schema.place(of: path)
    guard let identity = try IdentityColumn(place.field), place.isTopLevel else {
      throw .invalidChange("Column `\(place.path.description)` is no identity column.")
    }
    schema = try schema.replacingField(at: place.steps) { (field) throws(DeltaError) in
      identity.synchronized(with: extreme).written(to: field)
    }
  }
}
