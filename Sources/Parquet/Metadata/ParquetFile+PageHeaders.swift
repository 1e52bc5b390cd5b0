internal import Columnar

extension ParquetFile {
  /// The headers of a column chunk's pages, in order, and where in the file each is.
  ///
  /// Reads the chunk's bytes.
  ///
  /// - Throws: ``ParquetError`` when the chunk is encrypted or a header is damaged.
  public func pageHeaders(of chunk: ColumnChunk) async throws -> [(offset: Int, header: PageHeader)] {
    let metadata = try chunk.readableMetadata()
    let range = try metadata.byteRange(fileSize: size)
    let bytes = try await source.read(range)
    var headers: [(offset: Int, header: PageHeader)] = []
    var position = 0
    while position < bytes.count {
      let (header, length) = try bytes.withUnsafeBytes { all throws(ParquetError) in
        let rest = UnsafeRawBufferPointer(rebasing: all[position...])
        var reader = ThriftReader(rest, at: range.lowerBound + position)
        return (try PageHeader(from: &reader), reader.position)
      }
      headers.append((range.lowerBound + position, header))
      let (next, overflow) = (position + length).addingReportingOverflow(header.compressedSize)
      guard !overflow, header.compressedSize >= 0, next > position else { break }
      position = next
    }
    return headers
  }
}
