package import Columnar
package import DeltaLog

extension StructType {
  /// Columns as SQL declares them: `a INT NOT NULL, s STRUCT<b: STRING>`. Names with blanks are in backticks.
  package init(sql: String) throws {
    var fields: [StructField] = []
    for part in Self.topLevelParts(of: sql) {
      var text = part.drop { $0 == " " }
      var name = ""
      if text.first == "`" {
        text = text.dropFirst()
        name = String(text.prefix { $0 != "`" })
        text = text.dropFirst(name.count + 1)
      } else {
        name = String(text.prefix { $0 != " " })
        text = text.dropFirst(name.count)
      }
      let isNullable = !text.hasSuffix(" NOT NULL")
      if !isNullable { text = text.dropLast(" NOT NULL".count) }
      guard case .cast(_, let type) = try ColumnExpression(parsing: "CAST(NULL AS \(text))") else { continue }
      fields.append(StructField(name, type, isNullable: isNullable))
    }
    self.init(fields)
  }

  private static func topLevelParts(of sql: String) -> [Substring] {
    var depth = 0
    return sql.split { character in
      if "<(".contains(character) { depth += 1 }
      if ">)".contains(character) { depth -= 1 }
      return character == "," && depth == 0
    }
  }

  /// The schema with metadata put on fields, by path with dots.
  package func with(_ metadata: [String: [String: MetadataValue]]) throws -> StructType {
    var schema = self
    for (path, values) in metadata {
      let place = try schema.place(of: ColumnPath(path.split(separator: ".").map(String.init)))
      schema = try schema.replacingField(at: place.steps) { (field) throws(DeltaError) in
        var field = field
        field.metadata.merge(values) { $1 }
        return field
      }
    }
    return schema
  }
}

extension TableDefinition {
  /// A table out of SQL and properties, without being checked as a new one is.
  package init(
    sql: String, partitionedBy partitionColumns: [String] = [], properties: [String: String] = [:],
    metadata: [String: [String: MetadataValue]] = [:],
    protocol versions: ProtocolVersions = ProtocolVersions(minReaderVersion: 1, minWriterVersion: 2)
  ) throws {
    let schema = try StructType(sql: sql).with(metadata)
    try self.init(
      TableMetadata(
        id: "t", schemaString: try SchemaJSON.string(for: schema), partitionColumns: partitionColumns,
        configuration: properties), protocol: versions)
  }

  /// Such a table with its columns mapped by name, and physical names `p1`, `p2`, …
  package init(
    mapped sql: String, partitionedBy partitionColumns: [String] = [], properties: [String: String] = [:],
    metadata: [String: [String: MetadataValue]] = [:]
  ) throws {
    var number = 0
    try self.init(
      creating: try StructType(sql: sql).with(metadata), partitionColumns: partitionColumns,
      properties: properties.merging(["delta.columnMapping.mode": "name"]) { $1 },
      TableMetadata(id: "t", schemaString: ""), protocol: ProtocolVersions(minReaderVersion: 2, minWriterVersion: 5)
    ) { _ in
      number += 1
      return "p\(number)"
    }
  }
}
