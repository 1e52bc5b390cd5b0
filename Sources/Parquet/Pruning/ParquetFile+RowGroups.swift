public import Columnar

/// Whether a row group need be read for a predicate, and why not.
public struct RowGroupVerdict: Hashable, Sendable {
  public let rowGroup: Int
  public let verdict: PruningVerdict
  /// What decided, when no row can match.
  public let evidence: Evidence?
  /// Which clause of the predicate no row can satisfy, when no row can match.
  public let refutedClause: ColumnExpression?

  public enum Evidence: Hashable, Sendable {
    case rowCount, statistics, bloomFilter
  }
}

extension ParquetFile {
  /// What the footer's statistics say of a predicate in a row group. Reads nothing.
  ///
  /// - Parameter columns: where the predicate's columns are; by their names unless given.
  public func verdict(
    rowGroup: Int, for predicate: ColumnPredicate, columns: PredicateColumns? = nil
  ) -> RowGroupVerdict {
    let columns = columns ?? PredicateColumns(of: predicate, in: schema)
    if metadata.rowGroups[rowGroup].rowCount == 0 {
      return RowGroupVerdict(rowGroup: rowGroup, verdict: .noRows, evidence: .rowCount, refutedClause: nil)
    }
    return verdict(rowGroup: rowGroup, for: predicate, over: bounds(rowGroup: rowGroup, columns: columns), .statistics)
  }

  /// What statistics, and bloom filters where they can help, say of a predicate in each row group, in order.
  ///
  /// Costs no request without bloom filters, and few with them: those that are close are read together.
  ///
  /// - Parameter columns: where the predicate's columns are; by their names unless given.
  /// - Throws: what the source throws. A filter that is damaged is left out.
  public func prunedRowGroups(
    for predicate: ColumnPredicate, columns: PredicateColumns? = nil, usingBloomFilters: Bool = true
  ) async throws -> [RowGroupVerdict] {
    let columns = columns ?? PredicateColumns(of: predicate, in: schema)
    var verdicts = metadata.rowGroups.indices.map { verdict(rowGroup: $0, for: predicate, columns: columns) }
    guard usingBloomFilters else { return verdicts }
    let open = verdicts.filter { $0.verdict == .someRows }.map(\.rowGroup)
    let probed = PredicateColumns(columns.targets.filter { predicate.expression.probedPaths.contains($0.key) }).leaves
    var start = 0
    while start < open.count {
      let end = endOfBatch(of: open, from: start, leaves: probed)
      let filters = try await bloomFilters(rowGroups: Array(open[start..<end]), leaves: probed)
      for (rowGroup, filters) in filters {
        var bounds = bounds(rowGroup: rowGroup, columns: columns)
        bounds.filters = filters
        let verdict = verdict(rowGroup: rowGroup, for: predicate, over: bounds, .bloomFilter)
        if verdict.verdict == .noRows { verdicts[rowGroup] = verdict }
      }
      start = end
    }
    return verdicts
  }

  private func verdict(
    rowGroup: Int, for predicate: ColumnPredicate, over bounds: LeafBounds, _ evidence: RowGroupVerdict.Evidence
  ) -> RowGroupVerdict {
    let verdict = predicate.verdict(over: bounds)
    let clause = verdict == .noRows ? predicate.refutedClause(over: bounds) : nil
    return RowGroupVerdict(
      rowGroup: rowGroup, verdict: verdict, evidence: verdict == .noRows ? evidence : nil, refutedClause: clause)
  }
}

// MARK: Bloom filters

extension ParquetFile {
  /// Filters in memory at once, by their lengths in the footer.
  private static let filterBudget = 32 << 20
  /// A larger one costs more than it saves.
  private static let maximumFilterLength = 16 << 20
  /// What is read of a filter whose length the footer doesn't say, to find it in the header.
  private static let headerLength = 64

  private func endOfBatch(of rowGroups: [Int], from start: Int, leaves: [Int]) -> Int {
    var end = start
    var length = 0
    while end < rowGroups.count, end == start || length < Self.filterBudget {
      for leaf in leaves {
        let known = metadata.rowGroups[rowGroups[end]].columns[leaf].metadata?.bloomFilterLength.map { Int($0) }
        length += min(max(0, known ?? 1 << 20), Self.maximumFilterLength)
      }
      end += 1
    }
    return end
  }

  /// The filters of the chunks that have one, by row group and leaf.
  private func bloomFilters(rowGroups: [Int], leaves: [Int]) async throws -> [(Int, [Int: BloomFilter])] {
    var places: [(rowGroup: Int, leaf: Int, range: Range<Int>, isWhole: Bool)] = []
    for rowGroup in rowGroups {
      for leaf in leaves {
        let chunk = metadata.rowGroups[rowGroup].columns[leaf]
        guard !chunk.isEncrypted, let metadata = chunk.metadata, let offset = metadata.bloomFilterOffset, offset > 0,
          offset < Int64(size)
        else { continue }
        let known = metadata.bloomFilterLength.map { Int($0) }
        let length = known ?? min(Self.headerLength, size - Int(offset))
        guard length > 0, length <= Self.maximumFilterLength, length <= size - Int(offset) else { continue }
        places.append((rowGroup, leaf, Int(offset)..<Int(offset) + length, known != nil))
      }
    }
    let headers = places.indices.filter { !places[$0].isWhole }
    for (index, bytes) in zip(headers, try await source.readCoalesced(headers.map { places[$0].range })) {
      guard let (header, length) = BloomFilter.header(in: bytes) else { continue }
      let start = places[index].range.lowerBound
      let whole = length + Int(header.byteCount)
      guard whole <= Self.maximumFilterLength, whole <= size - start else { continue }
      places[index].range = start..<start + whole
      places[index].isWhole = true
    }
    places.removeAll { !$0.isWhole }

    var filters: [Int: [Int: BloomFilter]] = [:]
    for (place, bytes) in zip(places, try await source.readCoalesced(places.map(\.range))) {
      filters[place.rowGroup, default: [:]][place.leaf] = BloomFilter(headerAndBlocks: bytes)
    }
    return filters.map { ($0.key, $0.value) }
  }
}
