internal import Columnar

/// What the column chunks of one row group share while they are decoded. A class for that reason.
final class DecodingContext {
  let file: String
  let fileSize: Int
  let sizes: FetchSizes
  /// How much of a chunk is fetched at a time.
  let window: Int
  var decompressor = Decompressor()

  init(file: String, fileSize: Int, sizes: FetchSizes, window: Int) {
    self.file = file
    self.fileSize = fileSize
    self.sizes = sizes
    self.window = window
  }
}

/// The pages of a column chunk one after the other, as far as their bytes are at hand.
///
/// Spec: Parquet README § Data Pages
struct PageCursor {
  struct Page {
    let header: PageHeader
    /// The bytes after the header, as stored.
    let stored: Buffer
  }

  enum Step {
    /// These bytes of the file are needed first.
    case needs(Range<Int>)
    case dictionary(Page)
    case data(Page)
    /// Every row that was to be skipped lay in whole pages.
    case skipped
  }

  /// Values that the pages to come have, by the chunk's metadata.
  private(set) var valuesLeft: Int
  /// Where the page met last starts in the file.
  private(set) var pageStart: Int

  private let codec: CompressionCodec
  private let chunk: Range<Int>
  /// Where the metadata say that the dictionary page ends: at the chunk's start without one. A hint.
  private let dictionaryEnd: Int
  /// The chunk's bytes for a row, if they are evenly spread; `nil` where rows aren't values.
  private let bytesPerRow: Double?
  /// Chunks of some old writers are longer than they say, by the header of the dictionary page.
  private let limit: Int
  private let isRepeated: Bool
  private let context: DecodingContext
  private var next: Int
  private var window = Buffer.empty
  private var windowStart: Int
  /// Of the page met last: its length as stored, with its header, and its rows where they are known.
  private var pageLength = 0
  private var pageRows: Int?

  /// Mostly enough for a page's header, and not more than a request is worth.
  private var headerGuess: Int { min(4 << 10, context.sizes.gap) }
  /// Enough for headers with statistics of long strings, and the most that one with any is given.
  private static let longHeader = 64 << 10
  private static let longestHeader = 1 << 20
  /// Of a longer one not all is asked for before its header was seen.
  private static let longestDictionary = 16 << 20

  init(chunk: ColumnMetadata, range: Range<Int>, leaf: LeafPlan, context: DecodingContext) {
    codec = chunk.codec
    self.chunk = range
    limit = min(range.upperBound + 100, context.fileSize)
    isRepeated = leaf.maximumRepetition > 0
    let dataStart = chunk.dictionaryPageOffset == nil ? range.lowerBound : Int(clamping: chunk.dataPageOffset)
    let dictionaryLength = max(dataStart, range.lowerBound) - range.lowerBound
    dictionaryEnd = range.lowerBound + min(dictionaryLength, range.count, Self.longestDictionary)
    bytesPerRow = isRepeated ? nil : Double(range.upperBound - dictionaryEnd) / Double(max(1, chunk.valueCount))
    self.context = context
    next = range.lowerBound
    pageStart = next
    windowStart = next
    valuesLeft = Int(max(0, chunk.valueCount))
  }

  static var chunkEndsEarly: DecodingFailure { .damaged("the column chunk ends before its last value") }

  private var windowEnd: Int { windowStart + window.count }

  mutating func supply(_ bytes: Buffer, at offset: Int) {
    window = bytes
    windowStart = offset
  }

