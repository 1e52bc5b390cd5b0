internal import Columnar
internal import DeltaLog
internal import Parquet
internal import Synchronization

extension DataFileRead {
  /// Opens the file and says what is read of it; reads its rows, too, when `isRun`.
  func explain(_ file: inout ScanExplanation.File, isRun: Bool) async throws {
    let meter = MeteredByteSource(source)
    let read = try parquetRead(batchRowCount: RecordBatches.batchRowCount)
    let result = try await describingFailure { () async throws -> ScanExplanation.File in
      var result = file
      let parquet = try await ParquetFile.open(meter)
      let groups = try await parquet.plannedRowGroups(read)
      for planned in groups { result.rowGroups.append(try await explain(planned, in: parquet, of: read)) }
      result.opening = meter.cost
      for group in result.rowGroups { result.planned = result.planned + group.planned }
      guard isRun else { return result }
      let start = meter.cost
      for (index, planned) in groups.enumerated() {
        result.rowGroups[index].matchedRows = 0
        let before = meter.cost
        if let task = planned.task {
          var reader = try await task.reader()
          while let batch = try await reader.next() {
            try Task.checkCancellation()
            result.rowGroups[index].matchedRows? += Int64(batch.batch.rowCount)
          }
        }
        result.rowGroups[index].spent = meter.cost - before
      }
      result.spent = meter.cost - start
      result.matchedRows = result.rowGroups.reduce(0) { $0 &+ ($1.matchedRows ?? 0) }
      return result
    }
    file = result
  }

  private func explain(
    _ planned: PlannedRowGroup, in parquet: ParquetFile, of read: ParquetRead
  ) async throws -> ScanExplanation.RowGroup {
    var group = ScanExplanation.RowGroup(
      index: planned.rowGroup, rowCount: planned.rowCount, candidateRows: 0, refutation: nil)
    let clause = planned.verdict?.refutedClause ?? read.predicate?.expression
    if let clause {
      group.known = parquet.knownBounds(of: planned, in: clause)
        .map { ScanExplanation.Known(column: logical($0.key), bounds: $0.value) }
        .sorted { $0.column.names.lexicographicallyPrecedes($1.column.names) }
    }
    guard let task = planned.task else {
      group.refutation = ScanExplanation.Refutation(
        evidence: planned.verdict?.evidence.map(ScanExplanation.Evidence.init) ?? .rowCount,
        clause: planned.verdict?.refutedClause.map(logical), known: group.known)
      return group
    }
    group.candidateRows = try await task.rowRanges().rowCount
    if group.candidateRows == 0 {
      group.refutation = ScanExplanation.Refutation(
        evidence: .pageIndex, clause: read.predicate.map { logical($0.expression) }, known: group.known)
    } else {
      group.planned = ScanExplanation.Cost(bytes: Int64(task.byteCount), requests: task.requestCount)
    }
    return group
  }

  /// Names as the table has them, out of those that the file has.
  private func logical(_ expression: ColumnExpression) -> ColumnExpression {
    expression.mappingColumns { .column(logical($0)) }
  }

  private func logical(_ path: ColumnPath) -> ColumnPath {
    for wanted in predicate?.expression.columns ?? [] where layout.mapping.physicalPath(of: wanted) == path {
      return wanted
    }
    return path
  }
}

extension ScanExplanation.Evidence {
  fileprivate init(_ evidence: RowGroupVerdict.Evidence) {
    switch evidence {
    case .rowCount: self = .rowCount
    case .statistics: self = .rowGroupStatistics
    case .bloomFilter: self = .bloomFilter
    }
  }
}

/// Counts what is asked of another source. A class, since copies of a file share it.
private final class MeteredByteSource: ByteSource {
  private let base: any ByteSource
  private let total = Mutex(ScanExplanation.Cost())

  init(_ base: any ByteSource) { self.base = base }

  var cost: ScanExplanation.Cost { total.withLock { $0 } }
  var name: String { base.name }
  var requestOverhead: Int { base.requestOverhead }
  func size() async throws -> Int { try await base.size() }

  func read(_ ranges: [Range<Int>]) async throws -> [Buffer] {
    total.withLock { total in
      total.requests += ranges.count
      for range in ranges { total.bytes &+= Int64(range.count) }
    }
    return try await base.read(ranges)
  }
}
