internal import Columnar
internal import DeltaLog

/// How rows of a table lie in its data files: which columns, under which names, and what the log notes of them.
///
/// Spec: Delta § Writer Requirements for Column Mapping
/// Spec: Delta § Writer Requirements for IcebergCompatV1
struct DataFileLayout: Sendable {
  /// The table's columns, as rows to write have them, and their names in files.
  let mapping: ColumnMapping
  var schema: Schema { mapping.logicalSchema }
  /// A file's columns: physical names, without partition columns unless the table keeps those in files, too.
  private(set) var fileSchema: Schema
  /// Where each of a file's columns is among those of a batch.
  private var positions: [Int]
  let partitionColumns: [String]
  /// The partition columns' physical names, in partition order.
  let partitionNames: [String]
  /// How many of a file's last columns are partition columns.
  private let trailingCount: Int

  init(_ metadata: TableMetadata, _ versions: ProtocolVersions, schema: Schema) throws(DeltaError) {
    let mapping = try ColumnMapping(
      schema: schema, mode: try ColumnMapping.mode(of: metadata, protocol: versions))
    partitionColumns = metadata.partitionColumns
    self.mapping = mapping
    partitionNames = mapping.physicalFields(of: metadata.partitionColumns).map(\.name)
    let keepsPartitionColumns = TableProperties(metadata).materializesPartitionColumns
    let partitions = Set(metadata.partitionColumns)
    let others = schema.fields.indices.filter { !partitions.contains(schema.fields[$0].name) }
    // Behind the others, as Iceberg compatibility demands.
    let trailing = keepsPartitionColumns ? metadata.partitionColumns.compactMap { schema.index(of: $0) } : []
    trailingCount = trailing.count
    positions = others + trailing
    fileSchema = StructType(positions.map { mapping.physicalSchema.fields[$0] })
  }

  /// The layout of files that have columns which are none of the table's: batches have them behind the table's, files
  /// before the partition columns.
  func adding(_ fields: [StructField]) -> DataFileLayout {
    var layout = self
    let first = schema.fields.count + positions.count { $0 >= schema.fields.count }
    let place = positions.count - trailingCount
    layout.positions.insert(contentsOf: fields.indices.map { first + $0 }, at: place)
    var columns = fileSchema.fields
    columns.insert(contentsOf: fields, at: place)
    layout.fileSchema = StructType(columns)
    return layout
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
          "Column \(batch.schema.fields[position].name) comes as \(column.type), where the table has \(field.type).")
      }
      columns.append(named)
    }
    return RecordBatch(schema: fileSchema, columns: columns, rowCount: batch.rowCount)
  }
}
