import Columnar
import DeltaLake

/// Data files as rows to print.
enum FileTableRows {
  private static let schema = StructType([
    StructField("path", .string, isNullable: false),
    StructField("size", .long, isNullable: false),
    StructField("modified", .timestamp(), isNullable: false),
    StructField("partition", .string),
    StructField("deleted_rows", .long, isNullable: false),
  ])

  /// - Parameter partitionColumns: the table's, in order.
  static func batch(of files: SnapshotFiles, partitionColumns: [String]) -> RecordBatch {
    let columns: [Column] = [
      Column(strings: files.map(\.path)),
      Column(longs: files.map(\.sizeInBytes)),
      Column(timestamps: files.map { $0.modificationTime.milliseconds &* 1000 }),
      Column(strings: files.map { partition(partitionColumns, of: $0) }),
      Column(longs: files.map(\.deletedRowCount)),
    ]
    return RecordBatch(schema: schema, columns: columns, rowCount: files.count)
  }

  /// `nil` for a table without partitions.
  private static func partition(_ columns: [String], of file: DataFile) -> String? {
    guard !columns.isEmpty else { return nil }
    let values = file.partitionValues
    return columns.map { "\($0)=\((values[$0] ?? nil) ?? "null")" }.joined(separator: ", ")
  }
}
