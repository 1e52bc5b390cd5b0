extension ColumnChunk: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, filePath)
    writer.field(2, int64: fileOffset)
    writer.field(3, metadata)
    writer.field(4, int64: offsetIndexOffset)
    writer.field(5, int32: offsetIndexLength)
    writer.field(6, int64: columnIndexOffset)
    writer.field(7, int32: columnIndexLength)
  }
}

extension ColumnMetadata: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: physicalType.rawValue)
    writer.field(2, int32s: encodings.map(\.rawValue))
    writer.field(3, strings: path)
    writer.field(4, int32: codec.rawValue)
    writer.field(5, int64: valueCount)
    writer.field(6, int64: totalUncompressedSize)
    writer.field(7, int64: totalCompressedSize)
    if !keyValueMetadata.isEmpty { writer.field(8, keyValueMetadata) }
    writer.field(9, int64: dataPageOffset)
    writer.field(10, int64: indexPageOffset)
    writer.field(11, int64: dictionaryPageOffset)
    writer.field(12, statistics)
    if !encodingStatistics.isEmpty { writer.field(13, encodingStatistics) }
    writer.field(14, int64: bloomFilterOffset)
    writer.field(15, int32: bloomFilterLength)
    writer.field(16, sizeStatistics)
  }
}

extension PageEncodingStatistics: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int32: pageType.rawValue)
    writer.field(2, int32: encoding.rawValue)
    writer.field(3, int32: pageCount)
  }
}

extension Statistics: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, legacyMax)
    writer.field(2, legacyMin)
    writer.field(3, int64: nullCount)
    writer.field(4, int64: distinctCount)
    writer.field(5, maxValue)
    writer.field(6, minValue)
    writer.field(7, isMaxValueExact)
    writer.field(8, isMinValueExact)
    writer.field(9, int64: nanCount)
  }
}

extension SizeStatistics: ThriftWritable {
  package func writeFields(to writer: inout ThriftWriter) {
    writer.field(1, int64: unencodedByteArrayDataBytes)
    writer.field(2, int64s: repetitionLevelHistogram)
    writer.field(3, int64s: definitionLevelHistogram)
  }
}
