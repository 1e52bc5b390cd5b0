/// How much of a file is fetched at a time, by what a read costs its source.
struct FetchSizes {
  /// Reads with less than this between them are made one.
  let gap: Int
  /// Reads are not merged beyond this, and a column chunk is fetched in windows of about this.
  let length: Int
  /// Not more than this is fetched before what came is decoded.
  let atOnce: Int

  init(requestOverhead: Int) {
    gap = max(64, min(requestOverhead, 4 << 20))
    length = 8 * gap
    atOnce = 4 * length
  }

  /// How many reads fetch ranges of which every byte is wanted.
  func requestCount(_ ranges: [Range<Int>]) -> Int {
    CoalescedRanges(ranges, maximumGap: gap, maximumLength: length).requests
      .reduce(0) { $0 + max(1, ($1.count + length - 1) / length) }
  }
}
