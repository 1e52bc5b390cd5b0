/// The table properties that are known, one row each.
///
/// Spec: Delta § Table Properties
package enum TablePropertyRules {
  package static let all: [TablePropertyRule] = [
    TablePropertyRule("appendOnly", .boolean, "false"),
    TablePropertyRule("autoOptimize", .boolean, nil),
    TablePropertyRule("autoOptimize.autoCompact", .choice(["true", "false", "auto", "legacy"]), nil),
    TablePropertyRule("autoOptimize.optimizeWrite", .boolean, nil),
    TablePropertyRule("castIcebergTimeType", .boolean, "false"),
    TablePropertyRule("checkpoint.writeStatsAsJson", .boolean, "true"),
    TablePropertyRule("checkpoint.writeStatsAsStruct", .boolean, "true"),
    TablePropertyRule("checkpointInterval", .integer(1...Int64(Int32.max)), "10"),
    TablePropertyRule("checkpointPolicy", .choice(["classic", "v2"]), "classic"),
    TablePropertyRule("checkpointRetentionDuration", .interval, "interval 2 days"),
    TablePropertyRule("columnMapping.maxColumnId", .integer(0...Int64.max), "0", isEditable: false),
    TablePropertyRule("columnMapping.mode", .choice(["none", "name", "id"]), "none"),
    TablePropertyRule("compatibility.symlinkFormatManifest.enabled", .boolean, "false"),
    TablePropertyRule("dataSkippingNumIndexedCols", .integer(-1...Int64(Int32.max)), "32"),
    TablePropertyRule("dataSkippingStatsColumns", .columns, nil),
    TablePropertyRule("dataSkippingStringPrefixLength", .integer(0...Int64(Int32.max)), nil),
    TablePropertyRule("deletedFileRetentionDuration", .interval, "interval 1 week"),
    TablePropertyRule("dropFeatureTruncateHistory.retentionDuration", .interval, "interval 24 hours"),
    TablePropertyRule("enableChangeDataCapture", .boolean, "false"),
    TablePropertyRule("enableChangeDataFeed", .boolean, "false"),
    TablePropertyRule("enableDeletionVectors", .boolean, "false"),
    TablePropertyRule("enableExpiredLogCleanup", .boolean, "true"),
    TablePropertyRule("enableFullRetentionRollback", .boolean, "true"),
    TablePropertyRule("enableIcebergCompatV1", .boolean, nil),
    TablePropertyRule("enableIcebergCompatV2", .boolean, nil),
    TablePropertyRule("enableIcebergCompatV3", .boolean, nil),
    TablePropertyRule("enableInCommitTimestamps", .boolean, "false"),
    TablePropertyRule("enableMaterializePartitionColumnsFeature", .boolean, nil),
    TablePropertyRule("enableRowTracking", .boolean, "false"),
    TablePropertyRule("enableTypeWidening", .boolean, "false"),
    TablePropertyRule("enableVariantShredding", .boolean, "false"),
    TablePropertyRule("ignoreIcebergBucketPartition", .boolean, "false"),
    TablePropertyRule("inCommitTimestampEnablementTimestamp", .integer(Int64.min...Int64.max), nil, isEditable: false),
    TablePropertyRule("inCommitTimestampEnablementVersion", .integer(0...Int64.max), nil, isEditable: false),
    TablePropertyRule("isolationLevel", .choice(["Serializable", "WriteSerializable"]), "Serializable"),
    TablePropertyRule("logRetentionDuration", .interval, "interval 30 days"),
    TablePropertyRule(
      "parquet.compression.codec",
      .choice(["zstd", "snappy", "gzip", "lz4", "lz4_raw", "brotli", "uncompressed", "none"]), nil),
    TablePropertyRule("parquet.format.version", .parquetVersion, "1.0.0"),
    TablePropertyRule("randomPrefixLength", .integer(1...255), "2"),
    TablePropertyRule("randomizeFilePrefixes", .boolean, "false"),
    TablePropertyRule("requireCheckpointProtectionBeforeVersion", .integer(0...Int64.max), "0"),
    TablePropertyRule("rowTracking.materializedRowCommitVersionColumnName", .text, nil, isEditable: false),
    TablePropertyRule("rowTracking.materializedRowIdColumnName", .text, nil, isEditable: false),
    TablePropertyRule("rowTrackingSuspended", .boolean, "false"),
    TablePropertyRule("sampleRetentionDuration", .interval, "interval 7 days"),
    TablePropertyRule("setTransactionRetentionDuration", .interval, nil),
    TablePropertyRule("targetFileSize", .byteCount, nil),
    TablePropertyRule("tuneFileSizesForRewrites", .boolean, nil),
    TablePropertyRule("universalFormat.enabledFormats", .text, ""),
    TablePropertyRule("universalFormat.iceberg.atomicConversion.supported", .boolean, "false"),
    TablePropertyRule("writePartitionColumnsToParquet", .boolean, nil),
  ]

  /// The row of a property, by its name in any case.
  package static func rule(_ name: String) -> TablePropertyRule? { byName[name.lowercased()] }

  private static let byName = Dictionary(all.map { ($0.name.lowercased(), $0) }) { first, _ in first }
}
