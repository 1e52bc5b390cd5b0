import Columnar
import DeltaLake

/// A table's commits as rows to print.
enum HistoryTable {
  private static let schema = StructType([
    StructField("version", .long, isNullable: false),
    StructField("timestamp", .timestamp()),
    StructField("operation", .string),
    StructField("parameters", .string),
    StructField("metrics", .string),
    StructField("engine", .string),
    StructField("user_metadata", .string),
  ])

  static func batch(of history: [CommitHistoryEntry]) -> RecordBatch {
    let columns: [Column] = [
      Column(longs: history.map(\.version)),
      Column(timestamps: history.map { $0.timestamp.map { $0.milliseconds * 1000 } }),
      Column(strings: history.map(\.operation)),
      Column(strings: history.map { text($0.operationParameters) }),
      Column(strings: history.map { text($0.operationMetrics) }),
      Column(strings: history.map(\.engineInfo)),
      Column(strings: history.map(\.userMetadata)),
    ]
    return RecordBatch(schema: schema, columns: columns, rowCount: history.count)
  }

  private static func text(_ values: [String: MetadataValue]) -> String? {
    values.isEmpty ? nil : MetadataJSON.string(.object(values))
  }
}
