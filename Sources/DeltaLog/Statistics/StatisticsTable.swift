public import Columnar

/// The statistics of many files for a few columns: typed arrays with a row for each file, all unknown at first.
///
/// Bounds are outer limits already: timestamps, which writers cut to milliseconds, are widened by the 999
/// microseconds that may be missing.
///
/// Spec: Delta § Per-file Statistics
public struct StatisticsTable: Sendable {
  public let columns: [StatisticsColumn]
  /// The files.
  public let count: Int

  /// -1 when unknown.
  var rowCounts: [Int64]
  /// 1 where null counts say only "none" or "all".
  var hasWideBounds: [UInt8]
  var entries: [Entry]
  let keys: StatisticsKeys

  struct Entry: Sendable {
    /// -1 when unknown.
    var nullCounts: [Int64]
    /// `nil` for types that have no bounds.
    var minima: StatisticsLane?
    var maxima: StatisticsLane?
  }

  public init(columns: [StatisticsColumn], count: Int) {
    self.columns = columns
    self.count = count
    rowCounts = [Int64](repeating: -1, count: count)
    hasWideBounds = [UInt8](repeating: 0, count: count)
    entries = columns.map { column in
      let lane = column.lane.map { StatisticsLane($0, count: count) }
      return Entry(nullCounts: [Int64](repeating: -1, count: count), minima: lane, maxima: lane)
    }
    keys = StatisticsKeys(columns)
  }

  /// The records in a file, deleted ones included; `nil` when unknown.
  public func rowCount(at row: Int) -> Int64? { rowCounts[row] < 0 ? nil : rowCounts[row] }

  /// What is known of a column in a file.
  ///
  /// A text's maximum is taken as the beginning of a longer text, since writers cut texts off. The maximum of floating
  /// point numbers leaves NaN out: ``DataSkipping`` takes care of it.
  public func bounds(at row: Int, column index: Int) -> Bounds {
    let entry = entries[index]
    let rowCount = rowCount(at: row)
    var nullCount: Int64? = entry.nullCounts[row]
    if nullCount == -1 || (hasWideBounds[row] != 0 && nullCount != 0 && nullCount != rowCount) { nullCount = nil }
    let type = columns[index].type
    let min = entry.minima?.scalar(at: row, of: type)
    var max = entry.maxima?.scalar(at: row, of: type)
    if case .string(let text)? = max { max = Self.successor(ofPrefix: text).map(Scalar.string) }
    return Bounds(
      min: min, max: max, nullCount: nullCount, rowCount: rowCount, mayHaveNaN: DataSkipping.mayHideNaN(max))
  }

  /// The least text that is greater than every text with this prefix; `nil` when there is none.
  static func successor(ofPrefix prefix: String) -> String? {
    var scalars = Array(prefix.unicodeScalars)
    while let last = scalars.popLast() {
      let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
      if let next = Unicode.Scalar(next) {
        scalars.append(next)
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
      }
    }
    return nil
  }

  mutating func clear(_ row: Int) {
    rowCounts[row] = -1
    hasWideBounds[row] = 0
    for index in entries.indices {
      entries[index].nullCounts[row] = -1
      entries[index].minima?.isKnown[row] = 0
      entries[index].maxima?.isKnown[row] = 0
    }
  }
}

/// The wanted columns' names as a tree, flat in memory.
struct StatisticsKeys: Sendable {
  struct Key: Sendable {
    var nameStart: Int
    var nameCount: Int
    /// The column, or -1 for a struct on the way to one.
    var column: Int
    /// The children's places in `keys`.
    var children: Range<Int>
  }

  private(set) var names: [UInt8] = []
  private(set) var keys: [Key] = []
  private(set) var roots: Range<Int> = 0..<0

  init(_ columns: [StatisticsColumn]) {
    roots = add(columns.indices.map { ($0, columns[$0].physicalPath.names[...]) })
  }

  private mutating func add(_ paths: [(Int, ArraySlice<String>)]) -> Range<Int> {
    var groups: [(name: String, column: Int, rest: [(Int, ArraySlice<String>)])] = []
    for (column, path) in paths {
      guard let name = path.first else { continue }
      let index = groups.firstIndex { $0.name == name } ?? groups.endIndex
      if index == groups.endIndex { groups.append((name, -1, [])) }
      if path.count == 1 {
        groups[index].column = column
      } else {
        groups[index].rest.append((column, path.dropFirst()))
      }
    }
    let start = keys.count
    for group in groups {
      keys.append(Key(nameStart: names.count, nameCount: group.name.utf8.count, column: group.column, children: 0..<0))
      names.append(contentsOf: group.name.utf8)
    }
    for (index, group) in groups.enumerated() where !group.rest.isEmpty {
      let children = add(group.rest)
      keys[start + index].children = children
    }
    return start..<start + groups.count
  }
}
