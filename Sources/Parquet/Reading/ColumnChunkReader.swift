internal import Columnar

/// Reads one column chunk page after page into batches. A class, since it is a cursor that its row group keeps.
///
/// It never waits: when the bytes for a page aren't there, it answers with the range that it needs, and is asked again.
///
/// Spec: Parquet README § Column chunks
final class ColumnChunkReader {
  let leaf: LeafPlan
  private let file: String
  private var pages: PageCursor
  private var output: LeafOutput

  /// The page being read.
  private var body = Buffer.empty
  private var levelBytes = Buffer.empty
  private var repetitions = LevelDecoder.none
  private var definitions = LevelDecoder.none
  private var values = PageValues.none
  private var left = 0
  private var dictionary: LeafDictionary?
  private var dictionaryPage: PageCursor.Page?

  /// Repetition levels decoded ahead, to see where rows end.
  private var ahead = Buffer.empty
  private var aheadStart = 0
  private var aheadEnd = 0
  private static let lookahead = 4096
  private var isAtStart = true

  /// Rows of the current request that have not begun, and whether one is under way that may go on.
  private var rowsLeft = 0
  private var isSkipping = false

  init(_ leaf: LeafPlan, chunk: ColumnMetadata, range: Range<Int>, rows: Int, context: DecodingContext)
    throws(ParquetError)
  {
    self.leaf = leaf
    file = context.file
    pages = PageCursor(chunk: chunk, range: range, leaf: leaf, context: context)
    output = LeafOutput(leaf, capacity: 0)
    if leaf.maximumRepetition == 0, chunk.valueCount != Int64(rows) {
      throw ParquetError(
        .corrupt, "Damaged file: a column chunk has \(chunk.valueCount) values for \(rows) rows.", file: file,
        column: leaf.name)
    }
    if leaf.maximumRepetition > 0 { ahead = Buffer(uninitialized: Self.lookahead) }
  }

  /// Hands in bytes of the file; what was there before is let go.
  func supply(_ bytes: Buffer, at offset: Int) { pages.supply(bytes, at: offset) }

  // MARK: Batches

  /// Bytes of strings in the batch.
  var stringByteCount: Int { output.stringByteCount }

  func beginBatch(capacity: Int, stringLimit: Int) {
    output = LeafOutput(leaf, capacity: capacity, stringLimit: stringLimit)
  }

  /// Asks for more rows in the batch, or for passing over them; then ``resume()`` until it answers `nil`.
  func request(rows: Int, skipping: Bool) {
    rowsLeft = rows
    isSkipping = skipping
  }

  /// Goes on with the request. Answers the bytes it needs to go further, or `nil` when the request is fulfilled.
  func resume() throws(ParquetError) -> Range<Int>? {
    do throws(DecodingFailure) {
      return leaf.maximumRepetition == 0 ? try resumeFlat() : try resumeRepeated()
    } catch {
      throw error.located(file: file, column: leaf.name, byteOffset: pages.pageStart)
    }
  }

  /// The batch's column, and the levels for what is around it.
  func finishBatch() -> LeafBatch {
    LeafBatch(
      column: output.column(dictionary: dictionary), entries: output.entries,
      definitions: output.definitions?.finished(), repetitions: output.repetitions.finished())
  }

  /// Checks that nothing is left after the last row.
  func finish() throws(ParquetError) {
    guard left == 0, aheadStart == aheadEnd, pages.valuesLeft == 0 else {
      throw DecodingFailure.damaged("there are more values than rows")
        .located(file: file, column: leaf.name, byteOffset: pages.pageStart)
    }
  }

  // MARK: Columns outside of lists

  private func resumeFlat() throws(DecodingFailure) -> Range<Int>? {
    while rowsLeft > 0 {
      if left == 0 {
        if let need = try loadPage() { return need }
        continue
      }
      let count = min(rowsLeft, left)
      if isSkipping { try skipEntries(count) } else { try readFlat(count) }
      left -= count
      rowsLeft -= count
    }
    return nil
  }

  private func readFlat(_ count: Int) throws(DecodingFailure) {
    var present = count
    if leaf.maximumDefinition > 0 {
      let run = output.isAllDefined ? try definitions.runLength(of: leaf.maximumDefinition) : 0
      if run >= count {
        try definitions.skip(count)
        output.appendDefined(count)
      } else if leaf.keepsLevels {
        present = try output.appendLevels(count, definitions: &definitions, repetitions: nil).present
      } else {
        present = try output.appendOptional(count, from: &definitions)
      }
    } else {
      output.appendDefined(count)
    }
    try output.appendValues(slots: count, present: present, from: &values, dictionary: try dictionaryIfNeeded())
  }

  private func skipEntries(_ count: Int) throws(DecodingFailure) {
    var rest = count
    while rest > 0 {
      let part = min(rest, Self.lookahead)
      let present = try definedCount(part)
      try values.skip(present, leaf: leaf)
      rest -= part
    }
  }

  /// Consumes definition levels and says how many are of defined values.
  private func definedCount(_ count: Int) throws(DecodingFailure) -> Int {
    guard leaf.maximumDefinition > 0 else { return count }
    let run = try definitions.runLength(of: leaf.maximumDefinition)
    if run >= count {
      try definitions.skip(count)
      return count
    }
    let scratch = Buffer(uninitialized: count)
    let levels = scratch.mutablePointer.assumingMemoryBound(to: UInt8.self)
    try definitions.decode(count, into: levels)
    let present = LevelKernel.count(levels, count, equalTo: UInt8(truncatingIfNeeded: leaf.maximumDefinition))
    return withExtendedLifetime(scratch) { present }
  }

