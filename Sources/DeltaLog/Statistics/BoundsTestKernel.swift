internal import Columnar

/// A clause simple enough to be tested on typed arrays: a column against a literal, or against null.
struct BoundsTest {
  private enum Condition {
    case whole(Comparison, Int64)
    case text(Comparison, [UInt8])
    case wholeIn([Int64])
    case textIn([[UInt8]])
    case isNull
    case isNotNull
  }

  private let column: Int
  private let condition: Condition

  /// `nil` when the clause is of another kind.
  init?(_ clause: ColumnExpression, _ columns: [StatisticsColumn]) {
    func index(_ path: ColumnPath) -> Int? { columns.firstIndex { $0.path == path } }
    switch clause {
    case .isNull(.column(let path)):
      guard let column = index(path) else { return nil }
      (self.column, condition) = (column, .isNull)
    case .not(.isNull(.column(let path))):
      guard let column = index(path) else { return nil }
      (self.column, condition) = (column, .isNotNull)
    case .comparison(let comparison, .column(let path), .literal(let value)):
      guard let column = index(path), let test = Self.test(comparison, value, columns[column]) else { return nil }
      (self.column, condition) = (column, test)
    case .comparison(let comparison, .literal(let value), .column(let path)):
      guard let column = index(path), let test = Self.test(comparison.flipped, value, columns[column]) else {
        return nil
      }
      (self.column, condition) = (column, test)
    case .isIn(.column(let path), let values):
      guard let column = index(path) else { return nil }
      let values = values.filter { !$0.isNull }
      let wholes = values.compactMap { Self.whole($0, columns[column].type) }
      let texts = columns[column].type == .string ? values.compactMap { $0.utf8 } : []
      if wholes.count == values.count {
        (self.column, condition) = (column, .wholeIn(wholes))
      } else if texts.count == values.count {
        (self.column, condition) = (column, .textIn(texts))
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static func test(_ comparison: Comparison, _ value: Scalar, _ column: StatisticsColumn) -> Condition? {
    if comparison == .nullSafeEqual { return nil }
    if case .string(let text) = value, column.type == .string, comparison != .notEqual {
      return .text(comparison, Array(text.utf8))
    }
    return whole(value, column.type).map { .whole(comparison, $0) }
  }

  /// The literal as the column's lane has it, when it is of the very type.
  private static func whole(_ value: Scalar, _ type: DataType) -> Int64? {
    switch (value, type) {
    case (.byte(let value), .byte): Int64(value)
    case (.short(let value), .short): Int64(value)
    case (.integer(let value), .integer), (.date(let value), .date): Int64(value)
    case (.long(let value), .long), (.timestamp(let value), .timestamp(.microseconds)),
      (.timestampNtz(let value), .timestampNtz(.microseconds)):
      value
    case (.decimal(let unscaled, _, let scale), .decimal(let precision, let columnScale))
    where precision <= 18 && scale == columnScale:
      Int64(exactly: unscaled)
    default: nil
    }
  }

  /// Clears the marks of files in which no row can fulfil the condition. The caller has checked the ranges.
  func refute(_ matches: inout [Bool], _ table: StatisticsTable, _ firstFile: Int) {
    let entry = table.entries[column]
    matches.withUnsafeMutableBufferPointer { matches in
      let matches = UnsafeMutableBufferPointer(rebasing: matches[firstFile..<firstFile + table.count])
      entry.nullCounts.withUnsafeBufferPointer { nulls in
        table.rowCounts.withUnsafeBufferPointer { rows in
          switch condition {
          case .isNull:
            // No null is no match, under wide bounds too.
            for row in 0..<matches.count where nulls[row] == 0 { matches[row] = false }
          case .isNotNull:
            for row in 0..<matches.count where nulls[row] >= 0 && nulls[row] == rows[row] { matches[row] = false }
          case .whole, .text, .wholeIn, .textIn:
            for row in 0..<matches.count where nulls[row] >= 0 && nulls[row] == rows[row] { matches[row] = false }
            guard let minima = entry.minima, let maxima = entry.maxima else { return }
            refuteByBounds(matches, minima, maxima)
          }
        }
      }
    }
  }

  private func refuteByBounds(
    _ matches: UnsafeMutableBufferPointer<Bool>, _ minima: StatisticsLane, _ maxima: StatisticsLane
  ) {
    switch condition {
    case .whole(let comparison, let value):
      Self.withWholes(minima, maxima) { low, high in
        switch comparison {
        case .equal, .nullSafeEqual:
          for row in 0..<matches.count where low(row) > value || high(row) < value { matches[row] = false }
        case .notEqual:
          for row in 0..<matches.count where low(row) == value && high(row) == value { matches[row] = false }
        case .less: for row in 0..<matches.count where low(row) >= value { matches[row] = false }
        case .lessOrEqual: for row in 0..<matches.count where low(row) > value { matches[row] = false }
        case .greater: for row in 0..<matches.count where high(row) <= value { matches[row] = false }
        case .greaterOrEqual: for row in 0..<matches.count where high(row) < value { matches[row] = false }
        }
      }
    case .wholeIn(let values):
      Self.withWholes(minima, maxima) { low, high in
        for row in 0..<matches.count where matches[row] {
          if !values.contains(where: { low(row) <= $0 && $0 <= high(row) }) { matches[row] = false }
        }
      }
    case .text(let comparison, let value):
      for row in 0..<matches.count where matches[row] {
        if !Self.mayMatch(comparison, value, minima, maxima, row) { matches[row] = false }
      }
    case .textIn(let values):
      for row in 0..<matches.count where matches[row] {
        if !values.contains(where: { Self.mayMatch(.equal, $0, minima, maxima, row) }) { matches[row] = false }
      }
    case .isNull, .isNotNull: break
    }
  }

  /// Gives the rows' bounds, the least or greatest number where there is none.
  @inline(__always)
  private static func withWholes(
    _ minima: StatisticsLane, _ maxima: StatisticsLane, _ body: ((Int) -> Int64, (Int) -> Int64) -> Void
  ) {
    minima.integers.withUnsafeBufferPointer { low in
      maxima.integers.withUnsafeBufferPointer { high in
        minima.isKnown.withUnsafeBufferPointer { hasLow in
          maxima.isKnown.withUnsafeBufferPointer { hasHigh in
            body({ hasLow[$0] != 0 ? low[$0] : .min }, { hasHigh[$0] != 0 ? high[$0] : .max })
          }
        }
      }
    }
  }

  /// A maximum is the beginning of the greatest text, so a literal that starts with it is within.
  private static func mayMatch(
    _ comparison: Comparison, _ value: [UInt8], _ minima: StatisticsLane, _ maxima: StatisticsLane, _ row: Int
  ) -> Bool {
    if comparison != .greater && comparison != .greaterOrEqual, minima.isKnown[row] != 0 {
      let low = minima.textBytes[minima.textRanges[row]]
      let isBelow = low.lexicographicallyPrecedes(value)
      if !isBelow && (comparison == .less || !low.elementsEqual(value)) { return false }
    }
    if comparison != .less && comparison != .lessOrEqual, maxima.isKnown[row] != 0 {
      let high = maxima.textBytes[maxima.textRanges[row]]
      if high.lexicographicallyPrecedes(value) && !value.starts(with: high) { return false }
    }
    return true
  }
}

extension Scalar {
  fileprivate var utf8: [UInt8]? {
    if case .string(let text) = self { Array(text.utf8) } else { nil }
  }
}
