import Columnar
import Testing

@testable import DeltaLog

@Suite("Data skipping")
struct DataSkippingTests {
  static let schema = StructType([
    StructField("p", .string), StructField("q", .date), StructField("i", .integer), StructField("l", .long),
    StructField("d", .double), StructField("s", .string),
    StructField("n", .struct(StructType([StructField("x", .long)]))),
  ])
  static let mapping = try? ColumnMapping(schema: schema, mode: .none)

  static func plan(_ expression: ColumnExpression) throws -> DataSkipping.Plan {
    DataSkipping.Plan(ColumnPredicate(expression), mapping: try #require(mapping), partitionColumns: ["p", "q"])
  }

  static func column(_ path: String...) -> ColumnExpression { .column(ColumnPath(path)) }
  static func compare(_ path: String, _ comparison: Comparison, _ value: Scalar) -> ColumnExpression {
    .comparison(comparison, column(path), .literal(value))
  }

  static let json =
    #"{"numRecords":4,"minValues":{"i":10,"d":1.5,"s":"b","n":{"x":0}},"#
    + #""maxValues":{"i":20,"d":2.5,"s":"mm","n":{"x":0}},"nullCount":{"i":0,"l":4,"d":0,"s":1,"n":{"x":0}}}"#

  @Test(
    "A clause keeps a file unless its bounds refute it",
    arguments: [
      (compare("i", .equal, .integer(10)), true), (compare("i", .equal, .integer(9)), false),
      (compare("i", .less, .integer(10)), false),
      (compare("i", .lessOrEqual, .integer(10)), true), (compare("i", .greater, .integer(20)), false),
      (compare("i", .greaterOrEqual, .integer(20)), true),
      (compare("i", .notEqual, .integer(10)), true), (.comparison(.less, .literal(.integer(20)), column("i")), false),
      (.comparison(.lessOrEqual, .literal(.integer(20)), column("i")), true), (.isNull(column("i")), false),
      (.not(.isNull(column("i"))), true),
      (.isNull(column("l")), true), (.not(.isNull(column("l"))), false), (compare("l", .equal, .long(1)), false),
      (.isIn(column("i"), [.integer(5), .integer(25), .null]), false),
      (.isIn(column("i"), [.integer(5), .integer(15)]), true),
      (.isIn(column("s"), [.string("a"), .string("x"), .null]), false), (.isIn(column("s"), [.string("c")]), true),
      (compare("s", .equal, .string("a")), false), (compare("s", .equal, .string("mmz")), true),
      (compare("s", .equal, .string("n")), false),
      (compare("s", .greater, .string("mm")), true), (compare("s", .greater, .string("n")), false),
      (compare("s", .less, .string("b")), false),
      (compare("s", .lessOrEqual, .string("b")), true), (.like(column("s"), pattern: "z%", escape: nil), false),
      (compare("d", .equal, .double(3)), false), (compare("d", .greater, .double(3)), true),
      (compare("d", .less, .double(1.5)), false),
      (.and([compare("d", .greaterOrEqual, .double(3)), compare("d", .lessOrEqual, .double(4))]), false),
      (.comparison(.equal, column("n", "x"), .literal(.long(1))), false),
      (.comparison(.notEqual, column("n", "x"), .literal(.long(0))), false),
      (.comparison(.equal, column("i"), column("l")), false), (.call("mystery", [column("i")]), true),
      (.or([compare("i", .less, .integer(5)), compare("s", .equal, .string("c"))]), true),
      (.not(compare("i", .greater, .integer(5))), false), (.literal(.boolean(false)), false), (.literal(.null), false),
    ])
  func clauses(clause: ColumnExpression, expected: Bool) throws {
    let plan = try Self.plan(clause)
    let statistics = FileStatistics(json: Self.json, columns: StatisticsColumn.leaves(of: try #require(Self.mapping)))
    #expect(DataSkipping.mayMatch(ColumnPredicate(clause), partitionValues: [:], statistics: statistics) == expected)
    guard plan.partitionClauses.isEmpty else { return }
    var table = StatisticsTable(columns: plan.statisticsColumns, count: 3)
    Array(Self.json.utf8).withUnsafeBytes { _ = table.read($0, into: 1) }
    var matches = [true, true, true, true]
    plan.refute(&matches, with: table, firstFile: 1)
    #expect(matches == [true, true, expected, true])
  }

  /// A number's column within 1.5 and 2.5.
  static let numbers: [(ColumnExpression, Bool)] = ["d", "f"].flatMap { name -> [(ColumnExpression, Bool)] in
    func literal(_ value: Double) -> Scalar { name == "d" ? .double(value) : .float(Float(value)) }
    func clause(_ comparison: Comparison, _ value: Double) -> ColumnExpression {
      compare(name, comparison, literal(value))
    }
    return [
      (clause(.less, 1.5), false), (clause(.less, 1.6), true), (clause(.lessOrEqual, 1.4), false),
      (clause(.lessOrEqual, 1.5), true), (clause(.equal, 1), false), (clause(.equal, 3), false),
      (clause(.equal, 2), true), (clause(.nullSafeEqual, 3), false), (clause(.nullSafeEqual, 2), true),
      (.comparison(.greater, .literal(literal(1.5)), column(name)), false),
      (.isIn(column(name), [literal(1), literal(3)]), false), (.isIn(column(name), [literal(1), literal(2)]), true),
      (.and([clause(.greaterOrEqual, 3), clause(.lessOrEqual, 4)]), false),
      (.and([clause(.greaterOrEqual, 2), clause(.lessOrEqual, 4)]), true),
      (.not(clause(.greater, 1)), false), (.not(clause(.greater, 2)), true),
      (.comparison(.less, .cast(column(name), .double), .literal(.double(1))), false),
      (.or([clause(.less, 1), clause(.equal, 9)]), false),
      // NaN is greater than any of these.
      (clause(.greater, 3), true), (clause(.greaterOrEqual, 3), true), (clause(.notEqual, 2), true),
      (.not(clause(.less, 3)), true), (.isIn(column(name), [literal(.nan)]), true), (clause(.equal, .nan), true),
    ]
  }

  @Test("Floating point columns prune by what NaN can't fulfil, and by nothing else", arguments: numbers)
  func floatingPoint(clause: ColumnExpression, expected: Bool) throws {
    let mapping = try ColumnMapping(
      schema: StructType([StructField("d", .double), StructField("f", .float)]), mode: .none)
    let json =
      #"{"numRecords":4,"minValues":{"d":1.5,"f":1.5},"maxValues":{"d":2.5,"f":2.5},"nullCount":{"d":0,"f":0}}"#
    let statistics = FileStatistics(json: json, columns: StatisticsColumn.leaves(of: mapping))
    #expect(DataSkipping.mayMatch(ColumnPredicate(clause), partitionValues: [:], statistics: statistics) == expected)
    let plan = DataSkipping.Plan(ColumnPredicate(clause), mapping: mapping, partitionColumns: [])
    var table = StatisticsTable(columns: plan.statisticsColumns, count: 1)
    Array(json.utf8).withUnsafeBytes { _ = table.read($0, into: 0) }
    var matches = [true]
    plan.refute(&matches, with: table)
    #expect(matches == [expected])
  }

  @Test("Without statistics every file is kept")
  func unknown() throws {
    for clause in [Self.compare("i", .equal, .integer(1)), .isNull(Self.column("i")), .not(.isNull(Self.column("l")))] {
      #expect(DataSkipping.mayMatch(ColumnPredicate(clause), partitionValues: [:], statistics: nil))
    }
  }

  @Test("A plan parts partition clauses from those for statistics and rows")
  func parts() throws {
    let onPartition = Self.compare("p", .equal, .string("x"))
    let onColumn = Self.compare("i", .greater, .integer(1))
    let onBoth = ColumnExpression.or([onPartition, onColumn])
    let plan = try Self.plan(.and([onPartition, .and([onColumn, onBoth])]))
    #expect(plan.partitionClauses == [onPartition])
    #expect(plan.statisticsClauses == [onColumn, onBoth])
    #expect(plan.residual == ColumnPredicate(.and([onColumn, onBoth])))
    #expect(plan.statisticsColumns.map(\.path) == [ColumnPath("i")])
    #expect(try Self.plan(onPartition).residual == nil)
  }

  @Test("Partition values decide exactly, each distinct one evaluated once")
  func partitions() throws {
    let texts = PartitionDictionary(
      name: "p", values: Column(strings: ["a", "b"]), codes: [0, 1, -1, 0])
    let dates = try PartitionDictionary(
      StructField("q", .date), texts: ["2020-01-01", "", nil, "2020-01-02"], codes: [0, 1, 2, 3])
    #expect(dates.codes == [0, -1, -1, 1])
    var batches: [Int] = []
    // Stands in for the evaluation of expressions: equality of the first column with "a", or two columns' nulls.
    func evaluate(_ predicate: ColumnPredicate, _ batch: RecordBatch) -> Bitmap {
      batches.append(batch.rowCount)
      return Bitmap(
        (0..<batch.rowCount).map { row in
          batch.columns.count == 1
            ? batch.columns[0].scalar(at: row) == .string("a") : batch.columns.allSatisfy { !$0.isNull(row) }
        })
    }
    let single = try Self.plan(Self.compare("p", .equal, .string("a")))
    #expect(
      try single.partitionMatches([texts, dates], fileCount: 4, evaluate: evaluate) == [true, false, false, true])
    let double = try Self.plan(.comparison(.equal, Self.column("p"), Self.column("q")))
    #expect(
      try double.partitionMatches([texts, dates], fileCount: 4, evaluate: evaluate) == [true, false, false, true])
    #expect(batches == [3, 4])
    #expect(
      try Self.plan(Self.compare("i", .equal, .integer(1))).partitionMatches([], fileCount: 4, evaluate: evaluate)
        == nil)
    #expect(throws: DeltaError.self) { try single.partitionMatches([dates], fileCount: 4, evaluate: evaluate) }
  }

