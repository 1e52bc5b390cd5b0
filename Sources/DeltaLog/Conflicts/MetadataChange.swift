internal import Columnar

/// What differs between a table's metadata before and after a commit, and whether a commit that was prepared before goes
/// together with it.
struct MetadataChange {
  private let old: TableMetadata
  private let new: TableMetadata
  /// Properties that were added, changed or removed.
  private let properties: [String]
  private let changesSchemaText: Bool

  init(from old: TableMetadata, to new: TableMetadata) {
    self.old = old
    self.new = new
    properties = Set(old.configuration.keys).union(new.configuration.keys).filter {
      old.configuration[$0] != new.configuration[$0]
    }.sorted()
    changesSchemaText = old.schemaString != new.schemaString
  }

  /// What was changed, in a few words.
  var subject: String {
    if changesSchemaText { return "schema" }
    if let property = properties.first { return "property \(property)" }
    return "metadata"
  }

  var enablesRowTracking: Bool { !old.isTrue("delta.enableRowTracking") && new.isTrue("delta.enableRowTracking") }

  /// Properties that say how the table is kept and not what may be in it.
  private static let harmlessProperties: Set<String> = [
    "delta.checkpointInterval", "delta.checkpointRetentionDuration", "delta.logRetentionDuration",
    "delta.deletedFileRetentionDuration", "delta.enableExpiredLogCleanup", "delta.enableFullRetentionRollback",
    "delta.checkpoint.writeStatsAsJson", "delta.checkpoint.writeStatsAsStruct",
    "delta.setTransactionRetentionDuration", "delta.sampleRetentionDuration", "delta.targetFileSize",
    "delta.tuneFileSizesForRewrites", "delta.autoOptimize", "delta.autoOptimize.autoCompact",
    "delta.autoOptimize.optimizeWrite", "delta.parquet.compression.codec", "delta.parquet.format.version",
    "delta.randomizeFilePrefixes", "delta.randomPrefixLength", "delta.requireCheckpointProtectionBeforeVersion",
    "delta.dropFeatureTruncateHistory.retentionDuration",
  ]

  /// What stands against a commit prepared before, in words that follow on "changed the table's"; `nil` when nothing does.
  ///
  /// - Parameter versions: the protocol after the change.
  func obstacle(under versions: ProtocolVersions) -> String? {
    if old.id != new.id { return "id: it is another table now" }
    if old.format != new.format { return "file format" }
    if old.partitionColumns != new.partitionColumns { return "partition columns" }
    let mapsColumns = enablesColumnMapping(under: versions)
    for property in properties where !isHarmless(property, versions, mapsColumns) { return "property \(property)" }
    if changesSchemaText, !isHarmlessSchemaChange(mapsColumns) { return "schema" }
    return nil
  }

  private func isHarmless(_ property: String, _ versions: ProtocolVersions, _ mapsColumns: Bool) -> Bool {
    if !property.lowercased().hasPrefix("delta.") || Self.harmlessProperties.contains(property) { return true }
    switch property {
    // Rows of a commit prepared before get ids as all new ones do.
    case "delta.enableRowTracking", RowTracking.rowIdProperty, RowTracking.rowCommitVersionProperty:
      return versions.supports("rowTracking") && new.isTrue("delta.enableRowTracking")
    // A commit may well make no use of deletion vectors.
    case "delta.enableDeletionVectors":
      return versions.supports("deletionVectors") && new.isTrue(property)
    case "delta.checkpointPolicy": return versions.supports("v2Checkpoint")
    // The timestamp is put into a commit at the last moment.
    case "delta.enableInCommitTimestamps":
      return versions.supports("inCommitTimestamp") && new.isTrue(property)
    case "delta.inCommitTimestampEnablementVersion", "delta.inCommitTimestampEnablementTimestamp":
      return new.isTrue("delta.enableInCommitTimestamps")
    // The files of a commit prepared before name columns by the names that become the physical ones.
    case ColumnMapping.modeProperty: return mapsColumns
    case "delta.columnMapping.maxColumnId": return mapsColumns
    default: return false
    }
  }

  private func enablesColumnMapping(under versions: ProtocolVersions) -> Bool {
    (old.configuration[ColumnMapping.modeProperty] ?? "none") == "none"
      && new.configuration[ColumnMapping.modeProperty] == "name" && versions.supports("columnMapping")
  }

  /// Only how far identity columns have counted, or the ids and present names that column mapping starts with.
  private func isHarmlessSchemaChange(_ mapsColumns: Bool) -> Bool {
    guard let before = try? SchemaJSON.parse(old.schemaString), let after = try? SchemaJSON.parse(new.schemaString)
    else { return false }
    var ignored: Set<String> = ["delta.identity.highWaterMark"]
    if mapsColumns {
      ignored.formUnion([ColumnMapping.idKey, ColumnMapping.nameKey, ColumnMapping.nestedIdsKey])
      guard Self.keepsNames(after) else { return false }
    }
    return Self.without(ignored, before) == Self.without(ignored, after)
  }

  private static func keepsNames(_ schema: StructType) -> Bool {
    func keepsNames(_ type: DataType) -> Bool {
      switch type {
      case .struct(let type): Self.keepsNames(type)
      case .array(let type): keepsNames(type.element)
      case .map(let type): keepsNames(type.key) && keepsNames(type.value)
      default: true
      }
    }
    return schema.fields.allSatisfy { field in
      field.metadata[ColumnMapping.nameKey]?.stringValue == field.name && keepsNames(field.type)
    }
  }

  private static func without(_ keys: Set<String>, _ schema: StructType) -> StructType {
    func without(_ type: DataType) -> DataType {
      switch type {
      case .struct(let type): .struct(Self.without(keys, type))
      case .array(let type): .array(ArrayType(without(type.element), containsNull: type.containsNull))
      case .map(let type):
        .map(MapType(key: without(type.key), value: without(type.value), valueContainsNull: type.valueContainsNull))
      default: type
      }
    }
    return StructType(
      schema.fields.map { field in
        StructField(
          field.name, without(field.type), isNullable: field.isNullable,
          metadata: field.metadata.filter { !keys.contains($0.key) })
      })
  }
}
