import Columnar

/// Expressions evaluated the slow and obvious way, one row and one scalar at a time.
struct ReferenceEvaluator {
  let batch: RecordBatch
  let row: Int

  func value(_ expression: ColumnExpression) -> Scalar {
    switch expression {
    case .column(let path):
      return batch[path.names[0]].map { $0.scalar(at: row) } ?? .null
    case .literal(let value): return value
    case .comparison(.nullSafeEqual, let first, let second):
      let (a, b) = (value(first), value(second))
      if a.isNull || b.isNull { return .boolean(a.isNull && b.isNull) }
      return .boolean(Scalar.compare(a, b) == .equal)
    case .comparison(let comparison, let first, let second):
      return compare(comparison, value(first), value(second))
    case .and(let parts):
      let values = parts.map { truth($0) }
      return values.contains(false) ? .boolean(false) : values.contains(nil) ? .null : .boolean(true)
    case .or(let parts):
      let values = parts.map { truth($0) }
      return values.contains(true) ? .boolean(true) : values.contains(nil) ? .null : .boolean(false)
    case .not(let inner): return truth(inner).map { .boolean(!$0) } ?? .null
    case .isNull(let inner): return .boolean(value(inner).isNull)
    case .isIn(let inner, let list):
      let wanted = value(inner)
      if wanted.isNull { return .null }
      if list.contains(where: { Scalar.compare(wanted, $0) == .equal }) { return .boolean(true) }
      return list.contains(.null) ? .null : .boolean(false)
    case .like(let inner, let pattern, _):
      guard case .string(let text) = value(inner) else { return .null }
      return .boolean(like(Array(text.unicodeScalars)[...], Array(pattern.unicodeScalars)[...]))
    case .arithmetic(let operation, let first, let second): return compute(operation, value(first), value(second))
    case .conditional(let branches, let otherwise):
      return value(branches.first { truth($0.condition) == true }?.value ?? otherwise)
    default: return .null
    }
  }

  private func truth(_ expression: ColumnExpression) -> Bool? {
    if case .boolean(let value) = value(expression) { value } else { nil }
  }

  private func compare(_ comparison: Comparison, _ a: Scalar, _ b: Scalar) -> Scalar {
    guard let order = Scalar.compare(a, b) else { return .null }
    switch comparison {
    case .equal, .nullSafeEqual: return .boolean(order == .equal)
    case .notEqual: return .boolean(order != .equal)
    case .less: return .boolean(order == .less)
    case .lessOrEqual: return .boolean(order != .greater)
    case .greater: return .boolean(order == .greater)
    case .greaterOrEqual: return .boolean(order != .less)
    }
  }

  /// Longs only.
  private func compute(_ operation: Arithmetic, _ a: Scalar, _ b: Scalar) -> Scalar {
    guard case .long(let x) = a, case .long(let y) = b else { return .null }
    let result: Int128?
    switch operation {
    case .add: result = Int128(x) + Int128(y)
    case .subtract: result = Int128(x) - Int128(y)
    case .multiply: result = Int128(x) * Int128(y)
    case .divide: result = nil
    case .remainder: result = y == 0 ? nil : Int128(x) % Int128(y)
    }
    return result.flatMap { Int64(exactly: $0) }.map { .long($0) } ?? .null
  }

  private func like(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "%" { return (0...text.count).contains { like(text.dropFirst($0), pattern.dropFirst()) } }
    guard let character = text.first, first == "_" || first == character else { return false }
    return like(text.dropFirst(), pattern.dropFirst())
  }
}

/// Random batches and conditions on them.
struct ExpressionGenerator {
  var random: SeededRandom

  static let texts = ["", "a", "b", "ab", "abc", "aab", "ba", "é", "aé", "éa", "zz", "A", "aXb", "%", "a_b"]

