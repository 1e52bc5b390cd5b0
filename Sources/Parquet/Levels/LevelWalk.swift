internal import Columnar

/// Follows the way from a column of a batch to a leaf and works out the levels.
///
/// At each column on the way the entries are either alive, and have a slot in that column, or have ended at a null or
/// empty list. Slots of the entries alive ascend, since lists follow one another in their elements.
///
/// Spec: Parquet README § Nested Encoding
struct LevelWalk {
  private let leaf: WriteLeaf
  private let rowCount: Int
  private var entryCount: Int
  /// A byte an entry: the level at which it ended, or ``LevelBuildKernel/alive``. `nil` when all are alive.
  private var definitions: Buffer?
  private var repetitions: Buffer?
  private var slots: Slots
  /// The definition level of those alive.
  private var level = 0
  private var repetition = 0

  private enum Slots {
    case range(Range<Int>)
    /// `Int32`s.
    case rows(Buffer)

    var count: Int {
      switch self {
      case .range(let range): range.count
      case .rows(let rows): rows.count / 4
      }
    }
  }

  private init(_ leaf: WriteLeaf, rows: Range<Int>) {
    self.leaf = leaf
    rowCount = rows.count
    entryCount = rows.count
    slots = .range(rows)
  }

  /// The levels of some rows of a batch's column, and the leaf's own column.
  ///
  /// - Parameter column: of the type that the leaf's schema has.
  /// - Throws: ``ParquetError`` with code `invalidValue` for a null where none may be, and for columns that contradict
  ///   themselves.
  static func levels(
    of leaf: WriteLeaf, in column: Column, rows: Range<Int>
  ) throws(ParquetError) -> (levels: LeafLevels, column: Column) {
    var walk = LevelWalk(leaf, rows: rows)
    var column = column
    for step in leaf.steps {
      if step.next == .values { return (try walk.finish(column, isNullable: step.isNullable), column) }
      try walk.passNulls(column, isNullable: step.isNullable)
      column = try walk.descend(step.next, from: column)
    }
    preconditionFailure("the last step is the leaf")
  }

  private mutating func finish(_ column: Column, isNullable: Bool) throws(ParquetError) -> LeafLevels {
    if isNullable, leaf.maximumDefinition == 1, definitions == nil, case .range(let range) = slots,
      let validity = column.validity
    {
      // A column that is in nothing that can be null: its validity is its levels.
      try check(range, in: column)
      let set = validity.setCount(in: range)
      if set < range.count {
        return LeafLevels(
          rowCount: rowCount, entryCount: entryCount, definitions: .bits(validity, start: range.lowerBound),
          maximumDefinition: leaf.maximumDefinition,
          repetitions: repetitions, rows: range, present: validity.slice(range), valueCount: set)
      }
    }
    try passNulls(column, isNullable: isNullable)
    if let definitions {
      LevelBuildKernel.finish(definitions, count: entryCount, level: leaf.maximumDefinition)
    }
    let (rows, present): (Range<Int>, Bitmap?) =
      switch slots {
      case .range(let range): (range, nil)
      case .rows(let rows): LevelBuildKernel.bits(of: rows)
      }
    return LeafLevels(
      rowCount: rowCount, entryCount: entryCount, definitions: definitions.map { .levels($0) } ?? .all,
      maximumDefinition: leaf.maximumDefinition,
      repetitions: repetitions, rows: rows, present: present, valueCount: slots.count)
  }

  /// Ends the entries whose slot in the column is null.
  private mutating func passNulls(_ column: Column, isNullable: Bool) throws(ParquetError) {
    defer { level += isNullable ? 1 : 0 }
    try checkSlots(in: column)
    if case .null = column.storage { return endAll() }
    guard let validity = column.validity else { return }
    let alive = slots.count
    let valid: Int
    switch slots {
    case .range(let range): valid = validity.setCount(in: range)
    case .rows(let rows): valid = LevelBuildKernel.setCount(validity, at: rows)
    }
    if valid == alive { return }
    guard isNullable else { throw ParquetError.nullInRequired(count: alive - valid) }
    let definitions = self.definitions ?? LevelBuildKernel.allAlive(entryCount)
    switch slots {
    case .range(let range):
      slots = .rows(
        LevelBuildKernel.end(
          definitions, count: entryCount, at: level, first: range.lowerBound, validity, valid: valid))
    case .rows(let rows):
      slots = .rows(
        LevelBuildKernel.end(definitions, count: entryCount, at: level, rows: rows, validity, valid: valid))
    }
    self.definitions = definitions
  }

