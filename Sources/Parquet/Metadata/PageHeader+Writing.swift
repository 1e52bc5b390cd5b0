extension PageHeader: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: type.rawValue)
    writer.field(2, int32: Int32(clamping: uncompressedSize))
    writer.field(3, int32: Int32(clamping: compressedSize))
    writer.field(4, int32: crc.map { Int32(bitPattern: $0) })
    writer.field(5, data)
    writer.field(7, dictionary)
    writer.field(8, dataV2)
  }
}

extension DataPageHeader: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: Int32(clamping: valueCount))
    writer.field(2, int32: encoding.rawValue)
    writer.field(3, int32: definitionLevelEncoding.rawValue)
    writer.field(4, int32: repetitionLevelEncoding.rawValue)
    writer.field(5, statistics)
  }
}

extension DataPageHeaderV2: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: Int32(clamping: valueCount))
    writer.field(2, int32: Int32(clamping: nullCount))
    writer.field(3, int32: Int32(clamping: rowCount))
    writer.field(4, int32: encoding.rawValue)
    writer.field(5, int32: Int32(clamping: definitionLevelsByteLength))
    writer.field(6, int32: Int32(clamping: repetitionLevelsByteLength))
    writer.field(7, isCompressed)
    writer.field(8, statistics)
  }
}

extension DictionaryPageHeader: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: Int32(clamping: valueCount))
    writer.field(2, int32: encoding.rawValue)
    writer.field(3, isSorted)
  }
}
