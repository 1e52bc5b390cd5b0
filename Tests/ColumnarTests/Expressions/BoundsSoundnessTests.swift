import Columnar
import Testing

/// The bounds of some rows, taken from the rows themselves and then loosened.
private struct RowBounds: ColumnBounds {
  var columns: [String: Bounds] = [:]
  func bounds(for column: ColumnPath) -> Bounds? { columns[column.names[0]] }
}

/// Rows of two columns: `a` integers, `d` doubles with NaN and both zeros; either may be null.
private struct Row {
  var a: Int64?
  var d: Double?
}

@Suite("What bounds say holds for the rows")
struct BoundsSoundnessTests {
  /// Three-valued logic on single rows, as plainly as can be.
  private func value(_ expression: ColumnExpression, _ row: Row) -> Double? {
    switch expression {
    case .column(let path): path.names[0] == "a" ? row.a.map { Double($0) } : row.d
    case .literal(let value): number(value)
    case .negate(let operand): value(operand, row).map { -$0 }
    case .cast(let operand, _): value(operand, row)
    default: nil
    }
  }

  private func number(_ scalar: Scalar) -> Double? {
    switch scalar {
    case .integer(let value): Double(value)
    case .long(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  private func order(_ left: Double, _ right: Double) -> Int {
    if left.isNaN || right.isNaN { return (left.isNaN ? 1 : 0) - (right.isNaN ? 1 : 0) }
    return left < right ? -1 : left > right ? 1 : 0
  }

  private func truth(_ expression: ColumnExpression, _ row: Row) -> Bool? {
    switch expression {
    case .comparison(.nullSafeEqual, let left, let right):
      let (left, right) = (value(left, row), value(right, row))
      guard let left, let right else { return left == nil && right == nil }
      return order(left, right) == 0
    case .comparison(let comparison, let left, let right):
      guard let left = value(left, row), let right = value(right, row) else { return nil }
      let order = order(left, right)
      switch comparison {
      case .equal, .nullSafeEqual: return order == 0
      case .notEqual: return order != 0
      case .less: return order < 0
      case .lessOrEqual: return order <= 0
      case .greater: return order > 0
      case .greaterOrEqual: return order >= 0
      }
    case .and(let clauses):
      let parts = clauses.map { truth($0, row) }
      return parts.contains(false) ? false : parts.contains(nil) ? nil : true
    case .or(let clauses):
      let parts = clauses.map { truth($0, row) }
      return parts.contains(true) ? true : parts.contains(nil) ? nil : false
    case .not(let condition): return truth(condition, row).map { !$0 }
    case .isNull(let operand): return value(operand, row) == nil
    case .isIn(let operand, let list):
      guard let left = value(operand, row) else { return nil }
      if list.contains(where: { number($0).map { order(left, $0) == 0 } ?? false }) { return true }
      return list.contains(.null) ? nil : false
    default: return nil
    }
  }

  private func literal(_ random: inout SeededRandom) -> Scalar {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: .null
    case 1: .double(.nan)
    case 2: .double(-0.0)
    case 3, 4: .double(Double(Int.random(in: -6...6, using: &random)) / 2)
    case 5: .integer(Int32.random(in: -3...3, using: &random))
    default: .long(Int64.random(in: -3...3, using: &random))
    }
  }

  private func operand(_ random: inout SeededRandom) -> ColumnExpression {
    switch Int.random(in: 0..<7, using: &random) {
    case 0: .column(ColumnPath("a"))
    case 1: .column(ColumnPath("d"))
    case 2: .negate(.column(ColumnPath("d")))
    case 3: .cast(.column(ColumnPath("a")), .double)
    case 4: .negate(.column(ColumnPath("a")))
    default: .literal(literal(&random))
    }
  }

  private func condition(_ random: inout SeededRandom, depth: Int) -> ColumnExpression {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: .isNull(operand(&random))
    case 1: .isIn(operand(&random), (0..<3).map { _ in literal(&random) })
    case 2...4:
      .comparison(
        Comparison.allCases[Int.random(in: 0..<7, using: &random)], operand(&random), operand(&random))
    case 5: .not(condition(&random, depth: depth - 1))
    case 6: .and((0..<2).map { _ in condition(&random, depth: depth - 1) })
    default: .or((0..<2).map { _ in condition(&random, depth: depth - 1) })
    }
  }

  private func bounds(_ rows: [Row], _ random: inout SeededRandom) -> RowBounds {
    let integers = rows.compactMap(\.a)
    let numbers = rows.compactMap(\.d).filter { !$0.isNaN }
    func known<Value>(_ value: Value?) -> Value? { Int.random(in: 0..<6, using: &random) == 0 ? nil : value }
    let a = Bounds(
      min: known(integers.min()).map { .long($0) }, max: known(integers.max()).map { .long($0) },
      nullCount: known(Int64(rows.count - integers.count)), rowCount: Int64(rows.count))
    let d = Bounds(
      min: known(numbers.min()).map { .double($0) }, max: known(numbers.max()).map { .double($0) },
      nullCount: known(Int64(rows.count { $0.d == nil })), rowCount: Int64(rows.count),
      mayHaveNaN: rows.contains { $0.d?.isNaN ?? false })
    var result = RowBounds()
    if let a = known(a) { result.columns["a"] = a }
    if let d = known(d) { result.columns["d"] = d }
    return result
  }

  @Test("No row that matches is in rows that are ruled out, and none that doesn't in rows taken whole")
  func random() {
    var random = SeededRandom(seed: 20)
    var verdicts: [PruningVerdict: Int] = [:]
    for _ in 0..<10_000 {
      let rows = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        let numbers: [Double?] = [nil, .nan, -0.0, 0, 1, -1.5, 2.5, 3]
        return Row(
          a: Bool.random(using: &random) ? Int64.random(in: -3...3, using: &random) : nil,
          d: numbers[Int.random(in: 0..<numbers.count, using: &random)])
      }
      let condition = condition(&random, depth: 2)
      let verdict = ColumnPredicate(condition).verdict(over: bounds(rows, &random))
      let matches = rows.count { truth(condition, $0) == true }
      verdicts[verdict, default: 0] += 1
      switch verdict {
      case .noRows: #expect(matches == 0, "\(condition) on \(rows)")
      case .allRows: #expect(matches == rows.count, "\(condition) on \(rows)")
      case .someRows: break
      }
    }
    #expect(verdicts[.noRows, default: 0] > 1_000 && verdicts[.allRows, default: 0] > 200)
  }
}
