package import Columnar

// The table itself: its making, its properties, its columns.

extension CommitOperation {
  package static func createTable(
    _ metadata: TableMetadata, isManaged: Bool = false, asSelect: Bool = false, clusterBy: [String] = []
  ) -> CommitOperation {
    CommitOperation("CREATE TABLE" + (asSelect ? " AS SELECT" : ""), table(metadata, isManaged, clusterBy))
  }

  package static func replaceTable(
    _ metadata: TableMetadata, isManaged: Bool = false, orCreate: Bool = false, asSelect: Bool = false,
    clusterBy: [String] = []
  ) -> CommitOperation {
    CommitOperation(
      (orCreate ? "CREATE OR " : "") + "REPLACE TABLE" + (asSelect ? " AS SELECT" : ""),
      table(metadata, isManaged, clusterBy))
  }

  private static func table(
    _ metadata: TableMetadata, _ isManaged: Bool, _ clusterBy: [String]
  ) -> [String: MetadataValue] {
    [
      "isManaged": .string(String(isManaged)),
      "description": metadata.description.map(MetadataValue.string) ?? .null,
      "partitionBy": list(metadata.partitionColumns), "clusterBy": list(clusterBy),
      "properties": json(metadata.configuration),
    ]
  }

  package static func setProperties(_ properties: [String: String]) -> CommitOperation {
    CommitOperation("SET TBLPROPERTIES", ["properties": json(properties)])
  }

  package static func unsetProperties(_ names: [String], ifExists: Bool = false) -> CommitOperation {
    CommitOperation("UNSET TBLPROPERTIES", ["properties": list(names), "ifExists": .boolean(ifExists)])
  }

  package static func upgradeProtocol(to versions: ProtocolVersions) -> CommitOperation {
    var members: [String: MetadataValue] = [
      "minReaderVersion": .long(Int64(versions.minReaderVersion)),
      "minWriterVersion": .long(Int64(versions.minWriterVersion)),
    ]
    members["readerFeatures"] = versions.readerFeatures.map { .array($0.map(MetadataValue.string)) }
    members["writerFeatures"] = versions.writerFeatures.map { .array($0.map(MetadataValue.string)) }
    return CommitOperation("UPGRADE PROTOCOL", ["newProtocol": json(.object(members))])
  }

  package static func dropFeature(_ name: String, truncatesHistory: Bool = false) -> CommitOperation {
    CommitOperation(
      "DROP FEATURE", ["featureName": .string(name), "truncateHistory": .boolean(truncatesHistory)])
  }

  package static func domainMetadataCleanup(removing count: Int64) -> CommitOperation {
    CommitOperation("DOMAIN METADATA CLEANUP", ["domainMetadataRemovedCount": .long(count)])
  }

  /// Both are lists of columns, separated by commas.
  package static func cluster(by columns: String, before: String) -> CommitOperation {
    CommitOperation(
      "CLUSTER BY", ["oldClusteringColumns": .string(before), "newClusteringColumns": .string(columns)])
  }
}

// Constraints.

extension CommitOperation {
  package static func addConstraint(_ name: String, _ expression: String) -> CommitOperation {
    CommitOperation("ADD CONSTRAINT", ["name": .string(name), "expr": .string(expression)])
  }

  /// - Parameter expression: `nil` when there was no such constraint.
  package static func dropConstraint(_ name: String, _ expression: String?) -> CommitOperation {
    var parameters: [String: MetadataValue] = [
      "name": .string(name), "existed": .string(String(expression != nil)),
    ]
    parameters["expr"] = expression.map(MetadataValue.string)
    return CommitOperation("DROP CONSTRAINT", parameters)
  }
}

// Columns.

extension CommitOperation {
  /// A column as it is noted: its field, where it is nested, and where it is put.
  package struct Column: Hashable, Sendable {
    /// The structs around the field, from the outermost.
    package var parents: [String]
    package var field: StructField
    /// `FIRST`, or `AFTER` and a column's name; `nil`: at the end, or where it was.
    package var position: String?

    package init(_ field: StructField, in parents: [String] = [], position: String? = nil) {
      self.field = field
      self.parents = parents
      self.position = position
    }

    fileprivate var members: [String: MetadataValue] {
      [
        "name": .string(CommitOperation.name(parents + [field.name])),
        "type": .string(CommitOperation.name(of: field.type)), "nullable": .boolean(field.isNullable),
        "metadata": .object(field.metadata),
      ]
    }
  }

  package static func addColumns(_ columns: [Column]) -> CommitOperation {
    let list = columns.map { column -> MetadataValue in
      var members: [String: MetadataValue] = ["column": .object(column.members)]
      members["position"] = column.position.map(MetadataValue.string)
      return .object(members)
    }
    return CommitOperation("ADD COLUMNS", ["columns": json(.array(list))])
  }

  package static func dropColumns(_ paths: [[String]]) -> CommitOperation {
    CommitOperation("DROP COLUMNS", ["columns": list(paths.map(name))])
  }

  package static func renameColumn(_ old: [String], to new: [String]) -> CommitOperation {
    CommitOperation(
      "RENAME COLUMN", ["oldColumnPath": .string(name(old)), "newColumnPath": .string(name(new))])
  }

  package static func changeColumn(_ column: Column) -> CommitOperation {
    var parameters: [String: MetadataValue] = ["column": json(.object(column.members))]
    parameters["position"] = column.position.map(MetadataValue.string)
    return CommitOperation("CHANGE COLUMN", parameters)
  }

  package static func changeColumns(_ columns: [Column]) -> CommitOperation {
    let list = columns.map { column -> MetadataValue in
      var members = column.members
      members["position"] = column.position.map(MetadataValue.string)
      return .object(members)
    }
    return CommitOperation("CHANGE COLUMNS", ["columns": json(.array(list))])
  }

  package static func replaceColumns(_ fields: [StructField]) -> CommitOperation {
    CommitOperation("REPLACE COLUMNS", ["columns": json(.array(fields.map { .object(Column($0).members) }))])
  }

  /// - Parameters: the schemas as ``TableMetadata/schemaString`` has them.
  package static func updateSchema(from old: String, to new: String) -> CommitOperation {
    CommitOperation("UPDATE SCHEMA", ["oldSchema": .string(old), "newSchema": .string(new)])
  }

  /// Dots between the names; a name that has one itself is put between backticks.
  private static func name(_ path: [String]) -> String {
    path.map { $0.contains(".") || $0.contains("`") ? "`" + $0.replacing("`", with: "``") + "`" : $0 }
      .joined(separator: ".")
  }

  private static func name(of type: DataType) -> String {
    switch type {
    case .struct: "struct"
    case .array: "array"
    case .map: "map"
    default: SchemaJSON.name(of: type) ?? "\(type)"
    }
  }
}
