internal import Columnar

/// Reads a row group batch after batch. For one worker at a time.
///
/// Columns of the predicate are decoded first, the others only where rows are left. Batches are planned by the average
/// size of the group's rows, and cut shorter where rows turn out larger.
public struct RowGroupReader {
  private let task: RowGroupTask
  private var leaves: LeafReaders
  private let plannedRows: Int
  /// At most as planned.
  private var batchRows: Int
  /// Requested columns that the predicate needs, and the others, with the leaves they are made of.
  private let first: Part
  private let second: Part
  /// Rows before the position that the leaves of each part have yet to pass over.
  private var skippedByFirst: Int
  private var skippedBySecond: Int
  private var position: Int
  /// Rows that the page index leaves; `nil` until it was asked.
  private var ranges: [Range<Int64>]?

  private struct Part {
    let columns: [Int]
    let leaves: [Int]
  }

  init(_ task: RowGroupTask) throws(ParquetError) {
    self.task = task
    leaves = try LeafReaders(task)
    plannedRows = Self.batchRows(task)
    batchRows = plannedRows
    position = task.rows.lowerBound
    skippedByFirst = position
    skippedBySecond = position
    let plan = task.plan
    let wanted = Set(task.predicate?.columns ?? [])
    let firstColumns = plan.columns.indices.filter { wanted.contains($0) }
    first = Part(columns: firstColumns, leaves: plan.leaves(ofColumns: firstColumns))
    let secondColumns = plan.columns.indices.filter { !wanted.contains($0) }
    second = Part(columns: secondColumns, leaves: plan.leaves(ofColumns: secondColumns))
  }

  /// The next rows, or `nil` at the end. A batch has a row at least.
  ///
  /// - Throws: ``ParquetError``, what the source throws, and what evaluating the predicate throws.
  public mutating func next() async throws -> ParquetBatch? {
    while let rows = try await nextRows() {
      do {
        let batch = try await batch(start: task.firstRow + Int64(position), rows: rows)
        position += rows
        adaptBatchRows(after: rows)
        if let batch { return batch }
      } catch let error as ParquetError where error.code == .largeBatch && rows > 1 {
        batchRows = max(1, rows / 4)
        try restart()
      }
    }
    if task.rows.upperBound == task.rowCount, skippedByFirst == 0, skippedBySecond == 0 { try leaves.finish() }
    return nil
  }

  /// Goes back to the start of the group, to pass over all rows before the position once more.
  private mutating func restart() throws(ParquetError) {
    leaves = try LeafReaders(task)
    skippedByFirst = position
    skippedBySecond = position
  }

  private mutating func adaptBatchRows(after rows: Int) {
    let bytes = leaves.stringByteCount
    let limit = max(0, task.read.batchByteCount)
    if bytes > limit {
      batchRows = max(1, Int(Double(rows) * Double(limit) / Double(bytes)))
    } else if batchRows < plannedRows, bytes <= limit / 4 {
      batchRows = min(plannedRows, batchRows * 2)
    }
  }

  /// How many rows to look at next, after passing over those that the page index rules out.
  private mutating func nextRows() async throws -> Int? {
    if ranges == nil {
      if let predicate = task.predicate {
        ranges = try await task.file
          .rowRanges(rowGroup: task.rowGroup, for: predicate.predicate, columns: predicate.targets).ranges
      } else {
        ranges = [0..<Int64(task.rowCount)]
      }
    }
    let end = task.rows.upperBound
    guard position < end else { return nil }
    let next = ranges?.first { $0.upperBound > Int64(position) } ?? Int64(end)..<Int64(end)
    if Int64(position) < next.lowerBound {
      let gap = min(Int(next.lowerBound), end) - position
      skippedByFirst += gap
      skippedBySecond += gap
      position += gap
    }
    guard position < end else { return nil }
    return min(batchRows, min(Int(next.upperBound), end) - position)
  }

