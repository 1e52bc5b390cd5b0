import Columnar
import DeltaLake

/// A table's commits, to be printed.
enum HistoryTable {
  /// Rows; parameters and metrics as JSON text, or shorter for people.
  static func batch(of history: [CommitHistoryEntry], as format: RowFormat) -> RecordBatch {
    let isForPeople = format == .table || format == .markdown
    let text = isForPeople ? brief : json
    var columns: [(field: StructField, column: Column)] = [
      (StructField("version", .long, isNullable: false), Column(longs: history.map(\.version))),
      (
        StructField("timestamp", .timestamp()),
        Column(timestamps: history.map { $0.timestamp.flatMap(microseconds) })
      ),
      (StructField("operation", .string), Column(strings: history.map(\.operation))),
      (StructField("parameters", .string), Column(strings: history.map { text($0.operationParameters) })),
      (StructField("metrics", .string), Column(strings: history.map { text($0.operationMetrics) })),
      (StructField("engine", .string), Column(strings: history.map(\.engineInfo))),
      (StructField("user_metadata", .string), Column(strings: history.map(\.userMetadata))),
    ]
    // What no commit has would only take the others' room.
    if isForPeople { columns.removeAll { $0.field.name == "user_metadata" && $0.column.nullCount == history.count } }
    return RecordBatch(
      schema: StructType(columns.map(\.field)), columns: columns.map(\.column), rowCount: history.count)
  }

  /// `nil` for a time that no column can hold.
  private static func microseconds(_ timestamp: Timestamp) -> Int64? {
    let (value, overflow) = timestamp.milliseconds.multipliedReportingOverflow(by: 1000)
    return overflow ? nil : value
  }

  /// An object a line, in which parameters and metrics are objects, too.
  static func jsonLines(of history: [CommitHistoryEntry]) -> String {
    history.map { entry in
      let members: [(String, JSONDocument)] = [
        ("version", .integer(entry.version)),
        ("timestamp", .optional(entry.timestamp?.description)),
        ("operation", .optional(entry.operation)),
        ("parameters", json(entry.operationParameters).map { .text($0) } ?? .null),
        ("metrics", json(entry.operationMetrics).map { .text($0) } ?? .null),
        ("engine", .optional(entry.engineInfo)),
        ("user_metadata", .optional(entry.userMetadata)),
      ]
      return JSONDocument.object(members).compact + "\n"
    }.joined()
  }

  private static func json(_ values: [String: MetadataValue]) -> String? {
    values.isEmpty ? nil : MetadataJSON.string(.object(values))
  }

  /// `mode=Append, partitionBy=["day"]`, without what is empty.
  private static func brief(_ values: [String: MetadataValue]) -> String? {
    let parts = values.sorted { $0.key < $1.key }.compactMap { name, value -> String? in
      switch value {
      case .null, .string(""), .string("[]"), .string("{}"): nil
      case .string(let text): "\(name)=\(text)"
      default: "\(name)=\(MetadataJSON.string(value))"
      }
    }
    return values.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
