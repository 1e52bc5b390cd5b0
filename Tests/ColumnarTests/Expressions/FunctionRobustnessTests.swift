import Testing

@testable import Columnar

@Suite("Functions and what they are given")
struct FunctionRobustnessTests {
  /// The ends of every type, and values that are odd for it.
  static let batch: RecordBatch = {
    let columns: [(String, Column)] = [
      ("b", Column(booleans: [true, false, nil, true])), ("i8", Column(bytes: [.min, .max, nil, 0])),
      ("i32", Column(integers: [.min, .max, nil, -1])), ("i64", Column(longs: [.min, .max, nil, -1])),
      ("f32", Column(floats: [-.infinity, .greatestFiniteMagnitude, nil, .nan])),
      ("f64", Column(doubles: [-.infinity, .greatestFiniteMagnitude, nil, .nan])),
      ("d18", Column(decimals: [999_999_999_999_999_999, -999_999_999_999_999_999, nil, 1], precision: 18, scale: 18)),
      (
        "d38",
        Column(
          decimals: [
            99_999_999_999_999_999_999_999_999_999_999_999_999, -99_999_999_999_999_999_999_999_999_999_999_999_999,
            nil, 5,
          ], precision: 38, scale: 10)
      ),
      ("s", Column(strings: ["", "é日\u{1F600}", nil, "9999-12-31 23:59:59.999999"])),
      ("c", Column(codes: [0, 1, nil, 0], values: Column(strings: ["-2147483648", "\u{0}%_\\"]))),
      ("x", Column(binaries: [[], [0, 255], nil, [0xC3]])), ("day", Column(dates: [.min, .max, nil, 0])),
      ("ts", Column(timestamps: [.min, .max, nil, -1])),
      ("ntz", Column(.timestampNtz(), count: 4, storage: .fixed(Buffer(copying: [.min, .max, 0, 1] as [Int64])))),
      ("l", Column(lists: [0, 2, nil, 1], of: Column(integers: [1, nil, .max]))),
      (
        "m",
        Column(maps: [1, 2, nil, 0], keys: Column(strings: ["a", "b", "b"]), values: Column(integers: [1, nil, 3]))
      ),
      (
        "st",
        Column(fields: [("x", Column(longs: [1, 2, 3, nil]))], count: 4, validity: Bitmap([true, false, true, true]))
      ),
      ("n", Column(nulls: 4, of: .null)),
    ]
    return RecordBatch(
      schema: Schema(columns.map { StructField($0.0, $0.1.type) }), columns: columns.map(\.1), rowCount: 4)
  }()

  static let literals: [Scalar] = [
    .null, .boolean(true), .integer(.min), .integer(.max), .integer(0), .integer(3), .long(.min), .double(.nan),
    .byte(-1),
    .decimal(25, precision: 2, scale: 1), .string(""), .string("é"), .string("yyyy-MM-dd"), .string("DAY"),
    .string("^(a|é)*$"), .date(.max), .timestamp(.min), .binary([255]),
  ]

  /// Functions whose literals are hard to come by.
  static let needLiterals: Set = ["add_interval", "date_part", "datepart", "array_contains"]

  @Test("No function traps, and each gives a value a row", arguments: Array(FunctionTable.names))
  func robust(_ name: String) throws {
    var random = SeededRandom(seed: UInt64(truncatingIfNeeded: name.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
    let arity = FunctionTable.rule(named: name)?.arguments ?? 0...0
    var evaluated = 0
    for _ in 0..<100 {
      let count = Int.random(in: arity.lowerBound...max(arity.lowerBound, min(4, arity.upperBound)), using: &random)
      let arguments = (0..<count).map { _ -> ColumnExpression in
        if Bool.random(using: &random) {
          return .literal(Self.literals.randomElement(using: &random) ?? .null)
        }
        let field = Self.batch.schema.fields.randomElement(using: &random)
        return .column(ColumnPath(field?.name ?? "b"))
      }
      // Gigabytes of blanks are refused elsewhere.
      if ["repeat", "lpad", "rpad"].contains(name), arguments.contains(.literal(.integer(.max))) { continue }
      let call = ColumnExpression.call(name, arguments)
      guard let bound = try? call.bound(to: Self.batch.schema) else { continue }
      for rows in [Self.batch, Self.batch.slice(1..<3), Self.batch.slice(0..<0)] {
        guard let column = try? bound.evaluate(on: rows) else { continue }
        #expect(column.count == rows.rowCount && column.type == bound.type, "\(call)")
        evaluated += 1
      }
      // `position` and `substr` read back under their other names.
      let again = try ColumnExpression(parsing: call.description)
      #expect(try ColumnExpression(parsing: again.description).description == again.description)
    }
    #expect(evaluated > 0 || Self.needLiterals.contains(name), "\(name) was never evaluated")
  }
}
