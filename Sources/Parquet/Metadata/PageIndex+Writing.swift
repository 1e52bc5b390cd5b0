extension OffsetIndex: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, pageLocations)
    writer.field(2, int64s: unencodedByteArrayDataBytes)
  }
}

extension PageLocation: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int64: offset)
    writer.field(2, int32: compressedPageSize)
    writer.field(3, int64: firstRowIndex)
  }
}

extension ColumnIndex: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, bools: nullPages)
    writer.field(2, binaries: minValues)
    writer.field(3, binaries: maxValues)
    writer.field(4, int32: boundaryOrder.rawValue)
    writer.field(5, int64s: nullCounts)
    writer.field(6, int64s: repetitionLevelHistograms)
    writer.field(7, int64s: definitionLevelHistograms)
    writer.field(8, int64s: nanCounts)
  }
}

extension BloomFilterHeader: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: byteCount)
    writer.field(2, member: 1)
    writer.field(3, member: 1)
    writer.field(4, member: 1)
  }
}
