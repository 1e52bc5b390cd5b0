import Columnar
import DeltaLake
import DeltaLog

/// A snapshot's data files as rows to print.
enum FileTableRows {
  private static let schema = StructType([
    StructField("path", .string, isNullable: false),
    StructField("size", .long, isNullable: false),
    StructField("modified", .timestamp(), isNullable: false),
    StructField("partition", .string),
    StructField("deleted_rows", .long, isNullable: false),
  ])

  /// - Parameter files: rows of the snapshot's table of files; `nil` for all.
  static func batch(of snapshot: Snapshot, files: [Int]?) throws -> RecordBatch {
    let table = snapshot.state.files
    let rows = files ?? Array(0..<table.count)
    let mapping = try snapshot.columnMapping()
    let partitions = snapshot.metadata.partitionColumns.map { (name: $0, physical: mapping.physicalName(of: $0) ?? $0) }
    let columns: [Column] = [
      Column(strings: rows.map { table.path(at: $0) }),
      Column(longs: rows.map { table.sizes[$0] }),
      Column(timestamps: rows.map { table.modificationTimes[$0] * 1000 }),
      Column(strings: rows.map { partition(partitions, table, at: $0) }),
      Column(longs: rows.map { table.deletedRowCount(at: $0) }),
    ]
    return RecordBatch(schema: schema, columns: columns, rowCount: rows.count)
  }

  /// The values in the order of the table's partition columns; `nil` for a table without any.
  private static func partition(
    _ columns: [(name: String, physical: String)], _ table: FileTable, at row: Int
  ) -> String? {
    guard !columns.isEmpty else { return nil }
    let values = table.partitionValues(at: row)
    return columns.map { "\($0.name)=\((values[$0.physical] ?? nil) ?? "null")" }.joined(separator: ", ")
  }
}