  private mutating func batch(start: Int64, rows: Int) async throws -> ParquetBatch? {
    let plan = task.plan
    var selection: Bitmap?
    if let excluded = task.read.excludedRows?(start..<start + Int64(rows)) {
      guard excluded.count == rows else {
        throw ParquetError(.schemaMismatch, "The excluded rows come as \(excluded.count) bits for \(rows) rows.")
      }
      selection = excluded.inverted()
      if selection?.setCount == 0 {
        skippedByFirst += rows
        skippedBySecond += rows
        return nil
      }
    }
    var columns: [Column?] = plan.columns.map { _ in nil }

    if let predicate = task.predicate {
      try await leaves.read(first.leaves, RowRun.all(rows, after: skippedByFirst), capacity: rows)
      skippedByFirst = 0
      let assembly = NestedAssembly(leaves: leaves.finishBatch(first.leaves), plan: plan)
      for index in first.columns { columns[index] = try assembled(assembly, index, rows: rows) }
      let batch = RecordBatch(
        schema: predicate.schema, columns: first.columns.compactMap { columns[$0] }, rowCount: rows)
      let matching = try predicate.bound.evaluateRows(of: batch)
      selection = selection?.intersection(matching) ?? matching
    }

    var selected = rows
    if let bits = selection {
      selected = bits.setCount
      if selected == rows { selection = nil }
      if selected == 0 {
        skippedBySecond += rows
        return nil
      }
    }
    // Few survivors close together are read alone; else everything is, and then filtered.
    let runs = selection.flatMap { RowRun.runs(of: $0, selected: selected, after: skippedBySecond) }
    let read = runs == nil ? rows : selected
    try await leaves.read(second.leaves, runs ?? RowRun.all(rows, after: skippedBySecond), capacity: read)
    skippedBySecond = 0
    let assembly = NestedAssembly(leaves: leaves.finishBatch(second.leaves), plan: plan)
    for index in second.columns {
      let column = try assembled(assembly, index, rows: read)
      if let selection, runs == nil { columns[index] = column.filtered(by: selection) } else { columns[index] = column }
    }
    if let selection {
      for index in first.columns { columns[index] = columns[index]?.filtered(by: selection) }
    }
    let batch = RecordBatch(schema: plan.schema, columns: columns.compactMap { $0 }, rowCount: selected)
    return ParquetBatch(batch: batch, rowPositions: positions(start: start, rows: rows, selection))
  }

  private func assembled(_ assembly: NestedAssembly, _ index: Int, rows: Int) throws(ParquetError) -> Column {
    try located(file: task.file.source.name, column: task.plan.schema.fields[index].name) { () throws(ParquetError) in
      try assembly.column(task.plan.columns[index], rows: rows)
    }
  }

  private func positions(start: Int64, rows: Int, _ selection: Bitmap?) -> Column? {
    guard task.read.includesRowPositions else { return nil }
    let buffer = Buffer(copying: (0..<Int64(rows)).map { start + $0 })
    let column = Column(.long, count: rows, storage: .fixed(buffer))
    return selection.map { column.filtered(by: $0) } ?? column
  }

  // MARK: Planning

  /// A batch should not take much more than this in memory.
  private static let batchBytes = 16 << 20

  private static func batchRows(_ task: RowGroupTask) -> Int {
    var perRow = 1
    for leaf in task.plan.leaves {
      let chunk = task.file.metadata.rowGroups[task.rowGroup].columns[leaf.index].metadata
      // Both may be anything: they are only what the file says of itself.
      let stored = max(0, Int(clamping: chunk?.totalUncompressedSize ?? 0)) / max(1, task.rowCount)
      let values = max(0, Int(clamping: chunk?.valueCount ?? 0)) / max(1, task.rowCount)
      let width: Int
      switch leaf.storage {
      case .fixed(_, let fixed): width = fixed
      case .boolean, .null: width = 1
      case .strings: width = 4
      }
      let slots = leaf.maximumRepetition > 0 ? min(values, 1 << 20) + 1 : 1
      perRow += min(1 << 40, max(stored, slots * (width + (leaf.keepsLevels ? 2 : 0))))
    }
    return max(1, min(task.read.batchRowCount, max(1, batchBytes / perRow)))
  }
}

/// Rows in a row that are all wanted, or all not.
struct RowRun {
  var count: Int
  var isWanted: Bool

  static func all(_ rows: Int, after skipped: Int) -> [RowRun] {
    let wanted = RowRun(count: rows, isWanted: true)
    return skipped > 0 ? [RowRun(count: skipped, isWanted: false), wanted] : [wanted]
  }

  /// The runs of a selection, or `nil` when they are so many that reading everything and filtering costs less.
  static func runs(of selection: Bitmap, selected: Int, after skipped: Int) -> [RowRun]? {
    guard selected <= selection.count / 4 else { return nil }
    let limit = max(4, (selection.count - selected) / 128)
    var runs: [RowRun] = []
    var index = 0
    while index < selection.count {
      let isWanted = selection.isSet(index)
      var end = index + 1
      while end < selection.count, selection.isSet(end) == isWanted { end += 1 }
      runs.append(RowRun(count: end - index, isWanted: isWanted))
      if runs.count > limit { return nil }
      index = end
    }
    guard skipped > 0 else { return runs }
    if runs.first?.isWanted == false {
      runs[0].count += skipped
      return runs
    }
    return [RowRun(count: skipped, isWanted: false)] + runs
  }
}
