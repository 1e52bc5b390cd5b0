internal import Columnar

/// A file being put together: what was written so far, for the page indexes and the footer at its end.
///
///     PAR1  (column chunk*  bloom filter*)*  column index*  offset index*  footer  its length  PAR1
///
/// Spec: Parquet README § File format
struct FileAssembly {
  private let layout: WriteSchema
  private let options: ParquetWriterOptions
  private var rowGroups: [RowGroup] = []
  /// By row group and leaf.
  private var indexes: [[(columns: ColumnIndex?, offsets: OffsetIndex)]] = []
  /// By leaf.
  private var statistics: [ValueStatistics]

  init(_ layout: WriteSchema, _ options: ParquetWriterOptions) {
    self.layout = layout
    self.options = options
    statistics = layout.leaves.map { ValueStatistics($0.form) }
  }

  private static let magic = Array("PAR1".utf8)

  /// Writes a row group, its chunks in schema order.
  mutating func append(_ chunks: [EncodedChunk], rowCount: Int, _ output: inout SinkBuffer) async throws {
    if output.offset == 0 { try await output.append(Self.magic) }
    var group = RowGroup(columns: [], rowCount: Int64(rowCount), totalByteSize: 0)
    group.fileOffset = Int64(output.offset)
    group.ordinal = Int16(exactly: rowGroups.count)
    var compressedSize: Int64 = 0
    var chunkIndexes: [(columns: ColumnIndex?, offsets: OffsetIndex)] = []
    for (leaf, chunk) in chunks.enumerated() {
      let metadata = chunk.metadata(at: output.offset, options)
      chunkIndexes.append((chunk.columnIndex, chunk.offsetIndex(at: output.offset)))
      for piece in chunk.dictionaryPage { try await output.append(piece) }
      for piece in chunk.pageBytes { try await output.append(piece) }
      group.totalByteSize += metadata.totalUncompressedSize
      compressedSize += metadata.totalCompressedSize
      statistics[leaf].merge(chunk.statistics)
      var column = ColumnChunk()
      column.metadata = metadata
      group.columns.append(column)
    }
    group.totalCompressedSize = compressedSize
    for (leaf, chunk) in chunks.enumerated() {
      guard let filter = chunk.bloomFilter else { continue }
      group.columns[leaf].metadata?.bloomFilterOffset = Int64(output.offset)
      let start = output.offset
      try await output.append(BloomFilterHeader(byteCount: Int32(clamping: filter.count)).encoded)
      try await output.append(filter)
      group.columns[leaf].metadata?.bloomFilterLength = Int32(clamping: output.offset - start)
    }
    rowGroups.append(group)
    indexes.append(chunkIndexes)
  }

  mutating func finish(rowCount: Int64, _ output: inout SinkBuffer) async throws -> WrittenParquetFile {
    if output.offset == 0 { try await output.append(Self.magic) }
    try await appendIndexes(&output)
    var metadata = FileMetadata(version: 1, schema: layout.elements, rowCount: rowCount, rowGroups: rowGroups)
    metadata.keyValueMetadata = options.keyValueMetadata
    metadata.createdBy = options.createdBy
    metadata.columnOrders = layout.leaves.map { _ in .typeDefined }
    let footer = metadata.encoded
    guard let length = Int32(exactly: footer.count) else {
      throw ParquetError(.unsupported, "The footer would have \(footer.count) bytes. Write larger row groups.")
    }
    try await output.append(footer)
    try await output.append(withUnsafeBytes(of: length.littleEndian) { Array($0) } + Self.magic)
    try await output.flush()
    return WrittenParquetFile(
      byteCount: output.offset, rowCount: rowCount, metadata: metadata,
      leaves: zip(layout.leaves, statistics).map { WrittenLeaf($0, $1) })
  }

  /// Indexes of one kind stand together, so that a reader gets those of its columns at once.
  ///
  /// Spec: Parquet PageIndex § Technical Approach
  private mutating func appendIndexes(_ output: inout SinkBuffer) async throws {
    for group in indexes.indices {
      for leaf in indexes[group].indices {
        guard let bytes = indexes[group][leaf].columns?.encoded else { continue }
        rowGroups[group].columns[leaf].columnIndexOffset = Int64(output.offset)
        rowGroups[group].columns[leaf].columnIndexLength = Int32(clamping: bytes.count)
        try await output.append(bytes)
      }
    }
    for group in indexes.indices {
      for leaf in indexes[group].indices {
        let bytes = indexes[group][leaf].offsets.encoded
        rowGroups[group].columns[leaf].offsetIndexOffset = Int64(output.offset)
        rowGroups[group].columns[leaf].offsetIndexLength = Int32(clamping: bytes.count)
        try await output.append(bytes)
      }
    }
  }
}

extension ThriftWritable {
  fileprivate var encoded: [UInt8] {
    var writer = ThriftWriter()
    writer.write(self)
    return writer.bytes
  }
}
