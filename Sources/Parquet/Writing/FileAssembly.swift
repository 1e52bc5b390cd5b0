internal import Columnar

/// A file being put together: what was written, for the page indexes and the footer at its end.
///
///     PAR1  (column chunk* of row group)*  column index*  offset index*  footer  its length  PAR1
///
/// Spec: Parquet README § File format
struct FileAssembly {
  private let layout: WriteSchema
  private let options: ParquetWriterOptions
  private var rowGroups: [RowGroup] = []

  init(_ layout: WriteSchema, _ options: ParquetWriterOptions) {
    self.layout = layout
    self.options = options
  }

  private static let magic = Array("PAR1".utf8)

  /// Writes a row group, its chunks in schema order.
  mutating func append(_ chunks: [EncodedChunk], rowCount: Int, _ output: inout SinkBuffer) async throws {
    if output.offset == 0 { try await output.append(Self.magic) }
    var group = RowGroup(columns: [], rowCount: Int64(rowCount), totalByteSize: 0)
    group.fileOffset = Int64(output.offset)
    group.ordinal = Int16(exactly: rowGroups.count)
    var compressedSize: Int64 = 0
    for chunk in chunks {
      let metadata = chunk.metadata(at: output.offset, codec: options.compression.codec)
      for piece in chunk.dictionaryPage { try await output.append(piece) }
      for piece in chunk.pageBytes { try await output.append(piece) }
      group.totalByteSize += metadata.totalUncompressedSize
      compressedSize += metadata.totalCompressedSize
      var column = ColumnChunk()
      column.metadata = metadata
      group.columns.append(column)
    }
    group.totalCompressedSize = compressedSize
    rowGroups.append(group)
  }

  mutating func finish(rowCount: Int64, _ output: inout SinkBuffer) async throws -> WrittenParquetFile {
    if output.offset == 0 { try await output.append(Self.magic) }
    var metadata = FileMetadata(
      version: 2, schema: layout.elements, rowCount: rowCount, rowGroups: rowGroups)
    metadata.keyValueMetadata = options.keyValueMetadata
    metadata.createdBy = options.createdBy
    metadata.columnOrders = layout.leaves.map { _ in .typeDefined }
    var footer = ThriftWriter()
    footer.write(metadata)
    try await output.append(footer.bytes)
    let length = UInt32(clamping: footer.bytes.count)
    try await output.append(withUnsafeBytes(of: length.littleEndian) { Array($0) } + Self.magic)
    try await output.flush()
    return WrittenParquetFile(byteCount: output.offset, rowCount: rowCount, metadata: metadata)
  }
}
