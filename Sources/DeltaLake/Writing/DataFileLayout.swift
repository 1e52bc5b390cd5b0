internal import Columnar
internal import DeltaLog

/// How rows of a table lie in its data files: which columns, under which names, and what the log notes of them.
///
/// Spec: Delta § Writer Requirements for Column Mapping
struct DataFileLayout: Sendable {
  /// The table's columns, as rows to write have them, and their names in files.
  let mapping: ColumnMapping
  var schema: Schema { mapping.logicalSchema }
  /// A file's columns: physical names, without partition columns unless the table keeps those in files, too.
  let fileSchema: Schema
  /// Where each of a file's columns is among the table's.
  let positions: [Int]
  let partitionColumns: [String]
  /// The partition columns' physical names, in partition order.
  let partitionNames: [String]

  init(_ metadata: TableMetadata, _ versions: ProtocolVersions, schema: Schema) throws(DeltaError) {
    let mapping = try ColumnMapping(
      schema: schema, mode: try ColumnMapping.mode(of: metadata, protocol: versions))
    partitionColumns = metadata.partitionColumns
    self.mapping = mapping
    partitionNames = mapping.physicalFields(of: metadata.partitionColumns).map(\.name)
    let keepsPartitionColumns = TableProperties(metadata).materializesPartitionColumns
    let partitions = Set(metadata.partitionColumns)
    let positions = schema.fields.indices.filter {
      keepsPartitionColumns || !partitions.contains(schema.fields[$0].name)
    }
    self.positions = positions
    fileSchema = StructType(positions.map { mapping.physicalSchema.fields[$0] })
  }

  /// A batch of the table as a batch of a file.
  func fileRows(_ batch: RecordBatch) throws(DeltaError) -> RecordBatch {
    var columns: [Column] = []
    columns.reserveCapacity(positions.count)
    for (field, position) in zip(fileSchema.fields, positions) {
      let column = batch.columns[position]
      guard let named = column.relabeled(as: field.type) else {
        throw DeltaError(
          .schemaMismatch,
          "Column \(schema.fields[position].name) comes as \(column.type), where the table has \(field.type).")
      }
      columns.append(named)
    }
    return RecordBatch(schema: fileSchema, columns: columns, rowCount: batch.rowCount)
  }
}
