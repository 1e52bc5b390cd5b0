internal import Columnar
internal import DeltaLog

/// SQL expressions: parsed, printed and parsed again, resolved, evaluated, and held against what skipping says.
struct PredicateTarget: FuzzTarget {
  let name = "predicate"
  let maximumSize = 1 << 10

  func run(_ bytes: UnsafeRawBufferPointer) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let expression = try? ColumnExpression(parsing: text) else { return }
    let printed = expression.description
    let again = try? ColumnExpression(parsing: printed)
    // NaN isn't equal to itself; its text is.
    claim(
      again == expression || again?.description == printed,
      "'\(printed)' reads back as \(again.map(String.init(describing:)) ?? "nothing")")
    let batch = PredicateBatch.shared
    guard let resolved = try? expression.resolved(against: batch.rows.schema) else { return }
    do throws(ExpressionError) {
      let twice = try resolved.resolved(against: batch.rows.schema)
      claim(
        twice == resolved || twice.description == resolved.description, "resolving \(resolved) again gives \(twice)")
    } catch {
      // The casts that were written out count as levels.
      claim(error.code == .tooDeep, "resolving \(resolved) again fails: \(error)")
    }
    if let column = try? resolved.evaluate(on: batch.rows) {
      claim(column.count == batch.rows.rowCount, "\(column.count) values for \(batch.rows.rowCount) rows")
      ColumnChecks.check(column, "result")
    }
    guard let predicate = try? ColumnPredicate(expression).resolved(against: batch.rows.schema),
      let rows = try? predicate.evaluate(on: batch.rows)
    else { return }
    for (range, statistics) in batch.statistics where rows.setCount(in: range) > 0 {
      let mayMatch = DataSkipping.mayMatch(predicate, partitionValues: [:], statistics: statistics)
      claim(mayMatch, "a file with rows \(range) is skipped though some satisfy \(predicate)")
    }
  }

  func seeds(from file: SeedFile) -> [[UInt8]] { [] }

  var builtInSeeds: [[UInt8]] {
    [
      "i = 5 AND s LIKE 'a%' OR NOT b", "l BETWEEN -3 AND 10L", "s IN ('Oslo', 'Bergen', NULL)", "d <=> NULL",
      "CASE WHEN i > 3 THEN 'x' WHEN b THEN s ELSE NULL END = 'x'", "CAST(s AS DECIMAL(10,2)) >= 1.50",
      "day >= DATE '2024-01-01' AND t < TIMESTAMP '2024-02-03 04:05:06.789Z'", "upper(s) || lower(s) = 'Xx'",
      "i % 3 = 0 AND -l * 2 + 1 <> 7", "m > DECIMAL(10,2) '1.50' OR m IS NOT NULL", "d = DOUBLE 'NaN'",
      "`s` LIKE 'a\\\\_%' ESCAPE '\\\\'", "n.a = 1 AND n.s IS NULL", "year(day) = 2024 AND month(t) IN (1, 2)",
      "coalesce(i, l, 0) = 0", "length(trim(s)) > 3", "f > 1e10F AND d <= 0.5D", "x = X'00FF'", "TRUE", "i",
      "if(b, i, 5) > 2", "substring(s, 2, 3) = 'bc'", "s >= 'a' AND s < 'b'", "date_trunc('month', t) = t",
      "date_add(day, 30) > DATE '2024-03-01'", "round(m, 1) = 1.5", "NOT (i = 1) AND i IS NOT NULL",
      "s RLIKE '^(a|b)+[^\\d]{2,3}$'", "day + INTERVAL 1 MONTH -2 DAYS > DATE '2024-01-01'", "i & 3 | 4 ^ ~l > 0",
      "array(i, l, 5)[1] = 2 OR map(s, i)['abc'] IS NULL", "trim(BOTH 'x' FROM s) = 'a'", "position('b' IN s) > 1",
      "t < current_timestamp() - INTERVAL '1 day 2.5 hours'", "substring(s FROM 2 FOR 1) = lpad(s, 3, '-')",
      "named_struct('a', i) IS NOT NULL", "to_date(s, 'yyyy-MM-dd') = day", "extract(DOW FROM day) = 2",
    ].map { Array($0.utf8) }
  }
}

/// Rows of every type, and what an honest writer would record of some of them.
struct PredicateBatch: Sendable {
  static let shared = PredicateBatch()

  let rows: RecordBatch
  private(set) var statistics: [(rows: Range<Int>, FileStatistics)] = []

  init() {
    let days: [Int32?] = [19_723, nil, 0, -1, 19_800, 20_000, -719_162, 2_932_896]
    let times: [Int64?] = [1_704_067_200_000_000, 0, nil, -1, 1_706_933_106_789_123, 999, 1, -62_135_596_800_000_000]
    let children = [
      (name: "a", column: Column(integers: [1, 2, nil, 4, 5, 6, 7, 8])),
      (name: "s", column: Column(strings: ["a", nil, "", "é", "z", "10", "-1.5", "true"])),
    ]
    let columns: [(String, Column)] = [
      ("i", Column(integers: [5, nil, -3, 0, .max, .min, 7, 1])),
      ("l", Column(longs: [1, 2, nil, -4, .max, .min, 0, 10])),
      ("s", Column(strings: ["abc", nil, "", "Oslo", "Bergen", "1.50", "日本語", "2024-01-01"])),
      ("b", Column(booleans: [true, false, nil, true, false, true, nil, false])),
      ("d", Column(doubles: [0.5, .nan, nil, -.infinity, .infinity, -0.0, 1e300, .leastNonzeroMagnitude])),
      ("f", Column(floats: [1.5, -.nan, 0, nil, .infinity, -2, .leastNonzeroMagnitude, 3e38])),
      ("m", Column(decimals: [150, nil, -1, 0, 9_999_999_999, 100, 12, -150], precision: 10, scale: 2)),
      ("w", Column(decimals: [1, nil, -1, 0, 1 << 100, -(1 << 100), 12, 5], precision: 38, scale: 10)),
      ("day", Column(dates: days)),
      ("t", Column(timestamps: times)),
      ("x", Column(binaries: [[0, 255], nil, [], [1], [2, 3], [255], [128], [97]])),
      ("n", Column(fields: children, count: 8)),
    ]
    rows = RecordBatch(
      schema: StructType(columns.map { StructField($0.0, $0.1.type) }), columns: columns.map(\.1), rowCount: 8)
    for range in (0..<8).map({ $0..<$0 + 1 }) + [0..<8, 0..<4, 4..<8, 2..<7] {
      var record = FileStatistics(numRecords: Int64(range.count))
      for (name, column) in columns {
        if name == "n" {
          for child in children {
            record.columns[ColumnPath([name, child.name])] = Self.statistics(child.column, range)
          }
        } else {
          record.columns[ColumnPath(name)] = Self.statistics(column, range)
        }
      }
      statistics.append((range, record))
    }
  }

  /// Minimum and maximum leave NaN out, as many writers do. Binary and boolean columns have none.
  private static func statistics(_ column: Column, _ rows: Range<Int>) -> ColumnStatistics {
    let values = rows.map { column.scalar(at: $0) }.filter { !$0.isNull }
    var result = ColumnStatistics(nullCount: Int64(rows.count - values.count))
    if column.type == .binary || column.type == .boolean { return result }
    for value in values where !value.isNaN {
      if result.min.map({ Scalar.compare(value, $0) == .less }) ?? true { result.min = value }
      if result.max.map({ Scalar.compare(value, $0) == .greater }) ?? true { result.max = value }
    }
    return result
  }
}
