package import Columnar

/// What a schema must keep to before a table has it. Each check throws at the first thing that is wrong.
package enum SchemaChecks {
  /// Characters that Parquet's old readers choke on; tables that map columns don't put names into files.
  static let charactersNeedingMapping = " ,;{}()\n\t="
  static let changeFeedColumns = ["_change_type", "_commit_version", "_commit_timestamp"]
  static let clusteringColumnLimit = 4

  /// A whole schema for a new table, or for one whose schema is replaced.
  package static func checkNew(_ table: TableDefinition) throws(DeltaError) {
    try checkFields(table.schema.fields, at: [], table)
    if table.isTrue("delta.enableChangeDataFeed") { try checkChangeFeedNames(table.schema) }
    try checkPartitionColumns(of: table)
    if let columns = table.clusteringColumns { try checkClustering(columns, of: table) }
    for field in table.schema.fields { try checkMadeUpValues(of: field, in: table) }
    for (name, sql) in table.checkConstraints { try checkCondition(sql, named: name, in: table.schema) }
  }

  /// Names, types and nullability of fields beside each other, at any depth below.
  static func checkFields(
    _ fields: [StructField], at path: [String], isRepeated: Bool = false, _ table: TableDefinition
  ) throws(DeltaError) {
    if let (first, second) = FieldNames(fields).duplicate { throw .duplicateColumns(first, second, in: path) }
    for field in fields { try checkField(field, at: path, isRepeated: isRepeated, table) }
  }

  static func checkField(
    _ field: StructField, at path: [String], isRepeated: Bool, _ table: TableDefinition
  ) throws(DeltaError) {
    try checkName(field.name, in: path, table.columnMappingMode)
    // Other writers can't check these, and refuse the table.
    if isRepeated, !field.isNullable {
      throw .refusedChange(
        "Field `\((path + [field.name]).joined(separator: "."))` can't be NOT NULL inside an array or map. Let it be null, "
          + "and check it with a constraint.")
    }
    try checkType(field.type, at: path + [field.name], isRepeated: isRepeated, table)
    _ = try field.lengthLimit()
  }

  static func checkName(_ name: String, in path: [String], _ mode: ColumnMapping.Mode) throws(DeltaError) {
    if name.isEmpty { throw .emptyName(in: path) }
    if mode == .none, name.unicodeScalars.contains(where: { charactersNeedingMapping.unicodeScalars.contains($0) }) {
      throw .charactersInName(path + [name], "blank , ; { } ( ) = tab, newline")
    }
  }

  private static func checkType(
    _ type: DataType, at path: [String], isRepeated: Bool, _ table: TableDefinition
  ) throws(DeltaError) {
    guard path.count <= SchemaJSON.maximumDepth else {
      throw .nestedTooDeeply(SchemaPlace(path: path, depth: path.count))
    }
    switch type {
    case .struct(let structure): try checkFields(structure.fields, at: path, isRepeated: isRepeated, table)
    case .array(let array): try checkType(array.element, at: path + ["element"], isRepeated: true, table)
    case .map(let map):
      try checkType(map.key, at: path + ["key"], isRepeated: true, table)
      try checkType(map.value, at: path + ["value"], isRepeated: true, table)
    default:
      guard StorableType.isStorable(type) else {
        throw .notStorable(type, at: SchemaPlace(path: path, depth: path.count))
      }
    }
  }

  static func checkChangeFeedNames(_ schema: StructType) throws(DeltaError) {
    for field in schema.fields where changeFeedColumns.contains(where: { FieldNames.areSame($0, field.name) }) {
      throw .reservedName(field.name)
    }
  }

  private static func checkPartitionColumns(of table: TableDefinition) throws(DeltaError) {
    let columns = table.metadata.partitionColumns
    var seen: [String] = []
    for name in columns {
      guard let field = table.schema[name] else {
        throw .noSuchColumn(name, in: [], suggestion: FieldNames(table.schema.fields).suggestion(for: name))
      }
      if seen.contains(where: { FieldNames.areSame($0, name) }) {
        throw .invalidChange("Column `\(name)` stands twice among the partition columns.")
      }
      seen.append(name)
      switch field.type {
      case .struct, .array, .map, .variant, .null:
        throw .invalidChange(
          "Column `\(name)` is of type \(field.type.sqlName.prefix(80)), whose values can't name a directory. Partition by "
            + "columns of plain types.")
      default: break
      }
    }
    if !columns.isEmpty, columns.count == table.schema.fields.count {
      throw .invalidChange(
        "The table would be partitioned by all of its columns, and nothing would be left to write. Leave one out.")
    }
    if !columns.isEmpty, table.clusteringColumns?.isEmpty == false {
      throw .invalidChange("A table can be partitioned or clustered, not both. Choose one.")
    }
  }

  static func checkClustering(_ columns: [ColumnPath], of table: TableDefinition) throws(DeltaError) {
    guard !columns.isEmpty else { return }
    if !table.metadata.partitionColumns.isEmpty {
      throw .refusedChange(
        "A table that is partitioned can't be clustered. Overwrite it without partition columns first.")
    }
    if columns.count > clusteringColumnLimit {
      throw .invalidChange(
        "A table can be clustered by \(clusteringColumnLimit) columns at most, not by \(columns.count).")
    }
    for (index, column) in columns.enumerated() {
      let place = try table.schema.place(of: column)
      if columns[..<index].contains(where: { $0.names.count == column.names.count && $0.overlaps(column) }) {
        throw .invalidChange("Column `\(column.description)` stands twice among the clustering columns.")
      }
      switch place.type {
      case .struct, .array, .map, .variant, .null, .binary, .boolean:
        throw .invalidChange(
          "The table can't be clustered by `\(column.description)`: files keep no least and greatest value for "
            + "\(place.type.sqlName.prefix(80)).")
      default:
        if place.isRepeated {
          throw .invalidChange(
            "The table can't be clustered by `\(column.description)`, which is inside an array or map.")
        }
      }
    }
  }

  /// A table can hold a schema that no file can be written with; rows can't be added to it then.
  ///
  /// Spec: Delta § Void Type
  package static func checkRowsCanBeWritten(_ schema: StructType) throws(DeltaError) {
    if schema.fields.allSatisfy({ $0.type == .null }) { throw .onlyVoid("A table of no other columns than void ones") }
    for field in schema.fields { try checkVoid(field.type, at: [field.name], isRepeated: false) }
  }

  private static func checkVoid(_ type: DataType, at path: [String], isRepeated: Bool) throws(DeltaError) {
    let name = "`\(path.joined(separator: "."))`"
    switch type {
    case .null: if isRepeated { throw .onlyVoid("Column \(name) inside an array or map") }
    case .struct(let structure):
      if structure.fields.allSatisfy({ $0.type == .null }) { throw .onlyVoid("Column \(name) with its fields") }
      for field in structure.fields { try checkVoid(field.type, at: path + [field.name], isRepeated: isRepeated) }
    case .array(let array): try checkVoid(array.element, at: path + ["element"], isRepeated: true)
    case .map(let map):
      try checkVoid(map.key, at: path + ["key"], isRepeated: true)
      try checkVoid(map.value, at: path + ["value"], isRepeated: true)
    default: break
    }
  }
}
