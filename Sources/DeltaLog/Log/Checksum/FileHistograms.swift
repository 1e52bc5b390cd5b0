/// How many files there are of which size.
///
/// Spec: Delta § File Size Histogram Schema
package struct FileSizeHistogram: Hashable, Sendable {
  /// Where each bin begins, ascending from 0; the last one has no end.
  package let boundaries: [Int64]
  package private(set) var fileCounts: [Int64]
  package private(set) var totalBytes: [Int64]

  /// Without files; bins for 0 bytes, 8 KiB and every power of two from there to 256 GiB.
  package init() {
    boundaries = [0] + (13...38).map { 1 << $0 }
    fileCounts = boundaries.map { _ in 0 }
    totalBytes = fileCounts
  }

  init?(_ fields: ActionFields) {
    guard let boundaries = fields.numbers("sortedBinBoundaries"), let counts = fields.numbers("fileCounts"),
      let bytes = fields.numbers("totalBytes"), boundaries.first == 0, counts.count == boundaries.count,
      bytes.count == boundaries.count, zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.boundaries = boundaries
    fileCounts = counts
    totalBytes = bytes
  }

  /// Counts a file, or, negatively, takes it out.
  mutating func count(_ size: Int64, _ sign: Int64) {
    guard let bin = boundaries.lastIndex(where: { $0 <= size }) else { return }
    fileCounts[bin] = fileCounts[bin].addingReportingOverflow(sign).partialValue
    totalBytes[bin] = totalBytes[bin].addingReportingOverflow(sign * size).partialValue
  }

  /// Whether no bin says that less than nothing is in it.
  var isPossible: Bool { fileCounts.allSatisfy { $0 >= 0 } && totalBytes.allSatisfy { $0 >= 0 } }
}

/// How many files there are with how many rows deleted: none, up to 9, up to 99, …
///
/// Spec: Delta § Deleted Record Counts Histogram Schema
package struct DeletedRecordCountsHistogram: Hashable, Sendable {
  /// Ten bins.
  package private(set) var counts: [Int64]

  /// Of files that have no row deleted.
  package init(undeleted fileCount: Int64 = 0) {
    counts = [fileCount] + [Int64](repeating: 0, count: 9)
  }

  init?(_ fields: ActionFields) {
    guard let counts = fields.numbers("deletedRecordCounts"), counts.count == 10 else { return nil }
    self.counts = counts
  }

  mutating func count(_ deleted: Int64, _ sign: Int64) {
    let bin = Self.boundaries.lastIndex { $0 <= deleted } ?? 0
    counts[bin] = counts[bin].addingReportingOverflow(sign).partialValue
  }

  var isPossible: Bool { counts.allSatisfy { $0 >= 0 } }

  private static let boundaries: [Int64] = [
    0, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, Int64(Int32.max),
  ]
}