  private mutating func endAll() {
    let definitions = self.definitions ?? LevelBuildKernel.allAlive(entryCount)
    LevelBuildKernel.finish(definitions, count: entryCount, level: level)
    self.definitions = definitions
    slots = .range(0..<0)
  }

  private mutating func descend(_ next: WriteLeaf.Step.Next, from column: Column) throws(ParquetError) -> Column {
    switch (next, column.storage) {
    case (.field(let index), .structure(let children)):
      guard index < children.count, children[index].count == column.count else {
        throw .damagedColumn("a struct and its fields differ in their number")
      }
      return children[index]
    case (.elements, .list(let offsets, let elements)):
      try expand(offsets, of: column, elements: elements.count)
      return elements
    case (.keys, .map(let offsets, let keys, _)):
      try expand(offsets, of: column, elements: keys.count)
      return keys
    case (.mapValues, .map(let offsets, let keys, let values)):
      guard keys.count == values.count else { throw .damagedColumn("a map has more keys than values, or fewer") }
      try expand(offsets, of: column, elements: values.count)
      return values
    case (.variantMetadata, .variant(let metadata, _)): return metadata
    case (.variantValue, .variant(_, let value)): return value
    default:
      throw .damagedColumn("its values are not stored as its type says")
    }
  }

  /// Turns each list into its elements.
  private mutating func expand(_ offsets: Buffer, of column: Column, elements: Int) throws(ParquetError) {
    repetition += 1
    guard offsets.count >= (column.count + 1) * 4 else { throw .damagedColumn("offsets are missing") }
    let lists: LevelBuildKernel.Lists
    switch slots {
    case .range(let range): lists = LevelBuildKernel.lists(offsets, first: range.lowerBound, count: range.count)
    case .rows(let rows): lists = LevelBuildKernel.lists(offsets, rows: rows)
    }
    guard lists.first >= 0, lists.end <= elements, lists.elements >= 0 else {
      throw .damagedColumn("offsets reach outside of the elements")
    }
    let ended = entryCount - slots.count
    let total = ended + lists.elements + lists.empty
    guard total <= Int(Int32.max) else { throw .damagedColumn("it has more than 2147483647 elements") }
    let expanded: LevelBuildKernel.Entries
    switch slots {
    case .range(let range):
      expanded = LevelBuildKernel.expand(
        definitions, repetitions, count: entryCount, offsets, first: range.lowerBound, to: total, level: level,
        repetition: repetition, hasEnded: ended + lists.empty > 0)
    case .rows(let rows):
      expanded = LevelBuildKernel.expand(
        definitions, repetitions, count: entryCount, offsets, rows: rows, to: total, level: level,
        repetition: repetition, hasEnded: ended + lists.empty > 0)
    }
    if lists.elements == lists.end - lists.first {
      slots = .range(lists.first..<lists.end)
    } else if case .rows(let rows) = slots {
      slots = .rows(LevelBuildKernel.elements(offsets, rows: rows, total: lists.elements))
    } else {
      throw .damagedColumn("offsets do not ascend")
    }
    (definitions, repetitions, entryCount) = (expanded.definitions, expanded.repetitions, total)
    level += 1
  }

  private func checkSlots(in column: Column) throws(ParquetError) {
    switch slots {
    case .range(let range): try check(range, in: column)
    case .rows(let rows):
      guard rows.count > 0 else { return }
      let last = rows.withValues(of: Int32.self) { Int($0[$0.count - 1]) }
      try check(0..<last + 1, in: column)
    }
  }

  private func check(_ range: Range<Int>, in column: Column) throws(ParquetError) {
    guard range.isEmpty || range.upperBound <= column.count else {
      throw .damagedColumn("it is shorter than the column around it")
    }
  }
}
