internal import Columnar

/// Reads a row group batch after batch. For one worker at a time.
///
/// Columns of the predicate are decoded first, the others only where rows are left.
public struct RowGroupReader {
  private let task: RowGroupTask
  private let leaves: LeafReaders
  private let batchRows: Int
  /// Requested columns that the predicate needs, and the others.
  private let first: [Int]
  private let second: [Int]
  private var position = 0

  init(_ task: RowGroupTask) throws(ParquetError) {
    self.task = task
    leaves = try LeafReaders(task)
    batchRows = Self.batchRows(task)
    let wanted = Self.predicateColumns(task)
    first = task.plan.columns.indices.filter { wanted.contains($0) }
    second = task.plan.columns.indices.filter { !wanted.contains($0) }
  }

  /// The next rows, or `nil` at the end. A batch has a row at least.
  ///
  /// - Throws: ``ParquetError``, what the source throws, and what evaluating the predicate throws.
  public mutating func next() async throws -> ParquetBatch? {
    while position < task.rowCount {
      let rows = min(batchRows, task.rowCount - position)
      let start = task.firstRow + Int64(position)
      position += rows
      if let batch = try await batch(start: start, rows: rows) { return batch }
    }
    try leaves.finish()
    return nil
  }

  private func batch(start: Int64, rows: Int) async throws -> ParquetBatch? {
    let plan = task.plan
    let everything = [RowRun(count: rows, isWanted: true)]
    var selection: Bitmap?
    if let excluded = task.read.excludedRows?(start..<start + Int64(rows)) {
      guard excluded.count == rows else {
        throw ParquetError(.schemaMismatch, "The excluded rows come as \(excluded.count) bits for \(rows) rows.")
      }
      selection = excluded.inverted()
    }
    var columns: [Column?] = plan.columns.map { _ in nil }

    if let predicate = task.read.predicate {
      let indices = plan.leaves(ofColumns: first)
      try await leaves.read(indices, everything, capacity: rows)
      let assembly = NestedAssembly(leaves: leaves.finishBatch(indices), plan: plan)
      for index in first { columns[index] = try assembly.column(plan.columns[index], rows: rows) }
      let schema = StructType(first.map { plan.schema.fields[$0] })
      let batch = RecordBatch(schema: schema, columns: first.compactMap { columns[$0] }, rowCount: rows)
      let matching = try predicate.rows(of: batch)
      selection = selection?.intersection(matching) ?? matching
    }

    var selected = rows
    if let bits = selection {
      selected = bits.setCount
      if selected == rows { selection = nil }
    }
    let others = plan.leaves(ofColumns: second)
    if selected == 0 {
      try await leaves.read(others, [RowRun(count: rows, isWanted: false)], capacity: 0)
      return nil
    }
    let runs = selection.map { RowRun.runs(of: $0, selected: selected) } ?? nil
    try await leaves.read(others, runs ?? everything, capacity: runs == nil ? rows : selected)
    let assembly = NestedAssembly(leaves: leaves.finishBatch(others), plan: plan)
    for index in second {
      let column = try assembly.column(plan.columns[index], rows: runs == nil ? rows : selected)
      if let selection, runs == nil { columns[index] = column.filtered(by: selection) } else { columns[index] = column }
    }
    if let selection {
      for index in first { columns[index] = columns[index]?.filtered(by: selection) }
    }
    let batch = RecordBatch(schema: plan.schema, columns: columns.compactMap { $0 }, rowCount: selected)
    return ParquetBatch(batch: batch, rowPositions: positions(start: start, rows: rows, selection))
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
      let stored = Int(clamping: chunk?.totalUncompressedSize ?? 0) / max(1, task.rowCount)
      let width: Int
      switch leaf.storage {
      case .fixed(_, let fixed): width = fixed
      case .boolean, .null: width = 1
      case .strings: width = 4
      }
      perRow += min(1 << 40, max(stored, width))
    }
    return max(1, min(task.read.batchRowCount, max(16, batchBytes / perRow)))
  }

  private static func predicateColumns(_ task: RowGroupTask) -> Set<Int> {
    guard let predicate = task.read.predicate else { return [] }
    let names = Set(predicate.columnNames)
    return Set(task.plan.schema.fields.indices.filter { names.contains(task.plan.schema.fields[$0].name) })
  }
}

/// Rows in a row that are all wanted, or all not.
struct RowRun {
  var count: Int
  var isWanted: Bool

  /// The runs of a selection, or `nil` when they are so many that reading everything and filtering costs less.
  static func runs(of selection: Bitmap, selected: Int) -> [RowRun]? {
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
    return runs
  }
}
