internal import Columnar

/// Turns one leaf's values into pages, row group after row group. A class, since tasks work on it, one at a time.
///
/// Values go into the open page: as codes while the chunk has a dictionary, else by the encoding of the profile. A full
/// page is compressed at once and kept so until the row group is complete.
///
/// Spec: Parquet README § Column chunks
final class ColumnChunkWriter: @unchecked Sendable {
  let leaf: WriteLeaf
  private let options: ParquetWriterOptions

  /// The open page.
  private var levels: PageLevels
  private var encoder: ValueEncoder
  private var codes = EncodingBuffer()
  private var unencodedBytes = 0
  private var pageStatistics: ValueStatistics

  /// The chunk.
  private var dictionary: DictionaryEncoder?
  private var usesDictionary = false
  private var pages: [WrittenPage] = []
  private var bytes = SegmentedBytes()
  private var uncompressedSize = 0
  private var rowCount = 0
  private var statistics: ValueStatistics
  private let hasBloomFilter: Bool
  /// Values that have no codes are put into it at once, the others when the dictionary is complete.
  private var bloomFilter: BloomFilterBuilder?

  init(_ leaf: WriteLeaf, _ options: ParquetWriterOptions) throws(ParquetError) {
    self.leaf = leaf
    self.options = options
    pageStatistics = ValueStatistics(leaf.form)
    statistics = ValueStatistics(leaf.form)
    hasBloomFilter = options.bloomFilterColumns.contains(leaf.name)
    levels = PageLevels(leaf)
    encoder = try ValueEncoder(options.profile.encoding(of: leaf.form), form: leaf.form)
    if options.dictionaryByteLimit > 0, leaf.type != .null {
      var limits = DictionaryLimits()
      limits.byteCount = options.dictionaryByteLimit
      limits.expectedValueCount = options.rowGroupRowLimit
      dictionary = DictionaryEncoder(form: leaf.form, limits: limits)
    }
    usesDictionary = dictionary != nil
  }

  /// About the bytes of the chunk so far.
  var byteCount: Int { bytes.count + pageByteCount + (dictionary?.byteCount ?? 0) }

  private var pageByteCount: Int { usesDictionary ? codes.count / 2 : encoder.byteCount }

  // MARK: Values

  /// Appends rows of a batch's column.
  ///
  /// - Throws: ``ParquetError`` that names the column.
  func append(_ column: Column, rows: Range<Int>, _ workspace: PageWorkspace) throws(ParquetError) {
    try located(column: leaf.name) { () throws(ParquetError) -> Void in
      let (levels, column) = try LevelWalk.levels(of: leaf, in: column, rows: rows)
      let values = try leaf.values(levels, of: column)
      try append(levels, values, workspace)
    }
  }

  private func append(
    _ source: LeafLevels, _ values: DenseValues, _ workspace: PageWorkspace
  ) throws(ParquetError) {
    var cutter = PageCutter(source, values)
    while !cutter.isAtEnd {
      let room = options.pageByteLimit - pageByteCount
      // What little is left of a page isn't worth a piece of its own.
      if levels.rowCount >= options.pageRowLimit || (levels.rowCount > 0 && room < options.pageByteLimit / 16) {
        try closePage(workspace)
        continue
      }
      let piece = cutter.piece(
        rows: options.pageRowLimit - levels.rowCount, bytes: usesDictionary ? options.pageByteLimit : room)
      if piece.byteCount > room, levels.rowCount > 0, !usesDictionary {
        try closePage(workspace)
        continue
      }
      try append(values.slice(piece.values))
      levels.append(source, entries: piece.entries, rows: piece.rows, values: piece.values.count)
      if leaf.form.physicalType == .byteArray { unencodedBytes += piece.byteCount - 4 * piece.values.count }
      cutter.advance(piece)
    }
  }

  private func append(_ values: DenseValues) throws(ParquetError) {
    guard values.count > 0 else { return }
    pageStatistics.update(values)
    guard usesDictionary else { return try appendPlain(values) }
    let coded = dictionary?.append(values, codes: &codes) ?? 0
    if coded < values.count {
      try stopDictionary()
      try appendPlain(values.slice(coded..<values.count))
    }
  }