  /// The next page that holds something wanted; rows in pages that are wanted by nobody are counted off `skipping`.
  mutating func next(skipping: inout Int) throws(DecodingFailure) -> Step {
    while true {
      guard valuesLeft > 0 else { throw Self.chunkEndsEarly }
      guard next < limit else { throw Self.chunkEndsEarly }
      pageStart = next
      guard next >= windowStart, next < windowEnd else {
        return .needs(needed(upTo: next + headerGuess, ahead: isJump(over: skipping) ? headerGuess : worthwhile))
      }
      let bytes = window.slice(next - windowStart..<window.count)
      var reader = ThriftReader(UnsafeRawBufferPointer(start: bytes.pointer, count: bytes.count), at: next)
      let header: PageHeader
      do {
        header = try PageHeader(from: &reader)
      } catch {
        // A header that doesn't end within the window may do so behind it.
        let mayGoOn = bytes.count < Self.longestHeader || reader.remaining < 16 && bytes.count < 16 << 20
        if mayGoOn, windowEnd < min(chunk.upperBound, limit) {
          return .needs(needed(upTo: next + max(Self.longHeader, 2 * bytes.count), ahead: worthwhile))
        }
        throw .damaged(error.message)
      }
      let bodyStart = next + reader.position
      guard header.compressedSize <= limit - bodyStart else {
        throw .damaged("a page of \(header.compressedSize) bytes runs past the column chunk")
      }
      let bodyEnd = bodyStart + header.compressedSize
      let (values, rows) = Self.counts(header)
      let whole = isRepeated ? rows : values
      (pageLength, pageRows) = (bodyEnd - next, whole)
      if let values {
        guard values <= valuesLeft else { throw .damaged("a page has more values than the column chunk has left") }
        if let whole, skipping > 0, whole <= skipping, values > 0 {
          skipping -= whole
          valuesLeft -= values
          next = bodyEnd
          if skipping == 0 { return .skipped }
          continue
        }
      }
      guard bodyEnd <= windowEnd else { return .needs(needed(upTo: bodyEnd, ahead: worthwhile)) }
      next = bodyEnd
      let stored = window.slice(bodyStart - windowStart..<bodyEnd - windowStart)
      switch header.type {
      case .dictionary:
        try verify(header, stored)
        return .dictionary(Page(header: header, stored: stored))
      case .data, .dataV2:
        valuesLeft -= values ?? 0
        if values == 0 { continue }
        try verify(header, stored)
        if valuesLeft == 0 { window = .empty }
        return .data(Page(header: header, stored: stored))
      default:
        continue
      }
    }
  }

  /// Whether the next page will likely be passed over, and is worth passing over: then only its header is fetched.
  private func isJump(over rows: Int) -> Bool {
    guard rows > 0 else { return false }
    if let pageRows { return rows >= pageRows && pageLength >= context.sizes.gap }
    guard let bytesPerRow, next <= dictionaryEnd else { return false }
    return bytesPerRow * Double(rows) >= Double(4 * context.sizes.gap)
  }

  /// How much to fetch at once: about the window, in whole pages if they go on as the last one, since what is fetched of
  /// a page that doesn't end within is fetched again.
  private var worthwhile: Int {
    guard pageLength >= context.sizes.gap else { return context.window }
    return max(1, context.window / pageLength) * pageLength + pageLength / 16
  }

  /// From the next page to `end`, or to `ahead` bytes if the chunk has as many; to its end when little would be left.
  private func needed(upTo end: Int, ahead: Int) -> Range<Int> {
    let rest = chunk.upperBound - next
    let ahead = next == chunk.lowerBound ? dictionaryEnd - next + ahead : ahead
    let wanted = rest - ahead <= ahead / 2 ? chunk.upperBound : next + ahead
    return next..<max(next + 1, min(max(end, wanted), limit))
  }

  private static func counts(_ header: PageHeader) -> (values: Int?, rows: Int?) {
    switch header.type {
    case .data: (header.data?.valueCount, nil)
    case .dataV2: (header.dataV2?.valueCount, header.dataV2?.rowCount)
    default: (nil, nil)
    }
  }

  private func verify(_ header: PageHeader, _ stored: Buffer) throws(DecodingFailure) {
    guard let crc = header.crc else { return }
    let actual = stored.withUnsafeBytes { PageChecksum.of($0) }
    guard crc == actual else {
      throw DecodingFailure(kind: .checksum, message: "its checksum does not match its bytes")
    }
  }

  /// A page's body, decompressed into a buffer of its own, or as it is.
  func decompressed(_ stored: Buffer, size: Int, isCompressed: Bool) throws(DecodingFailure) -> Buffer {
    if codec == .uncompressed || !isCompressed {
      guard stored.count == size else { throw .damaged("an uncompressed page announces two sizes") }
      return stored
    }
    try Decompressor.check(codec)
    if size == 0 { return stored.slice(0..<0) }
    try Decompressor.check(codec, compressed: stored.count, uncompressed: size)
    let body = Buffer(uninitialized: size)
    try context.decompressor.decompress(
      codec, UnsafeRawBufferPointer(start: stored.pointer, count: stored.count),
      into: UnsafeMutableRawBufferPointer(start: body.mutablePointer, count: size))
    return body
  }
}
