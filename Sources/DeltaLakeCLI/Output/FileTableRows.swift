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
  static func batch(of snapshot: Snapshot, files: [Int]?) -> RecordBatch {
    let table = snapshot.state.files
    let rows = files ?? Array(0..<table.count)
    let columns: [Column] = [
      Column(strings: rows.map { table.path(at: $0) }),
      Column(longs: rows.map { table.sizes[$0] }),
      Column(timestamps: rows.map { table.modificationTimes[$0] * 1000 }),
      Column(strings: rows.map { partition(of: table, at: $0) }),
      Column(longs: rows.map { table.deletedRowCount(at: $0) }),
    ]
    return RecordBatch(schema: schema, columns: columns, rowCount: rows.count)
  }

  private static func partition(of table: FileTable, at row: Int) -> String? {
    let values = table.partitionValues(at: row)
    guard !values.isEmpty else { return nil }
    return values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value ?? "null")" }.joined(separator: ", ")
  }
}