  private func appendPlain(_ values: DenseValues) throws(ParquetError) {
    try encoder.append(values)
    if hasBloomFilter { insertIntoBloomFilter(values, distinctCount: options.rowGroupRowLimit) }
  }

  private func insertIntoBloomFilter(_ values: DenseValues, distinctCount: Int) {
    if bloomFilter == nil { bloomFilter = BloomFilterBuilder(form: leaf.form, distinctCount: distinctCount) }
    bloomFilter?.insert(values)
  }

  /// Writes the open page, and those to come, without the dictionary. Pages that are closed keep it.
  private func stopDictionary() throws(ParquetError) {
    usesDictionary = false
    guard let values = dictionary?.values(), values.count > 0 else { return }
    if hasBloomFilter { insertIntoBloomFilter(values, distinctCount: options.rowGroupRowLimit) }
    try encoder.append(
      DenseValues(form: leaf.form, count: codes.count / 4, storage: .coded(codes: codes.take(), values: values)))
  }

  // MARK: Pages

  private func closePage(_ workspace: PageWorkspace) throws(ParquetError) {
    guard levels.rowCount > 0 else { return }
    try checkDecimals()
    pageStatistics.nullCount = levels.entryCount - levels.valueCount
    var page = WrittenPage(
      firstRow: rowCount, entryCount: levels.entryCount, valueCount: levels.valueCount,
      encoding: usesDictionary ? .runLengthDictionary : encoder.encoding,
      definitionHistogram: levels.definitionHistogram(), repetitionHistogram: levels.repetitionHistogram(),
      unencodedBytes: unencodedBytes, nanCount: pageStatistics.nanCount,
      bounds: StoredBounds(pageStatistics, leaf, truncation: options.statisticsTruncation))
    workspace.body.removeAll()
    workspace.stored.removeAll()
    let header =
      options.profile == .compact
      ? try encodeVersion2(page, workspace) : try encodeVersion1(page, workspace)
    workspace.header.removeAll()
    workspace.header.write(header)
    page.offset = bytes.count
    workspace.header.bytes.withUnsafeBytes { bytes.append($0) }
    workspace.stored.withUnsafeBytes { bytes.append($0) }
    page.byteCount = bytes.count - page.offset
    uncompressedSize += workspace.header.bytes.count + header.uncompressedSize
    rowCount += levels.rowCount
    pages.append(page)
    // The memory of a page is used again, unless it was an exception.
    if header.uncompressedSize > 8 * max(options.pageByteLimit, 1 << 20) {
      encoder = try ValueEncoder(encoder.encoding, form: leaf.form)
      workspace.releaseMemory()
    }
    statistics.merge(pageStatistics)
    pageStatistics = ValueStatistics(leaf.form)
    levels.removeAll()
    codes.removeAll()
    unencodedBytes = 0
  }

  /// That wide decimals have no more bytes than the column stores.
  private func checkDecimals() throws(ParquetError) {
    guard leaf.form.isBigEndian, leaf.form.typeLength < 16,
      case .integers(let min, let max) = pageStatistics.extremes
    else { return }
    let limit = Int128(1) << Int128(8 * leaf.form.typeLength - 1)
    guard min >= -limit, max < limit else { throw .tooManyDigits(min < -limit ? min : max, leaf.type) }
  }

  private func encodeVersion1(_ page: WrittenPage, _ workspace: PageWorkspace) throws(ParquetError) -> PageHeader {
    levels.encode(into: &workspace.body)
    encodeValues(into: &workspace.body)
    let uncompressed = workspace.body.count
    try workspace.compress()
    var header = PageHeader(type: .data, uncompressedSize: uncompressed, compressedSize: workspace.stored.count)
    header.data = DataPageHeader(valueCount: page.entryCount, encoding: page.encoding)
    try workspace.seal(&header)
    return header
  }

