internal import Columnar

/// The rows of one row group, to be read by one worker. Tasks of a file are independent of each other.
public struct RowGroupTask: Sendable {
  /// The row group's position in the file.
  public let rowGroup: Int
  /// The position in the file of the group's first row.
  public let firstRow: Int64
  /// The rows in the group, before anything is filtered.
  public let rowCount: Int
  /// The bytes of the column chunks that the reading wants, in the order of the plan's leaves.
  public let byteRanges: [Range<Int>]
  /// Their bytes in all.
  public var byteCount: Int { byteRanges.reduce(0) { $0 + $1.count } }
  /// The rows that this task gives, counted within the group: all of them unless it was split.
  public internal(set) var rows: Range<Int>

  let file: ParquetFile
  let read: ParquetRead
  let plan: ReadPlan
  let predicate: ReadPredicate?

  /// A reader of its own for each call; nothing is fetched yet.
  ///
  /// - Throws: ``ParquetError`` when the group's metadata contradict themselves.
  public func reader() throws(ParquetError) -> RowGroupReader {
    try RowGroupReader(self)
  }
}

extension RowGroupTask {
  /// Up to `count` tasks that give this one's rows in order, for as many workers. One, when that would do much of the
  /// work twice: rows of lists can't be found without decoding those before, and pages must be worth passing over.
  ///
  /// - Parameter partBytes: of a part's largest column, uncompressed: several pages, since those at its ends are decoded
  ///   for its neighbours, too.
  public func split(into count: Int, partBytes: Int = 4 << 20) -> [RowGroupTask] {
    let group = file.metadata.rowGroups[rowGroup]
    let largest = plan.leaves.map { Int(clamping: group.columns[$0.index].metadata?.totalUncompressedSize ?? 0) }.max()
    let batchRowCount = max(1, read.batchRowCount)
    let parts = min(count, (largest ?? 0) / max(1, partBytes), rows.count / batchRowCount)
    let isJumpCheap = file.source.requestOverhead <= 64 << 10
    guard parts > 1, isJumpCheap, plan.leaves.allSatisfy({ $0.maximumRepetition == 0 }) else { return [self] }
    // Whole batches, as far as possible.
    let (batches, rest) = ((rows.count - 1) / batchRowCount + 1).quotientAndRemainder(dividingBy: parts)
    var start = 0
    return (0..<parts).map { part in
      var task = self
      let end = min(rows.count, start + (batches + (part < rest ? 1 : 0)) * batchRowCount)
      task.rows = rows.lowerBound + start..<rows.lowerBound + end
      start = end
      return task
    }
  }
}

extension ParquetFile {
  /// The row groups that can have rows of a reading: those that statistics and bloom filters don't rule out.
  ///
  /// - Throws: ``ParquetError`` with code `schemaMismatch` when a column can't be read as the type asked for,
  ///   `unsupported` or `encrypted` when its chunks can't be read at all, `corrupt` when they are not within the file;
  ///   `ExpressionError` when the predicate doesn't fit the schema; what the source throws.
  public func rowGroups(_ read: ParquetRead) async throws -> [RowGroupTask] {
    try await plannedRowGroups(read).compactMap(\.task)
  }

  /// Every row group with what a reading does with it: what ``rowGroups(_:)`` knows, for showing why.
  ///
  /// - Throws: as ``rowGroups(_:)``.
  package func plannedRowGroups(_ read: ParquetRead) async throws -> [PlannedRowGroup] {
    let plan = try located(file: source.name) { () throws(ParquetError) -> ReadPlan in
      try ReadPlan(schema, schema: read.schema, matching: read.matching)
    }
    var predicate: ReadPredicate?
    var verdicts: [RowGroupVerdict] = []
    if let condition = read.predicate {
      let ready = try ReadPredicate(condition, plan: plan, file: schema)
      verdicts = try await prunedRowGroups(for: ready.predicate, columns: ready.targets)
      predicate = ready
    }
    return try metadata.rowGroups.enumerated().map { index, group in
      let verdict = predicate == nil ? nil : verdicts[index]
      var planned = PlannedRowGroup(
        rowGroup: index, rowCount: group.rowCount, verdict: verdict, columns: predicate?.targets)
      guard group.rowCount > 0, verdict?.verdict != .noRows else { return planned }
      let ranges = try located(file: source.name) { () throws(ParquetError) -> [Range<Int>] in
        var ranges: [Range<Int>] = []
        for leaf in plan.leaves {
          let chunk = try group.columns[leaf.index].readableMetadata(column: leaf.name)
          ranges.append(
            try located(column: leaf.name) { () throws(ParquetError) in try chunk.byteRange(fileSize: size) })
        }
        return ranges
      }
      planned.task = RowGroupTask(
        rowGroup: index, firstRow: firstRows[index], rowCount: Int(group.rowCount), byteRanges: ranges,
        rows: 0..<Int(group.rowCount), file: self, read: read, plan: plan, predicate: predicate)
      return planned
    }
  }
}
