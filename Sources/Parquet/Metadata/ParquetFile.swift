public import Columnar

/// A Parquet file whose footer has been read and checked.
///
///     let file = try await ParquetFile.open(FileByteSource(path: "trips.parquet"))
///     print(file.metadata.rowGroups.count, file.rowCount)
public struct ParquetFile: Sendable {
  /// The file's bytes. What the footer's read brought along is not fetched again.
  public let source: any ByteSource
  /// The file's size in bytes.
  public let size: Int
  public let metadata: FileMetadata
  public let schema: ParquetSchema
  /// The position in the file of each row group's first row; their counts prevail over the footer's.
  public let firstRows: [Int64]
  /// The rows of all row groups.
  public let rowCount: Int64

  let writer: Writer

  /// The file's columns as types.
  public var rowSchema: Schema { schema.rowSchema }

  /// How many of the last bytes are fetched first: mostly enough for the footer and the page indexes before it.
  package static let tailSize = 64 << 10

  /// Reads the footer: one request, or two when it has more than 64 KiB.
  ///
  /// - Throws: ``ParquetError`` with code `notParquet`, `corrupt` or `encrypted`, and what the source throws.
  public static func open(_ source: any ByteSource) async throws -> ParquetFile {
    let size = try await source.size()
    guard size >= 12 else { throw ParquetError.tooSmall(size).at(file: source.name) }
    let tail = try await source.read(max(0, size - tailSize)..<size)
    let cached = TailCachedByteSource(base: source, fileSize: size, tail: tail)
    let footerRange = try located(file: source.name) { () throws(ParquetError) -> Range<Int> in
      try Self.footerRange(in: tail, fileSize: size)
    }
    let footer = try await cached.read(footerRange)
    return try located(file: source.name) { () throws(ParquetError) -> ParquetFile in
      let metadata = try footer.withUnsafeBytes { bytes throws(ParquetError) -> FileMetadata in
        var reader = ThriftReader(bytes, at: footerRange.lowerBound)
        return try FileMetadata(from: &reader)
      }
      return try ParquetFile(source: cached, size: size, metadata: metadata)
    }
  }

  init(source: any ByteSource, size: Int, metadata: FileMetadata) throws(ParquetError) {
    self.source = source
    self.size = size
    self.metadata = metadata
    writer = Writer(createdBy: metadata.createdBy)
    schema = try ParquetSchema(metadata.schema)
    var firstRows: [Int64] = []
    var rowCount: Int64 = 0
    for (index, rowGroup) in metadata.rowGroups.enumerated() {
      guard rowGroup.columns.count == schema.leaves.count else {
        throw .chunkCount(rowGroup.columns.count, rowGroup: index, leaves: schema.leaves.count)
      }
      firstRows.append(rowCount)
      let (sum, overflow) = rowCount.addingReportingOverflow(rowGroup.rowCount)
      guard rowGroup.rowCount >= 0, !overflow else { throw .impossibleRowCount(rowGroup: index) }
      rowCount = sum
    }
    self.firstRows = firstRows
    self.rowCount = rowCount
  }

  /// Where the footer is, from the length and the magic after it.
  ///
  /// Spec: Parquet README § File format
  private static func footerRange(in tail: Buffer, fileSize: Int) throws(ParquetError) -> Range<Int> {
    let end = tail.slice(tail.count - 8..<tail.count)
    let length = end.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) }
    switch end.slice(4..<8).values(of: UInt8.self) {
    case Array("PAR1".utf8): break
    case Array("PARE".utf8): throw .encryptedFooter()
    default: throw .missingMagic()
    }
    if tail.count == fileSize {
      let head = tail.slice(0..<4).values(of: UInt8.self)
      guard head == Array("PAR1".utf8) || head == Array("PARE".utf8) else { throw .missingMagic() }
    }
    guard length > 0, Int(length) <= fileSize - 12 else { throw .footerLength(length, fileSize: fileSize) }
    return fileSize - 8 - Int(length)..<fileSize - 8
  }
}