  private func encodeVersion2(_ page: WrittenPage, _ workspace: PageWorkspace) throws(ParquetError) -> PageHeader {
    levels.encodeRepetitions(into: &workspace.stored)
    let repetitionLength = workspace.stored.count
    levels.encodeDefinitions(into: &workspace.stored)
    let levelLength = workspace.stored.count
    encodeValues(into: &workspace.body)
    let uncompressed = levelLength + workspace.body.count
    try workspace.compress()
    // Where compressing doesn't help the values stay as they are.
    let isCompressed = options.compression.codec != .uncompressed && workspace.stored.count < uncompressed
    if !isCompressed {
      workspace.stored.truncate(to: levelLength)
      workspace.stored.append(workspace.body)
    }
    var header = PageHeader(type: .dataV2, uncompressedSize: uncompressed, compressedSize: workspace.stored.count)
    header.dataV2 = DataPageHeaderV2(
      valueCount: page.entryCount, nullCount: page.nullCount, rowCount: levels.rowCount, encoding: page.encoding,
      definitionLevelsByteLength: levelLength - repetitionLength, repetitionLevelsByteLength: repetitionLength,
      isCompressed: isCompressed)
    try workspace.seal(&header)
    return header
  }

  private func encodeValues(into target: inout EncodingBuffer) {
    if usesDictionary {
      DictionaryEncoder.appendCodes(codes, dictionaryCount: dictionary?.count ?? 0, to: &target)
    } else {
      encoder.finish(into: &target)
    }
  }

  // MARK: Chunks

  /// Closes the last page and hands over the chunk; the next row group begins.
  func finishChunk(_ workspace: PageWorkspace) throws(ParquetError) -> EncodedChunk {
    try located(column: leaf.name) { () throws(ParquetError) -> EncodedChunk in
      // A few values may be smaller without a dictionary.
      if usesDictionary, pages.isEmpty, !(dictionary?.pays ?? false) { try stopDictionary() }
      try closePage(workspace)
      var chunk = EncodedChunk(
        leaf: leaf, pages: pages, pageBytes: bytes.take(), uncompressedSize: uncompressedSize, statistics: statistics)
      if pages.contains(where: { $0.encoding == .runLengthDictionary }) {
        let (page, uncompressed) = try encodeDictionary(workspace)
        chunk.dictionaryPage = page
        chunk.uncompressedSize += uncompressed
      }
      if usesDictionary {
        // What is different in bits may be the same number: zeros, and NaNs.
        if leaf.form.order != .floating { chunk.distinctCount = dictionary?.count }
        if hasBloomFilter, let values = dictionary?.values() {
          insertIntoBloomFilter(values, distinctCount: values.count)
        }
      }
      chunk.bloomFilter = bloomFilter.take()?.finished()
      startChunk()
      return chunk
    }
  }

  private func startChunk() {
    dictionary?.removeAll()
    usesDictionary = dictionary != nil
    pages = []
    (uncompressedSize, rowCount) = (0, 0)
    statistics = ValueStatistics(leaf.form)
  }

  private func encodeDictionary(_ workspace: PageWorkspace) throws(ParquetError) -> ([Buffer], uncompressed: Int) {
    workspace.body.removeAll()
    workspace.stored.removeAll()
    dictionary?.appendPage(to: &workspace.body)
    let uncompressed = workspace.body.count
    try workspace.compress()
    var header = PageHeader(type: .dictionary, uncompressedSize: uncompressed, compressedSize: workspace.stored.count)
    header.dictionary = DictionaryPageHeader(valueCount: dictionary?.count ?? 0)
    try workspace.seal(&header)
    workspace.header.removeAll()
    workspace.header.write(header)
    let pieces = [Buffer(copying: workspace.header.bytes), workspace.stored.take()]
    return (pieces, workspace.header.bytes.count + uncompressed)
  }
}

extension PageWorkspace {
  /// Appends the body, compressed, to what is stored.
  fileprivate func compress() throws(ParquetError) {
    guard body.count <= Int(Int32.max) else { throw .pageTooLarge(body.count) }
    try body.withUnsafeBytes { (bytes) throws(ParquetError) in try compressor.compress(bytes, into: &stored) }
  }

  /// Gives a page its checksum, and makes sure that it is not too large.
  fileprivate func seal(_ header: inout PageHeader) throws(ParquetError) {
    let largest = max(header.uncompressedSize, stored.count)
    guard largest <= Int(Int32.max) else { throw .pageTooLarge(largest) }
    header.crc = stored.withUnsafeBytes { PageChecksum.of($0) }
  }
}
