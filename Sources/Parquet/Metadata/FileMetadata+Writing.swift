extension FileMetadata: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: version)
    writer.field(2, schema)
    writer.field(3, int64: rowCount)
    writer.field(4, rowGroups)
    if !keyValueMetadata.isEmpty { writer.field(5, keyValueMetadata) }
    writer.field(6, createdBy)
    if let columnOrders { writer.field(7, members: columnOrders.map(\.member)) }
  }
}

extension ColumnOrder {
  fileprivate var member: Int16 {
    switch self {
    case .typeDefined: 1
    case .ieee754TotalOrder: 2
    case .int96Timestamp: 3
    case .unrecognized(let id): id
    }
  }
}

extension KeyValue: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, key)
    writer.field(2, value)
  }
}

extension RowGroup: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, columns)
    writer.field(2, int64: totalByteSize)
    writer.field(3, int64: rowCount)
    if !sortingColumns.isEmpty { writer.field(4, sortingColumns) }
    writer.field(5, int64: fileOffset)
    writer.field(6, int64: totalCompressedSize)
    writer.field(7, int16: ordinal)
  }
}

extension SortingColumn: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: columnIndex)
    writer.field(2, isDescending)
    writer.field(3, nullsFirst)
  }
}
