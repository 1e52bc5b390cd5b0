public import Columnar

extension StatisticsTable {
  /// Takes statistics from a checkpoint's `stats_parsed` column, a row for each file.
  ///
  /// Columns that it lacks, or has in a type that doesn't fit, stay unknown.
  ///
  /// - Parameters:
  ///   - column: a struct of `numRecords`, `tightBounds`, `minValues`, `maxValues`, `nullCount`, as far as read.
  ///   - firstRow: the place in this table of the column's first row.
  ///
  /// Spec: Delta § Checkpoint Schema
  public mutating func read(_ column: Column, firstRow: Int = 0) {
    precondition(firstRow >= 0 && firstRow + column.count <= count, "rows inside of the table")
    if let counts = NestedColumn(column, ["numRecords"]) {
      for row in 0..<column.count {
        if let count = counts.scalar(at: row).wholeNumber, count >= 0 { rowCounts[firstRow + row] = count }
      }
    }
    if let flags = NestedColumn(column, ["tightBounds"]) {
      for row in 0..<column.count where flags.scalar(at: row) == .boolean(false) {
        hasWideBounds[firstRow + row] = 1
      }
    }
    for index in columns.indices {
      let path = columns[index].physicalPath.names
      if let counts = NestedColumn(column, ["nullCount"] + path) {
        for row in 0..<column.count {
          if let count = counts.scalar(at: row).wholeNumber, count >= 0 {
            entries[index].nullCounts[firstRow + row] = count
          }
        }
      }
      keep(NestedColumn(column, ["minValues"] + path), index, firstRow, isMinimum: true)
      keep(NestedColumn(column, ["maxValues"] + path), index, firstRow, isMinimum: false)
    }
  }

  private mutating func keep(_ values: NestedColumn?, _ index: Int, _ firstRow: Int, isMinimum: Bool) {
    guard let values else { return }
    for row in 0..<values.leaf.count {
      let scalar = values.scalar(at: row)
      if scalar.isNull { continue }
      guard let bound = StatisticsBound(scalar, columns[index], isMinimum: isMinimum) else { continue }
      if isMinimum {
        entries[index].minima?.set(bound, at: firstRow + row)
      } else {
        entries[index].maxima?.set(bound, at: firstRow + row)
      }
    }
  }
}

/// A field somewhere in structs. Under a null struct its values say nothing.
private struct NestedColumn {
  let leaf: Column
  private let parents: [Column]

  init?(_ root: Column, _ path: [String]) {
    var parents: [Column] = []
    var column = root
    for name in path {
      guard case .struct(let type) = column.type, case .structure(let children) = column.storage,
        let index = type.index(of: name)
      else { return nil }
      if column.nullCount > 0 { parents.append(column) }
      column = children[index]
    }
    leaf = column
    self.parents = parents
  }

  func scalar(at row: Int) -> Scalar {
    for parent in parents where parent.isNull(row) { return .null }
    return leaf.scalar(at: row)
  }
}

/// A bound out of a typed column, in the form of its lane.
enum StatisticsBound {
  case whole(Int64)
  case wideWhole(Int128)
  case double(Double)
  case text([UInt8])

  /// `nil` when the scalar does not fit the type, which may have been widened since it was written.
  init?(_ scalar: Scalar, _ column: StatisticsColumn, isMinimum: Bool) {
    let type = column.type
    switch (scalar, type) {
    case (.boolean(let value), .boolean): self = .whole(value ? 1 : 0)
    case (.date(let value), .date): self = .whole(Int64(value))
    case (.date(let value), .timestampNtz(.microseconds)): self = .whole(Int64(value) * CivilText.microsecondsPerDay)
    case (.timestamp(let value), .timestamp(.microseconds)), (.timestampNtz(let value), .timestampNtz(.microseconds)):
      self = .whole(StatisticsText.widened(microseconds: value, isMinimum))
    case (.string(let value), .string): self = .text(Array(value.utf8))
    case (.float(let value), .float), (.float(let value), .double):
      if isMinimum && value.isNaN { return nil }
      self = .double(Double(value))
    case (.double(let value), .double):
      if isMinimum && value.isNaN { return nil }
      self = .double(
        column.mayHoldFloats ? StatisticsText.widened(narrowed: value, isMinimum: isMinimum) : value)
    case (.decimal(let unscaled, _, let oldScale), .decimal(let precision, let scale)) where oldScale <= scale:
      let (value, overflow) = unscaled.multipliedReportingOverflow(
        by: DecimalText.limit(ofPrecision: scale - oldScale) + 1)
      guard !overflow, value.magnitude <= DecimalText.limit(ofPrecision: precision).magnitude else { return nil }
      self = precision <= 18 ? .whole(Int64(truncatingIfNeeded: value)) : .wideWhole(value)
    default:
      guard let value = scalar.wholeNumber else { return nil }
      switch type {
      case .byte where Int8(exactly: value) != nil, .short where Int16(exactly: value) != nil,
        .integer where Int32(exactly: value) != nil, .long:
        self = .whole(value)
      case .double where value.magnitude < 1 << 53: self = .double(Double(value))
      case .decimal(let precision, let scale):
        let (unscaled, overflow) = Int128(value).multipliedReportingOverflow(
          by: DecimalText.limit(ofPrecision: scale) + 1)
        guard !overflow, unscaled.magnitude <= DecimalText.limit(ofPrecision: precision).magnitude else { return nil }
        self = precision <= 18 ? .whole(Int64(truncatingIfNeeded: unscaled)) : .wideWhole(unscaled)
      default: return nil
      }
    }
  }
}

extension StatisticsLane {
  fileprivate mutating func set(_ bound: StatisticsBound, at row: Int) {
    switch (bound, kind) {
    case (.whole(let value), .integers): set(value, at: row)
    case (.wideWhole(let value), .wideIntegers): set(value, at: row)
    case (.double(let value), .doubles): set(value, at: row)
    case (.text(let text), .texts): text.withUnsafeBufferPointer { set($0, at: row) }
    default: break
    }
  }
}

extension Scalar {
  fileprivate var wholeNumber: Int64? {
    switch self {
    case .byte(let value): Int64(value)
    case .short(let value): Int64(value)
    case .integer(let value): Int64(value)
    case .long(let value): value
    default: nil
    }
  }
}
