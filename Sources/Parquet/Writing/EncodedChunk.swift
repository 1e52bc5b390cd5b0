internal import Columnar

/// A finished data page, as its chunk remembers it.
struct WrittenPage: Sendable {
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
  var nanCount: Int
  /// `nil` without values that have an order.
  var bounds: StoredBounds?
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
  /// Nulls are counted, too.
  let statistics: ValueStatistics
  /// `nil` where it is not known.
  var distinctCount: Int?
  /// The blocks of the bloom filter, if there is one.
  var bloomFilter: Buffer?

  private var dictionaryLength: Int { dictionaryPage.reduce(0) { $0 + $1.count } }

  /// What the footer says of the chunk when its first page is at `offset`.
  func metadata(at offset: Int, _ options: ParquetWriterOptions) -> ColumnMetadata {
    let length = dictionaryLength + pageBytes.reduce(0) { $0 + $1.count }
    var metadata = ColumnMetadata(
      physicalType: leaf.form.physicalType, codec: options.compression.codec,
      valueCount: Int64(pages.reduce(0) { $0 + $1.entryCount }), dataPageOffset: Int64(offset + dictionaryLength),
      totalUncompressedSize: Int64(uncompressedSize), totalCompressedSize: Int64(length))
    metadata.path = leaf.path
    if !dictionaryPage.isEmpty { metadata.dictionaryPageOffset = Int64(offset) }
    metadata.encodings = encodings
    metadata.encodingStatistics = encodingStatistics(options.profile)
    metadata.statistics = footerStatistics(truncation: options.statisticsTruncation)
    metadata.sizeStatistics = sizeStatistics
    return metadata
  }

  /// Those of values and levels, in ascending order.
  private var encodings: [Encoding] {
    var used = Set(pages.map(\.encoding))
    if !dictionaryPage.isEmpty { used.insert(.plain) }
    if leaf.maximumDefinition > 0 || leaf.maximumRepetition > 0 { used.insert(.runLength) }
    return used.sorted { $0.rawValue < $1.rawValue }
  }

  private func encodingStatistics(_ profile: ParquetWriterOptions.Profile) -> [PageEncodingStatistics] {
    let pageType: PageType = profile == .compact ? .dataV2 : .data
    var counts: [Encoding: Int32] = [:]
    for page in pages { counts[page.encoding, default: 0] += 1 }
    let data = counts.sorted { $0.key.rawValue < $1.key.rawValue }.map {
      PageEncodingStatistics(pageType: pageType, encoding: $0.key, pageCount: $0.value)
    }
    let dictionary = PageEncodingStatistics(pageType: .dictionary, encoding: .plain, pageCount: 1)
    return dictionaryPage.isEmpty ? data : [dictionary] + data
  }

  /// Spec: Parquet thrift § Statistics
  private func footerStatistics(truncation: Int) -> Statistics {
    var result = Statistics()
    result.nullCount = Int64(statistics.nullCount)
    result.distinctCount = distinctCount.map { Int64($0) }
    if leaf.form.order == .floating { result.nanCount = Int64(statistics.nanCount) }
    guard let bounds = StoredBounds(statistics, leaf, truncation: truncation) else { return result }
    result.minValue = bounds.min
    result.isMinValueExact = bounds.isMinExact
    result.maxValue = bounds.max
    result.isMaxValueExact = bounds.max == nil ? nil : bounds.isMaxExact
    return result
  }

  /// `nil` where it would say nothing.
  ///
  /// Spec: Parquet thrift § SizeStatistics
  private var sizeStatistics: SizeStatistics? {
    var result = SizeStatistics()
    if leaf.form.physicalType == .byteArray {
      result.unencodedByteArrayDataBytes = pages.reduce(0) { $0 + Int64($1.unencodedBytes) }
    }
    result.definitionLevelHistogram = Self.sum(pages.map(\.definitionHistogram))
    result.repetitionLevelHistogram = Self.sum(pages.map(\.repetitionHistogram))
    return result == SizeStatistics() ? nil : result
  }

  private static func sum(_ histograms: [[Int64]?]) -> [Int64]? {
    guard var result = histograms.first ?? nil else { return nil }
    for case let histogram? in histograms.dropFirst() {
      for level in result.indices { result[level] += histogram[level] }
    }
    return result
  }
}

extension EncodedChunk {
  /// Where the data pages are when the chunk's first page, perhaps the dictionary's, is at `offset`.
  ///
  /// Spec: Parquet PageIndex § Technical Approach
  func offsetIndex(at offset: Int) -> OffsetIndex {
    let start = offset + dictionaryLength
    return OffsetIndex(
      pageLocations: pages.map {
        PageLocation(
          offset: Int64(start + $0.offset), compressedPageSize: Int32(clamping: $0.byteCount),
          firstRowIndex: Int64($0.firstRow))
      },
      unencodedByteArrayDataBytes: leaf.form.physicalType == .byteArray
        ? pages.map { Int64($0.unencodedBytes) } : nil)
  }

  /// The pages' bounds; `nil` where a page has values but no bounds that could be written: of a form without order, or
  /// nothing but NaNs.
  ///
  /// Spec: Parquet PageIndex § Technical Approach; Parquet thrift § ColumnIndex
  var columnIndex: ColumnIndex? {
    var index = ColumnIndex()
    var bounds: [StoredBounds] = []
    for page in pages {
      index.nullPages.append(page.valueCount == 0)
      if page.valueCount == 0 {
        index.minValues.append([])
        index.maxValues.append([])
      } else {
        guard let page = page.bounds, let max = page.max else { return nil }
        index.minValues.append(page.min)
        index.maxValues.append(max)
        bounds.append(page)
      }
    }
    index.boundaryOrder = StoredBounds.order(of: bounds)
    index.nullCounts = pages.map { Int64($0.nullCount) }
    if leaf.form.order == .floating { index.nanCounts = pages.map { Int64($0.nanCount) } }
    // With fewer levels they say no more than the counts of nulls.
    if leaf.maximumDefinition > 1 { index.definitionLevelHistograms = pages.flatMap { $0.definitionHistogram ?? [] } }
    if leaf.maximumRepetition > 0 { index.repetitionLevelHistograms = pages.flatMap { $0.repetitionHistogram ?? [] } }
    return index
  }
}
