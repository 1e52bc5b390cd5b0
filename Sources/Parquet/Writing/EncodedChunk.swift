internal import Columnar

/// A finished data page, as its chunk remembers it.
struct WrittenPage {
  /// Within the row group.
  var firstRow: Int
  /// Levels: values, nulls and empty lists.
  var entryCount: Int
  var valueCount: Int
  var encoding: Encoding
  var definitionHistogram: [Int64]?
  var repetitionHistogram: [Int64]?
  /// Of strings and binary values, without their lengths.
  var unencodedBytes: Int
  /// From the chunk's first data page on.
  var offset = 0
  /// Header included.
  var byteCount = 0

  var nullCount: Int { entryCount - valueCount }
}

/// A column chunk whose pages are finished, before it has a place in the file.
struct EncodedChunk: Sendable {
  let leaf: WriteLeaf
  let pages: [WrittenPage]
  /// All data pages, in pieces.
  let pageBytes: [Buffer]
  /// In pieces; empty without a dictionary.
  var dictionaryPage: [Buffer] = []
  /// Of all pages with their headers.
  var uncompressedSize: Int

  init(leaf: WriteLeaf, pages: [WrittenPage], pageBytes: [Buffer], uncompressedSize: Int) {
    self.leaf = leaf
    self.pages = pages
    self.pageBytes = pageBytes
    self.uncompressedSize = uncompressedSize
  }

  var valueCount: Int { pages.reduce(0) { $0 + $1.valueCount } }
  var entryCount: Int { pages.reduce(0) { $0 + $1.entryCount } }

  /// What the footer says of the chunk when its first page is at `offset`.
  func metadata(at offset: Int, codec: CompressionCodec) -> ColumnMetadata {
    let dictionaryLength = dictionaryPage.reduce(0) { $0 + $1.count }
    let length = dictionaryLength + pageBytes.reduce(0) { $0 + $1.count }
    var metadata = ColumnMetadata(
      physicalType: leaf.form.physicalType, codec: codec, valueCount: Int64(entryCount),
      dataPageOffset: Int64(offset + dictionaryLength), totalUncompressedSize: Int64(uncompressedSize),
      totalCompressedSize: Int64(length))
    metadata.path = leaf.path
    if !dictionaryPage.isEmpty { metadata.dictionaryPageOffset = Int64(offset) }
    metadata.encodings = encodings
    return metadata
  }

  /// Those of values and levels, in ascending order.
  private var encodings: [Encoding] {
    var used = Set(pages.map(\.encoding))
    if !dictionaryPage.isEmpty { used.insert(.plain) }
    if leaf.maximumDefinition > 0 || leaf.maximumRepetition > 0 { used.insert(.runLength) }
    return used.sorted { $0.rawValue < $1.rawValue }
  }
}