  // MARK: Columns inside of lists

  private func resumeRepeated() throws(DecodingFailure) -> Range<Int>? {
    while true {
      if aheadStart == aheadEnd {
        if left == 0 {
          // A row goes on in the next page unless that starts with a new one.
          if pages.valuesLeft == 0 {
            guard rowsLeft == 0 else { throw PageCursor.chunkEndsEarly }
            return nil
          }
          if let need = try loadPage() { return need }
          continue
        }
        try lookAhead()
      }
      let pending = ahead.pointer.assumingMemoryBound(to: UInt8.self)
      let count = LevelKernel.entries(pending, from: aheadStart, to: aheadEnd, rows: &rowsLeft)
      if count > 0 {
        if isSkipping {
          try skipEntries(count)
        } else {
          let (slots, present) = try output.appendLevels(
            count, definitions: &definitions, repetitions: pending + aheadStart)
          try output.appendValues(
            slots: slots, present: present, from: &values, dictionary: try dictionaryIfNeeded())
        }
        aheadStart += count
      }
      if aheadStart < aheadEnd { return nil }
    }
  }

  private func lookAhead() throws(DecodingFailure) {
    let count = min(left, Self.lookahead)
    let levels = ahead.mutablePointer.assumingMemoryBound(to: UInt8.self)
    try repetitions.decode(count, into: levels)
    guard Int(LevelKernel.maximum(levels, count)) <= leaf.maximumRepetition else {
      throw .damaged("a repetition level is above \(leaf.maximumRepetition)")
    }
    guard !isAtStart || levels[0] == 0 else { throw .damaged("the first repetition level is not 0") }
    isAtStart = false
    aheadStart = 0
    aheadEnd = count
    left -= count
  }

  // MARK: Pages

  /// Makes the next data page the current one, unless bytes are missing. Whole pages to be skipped are passed over.
  private func loadPage() throws(DecodingFailure) -> Range<Int>? {
    var skippable = 0
    if isSkipping, aheadStart == aheadEnd { skippable = rowsLeft }
    let skippableBefore = skippable
    let step = try pages.next(skipping: &skippable)
    rowsLeft -= skippableBefore - skippable
    switch step {
    case .needs(let range): return range
    case .skipped: return nil
    case .dictionary(let page):
      guard dictionary == nil, dictionaryPage == nil else { throw .damaged("there is a second dictionary page") }
      dictionaryPage = page
      return nil
    case .data(let page):
      try open(page)
      return nil
    }
  }

  private func open(_ page: PageCursor.Page) throws(DecodingFailure) {
    if let header = page.header.dataV2 {
      let levels = header.repetitionLevelsByteLength + header.definitionLevelsByteLength
      let (stored, decompressed) = (page.stored.count, page.header.uncompressedSize)
      guard levels <= stored, levels <= decompressed else { throw .damaged("the levels are longer than the page") }
      levelBytes = page.stored.slice(0..<levels)
      let raw = UnsafeRawBufferPointer(start: levelBytes.pointer, count: levels)
      let split = header.repetitionLevelsByteLength
      repetitions = try LevelDecoder(
        UnsafeRawBufferPointer(rebasing: raw[..<split]), maximum: leaf.maximumRepetition)
      definitions = try LevelDecoder(
        UnsafeRawBufferPointer(rebasing: raw[split...]), maximum: leaf.maximumDefinition)
      body = try pages.decompressed(
        page.stored.slice(levels..<stored), size: decompressed - levels, isCompressed: header.isCompressed)
      values = try PageValues(
        UnsafeRawBufferPointer(start: body.pointer, count: body.count), encoding: header.encoding, leaf: leaf,
        limit: header.valueCount)
      left = header.valueCount
    } else if let header = page.header.data {
      body = try pages.decompressed(page.stored, size: page.header.uncompressedSize, isCompressed: true)
      var cursor = ByteCursor(UnsafeRawBufferPointer(start: body.pointer, count: body.count))
      repetitions = try LevelDecoder(
        &cursor, encoding: header.repetitionLevelEncoding, maximum: leaf.maximumRepetition, count: header.valueCount)
      definitions = try LevelDecoder(
        &cursor, encoding: header.definitionLevelEncoding, maximum: leaf.maximumDefinition, count: header.valueCount)
      values = try PageValues(cursor.rest, encoding: header.encoding, leaf: leaf, limit: header.valueCount)
      left = header.valueCount
    }
  }

  /// The dictionary, decoded when values first need it.
  private func dictionaryIfNeeded() throws(DecodingFailure) -> LeafDictionary? {
    guard dictionary == nil, let page = dictionaryPage, let header = page.header.dictionary else { return dictionary }
    guard case .dictionary = values else { return nil }
    guard header.encoding == .plain || header.encoding == .plainDictionary else {
      throw .unsupported("a dictionary in the encoding \(header.encoding) is not supported")
    }
    let bytes = try pages.decompressed(page.stored, size: page.header.uncompressedSize, isCompressed: true)
    dictionary = try LeafDictionary(bytes, count: header.valueCount, leaf: leaf)
    dictionaryPage = nil
    return dictionary
  }
}

/// One leaf's part of a batch.
struct LeafBatch {
  let column: Column
  /// The levels; `definitions` is `nil` when every entry is defined to the end, `repetitions` empty outside of lists.
  let entries: Int
  let definitions: Buffer?
  let repetitions: Buffer
}