  @Test("A clause on both kinds of columns uses both")
  func mixed() throws {
    let plan = try Self.plan(.or([Self.compare("p", .equal, .string("a")), Self.compare("i", .greater, .integer(50))]))
    var table = StatisticsTable(columns: plan.statisticsColumns, count: 2)
    for row in 0..<2 { Array(Self.json.utf8).withUnsafeBytes { _ = table.read($0, into: row) } }
    let texts = PartitionDictionary(name: "p", values: Column(strings: ["a", "b"]), codes: [0, 1])
    var matches = [true, true]
    plan.refute(&matches, with: table, [texts])
    #expect(matches == [true, false])
    #expect(
      plan.refutedClause(
        partitionValues: ["p": .string("b")],
        statistics: FileStatistics(json: Self.json, columns: plan.statisticsColumns)) != nil)
  }

  @Test("A file without rows is never read")
  func empty() throws {
    let plan = try Self.plan(Self.compare("i", .equal, .integer(1)))
    var table = StatisticsTable(columns: plan.statisticsColumns, count: 1)
    Array(#"{"numRecords":0}"#.utf8).withUnsafeBytes { _ = table.read($0, into: 0) }
    var matches = [true]
    plan.refute(&matches, with: table)
    #expect(matches == [false])
  }

  /// Two columns of four files with their rows; NaN is left out of the maxima, as some writers do.
  static let rows: [[(Int32?, Double?)]] = [
    [(1, 1.5), (5, nil), (nil, .nan)], [(10, 2), (20, 2)], [(nil, -1), (nil, 7)], [(3, nil)], [(7, .nan)],
  ]

  @Test("Random clauses never refute a file with a matching row")
  func random() throws {
    var table = StatisticsTable(
      columns: [StatisticsTableTests.column("i", .integer), StatisticsTableTests.column("d", .double)],
      count: Self.rows.count)
    for (file, rows) in Self.rows.enumerated() {
      let (i, d) = (rows.compactMap(\.0), rows.compactMap(\.1).filter { !$0.isNaN })
      var json =
        #"{"numRecords":\#(rows.count),"nullCount":{"i":\#(rows.count { $0.0 == nil }),"d":\#(rows.count { $0.1 == nil })}"#
      func members(_ i: Int32?, _ d: Double?) -> String {
        [i.map { "\"i\":\($0)" }, d.map { "\"d\":\($0)" }].compactMap { $0 }.joined(separator: ",")
      }
      json += #","minValues":{\#(members(i.min(), d.min()))},"maxValues":{\#(members(i.max(), d.max()))}}"#
      Array(json.utf8).withUnsafeBytes { _ = table.read($0, into: file) }
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<3000 {
      let clause = Self.randomClause(depth: 3, &generator)
      let plan = try Self.plan(.and([clause, .or([clause, .isNull(Self.column("i")), .isNull(Self.column("d"))])]))
      var reordered = StatisticsTable(columns: plan.statisticsColumns, count: table.count)
      for (index, column) in plan.statisticsColumns.enumerated() {
        reordered.entries[index] = table.entries[column.path == ColumnPath("i") ? 0 : 1]
      }
      reordered.rowCounts = table.rowCounts
      var matches = [Bool](repeating: true, count: table.count)
      plan.refute(&matches, with: reordered)
      for (file, rows) in Self.rows.enumerated() where !matches[file] {
        #expect(!rows.contains { Self.evaluate(clause, $0) == true }, "\(clause) \(file)")
      }
    }
  }

  static func randomClause(depth: Int, _ generator: inout some RandomNumberGenerator) -> ColumnExpression {
    switch depth == 0 ? Int.random(in: 0...2, using: &generator) : Int.random(in: 0...5, using: &generator) {
    case 0:
      return compare(
        "i", Comparison.allCases.randomElement(using: &generator) ?? .equal,
        .integer(.random(in: 0...21, using: &generator)))
    case 1:
      return compare(
        "d", Comparison.allCases.randomElement(using: &generator) ?? .equal,
        .double([-2, -1, 1, 1.5, 2, 7, 9].randomElement(using: &generator) ?? 0))
    case 2: return .isNull(column(Bool.random(using: &generator) ? "i" : "d"))
    case 3: return .not(randomClause(depth: depth - 1, &generator))
    case let kind:
      let parts = (0..<2).map { _ in randomClause(depth: depth - 1, &generator) }
      return kind == 4 ? .and(parts) : .or(parts)
    }
  }

  /// The plain meaning of the clauses above for one row.
  static func evaluate(_ clause: ColumnExpression, _ row: (Int32?, Double?)) -> Bool? {
    switch clause {
    case .not(let part): return evaluate(part, row).map { !$0 }
    case .and(let parts):
      let values = parts.map { evaluate($0, row) }
      return values.contains(false) ? false : values.contains { $0 == nil } ? nil : true
    case .or(let parts):
      let values = parts.map { evaluate($0, row) }
      return values.contains(true) ? true : values.contains { $0 == nil } ? nil : false
    case .isNull(let part): return part == column("i") ? row.0 == nil : row.1 == nil
    case .comparison(let comparison, let left, .literal(let literal)):
      let order: Int?
      switch literal {
      case .integer(let value) where left == column("i"): order = row.0.map { $0 < value ? -1 : $0 > value ? 1 : 0 }
      case .double(let value): order = row.1.map { $0.isNaN ? 1 : $0 < value ? -1 : $0 > value ? 1 : 0 }
      default: return nil
      }
      guard let order else { return comparison == .nullSafeEqual ? false : nil }
      switch comparison {
      case .equal, .nullSafeEqual: return order == 0
      case .notEqual: return order != 0
      case .less: return order < 0
      case .lessOrEqual: return order <= 0
      case .greater: return order > 0
      case .greaterOrEqual: return order >= 0
      }
    default: return nil
    }
  }
}
