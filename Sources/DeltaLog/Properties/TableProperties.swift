/// A table's properties by what they mean. A value that makes no sense counts as not set: it is some other client's, and
/// no reason to refuse the table.
///
/// Spec: Delta § Table Properties
package struct TableProperties: Hashable, Sendable {
  package let configuration: [String: String]

  package init(_ configuration: [String: String]) {
    self.configuration = configuration
  }

  package init(_ metadata: TableMetadata) {
    self.init(metadata.configuration)
  }

  // MARK: What may be done

  package var isAppendOnly: Bool { flag("delta.appendOnly") }
  package var isolationLevel: IsolationLevel {
    value("delta.isolationLevel").flatMap(IsolationLevel.init(rawValue:)) ?? .serializable
  }
  /// By name, the SQL text of each check constraint.
  package var constraints: [String: String] {
    var constraints: [String: String] = [:]
    for (key, text) in configuration where key.hasPrefix(Self.constraintPrefix) {
      constraints[String(key.dropFirst(Self.constraintPrefix.count))] = text
    }
    return constraints
  }
  package static let constraintPrefix = "delta.constraints."

  // MARK: What is written

  package var enablesChangeDataFeed: Bool {
    configuration["delta.enableChangeDataFeed"] != nil
      ? flag("delta.enableChangeDataFeed") : flag("delta.enableChangeDataCapture")
  }
  package var enablesDeletionVectors: Bool { flag("delta.enableDeletionVectors") }
  package var enablesRowTracking: Bool { flag("delta.enableRowTracking") }
  package var suspendsRowTracking: Bool { flag("delta.rowTrackingSuspended") }
  package var enablesInCommitTimestamps: Bool { flag("delta.enableInCommitTimestamps") }
  package var enablesTypeWidening: Bool { flag("delta.enableTypeWidening") }
  package var enablesVariantShredding: Bool { flag("delta.enableVariantShredding") }
  package var enablesIcebergCompatV1: Bool { flag("delta.enableIcebergCompatV1") }
  package var enablesIcebergCompatV2: Bool { flag("delta.enableIcebergCompatV2") }
  package var enablesIcebergCompatV3: Bool { flag("delta.enableIcebergCompatV3") }
  /// Whether data files hold the partition columns, too.
  package var materializesPartitionColumns: Bool {
    flag("delta.enableMaterializePartitionColumnsFeature") || flag("delta.writePartitionColumnsToParquet")
      || enablesIcebergCompatV1 || enablesIcebergCompatV2 || enablesIcebergCompatV3
  }
  /// `nil`: the writer's own choice.
  package var targetFileSize: Int64? { value("delta.targetFileSize").flatMap(TablePropertyRule.byteCount) }
  package var optimizesWrites: Bool { flag("delta.autoOptimize.optimizeWrite") || flag("delta.autoOptimize") }
  package var compactsAutomatically: Bool {
    ["true", "auto", "legacy"].contains(value("delta.autoOptimize.autoCompact")) || flag("delta.autoOptimize")
  }
  /// In lower case; `nil`: the writer's own choice.
  package var compressionCodec: String? { value("delta.parquet.compression.codec") }
  package var usesDataPagesV2: Bool { value("delta.parquet.format.version")?.hasPrefix("2") ?? false }
  /// How many random characters a file's path begins with; `nil`: none.
  package var randomPrefixLength: Int? {
    flag("delta.randomizeFilePrefixes") ? number("delta.randomPrefixLength").map(Int.init) : nil
  }

  // MARK: Statistics

  /// How many leaf columns have statistics, counted from the first; `nil`: all.
  package var indexedColumnLimit: Int? {
    let limit = number("delta.dataSkippingNumIndexedCols") ?? 32
    return limit < 0 ? nil : Int(limit)
  }
  /// The columns that have statistics, in place of the first ones.
  package var statisticsColumns: [[String]]? {
    configuration["delta.dataSkippingStatsColumns"].flatMap(ColumnListText.parse)
  }
  /// How much of a text its bounds keep, in characters; of 0, texts have no bounds.
  package var statisticsPrefixLength: Int { number("delta.dataSkippingStringPrefixLength").map(Int.init) ?? 32 }

  // MARK: Checkpoints and retention

  package var checkpointInterval: Int { number("delta.checkpointInterval").map(Int.init) ?? 10 }
  package var usesV2Checkpoints: Bool { value("delta.checkpointPolicy") == "v2" }
  package var checkpointsHoldStatisticsAsJSON: Bool { flag("delta.checkpoint.writeStatsAsJson") }
  package var checkpointsHoldStatisticsAsStruct: Bool { flag("delta.checkpoint.writeStatsAsStruct") }
  package var cleansUpLog: Bool { flag("delta.enableExpiredLogCleanup") }
  package var logRetention: Duration { duration("delta.logRetentionDuration") ?? .zero }
  /// How long files that left the table are kept for readers of older versions.
  package var tombstoneRetention: Duration { duration("delta.deletedFileRetentionDuration") ?? .zero }
  /// How long applications' transactions are remembered; `nil`: for ever.
  package var transactionRetention: Duration? { duration("delta.setTransactionRetentionDuration") }
  package var checkpointProtectionVersion: Version {
    number("delta.requireCheckpointProtectionBeforeVersion") ?? 0
  }

  // MARK: Reading values

  /// A value that makes sense, as it is normally spelt: the one set, or the default.
  package func value(_ name: String) -> String? {
    guard let rule = TablePropertyRules.rule(name) else { return configuration[name] }
    if let text = configuration[name], let value = try? rule.normalized(text) { return value }
    return rule.defaultValue
  }

  private func flag(_ name: String) -> Bool { value(name) == "true" }

  private func number(_ name: String) -> Int64? { value(name).flatMap { Int64($0) } }

  private func duration(_ name: String) -> Duration? {
    value(name).flatMap { try? .milliseconds(IntervalText.milliseconds($0)) }
  }
}
