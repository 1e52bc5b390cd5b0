public import Columnar

/// The page index of one column chunk.
public struct ChunkPageIndex: Hashable, Sendable {
  public let offsets: OffsetIndex
  /// As long as ``offsets``; `nil` where the chunk has none that can be used.
  public let bounds: ColumnIndex?

  /// Each page's rows, counted within the row group; together all of them.
  public func pageRows(rowCount: Int64) -> [Range<Int64>] {
    let starts = offsets.pageLocations.map(\.firstRowIndex) + [rowCount]
    return zip(starts, starts.dropFirst()).map { $0..<$1 }
  }
}

extension ParquetFile {
  /// The page indexes of some of a row group's chunks, by leaf. One that is missing, or contradicts itself or the
  /// footer, is left out: the chunk can be read without.
  ///
  /// Costs one request mostly, since the indexes are next to one another; none when they are in the last 64 KiB.
  ///
  /// - Throws: what the source throws.
  /// Spec: Parquet PageIndex § Technical Approach
  public func pageIndexes(rowGroup: Int, leaves: [Int]) async throws -> [Int: ChunkPageIndex] {
    let group = metadata.rowGroups[rowGroup]
    var ranges: [Range<Int>] = []
    var places: [(leaf: Int, offsets: Int, bounds: Int?)] = []
    for leaf in leaves {
      let chunk = group.columns[leaf]
      guard !chunk.isEncrypted, let offsets = range(chunk.offsetIndexOffset, chunk.offsetIndexLength) else { continue }
      let bounds = range(chunk.columnIndexOffset, chunk.columnIndexLength)
      ranges.append(offsets)
      if let bounds { ranges.append(bounds) }
      places.append((leaf, bounds == nil ? ranges.count - 1 : ranges.count - 2, bounds.map { _ in ranges.count - 1 }))
    }
    let buffers = try await source.readCoalesced(ranges)
    var result: [Int: ChunkPageIndex] = [:]
    for place in places {
      guard let offsets = Self.decode(buffers[place.offsets], OffsetIndex.self),
        isConsistent(offsets, rowCount: group.rowCount)
      else { continue }
      var bounds = place.bounds.flatMap { Self.decode(buffers[$0], ColumnIndex.self) }
      if bounds?.nullPages.count != offsets.pageLocations.count { bounds = nil }
      result[place.leaf] = ChunkPageIndex(offsets: offsets, bounds: bounds)
    }
    return result
  }

  /// The rows of a row group that may satisfy a predicate, by the bounds of its columns' pages; all of them where
  /// nothing is known.
  ///
  /// - Parameter columns: where the predicate's columns are; by their names unless given.
  /// - Throws: what the source throws.
  public func rowRanges(
    rowGroup: Int, for predicate: ColumnPredicate, columns: PredicateColumns? = nil
  ) async throws -> RowRanges {
    let columns = columns ?? PredicateColumns(of: predicate, in: schema)
    let rowCount = metadata.rowGroups[rowGroup].rowCount
    var known = bounds(rowGroup: rowGroup, columns: columns)
    if predicate.verdict(over: known) == .noRows { return RowRanges() }
    let leaves = columns.leaves.filter {
      schema.leaves[$0].maxRepetitionLevel == 0 && metadata.rowGroups[rowGroup].columns[$0].columnIndexOffset != nil
    }
    let pages = try await pageIndexes(rowGroup: rowGroup, leaves: leaves).compactMap { leaf, index in
      PageBounds(index, of: schema.leaves[leaf], rowCount: rowCount, in: self)
    }
    guard !pages.isEmpty else { return RowRanges([0..<rowCount]) }

    // Between two neighbouring page starts, of whichever column, the bounds of all columns stay the same.
    let starts = Set(pages.flatMap { $0.rows.map(\.lowerBound) }).sorted()
    var current = [Int](repeating: 0, count: pages.count)
    var kept: [Range<Int64>] = []
    for (index, start) in starts.enumerated() {
      for (column, page) in pages.enumerated() {
        while page.rows[current[column]].upperBound <= start { current[column] += 1 }
        known.bounds[page.leaf] = page.bounds[current[column]]
      }
      if predicate.verdict(over: known) != .noRows {
        kept.append(start..<(index + 1 < starts.count ? starts[index + 1] : rowCount))
      }
    }
    return RowRanges(kept)
  }

  private func range(_ offset: Int64?, _ length: Int32?) -> Range<Int>? {
    guard let offset, let length, offset > 0, length > 0, offset <= Int64(size) - Int64(length) else { return nil }
    return Int(offset)..<Int(offset) + Int(length)
  }

  private static func decode<Value: ThriftStruct>(_ bytes: Buffer, _ type: Value.Type) -> Value? {
    bytes.withUnsafeBytes { bytes in
      var reader = ThriftReader(bytes)
      return try? Value(from: &reader)
    }
  }

  private func isConsistent(_ offsets: OffsetIndex, rowCount: Int64) -> Bool {
    let pages = offsets.pageLocations
    guard pages.first?.firstRowIndex == 0, let last = pages.last, last.firstRowIndex < rowCount else { return false }
    for (page, next) in zip(pages, pages.dropFirst()) {
      guard page.firstRowIndex < next.firstRowIndex, page.offset < next.offset else { return false }
    }
    return pages.allSatisfy { $0.offset <= Int64(size) - Int64($0.compressedPageSize) }
  }
}

/// The bounds of each page of a flat column.
private struct PageBounds {
  let leaf: Int
  let rows: [Range<Int64>]
  let bounds: [Bounds]

  init?(_ index: ChunkPageIndex, of leaf: ParquetLeaf, rowCount: Int64, in file: ParquetFile) {
    guard let columnIndex = index.bounds else { return nil }
    self.leaf = leaf.index
    let rows = index.pageRows(rowCount: rowCount)
    let order = file.columnOrder(leaf: leaf.index)
    bounds = rows.indices.map { page in
      var statistics = Statistics()
      let isNull = columnIndex.nullPages[page]
      if !isNull {
        statistics.minValue = columnIndex.minValues[page]
        statistics.maxValue = columnIndex.maxValues[page]
      }
      statistics.nullCount = columnIndex.nullCounts?[page]
      statistics.nanCount = columnIndex.nanCounts?[page]
      let pageRowCount = Int64(rows[page].count)
      var bounds = LeafStatistics(statistics, of: leaf, order: order, writer: file.writer)
        .bounds(rowCount: pageRowCount, isNaNExcluded: file.writer.isNaNExcludedFromBounds)
      if isNull {
        bounds.mayHaveNulls = true
        // A count that denies it makes both doubtful.
        bounds.mayHaveValues = statistics.nullCount.map { $0 != pageRowCount } ?? false
      }
      if leaf.maxDefinitionLevel == 0 { (bounds.mayHaveNulls, bounds.mayHaveValues) = (false, true) }
      return bounds
    }
    self.rows = rows
  }
}
