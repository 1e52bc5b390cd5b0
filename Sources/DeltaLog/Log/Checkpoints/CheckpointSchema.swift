package import Columnar

/// The columns to ask of a checkpoint's or sidecar's Parquet file. What a file lacks is to come back as nulls.
///
/// Spec: Delta § Checkpoint Schema
package struct CheckpointSchema: Sendable {
  /// What of the files' statistics to read along.
  package enum Statistics: Sendable {
    case none
    /// `stats_parsed.numRecords` only: a row count a file at little cost, where the writer kept it.
    case recordCounts
    /// The JSON text; of it the row count stays.
    case json
  }

  package var statistics = Statistics.none
  /// What of the typed statistics to read beside; `nil`: nothing.
  package var parsedStatistics: StructType?
  /// Whether to read tombstones.
  package var includesRemoves = false
  /// Whether to read tags and clustering providers.
  package var includesExtras = false
  /// `false` for sidecars, which hold nothing but files.
  package var includesTableActions = true

  package init() {}

  /// The schema of a replay.
  package var schema: Schema {
    var fields = [StructField("add", .struct(add))]
    if includesRemoves { fields.append(StructField("remove", .struct(remove))) }
    if includesTableActions { fields += Self.tableActions }
    return Schema(fields)
  }

  /// The schema to read only statistics: `add.path` and `add.stats`, and `add.stats_parsed` of the type given.
  ///
  /// - Parameter parsed: the columns wanted, as in `minValues{…}, maxValues{…}, nullCount{…}, numRecords`; `nil`: none.
  package static func statistics(json: Bool, parsed: StructType?) -> Schema {
    var fields = [StructField("path", .string)]
    if json { fields.append(StructField("stats", .string)) }
    if let parsed { fields.append(StructField("stats_parsed", .struct(parsed))) }
    return Schema([StructField("add", .struct(StructType(fields)))])
  }

  private var add: StructType {
    var fields = [
      StructField("path", .string), StructField("partitionValues", Self.stringMap), StructField("size", .long),
      StructField("modificationTime", .long), StructField("dataChange", .boolean),
      StructField("deletionVector", Self.deletionVector), StructField("baseRowId", .long),
      StructField("defaultRowCommitVersion", .long),
    ]
    switch statistics {
    case .none: break
    case .recordCounts:
      fields.append(StructField("stats_parsed", .struct(StructType([StructField("numRecords", .long)]))))
    case .json: fields.append(StructField("stats", .string))
    }
    if let parsedStatistics { fields.append(StructField("stats_parsed", .struct(parsedStatistics))) }
    if includesExtras {
      fields += [StructField("tags", Self.stringMap), StructField("clusteringProvider", .string)]
    }
    return StructType(fields)
  }

  private var remove: StructType {
    StructType([
      StructField("path", .string), StructField("deletionTimestamp", .long), StructField("dataChange", .boolean),
      StructField("extendedFileMetadata", .boolean), StructField("partitionValues", Self.stringMap),
      StructField("size", .long), StructField("deletionVector", Self.deletionVector),
      StructField("baseRowId", .long), StructField("defaultRowCommitVersion", .long),
    ])
  }

  static let stringMap = DataType.map(MapType(key: .string, value: .string))
  private static let stringList = DataType.array(ArrayType(.string))

  static let deletionVector = DataType.struct(
    StructType([
      StructField("storageType", .string), StructField("pathOrInlineDv", .string), StructField("offset", .integer),
      StructField("sizeInBytes", .integer), StructField("cardinality", .long),
    ]))

  /// The column of a kind of action that isn't a file, which must be one of ``tableActions``.
  static func tableAction(_ name: String) -> StructField {
    tableActions.first { $0.name == name } ?? StructField(name, .null)
  }

  private static let tableActions = [
    StructField(
      "metaData",
      .struct(
        StructType([
          StructField("id", .string), StructField("name", .string), StructField("description", .string),
          StructField(
            "format",
            .struct(StructType([StructField("provider", .string), StructField("options", stringMap)]))),
          StructField("schemaString", .string), StructField("partitionColumns", stringList),
          StructField("createdTime", .long), StructField("configuration", stringMap),
        ]))),
    StructField(
      "protocol",
      .struct(
        StructType([
          StructField("minReaderVersion", .integer), StructField("minWriterVersion", .integer),
          StructField("readerFeatures", stringList), StructField("writerFeatures", stringList),
        ]))),
    StructField(
      "txn",
      .struct(
        StructType([
          StructField("appId", .string), StructField("version", .long), StructField("lastUpdated", .long),
        ]))),
    StructField(
      "domainMetadata",
      .struct(
        StructType([
          StructField("domain", .string), StructField("configuration", .string), StructField("removed", .boolean),
        ]))),
    StructField(
      "sidecar",
      .struct(
        StructType([
          StructField("path", .string), StructField("sizeInBytes", .long), StructField("modificationTime", .long),
          StructField("tags", stringMap),
        ]))),
    StructField(
      "checkpointMetadata",
      .struct(StructType([StructField("version", .long), StructField("tags", stringMap)]))),
  ]
}