  mutating func batch(_ count: Int) -> RecordBatch {
    let nulls = Int.random(in: 0...3, using: &random)
    var columns: [(String, Column)] = []
    func isNull(_ random: inout SeededRandom) -> Bool { nulls > 0 && Int.random(in: 0..<5, using: &random) < nulls }
    func make<Value>(_ body: (inout SeededRandom) -> Value) -> [Value?] {
      (0..<count).map { _ in isNull(&random) ? nil : body(&random) }
    }
    let longs: [Int64] = [0, 1, -1, 2, 5, 7, 100, .max, .min, .max - 1, 4_000_000_000]
    columns.append(("l", Column(longs: make { longs.randomElement(using: &$0) ?? 0 })))
    columns.append(("m", Column(longs: make { Int64.random(in: -3...3, using: &$0) })))
    columns.append(("i", Column(integers: make { Int32.random(in: -4...4, using: &$0) })))
    columns.append(("y", Column(bytes: make { Int8.random(in: .min ... .max, using: &$0) })))
    let doubles: [Double] = [0, -0.0, 0.5, 1, -1.5, 2, .nan, .infinity, -.infinity, 1e300]
    columns.append(("d", Column(doubles: make { doubles.randomElement(using: &$0) ?? 0 })))
    columns.append(("f", Column(floats: make { Float(Int.random(in: -4...4, using: &$0)) / 2 })))
    columns.append(
      ("n", Column(decimals: make { Int128(Int.random(in: -300...300, using: &$0)) }, precision: 9, scale: 2)))
    columns.append(
      ("o", Column(decimals: make { Int128(Int.random(in: -30...30, using: &$0)) * 100 }, precision: 30, scale: 3)))
    columns.append(("s", Column(strings: make { Self.texts.randomElement(using: &$0) ?? "" })))
    let codes: [Int32?] = make { Int32.random(in: 0..<Int32(Self.texts.count), using: &$0) }
    columns.append(("c", Column(codes: codes, values: Column(strings: Self.texts))))
    columns.append(("b", Column(booleans: make { Bool.random(using: &$0) })))
    columns.append(("t", Column(dates: make { Int32.random(in: -3...3, using: &$0) })))
    columns.append(("u", Column(timestamps: make { Int64.random(in: -3...3, using: &$0) * 43_200_000_000 })))
    return RecordBatch(
      schema: Schema(columns.map { StructField($0.0, $0.1.type) }), columns: columns.map(\.1), rowCount: count)
  }

  mutating func condition(_ depth: Int) -> ColumnExpression {
    switch depth > 0 ? Int.random(in: 0..<10, using: &random) : 9 {
    case 0, 1: return .and((0..<Int.random(in: 2...3, using: &random)).map { _ in condition(depth - 1) })
    case 2, 3: return .or((0..<Int.random(in: 2...3, using: &random)).map { _ in condition(depth - 1) })
    case 4: return .not(condition(depth - 1))
    case 5:
      return .conditional(
        [ConditionalBranch(condition: condition(depth - 1), value: condition(depth - 1))],
        otherwise: condition(depth - 1))
    default: return leaf()
    }
  }

  private mutating func leaf() -> ColumnExpression {
    let families: [([String], [Scalar])] = [
      (
        ["l", "m", "i", "y", "n", "o"],
        [
          .integer(1), .long(.max), .long(-1), .decimal(15, precision: 2, scale: 1),
          .decimal(-1001, precision: 6, scale: 3),
          .byte(2), .decimal(1 << 80, precision: 38, scale: 0), .null, .short(300), .integer(0),
        ]
      ),
      (
        ["d", "f", "m", "i"],
        [.double(0.5), .double(.nan), .integer(1), .double(-1.5), .null, .double(.infinity), .double(1e300)]
      ),
      (["s", "c"], Self.texts.map { .string($0) } + [.null]),
      (["b"], [.boolean(true), .boolean(false), .null]),
      (
        ["t", "u"], [.date(0), .date(-1), .timestamp(43_200_000_000), .timestamp(86_400_000_000), .timestamp(1), .null]
      ),
    ]
    let (names, literals) = families[Int.random(in: 0..<families.count, using: &random)]
    let column = ColumnExpression.column(ColumnPath(names.randomElement(using: &random) ?? ""))
    let other = ColumnExpression.column(ColumnPath(names.randomElement(using: &random) ?? ""))
    let literal = literals.randomElement(using: &random) ?? .null
    let comparison = Comparison.allCases.randomElement(using: &random) ?? .equal
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return .isNull(column)
    case 1:
      return .isIn(
        column,
        (0..<Int.random(in: 1...14, using: &random)).map { _ in literals.randomElement(using: &random) ?? .null })
    case 2 where names.contains("s"):
      let patterns = ["a%", "%a", "%a%", "a%b", "_", "a_b", "%_b%", "", "%", "ab", "%é%", "_é", "a%a%b", "%b_"]
      return .like(column, pattern: patterns.randomElement(using: &random) ?? "", escape: nil)
    case 3: return .comparison(comparison, .literal(literal), column)
    case 4, 5: return .comparison(comparison, column, other)
    case 6:
      let operation = [Arithmetic.add, .subtract, .multiply, .remainder].randomElement(using: &random) ?? .add
      let sum = ColumnExpression.arithmetic(operation, .column(ColumnPath("l")), .column(ColumnPath("m")))
      return .comparison(comparison, sum, .column(ColumnPath("l")))
    default: return .comparison(comparison, column, .literal(literal))
    }
  }
}
