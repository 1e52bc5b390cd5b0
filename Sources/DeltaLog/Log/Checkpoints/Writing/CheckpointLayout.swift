package import Columnar

/// The columns of a checkpoint to write: one for each kind of action.
///
/// Spec: Delta § Checkpoint Schema
package struct CheckpointLayout: Hashable, Sendable {
  /// Whether `add.stats` holds the statistics as JSON text.
  package var hasJSONStatistics = true
  /// The type of `add.stats_parsed`, physical names; `nil`: no such column.
  package var parsedStatistics: StructType?
  /// The type of `add.partitionValues_parsed`, physical names; `nil`: no such column.
  package var parsedPartitionValues: StructType?
  /// Whether there are columns for what is not a file: `false` for sidecars.
  package var hasTableActions = true
  /// Whether there are columns for what only V2 checkpoints have.
  package var isV2 = false

  package init() {}

  package var schema: Schema {
    var fields: [StructField] = []
    if hasTableActions { fields.append(CheckpointSchema.tableAction("txn")) }
    fields += [StructField("add", .struct(add)), StructField("remove", .struct(Self.remove))]
    if hasTableActions {
      fields += ["metaData", "protocol", "domainMetadata"].map(CheckpointSchema.tableAction)
      if isV2 { fields += ["sidecar", "checkpointMetadata"].map(CheckpointSchema.tableAction) }
    }
    return Schema(fields)
  }

  private var add: StructType {
    var fields = [
      StructField("path", .string), StructField("partitionValues", CheckpointSchema.stringMap),
      StructField("size", .long), StructField("modificationTime", .long), StructField("dataChange", .boolean),
      StructField("tags", CheckpointSchema.stringMap), StructField("deletionVector", CheckpointSchema.deletionVector),
      StructField("baseRowId", .long), StructField("defaultRowCommitVersion", .long),
      StructField("clusteringProvider", .string),
    ]
    if hasJSONStatistics { fields.append(StructField("stats", .string)) }
    if let parsedStatistics { fields.append(StructField("stats_parsed", .struct(parsedStatistics))) }
    if let parsedPartitionValues {
      fields.append(StructField("partitionValues_parsed", .struct(parsedPartitionValues)))
    }
    return StructType(fields)
  }

  private static let remove = StructType([
    StructField("path", .string), StructField("deletionTimestamp", .long), StructField("dataChange", .boolean),
    StructField("extendedFileMetadata", .boolean), StructField("partitionValues", CheckpointSchema.stringMap),
    StructField("size", .long), StructField("tags", CheckpointSchema.stringMap),
    StructField("deletionVector", CheckpointSchema.deletionVector), StructField("baseRowId", .long),
    StructField("defaultRowCommitVersion", .long),
  ])
}
