public import Columnar

/// One change of a table's columns, properties or rules, as `ALTER TABLE` makes it.
///
/// Paths lead through structs by name, into arrays by `element` and into maps by `key` and `value`.
public enum SchemaChange: Hashable, Sendable {
  /// New columns or fields, which may be null: rows that the table has are, there.
  case addColumns([AddedColumn])
  /// Needs column mapping.
  case dropColumns([ColumnPath])
  /// The column keeps its place. Needs column mapping.
  case renameColumn(ColumnPath, to: String)
  /// Within its struct.
  case moveColumn(ColumnPath, ColumnPosition)
  /// To a type that holds every value of the old one. Needs type widening.
  case changeType(ColumnPath, to: DataType)
  /// Rows that are there are checked.
  case setNotNull(ColumnPath)
  case dropNotNull(ColumnPath)
  /// `nil` takes the comment away.
  case setComment(ColumnPath, String?)
  /// SQL for rows to come.
  case setDefault(ColumnPath, String)
  case dropDefault(ColumnPath)
  /// A property of Delta's that changes how columns are kept, such as `delta.columnMapping.mode`, changes them too.
  case setProperties([String: String])
  /// Properties that are not there are an error unless `ifExists`.
  case unsetProperties([String], ifExists: Bool)
  /// Rows that are there are checked.
  case addConstraint(name: String, condition: String)
  case dropConstraint(name: String, ifExists: Bool)
  /// Of a table without partitions; no columns: no more clustering.
  case clusterBy([ColumnPath])
  /// A table feature that nothing uses any more, by name: clients that don't know it can use the table again. What older
  /// versions have of it is kept from them by checkpoints.
  case dropFeature(String)
  /// For an identity column, with the greatest value that it has, or the least when it counts down.
  case synchronizeIdentity(ColumnPath, with: Int64)

  /// By name: files that are there keep the names that they have.
  public static var enableColumnMapping: SchemaChange { .setProperties([ColumnMapping.modeProperty: "name"]) }
}

/// A column to add.
public struct AddedColumn: Hashable, Sendable {
  /// The struct to add it to, or an array or map of such; `nil`: the table itself.
  public var parent: ColumnPath?
  public var field: StructField
  /// `nil`: at the end.
  public var position: ColumnPosition?

  public init(_ field: StructField, in parent: ColumnPath? = nil, at position: ColumnPosition? = nil) {
    self.parent = parent
    self.field = field
    self.position = position
  }
}

/// Where a column goes among those of its struct.
public enum ColumnPosition: Hashable, Sendable {
  case first
  case after(String)
}

/// What comes of a change: the table as it would be, and what its rows must be found to keep before it is.
package struct SchemaChangeResult: Hashable, Sendable {
  package var table: TableDefinition
  package var requirements: [RowRequirement] = []
}

/// A condition that the rows a table has must keep for a change to be made: true, not null.
package struct RowRequirement: Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case notNull(ColumnPath)
    case check(name: String)
  }

  package var reason: Reason
  package var condition: ColumnPredicate

  /// What to say when rows break it.
  package func violated(by rowCount: Int64, fileID: String = #fileID, line: Int = #line) -> DeltaError {
    let rows = rowCount == 1 ? "1 row breaks" : "\(rowCount) rows break"
    let message =
      switch reason {
      case .notNull(let path):
        "Column `\(path.names.joined(separator: "."))` can't be made NOT NULL: it is null in \(rowCount) row\(rowCount == 1 ? "" : "s"). "
          + "Update or delete \(rowCount == 1 ? "it" : "them") first."
      case .check(let name):
        "The CHECK constraint `\(name)` can't be added: \(rows) it (\(condition.description.prefix(200))). Update or "
          + "delete \(rowCount == 1 ? "it" : "them") first."
      }
    return DeltaError(.constraintViolation, message, fileID: fileID, line: line)
  }
}

extension TableDefinition {
  /// The table after a change.
  ///
  /// - Parameter physicalName: what new fields are called in files; see ``FieldNaming``.
  /// - Throws: `invalidArgument` for what makes no sense, `alreadyExists`, `operationRefused` with the way out for what
  ///   this table does not allow.
  package func applying(
    _ change: SchemaChange, physicalName: @escaping (String) -> String = FieldNaming.randomName
  ) throws(DeltaError) -> SchemaChangeResult {
    var table = self
    var requirements: [RowRequirement] = []
    switch change {
    case .addColumns(let columns):
      for column in columns { try table.add(column) }
      try table.nameNewFields(physicalName)
    case .dropColumns(let paths): try table.drop(paths)
    case .renameColumn(let path, let name): try table.rename(path, to: name)
    case .moveColumn(let path, let position): try table.move(path, to: position)
    case .changeType(let path, let type): try table.changeType(of: path, to: type)
    case .setNotNull(let path):
      if let requirement = try table.setNotNull(path) { requirements.append(requirement) }
    case .dropNotNull(let path): try table.dropNotNull(path)
    case .setComment(let path, let comment):
      try table.updateField(path) { $0.metadata[FieldMetadata.comment] = comment.map { .string($0) } }
    case .setDefault(let path, let sql): try table.setDefault(sql, of: path)
    case .dropDefault(let path):
      try table.updateField(path) { field in
        field.metadata[FieldMetadata.currentDefault] = nil
        field.metadata[FieldMetadata.existsDefault] = nil
      }
    case .setProperties(let properties): try table.set(properties)
    case .unsetProperties(let names, let ifExists): try table.unset(names, ifExists: ifExists)
    case .addConstraint(let name, let sql): requirements.append(try table.addConstraint(name, sql))
    case .dropConstraint(let name, let ifExists): try table.dropConstraint(name, ifExists: ifExists)
    case .clusterBy(let paths): try table.cluster(by: paths)
    case .synchronizeIdentity(let path, let extreme): try table.synchronizeIdentity(path, with: extreme)
    // It changes the protocol, once all else is changed, and depends on the table's files.
    case .dropFeature: break
    }
    return SchemaChangeResult(table: table, requirements: requirements)
  }

  /// The table after several changes, one after the other.
  package func applying(
    _ changes: [SchemaChange], physicalName: @escaping (String) -> String = FieldNaming.randomName
  ) throws(DeltaError) -> SchemaChangeResult {
    var result = SchemaChangeResult(table: self)
    for change in changes {
      let next = try result.table.applying(change, physicalName: physicalName)
      result.table = next.table
      result.requirements += next.requirements
    }
    return result
  }

  /// Changes a field in place; only metadata and nullability may change.
  mutating func updateField(_ path: ColumnPath, _ body: (inout StructField) -> Void) throws(DeltaError) {
    let place = try schema.place(of: path)
    guard place.isField else {
      throw .invalidChange(
        "`\(path.description)` is an \(place.pathInField.last ?? "element"), not a column or field of a struct.")
    }
    schema = try schema.replacingField(at: place.steps) { (field) throws(DeltaError) in
      var field = field
      body(&field)
      return field
    }
  }
}
